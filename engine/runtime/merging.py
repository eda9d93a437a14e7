"""Joining branches: what each one changed since they parted, put together.

SpiffWorkflow merges the whole data of every branch, so a value that one branch did not touch
overwrites what another changed. Here each branch is compared with the data at the place where they
parted (a three-way merge). Where two branches changed the same variable differently BPMN says
nothing: the later token's value stands and the variable is named.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_GONE = object()


def merged(
    base: Mapping[str, Any],
    branches: Sequence[Mapping[str, Any]],
    onto: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The data of the joined token, and the names that branches disagree on.

    `onto` is what the changes are put into, where that is not what the branches parted from.
    """
    result = dict(base if onto is None else onto)
    changed: dict[str, Any] = {}
    conflicts: list[str] = []
    for branch in branches:
        for name in [*branch, *(name for name in base if name not in branch)]:
            value = branch.get(name, _GONE)
            if value is _GONE or name not in base or base[name] != value:
                if name in changed and changed[name] != value and name not in conflicts:
                    conflicts.append(name)
                changed[name] = value
    for name, value in changed.items():
        if value is _GONE:
            result.pop(name, None)
        else:
            result[name] = value
    return result, tuple(conflicts)


def joined(
    tasks: Sequence[Any], branches: Sequence[Mapping[str, Any]] | None = None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The data of tasks of one tree, merged over what they had where their branches parted.

    `branches` gives their data where it is not the tasks' own.
    """
    branches = branches if branches is not None else [task.data for task in tasks]
    if len(tasks) == 1:
        return dict(branches[0]), ()
    parted = tasks[0]
    for task in tasks[1:]:
        parted = _common(parted, task)
    return merged(parted.data if parted is not None else {}, branches)


def _common(one: Any, other: Any) -> Any:
    """The nearest task above both."""
    above = set()
    while one is not None:
        above.add(one.id)
        one = one.parent
    while other is not None and other.id not in above:
        other = other.parent
    return other

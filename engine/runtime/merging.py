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

    Branches that parted last are put together first: a copy of an old value that one of three
    holds must not stand against what the others made of it since. `branches` gives their data
    where it is not the tasks' own.
    """
    branches = branches if branches is not None else [task.data for task in tasks]
    if len(tasks) == 1:
        return dict(branches[0]), ()
    parted, sides = _parted(tasks)
    if parted is None or len(sides) == len(tasks):
        return merged(parted.data if parted is not None else {}, branches)
    found, conflicts = [], dict[str, None]()
    for side in sides:
        one, names = joined([tasks[n] for n in side], [branches[n] for n in side])
        found.append(one)
        conflicts |= dict.fromkeys(names)
    whole, names = merged(parted.data, found)
    return whole, tuple(conflicts | dict.fromkeys(names))


def _parted(tasks: Sequence[Any]) -> tuple[Any, list[list[int]]]:
    """The nearest task above all, and which of them lie on the same side below it.

    The sides stand in the order of the last of each.
    """
    above = [_above(task) for task in tasks]
    depth = 0
    while all(len(path) > depth and path[depth] is above[0][depth] for path in above):
        depth += 1
    if len(tasks) == 2:  # each is a side of its own
        return above[0][depth - 1] if depth else None, [[0], [1]]
    sides: dict[int, list[int]] = {}
    for place, path in enumerate(above):
        side = path[depth].id if len(path) > depth else -1
        sides[side] = [*sides.pop(side, []), place]
    return above[0][depth - 1] if depth else None, list(sides.values())


def _above(task: Any) -> list[Any]:
    """A task and all above it, from the first on."""
    path, tasks = [], task.workflow.tasks
    while task is not None:
        path.append(task)
        task = tasks.get(task._parent)
    path.reverse()
    return path

"""`sort` by a function that compares one key of two items: `function(a, b) a.name < b.name`.

Each item's key is taken once, and the keys are compared as they are, where they are plain values
of one kind; the function itself would be called for every comparison.
"""

from decisions.feel import limits, tree
from decisions.feel.builder import Builder
from decisions.feel.frame import Closure, Frame
from decisions.feel.plain import plain_kind
from decisions.values import Value


def sorting_by_key(
    builder: Builder, node: tree.Call, arguments: list[Closure], general: Closure
) -> Closure | None:
    """The quick way of a call of `sort`, which leaves to the general one what it cannot do."""
    found = _key(node.arguments[1]) if len(node.arguments) == 2 and not node.names else None
    if found is None:
        return None
    name, path, descending = found
    items = arguments[0]
    with builder.binding([name]):
        key, size = builder.body(path)

    def by_key(frame: Frame) -> Value:
        values, run = items(frame), frame.run
        if type(values) is not list:
            return general(frame)
        run.budget.spend(len(values) * (limits.ROUND + size))
        keys = [run.silently(key, Frame({name: value}, frame, run)) for value in values]
        if plain_kind(keys) is None:
            return general(frame)
        run.tick(len(values))
        order = sorted(range(len(values)), key=keys.__getitem__, reverse=descending)
        return [values[at] for at in order]

    return by_key


def _key(function: tree.Node) -> tuple[str, tree.Node, bool] | None:
    """The first item's name, its key, and whether larger keys come first."""
    if not isinstance(function, tree.Lambda) or len(set(function.parameters)) != 2:
        return None
    body = function.body
    if not isinstance(body, tree.Comparison) or body.operator not in ("<", ">"):
        return None
    left, right = _path(body.left), _path(body.right)
    same = left[1:] == right[1:] and {left[0], right[0]} == set(function.parameters)
    if not same or any(function.types):
        return None
    swapped = left[0] != function.parameters[0]
    return left[0], body.left, (body.operator == ">") is not swapped


def _path(node: tree.Node) -> tuple[str, ...]:
    """The names of a path that begins with a variable; one empty name for other forms."""
    if isinstance(node, tree.Name):
        return (node.name,)
    return (*_path(node.base), node.name) if isinstance(node, tree.Path) else ("",)

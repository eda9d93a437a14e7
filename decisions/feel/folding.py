"""Calls that always give the same: `date("2026-01-01")` is as good as a literal."""

from collections.abc import Callable

from decisions.feel import tree
from decisions.feel.builtins.registry import BUILTINS
from decisions.feel.frame import Run
from decisions.values import Value

Given = Callable[[str], bool]
"""Whether a name was given another meaning than that of the built-in function."""

_OF_TEXTS = frozenset({"date", "time", "date and time", "duration"})


def folded(node: tree.Node, given: Given) -> Value:
    """The value of such a call; None where the node is none, or has no value."""
    match node:
        case tree.Call(
            callee=tree.Name(name=name), arguments=(tree.Literal(value=str() as text),), names=None
        ) if name in _OF_TEXTS and not given(name):
            function = BUILTINS[name]
            return function.call(Run({}, None), "", function.candidates(None, 1), [text])
    return None

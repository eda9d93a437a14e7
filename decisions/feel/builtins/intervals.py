"""A range from its text (DMN 1.5 §10.3.4.1, `range`)."""

import re
from decimal import Decimal

from decisions.errors import ExpressionInvalid
from decisions.feel import tree
from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.numbers import CONTEXT
from decisions.feel.parser import parse
from decisions.feel.temporal import temporal
from decisions.values import Range, Value, compare, kind

_MADE = {
    "date": ("date",),
    "time": ("time",),
    "date and time": ("date and time",),
    "duration": ("days and time duration", "years and months duration"),
}
"""The functions that may make an end from its text, and the kinds that they make."""


_NO_START = re.compile(r"^(\s*[\[\](]\s*)\.\.")
_NO_END = re.compile(r"\.\.(\s*[\[\])]\s*)$")


@builtin("range(from: string)")
def range_of_text(source: str) -> Range:
    """The range that the text writes; its ends are literals, and one may be left out: `[2..)`."""
    whole = _NO_END.sub(r"..null\1", _NO_START.sub(r"\1null..", source))
    try:
        node = parse(whole)
    except ExpressionInvalid as error:
        raise Impossible(str(error)) from None
    if not isinstance(node, tree.Interval):
        raise Impossible(f"{source!r} is no range")
    start, end = _constant(node.start), _constant(node.end)
    if start is end is None:
        raise Impossible("a range has one end at least")
    if start is not None and end is not None and compare(start, end) in (None, 1):
        raise Impossible("the ends are no range")
    return Range(start, end, node.start_included, node.end_included, node.sign)


def _constant(node: tree.Node) -> Value:
    match node:
        case tree.Literal(value=value):
            return value
        case tree.Negation(operand=tree.Literal(value=Decimal() as value)):
            return CONTEXT.minus(value)
        case tree.Call(
            callee=tree.Name(name=name), arguments=(tree.Literal(value=str() as text),)
        ) if kind(found := temporal(text)) in _MADE.get(name, ()):
            return found
    raise Impossible("the ends of a range are literals")

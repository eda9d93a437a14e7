"""Unary tests that depend on nothing but the value tested, as plain functions of it.

Most cells of decision tables are such: literals, comparisons with them, ranges and lists of them.
They give what the compiled forms (`comparisons`) give, without a frame, and None wherever those
would tell a reason.
"""

import operator
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from decisions.feel import tree
from decisions.feel.folding import Given, folded
from decisions.feel.numbers import CONTEXT
from decisions.values import Range, Value, compare, equal

Cell: TypeAlias = Callable[[Value], bool | None]
ORDERS: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_PLAIN = (str, bool, date, Decimal)


class _ChangingError(Exception):
    """The form is not always the same, or has no value."""


def either(results: Iterable[bool | None]) -> bool | None:
    """Three-valued or."""
    unknown = False
    for result in results:
        if result is True:
            return True
        unknown = unknown or result is None
    return None if unknown else False


def constant_cell(
    nodes: tuple[tree.Node, ...], given: Given, *, negated: bool = False
) -> Cell | None:
    """The function of one or several tests; None when they need a name, `?` or a frame."""
    try:
        tests = [_test(test, given) for test in nodes]
    except _ChangingError:
        return None
    if not tests:
        return lambda _: True
    cell = tests[0] if len(tests) == 1 else _any(nodes, tests)
    return _opposite(cell) if negated else cell


def _constant(node: tree.Node, given: Given) -> Value:
    match node:
        case tree.Literal():
            return node.value
        case tree.Negation(operand=tree.Literal(value=Decimal() as number)):
            return CONTEXT.minus(number)
        case tree.Interval(walk=False):
            return _range(node, given)
        case tree.Items() if not any(isinstance(item, tree.Items) for item in node.items):
            return [_constant(item, given) for item in node.items]
    if (value := folded(node, given)) is not None:
        return value
    raise _ChangingError


def _range(node: tree.Interval, given: Given) -> Range:
    low, high = _constant(node.start, given), _constant(node.end, given)
    if low is None or high is None:
        valid = low is not high
    else:
        order = compare(low, high)
        valid = order is not None and order <= 0
    if not valid:
        raise _ChangingError
    return Range(low, high, node.start_included, node.end_included, node.sign)


def _test(node: tree.Node, given: Given) -> Cell:
    if isinstance(node, tree.Test):
        return _compared(node.operator, _constant(node.operand, given))
    wanted = _constant(node, given)
    if isinstance(wanted, Range):
        return _inside(wanted)
    return _listed(wanted) if isinstance(wanted, list) else _is(wanted)


def _compared(sign: str, wanted: Value) -> Cell:
    if sign in ("=", "!="):
        return _equal(wanted, positive=sign == "=")
    holds = ORDERS[sign]
    of = Decimal if type(wanted) is Decimal else None

    def ordered(value: Value) -> bool | None:
        if type(value) is of:
            try:
                return holds(value, wanted)
            except ArithmeticError:  # not a number
                return None
        order = compare(value, wanted)
        return None if order is None else holds(order, 0)

    return ordered


def _equal(wanted: Value, *, positive: bool) -> Cell:
    of = type(wanted) if type(wanted) in _PLAIN else None
    holds = operator.eq if positive else operator.ne

    def same(value: Value) -> bool | None:
        if type(value) is of:
            try:
                return bool(holds(value, wanted))
            except ArithmeticError:  # not a number
                return None
        result = equal(value, wanted)
        return None if result is None else result is positive

    return same


def _is(wanted: Value) -> Cell:
    same = _equal(wanted, positive=True)

    def cell(value: Value) -> bool | None:
        result = same(value)
        return False if result is None and (value is None or wanted is None) else result

    return cell


def _inside(wanted: Range) -> Cell:
    low, high, contains = wanted.start, wanted.end, wanted.contains
    if not (type(low) is Decimal and type(high) is Decimal and wanted.sign == ""):
        return contains
    above = operator.le if wanted.start_included else operator.lt
    below = operator.le if wanted.end_included else operator.lt

    def inside(value: Value) -> bool | None:
        if type(value) is not Decimal or value.is_nan():
            return contains(value)
        return bool(above(low, value) and below(value, high))

    return inside


def _listed(wanted: list[Value]) -> Cell:
    tests = [_inside(item) if isinstance(item, Range) else _is(item) for item in wanted]

    def listed(value: Value) -> bool:
        if isinstance(value, list) and equal(value, wanted) is True:
            return True
        return any(test(value) is True for test in tests)

    return listed


def _any(nodes: tuple[tree.Node, ...], tests: list[Cell]) -> Cell:
    values = [node.value for node in nodes if isinstance(node, tree.Literal)]
    words = frozenset(value for value in values if type(value) is str)
    only_words = len(words) == len(nodes)

    def cell(value: Value) -> bool | None:
        if only_words and type(value) is str:
            return value in words
        return either(test(value) for test in tests)

    return cell


def _opposite(cell: Cell) -> Cell:
    def opposite(value: Value) -> bool | None:
        result = cell(value)
        return None if result is None else not result

    return opposite

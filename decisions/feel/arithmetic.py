"""`+ - * / **` (DMN 1.5 §10.3.2.13)."""

from collections.abc import Callable
from decimal import Decimal, Overflow
from typing import Any

from decisions.feel import limits, tree
from decisions.feel.builder import Builder, form
from decisions.feel.durations import OPERATIONS, opposite
from decisions.feel.frame import Closure, Frame
from decisions.feel.numbers import CONTEXT, power
from decisions.values import Value, kind

_NUMBERS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
    "**": power,
}
_IMPOSSIBLE = (ArithmeticError, ValueError, TypeError)


@form(tree.Arithmetic)
def _arithmetic(builder: Builder, node: tree.Arithmetic) -> Closure:
    first, *chain = _chain(node)
    start = builder.build(first)
    steps = [(_combining(builder, one), builder.build(one.right)) for one in chain]
    if len(steps) == 1:
        [(combine, right)] = steps
        return lambda frame: combine(frame, start(frame), right(frame))

    def arithmetic(frame: Frame) -> Value:
        value = start(frame)
        for combine, operand in steps:
            value = combine(frame, value, operand(frame))
        return value

    return arithmetic


def _chain(node: tree.Node) -> list[Any]:
    """The first operand of `a + b * 2 - c`, then each operation on what is left of it.

    A chain may be long and stands side by side, not in depth.
    """
    found: list[tree.Node] = []
    while isinstance(node, tree.Arithmetic):
        found.append(node)
        node = node.left
    return [node, *reversed(found)]


def _combining(builder: Builder, node: tree.Arithmetic) -> Callable[[Frame, Value, Value], Value]:
    """What one operator does with two values."""
    sign, place = node.operator, builder.place(node)
    of_numbers = _NUMBERS[sign]
    heavy = limits.HEAVY.get(sign, 0)

    def combine(frame: Frame, one: Value, other: Value) -> Value:
        if type(one) is Decimal and type(other) is Decimal:
            try:
                return of_numbers(one, other)
            except Overflow:
                message = f"{one} {sign} {other} exceeds what a number holds (10 ** {CONTEXT.Emax})"
                return frame.run.fail(place, message)
            except ArithmeticError:
                return frame.run.fail(place, f"{one} {sign} {other} has no result")
        return _other(frame, place, sign, one, other)

    def weighed(frame: Frame, one: Value, other: Value) -> Value:
        frame.run.budget.spend(heavy)
        return combine(frame, one, other)

    return weighed if heavy else combine


def _other(frame: Frame, place: str, sign: str, one: Value, other: Value) -> Value:
    operation = OPERATIONS.get((sign, kind(one), kind(other)))
    if operation is None:
        return frame.run.fail(place, f"no {sign} between {kind(one)} and {kind(other)}")
    try:
        result = operation(one, other)
    except _IMPOSSIBLE:
        return frame.run.fail(place, f"{kind(one)} {sign} {kind(other)} has no result here")
    return frame.run.sized(result) if isinstance(result, str) else result


@form(tree.Negation)
def _negation(builder: Builder, node: tree.Negation) -> Closure:
    operand, place = builder.build(node.operand), builder.place(node)

    def negation(frame: Frame) -> Value:
        value = operand(frame)
        match kind(value):
            case "number":
                return CONTEXT.minus(value)
            case "days and time duration" | "years and months duration":
                return opposite(value)
        return frame.run.fail(place, f"no - before {kind(value)}")

    return negation

"""`=`, `<`, `between`, `in` and unary tests (DMN 1.5 §10.3.2.8, §10.3.2.9)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from decisions.feel import tree
from decisions.feel.builder import Builder, form
from decisions.feel.cells import ORDERS, constant_cell, either
from decisions.feel.frame import Closure, Frame, Run
from decisions.values import Range, Value, compare, equal, kind

_PLAIN = frozenset({str, date, bool})
_COMPOUND = (list, dict)


def same(run: Run, one: Value, other: Value) -> bool | None:
    """Equality, within the budget of the evaluation."""
    if isinstance(one, _COMPOUND) and isinstance(other, _COMPOUND):
        run.weighed(one)
        run.weighed(other)
    return equal(one, other)


@form(tree.Comparison)
def _comparison(builder: Builder, node: tree.Comparison) -> Closure:
    left, right = builder.build(node.left), builder.build(node.right)
    test = comparer(node.operator, builder.place(node))
    constant = constant_cell((tree.Test(node.at, node.operator, node.right),), builder.gives)
    if constant is None:
        return lambda frame: test(frame.run, left(frame), right(frame))

    def against_constant(frame: Frame) -> Value:
        value = left(frame)
        quick = constant(value)
        return test(frame.run, value, right(frame)) if quick is None else quick

    return against_constant


def comparer(sign: str, place: str) -> Callable[[Run, Value, Value], bool | None]:
    """The function that compares two values by a sign."""
    if sign in ("=", "!="):
        return _equality(sign == "=", place)
    holds = ORDERS[sign]

    def ordered(run: Run, one: Value, other: Value) -> bool | None:
        order = compare(one, other)
        if order is None:
            run.fail(place, f"no {sign} between {kind(one)} and {kind(other)}")
            return None
        return holds(order, 0)

    def fast(run: Run, one: Value, other: Value) -> bool | None:
        if type(one) is Decimal and type(other) is Decimal:
            try:
                return holds(one, other)
            except ArithmeticError:  # not a number
                return ordered(run, one, other)
        return ordered(run, one, other)

    return fast


def _equality(positive: bool, place: str) -> Callable[[Run, Value, Value], bool | None]:
    def equality(run: Run, one: Value, other: Value) -> bool | None:
        if type(one) is type(other) and type(one) in _PLAIN:
            return bool(one == other) is positive
        result = same(run, one, other)
        if result is None:
            run.fail(place, f"{kind(one)} and {kind(other)} do not compare")
            return None
        return result is positive

    return equality


@form(tree.Between)
def _between(builder: Builder, node: tree.Between) -> Closure:
    value, low, high = (builder.build(part) for part in (node.value, node.low, node.high))
    place = builder.place(node)

    def between(frame: Frame) -> Value:
        inside = Range(low(frame), high(frame))
        if inside.start is None or inside.end is None:
            return frame.run.fail(place, "an end of between is null")
        result = inside.contains(value(frame))
        return frame.run.fail(place, "the values do not compare") if result is None else result

    return between


@form(tree.In)
def _in(builder: Builder, node: tree.In) -> Closure:
    value, place = builder.build(node.value), builder.place(node)
    with builder.binding("?"):
        tests = [compiled_test(builder, test, of_in=True) for test in node.tests]
    constant = constant_cell(node.tests, builder.gives)

    def membership(frame: Frame) -> Value:
        tested = value(frame)
        if constant is not None and (quick := constant(tested)) is not None:
            return quick
        inner = Frame({"?": tested}, frame, frame.run)
        result = either(test(inner, tested) for test in tests)
        if result is None and tested is not None:
            frame.run.fail(place, f"{kind(tested)} does not compare with what it may be in")
        return result

    return membership


Put = Callable[[Frame, Value], bool | None]


def compiled_test(builder: Builder, node: tree.Node, *, of_in: bool) -> Put:
    """The function that puts one unary test to a value."""
    place = builder.place(node)
    if isinstance(node, tree.Test):
        operand, test = builder.build(node.operand), comparer(node.operator, place)
        return lambda frame, value: test(frame.run, value, operand(frame))
    with builder.noting("?") as noted:
        closure = builder.build(node)
    condition = bool(noted) and not (of_in and isinstance(node, tree.Name))
    plain = of_in or isinstance(node, (tree.Literal, tree.Name, tree.Path))

    def put(frame: Frame, value: Value) -> bool | None:
        result = closure(frame)
        if isinstance(result, bool) and (condition or (not plain and type(value) is not bool)):
            return result
        if result is None and (condition or isinstance(node, tree.Interval)):
            return None  # what cannot be said is not said of a value that is missing either
        return matches(frame.run, value, result)

    return put


def matches(run: Run, value: Value, wanted: Value) -> bool | None:
    """Whether a value is the wanted one, or in the wanted list or range."""
    if isinstance(wanted, Range):
        return wanted.contains(value)
    if isinstance(wanted, list) and not isinstance(value, list):
        return _in_list(run, value, wanted)
    result = same(run, value, wanted)
    if result is not True and isinstance(wanted, list):
        return _in_list(run, value, wanted)
    return False if result is None and (value is None or wanted is None) else result


def _in_list(run: Run, value: Value, wanted: list[Value]) -> bool:
    run.tick(len(wanted))
    return any(
        (item.contains(value) if isinstance(item, Range) else same(run, value, item)) is True
        for item in wanted
    )


@form(tree.Tests)
def _tests(builder: Builder, node: tree.Tests) -> Closure:
    """The cell as a closure of a frame in which `?` is the value tested."""
    tests = [compiled_test(builder, test, of_in=False) for test in node.tests]
    if not tests:
        return lambda _: True

    def cell(frame: Frame) -> Value:
        value = frame.values["?"]
        result = either(test(frame, value) for test in tests)
        if node.negated:
            return None if result is None else not result
        return result

    return cell

"""Decision tables taken: rules tried on the values of the inputs, one result by the hit policy.

DMN 1.5 §8.2.8 (hit policies) and §8.3.3 (several outputs, aggregation).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from decisions import expressions, watching
from decisions.expressions import Expression, UnaryTests
from decisions.feel.builder import form
from decisions.feel.cells import Cell
from decisions.feel.frame import Closure, Frame
from decisions.tables import Rule, Table
from decisions.values import Value, equal


@dataclass(frozen=True, slots=True)
class _Column:
    """A compiled column of results."""

    name: str
    allowed: UnaryTests | None
    order: Closure | None
    default: Closure | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A compiled rule: its tests, each with the number of its column, and its results.

    A test that rests on the value alone is a plain function of it, the others want a frame.
    """

    number: int
    rule: Rule
    tests: tuple[tuple[int, Cell | None, UnaryTests], ...]
    results: tuple[Closure, ...]


@form(Table)
def _table(builder: Any, table: Table) -> Closure:
    for tests in (t for rule in table.rules for t in rule.tests if t is not None):
        builder.library |= tests.library
        for name in tests.names:
            builder.use(name)
    build = builder.build
    inputs = [build(column.node) for column in table.inputs]
    columns = [
        _Column(
            column.name,
            column.allowed,
            build(column.order) if column.order else None,
            build(column.default) if column.default else None,
        )
        for column in table.outputs
    ]
    rows = [
        _Row(
            number,
            rule,
            tuple((n, tests.constant, tests) for n, tests in enumerate(rule.tests) if tests),
            tuple(build(result) for result in rule.results),
        )
        for number, rule in enumerate(table.rules, 1)
    ]
    settle = _settling(table, columns)

    texts = [column.text for column in table.inputs]

    def evaluate(frame: Frame) -> Value:
        run: Any = frame.run
        values = [closure(frame) for closure in inputs]
        run.note.inputs.update(zip(texts, values, strict=True))
        if not _permitted(table, values, frame):
            return None
        run.tick(len(rows))
        hit = _hits(table, rows, values, frame)
        for row in hit:
            run.note.rules.append([row.rule.id, Decimal(row.number), row.rule.note])
            watching.note(table.place, row.rule.id)
        results = [_result(columns, row, frame, table.place) for row in hit]
        return settle(results, [row.number for row in hit], frame)

    return evaluate


def _permitted(table: Table, values: list[Value], frame: Frame) -> bool:
    """Whether every input is among those allowed; none at all is."""
    for column, value in zip(table.inputs, values, strict=True):
        if column.allowed is None or value is None:
            continue
        if column.allowed.put(Frame({"?": value}, frame, frame.run)) is not True:
            message = f"{column.text}: the value is not among those allowed"
            frame.run.fail(table.place, message)
            return False
    return True


def _hits(table: Table, rows: list[_Row], values: list[Value], frame: Frame) -> list[_Row]:
    """The rules that fit, in their order; where none does, the reasons of what cannot be said."""
    found: list[_Row] = []
    unsaid: list[tuple[UnaryTests, Value]] = []
    for row in rows:
        for column, constant, tests in row.tests:
            value = values[column]
            if constant is not None:
                fits = constant(value)
            else:
                fits = tests.put(Frame({"?": value}, frame, frame.run))
            if fits is not True:
                if fits is None and constant is not None:
                    unsaid.append((tests, value))
                break
        else:
            found.append(row)
            if table.policy == "F":
                break
    if not found:
        for tests, value in unsaid:
            tests.put(Frame({"?": value}, frame, frame.run))
    return found


def _result(columns: list[_Column], row: _Row, frame: Frame, place: str) -> Value:
    """What a rule gives; a value that is not among those of its column is null."""
    values = [closure(frame) for closure in row.results]
    for number, column in enumerate(columns):
        if column.allowed is None or values[number] is None:
            continue
        if column.allowed.put(Frame({"?": values[number]}, frame, frame.run)) is not True:
            values[number] = None
            message = f"{column.name}: the result is not among those allowed"
            frame.run.fail(f"{place}, {row.rule.id}", message)
    return _whole(columns, values)


def _whole(columns: list[_Column], values: Sequence[Value]) -> Value:
    """One result: the value of the only column, or a context of all."""
    if len(columns) == 1:
        return values[0]
    return {column.name: value for column, value in zip(columns, values, strict=True)}


_Settle = Callable[[list[Value], list[int], Frame], Value]


def _settling(table: Table, columns: list[_Column]) -> _Settle:
    """The function that makes one result of those of the rules that fit, by the hit policy."""
    several = table.policy in "CRO"
    choose = _aggregating(table.aggregation) if table.aggregation else _CHOICES.get(table.policy)

    def settle(found: list[Value], hit: list[int], frame: Frame) -> Value:
        if not found and any(column.default for column in columns):
            given = [column.default(frame) if column.default else None for column in columns]
            return _whole(columns, given)
        if not found and table.aggregation != "COUNT":
            return [] if several and not table.aggregation else None
        if table.policy in "PO":
            found = _ranked(columns, found, frame)
        return found if choose is None else choose(found, hit, frame)

    return settle


def _ranked(columns: list[_Column], found: list[Value], frame: Frame) -> list[Value]:
    """Results by the order of the outputs' allowed values, the first column first."""
    orders = [column.order(frame) if column.order else [] for column in columns]

    def rank(result: Value) -> tuple[int, ...]:
        cells = [result] if len(columns) == 1 else list(result.values())
        return tuple(_rank(order, cell) for order, cell in zip(orders, cells, strict=True))

    return sorted(found, key=rank)


def _rank(order: list[Value], value: Value) -> int:
    places = (n for n, allowed in enumerate(order) if equal(allowed, value) is True)
    return next(places, len(order))


def _unique(found: list[Value], hit: list[int], frame: Frame) -> Value:
    if len(found) == 1:
        return found[0]
    rules = ", ".join(map(str, hit))
    return _contradicted(frame, f"the rules {rules} fit at once, but only one may (unique)")


def _any(found: list[Value], hit: list[int], frame: Frame) -> Value:
    if all(equal(found[0], other) is True for other in found[1:]):
        return found[0]
    rules = ", ".join(map(str, hit))
    return _contradicted(frame, f"the rules {rules} fit with different results (any)")


def _contradicted(frame: Frame, fault: str) -> None:
    run: Any = frame.run
    run.fault = run.fault or fault
    run.fail(run.note.name, fault)


_CHOICES: Mapping[str, _Settle] = {
    "U": _unique,
    "A": _any,
    "F": lambda found, _hit, _frame: found[0],
    "P": lambda found, _hit, _frame: found[0],
}


def _aggregating(name: str) -> _Settle:
    """The function of FEEL that aggregates the results."""
    aggregate: Expression = expressions.compile(f"{name.lower()}(results)")

    def aggregated(found: list[Value], _hit: list[int], frame: Frame) -> Value:
        return aggregate.within(Frame({"results": found}, frame, frame.run))

    return aggregated

"""Tables of examples beside a decision model: what it must decide, written by whoever owns the law.

A CSV file with a line for each example. A column that bears the name or id of a decision holds what
is expected of it (`fee`, or `fee.amount` for one entry of its result), the column `note` says what
the example shows, and every other column is a variable that is given. Cells are FEEL: `2.50`,
`date("2026-11-24")`, `["a", "b"]`; where the model says that a column holds texts, a text needs no
quotes. An empty cell gives nothing, or expects nothing.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from decisions import expressions
from decisions.dmn import Decision, Model, Outcome
from decisions.errors import DecisionError
from decisions.feel.frame import WorkingDays
from decisions.values import Value, equal

SUFFIX = ".examples.csv"
_NOTE = "note"
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a cell expects: of which decision, the entries on the way into its result, the value."""

    decision: Decision
    path: tuple[str, ...]
    value: Value


@dataclass(frozen=True, slots=True)
class Example:
    """A line of the file: its number, what is given, what is expected."""

    line: int
    note: str
    given: Mapping[str, Value]
    expected: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """An expectation that did not come true, and how the decision came to what it gave."""

    expectation: Expectation
    found: Value
    outcome: Outcome


def read(content: bytes, model: Model) -> tuple[Example, ...]:
    """The examples of a file; raises DecisionError with the line and column at fault."""
    try:
        text = content[: _LARGEST + 1].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _invalid("it is no text in UTF-8", 1, remedy="Save it as CSV in UTF-8.") from error
    if len(content) > _LARGEST:
        raise _invalid(f"it is larger than {_LARGEST} bytes", 1)
    # A spreadsheet writes semicolons where the comma is the decimal point.
    first = text.partition("\n")[0]
    rows = csv.reader(StringIO(text), delimiter=";" if ";" in first else ",", strict=True)
    try:
        lines = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise _invalid(f"it is no CSV: {error}", rows.line_num) from error
    if not lines:
        raise _invalid("it has no line of headings", 1)
    heads = [_Column(head.strip(), model) for head in lines[0][1]]
    if not any(head.decision for head in heads):
        known = ", ".join(sorted(model.by_name)) or "none"
        raise _invalid("no column names a decision", 1, remedy=f"Known: {known}.")
    return tuple(_example(number, row, heads) for number, row in lines[1:])


class _Column:
    """A heading: a decision with a path into its result, or a variable that is given."""

    def __init__(self, head: str, model: Model) -> None:
        self.head = head
        known = {**model.by_name, **model.decisions}
        named = (name for name in known if head == name or head.startswith(f"{name}."))
        whole = max(named, key=len, default="")
        self.decision = known.get(whole)
        rest = head[len(whole) + 1 :] if self.decision else ""
        self.path = tuple(rest.split(".")) if rest else ()
        kinds = _results(self.decision, self.path) if self.decision else _inputs(head, model)
        self.holds_texts = "string" in kinds

    def value(self, cell: str, line: int) -> Value:
        """What a cell means; raises DecisionError."""
        if self.holds_texts and cell != "null" and not cell.startswith(('"', "=")):
            return cell
        return _value(cell.removeprefix("="), line, self.head)


def _inputs(name: str, model: Model) -> set[str]:
    """What the model says a variable is: as input data, or in the columns that test it."""
    tables = (t for one in model.decisions.values() for ts in one.tables.values() for t in ts)
    tested = {column.type for table in tables for column in table.inputs if column.text == name}
    return tested | {model.inputs.get(name, "")}


def _results(decision: Decision, path: tuple[str, ...]) -> set[str]:
    """What the decision's own table says that its result, or an entry of it, is."""
    outputs = [o for table in decision.tables.get(decision.id, ()) for o in table.outputs]
    if path:
        return {output.type for output in outputs if output.name == path[0]}
    return {outputs[0].type} if len(outputs) == 1 else set()


def _example(number: int, row: Sequence[str], heads: Sequence[_Column]) -> Example:
    if len(row) > len(heads):
        raise _invalid(f"it has {len(row)} cells for {len(heads)} headings", number)
    given: dict[str, Value] = {}
    expected: list[Expectation] = []
    note = ""
    for column, cell in zip(heads, (cell.strip() for cell in row), strict=False):
        if not cell or not column.head:
            continue
        if column.head == _NOTE:
            note = cell
        elif column.decision is None:
            given[column.head] = column.value(cell, number)
        else:
            value = column.value(cell, number)
            expected.append(Expectation(column.decision, column.path, value))
    return Example(number, note, given, tuple(expected))


def _value(cell: str, line: int, head: str) -> Value:
    try:
        value, reasons = expressions.compile(cell).explain({})
    except DecisionError as error:
        raise _invalid(f"{cell}: {error}", line, head, "A text stands in quotes.") from error
    if reasons:
        raise _invalid(f"{cell}: {reasons[0]}", line, head, "A text stands in quotes.")
    return value


def _invalid(message: str, line: int, head: str = "", remedy: str = "") -> DecisionError:
    place = f"line {line}, column {head}" if head else f"line {line}"
    return DecisionError("examples", message, place=place, remedy=remedy)


def differences(
    example: Example, around: Mapping[str, Value], calendar: WorkingDays | None = None
) -> Iterator[Difference]:
    """What comes out otherwise than the example says; `around` is what every line is given.

    Raises LimitExceeded.
    """
    context = {**around, **example.given}
    taken: dict[str, Outcome] = {}
    for expectation in example.expected:
        decision = expectation.decision
        if decision.id not in taken:
            taken[decision.id] = decision.evaluate(context, calendar=calendar)
        outcome = taken[decision.id]
        found = outcome.value
        for key in expectation.path:
            found = found.get(key) if isinstance(found, Mapping) else None
        if outcome.fault or equal(found, expectation.value) is not True:
            yield Difference(expectation, found, outcome)

"""The tables of a compiled model as sheets, ready to be checked."""

from collections.abc import Sequence

from decisions import expressions
from decisions.boxed import Typed, Written
from decisions.checking.sheet import Column, Line, Result, Sheet
from decisions.errors import DecisionError
from decisions.feel import tree
from decisions.tables import Input, Table
from decisions.values import Value


def sheet(table: Table, known: frozenset[str] = frozenset()) -> Sheet:
    """The sheet of a table; `known` are variables that it may read beside those in its cells."""
    names = known.union(*(t.names for rule in table.rules for t in rule.tests if t is not None))
    return Sheet(
        table.policy,
        table.aggregation,
        tuple(_column(column, names) for column in table.inputs),
        tuple(
            Result(
                column.name,
                column.type,
                column.allowed.text if column.allowed else "",
                _written(column.default),
            )
            for column in table.outputs
        ),
        tuple(Line(n, rule.texts, rule.outputs) for n, rule in enumerate(table.rules, 1)),
        lambda row: _fitting(table, row),
        names,
    )


def _column(column: Input, known: frozenset[str]) -> Column:
    try:
        found = expressions.compile(column.text, known)
        reads = frozenset({".".join(found.path)}) if found.path else found.names
    except DecisionError:  # names that cannot be read here: nothing is said of what they share
        reads = frozenset()
    return Column(column.text, column.type, column.allowed.text if column.allowed else "", reads)


def _written(node: tree.Node | None) -> str | None:
    """The text of an expression in a box, whatever type it is brought to."""
    while isinstance(node, Typed):
        node = node.node
    return node.text if isinstance(node, Written) else None


def _fitting(table: Table, row: Sequence[Value]) -> list[int]:
    """The numbers of the rules that fit; what reads other data does not."""
    return [
        number
        for number, rule in enumerate(table.rules, 1)
        if all(
            test is None or test.evaluate({}, value) is True
            for test, value in zip(rule.tests, row, strict=True)
        )
    ]

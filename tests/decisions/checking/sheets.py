"""Sheets by hand and from a DMN file, evaluated by the compiled cells."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from decisions import dmn, expressions
from decisions.checking import reading
from decisions.checking.check import check
from decisions.checking.findings import Finding
from decisions.checking.sheet import Column, Line, Result, Sheet


def sheet(
    policy: str,
    columns: Sequence[Column | str],
    rules: Sequence[str],
    results: Sequence[Result] = (Result("out"),),
    aggregation: str = "",
    known: frozenset[str] = frozenset(),
) -> Sheet:
    """A table whose rules are `test | test -> result | result`; a column is `text: type`."""
    made = tuple(c if isinstance(c, Column) else Column(*c.split(": ")) for c in columns)
    lines = []
    for number, rule in enumerate(rules, 1):
        tests, _, given = rule.partition("->")
        lines.append(Line(number, _cells(tests), _cells(given or "null")))
    return built(policy, aggregation, made, tuple(results), tuple(lines), known)


def built(
    policy: str,
    aggregation: str,
    columns: tuple[Column, ...],
    results: tuple[Result, ...],
    lines: tuple[Line, ...],
    known: frozenset[str],
) -> Sheet:
    compiled = [
        [
            expressions.compile_unary(t, known | {"?"}) if t not in ("", "-") else None
            for t in line.tests
        ]
        for line in lines
    ]

    def evaluate(values: Sequence[Any]) -> list[int]:
        return [
            line.number
            for line, tests in zip(lines, compiled, strict=True)
            if all(
                test is None or test.evaluate({}, value) is True
                for test, value in zip(tests, values, strict=True)
            )
        ]

    return Sheet(policy, aggregation, columns, results, lines, evaluate, known)


def found(table: Sheet) -> list[str]:
    return [finding.code for finding in check(table)]


def only(table: Sheet, code: str) -> Finding:
    """The one finding of a code."""
    (finding,) = (finding for finding in check(table) if finding.code == code)
    return finding


def tables(path: Path) -> Iterator[tuple[str, Sheet]]:
    """The tables of a file, each with the element it belongs to."""
    model = dmn.read(path.read_bytes())
    for decision in (*model.decisions.values(), *model.functions.values()):
        for table in decision.tables.get(decision.id, ()):
            yield table.place, reading.sheet(table)


def _cells(text: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in text.split("|"))

"""Sheets by hand and from a DMN file, evaluated by the compiled cells."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from decisions import expressions
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
    """The tables of a file, each with the name of its decision."""
    root = etree.parse(path).getroot()
    known = frozenset(n.get("name") for n in root.iter("{*}inputData", "{*}decision"))
    for node in root.iter("{*}decisionTable"):
        yield node.getparent().get("name") or "", _table(node, known)


def _table(node: Any, known: frozenset[str]) -> Sheet:
    columns = tuple(
        Column(
            text := _text(c, "inputExpression"),
            c.find("{*}inputExpression").get("typeRef", "").rpartition(":")[2],
            _text(c, "inputValues"),
            expressions.compile(text, known).names,
        )
        for c in node.findall("{*}input")
    )
    results = tuple(
        Result(
            c.get("name") or "out",
            c.get("typeRef", "").rpartition(":")[2],
            _text(c, "outputValues"),
            _text(c, "defaultOutputEntry") or None,
        )
        for c in node.findall("{*}output")
    )
    lines = tuple(
        Line(n, _entries(rule, "inputEntry"), _entries(rule, "outputEntry"))
        for n, rule in enumerate(node.findall("{*}rule"), 1)
    )
    policy, aggregation = node.get("hitPolicy", "UNIQUE"), node.get("aggregation", "")
    return built(policy[0], aggregation, columns, results, lines, known)


def _entries(rule: Any, name: str) -> tuple[str, ...]:
    return tuple((c.findtext("{*}text") or "").strip() for c in rule.findall(f"{{*}}{name}"))


def _text(node: Any, name: str) -> str:
    return (node.findtext(f"{{*}}{name}/{{*}}text") or "").strip()


def _cells(text: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in text.split("|"))

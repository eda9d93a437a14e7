"""What the check says of random tables is what trying every combination shows."""

import datetime as dt
from decimal import Decimal
from itertools import combinations, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from decisions import expressions
from decisions.checking.check import check
from decisions.checking.sheet import Column, Result, Sheet
from decisions.checking.texts import literal
from tests.decisions.checking.sheets import sheet

# What is tried: every value that a cell can name, and some between, before, after and beside them.
TRIED: dict[str, list[Any]] = {
    "number": [Decimal(n) / 2 for n in range(-1, 10)],
    "string": ["a", "b", "c", "zz"],
    "boolean": [True, False],
    "date": [dt.date(2026, 1, day) for day in range(1, 8)],
}
NAMED: dict[str, list[Any]] = {
    "number": [Decimal(n) for n in range(5)],
    "string": ["a", "b", "c"],
    "boolean": [True, False],
    "date": [dt.date(2026, 1, day) for day in range(2, 7)],
}
ALLOWED = {"number": ["", "[1..3]"], "string": ["", '"a", "b"'], "boolean": [""], "date": [""]}
EXAMPLES = 40
ORDER = '"x", "y", "z"'


def cells_of(kind: str) -> st.SearchStrategy[str]:
    value = st.sampled_from(NAMED[kind]).map(literal)
    anything = st.just("-")
    plain = st.one_of(
        value,
        st.builds("{}, {}".format, value, value),
        st.builds("not({})".format, value),
        st.builds("not({}, {})".format, value, value),
        st.builds("? = {}".format, value),
        st.builds("? != {}".format, value),
        st.sampled_from(["null", "not(null)"]),
    )
    if kind in ("string", "boolean"):
        return st.one_of(anything, plain)
    sign = st.sampled_from(["<", "<=", ">", ">="])
    span = st.builds(
        "{}{}..{}{}".format, st.sampled_from("[("), value, value, st.sampled_from("])")
    )
    closed = st.builds("not([{}..{}])".format, value, value)
    ordered = st.one_of(
        st.builds("{} {}".format, sign, value),
        span,
        closed,
        st.builds("{}, {}".format, value, span),
        st.builds("? > {} and ? <= {}".format, value, value),
        st.builds("? between {} and {} or ? = {}".format, value, value, value),
    )
    return st.one_of(anything, plain, ordered, ordered)


@st.composite
def sheets(draw: st.DrawFn, policy: str) -> Sheet:
    kinds = draw(st.lists(st.sampled_from(list(TRIED)), min_size=2, max_size=3))
    columns = [
        Column(f"c{n}", kind, draw(st.sampled_from(ALLOWED[kind]))) for n, kind in enumerate(kinds)
    ]
    rows = st.tuples(*(cells_of(kind) for kind in kinds)).map(" | ".join)
    results = st.sampled_from(["x", "y", "z"]).map('"{}"'.format)
    rules = draw(st.lists(st.builds("{} -> {}".format, rows, results), min_size=1, max_size=5))
    return sheet(policy, columns, rules, [Result("out", "string", ORDER)])


def values(table: Sheet, number: int, *, null: bool) -> list[tuple[Any, frozenset[int]]]:
    """What is tried in a column, each with the rules whose cell takes it."""
    column = table.columns[number]
    cells = [expressions.compile_unary(line.tests[number]) for line in table.lines]
    allowed = expressions.compile_unary(column.allowed or "-")
    found = [value for value in TRIED[column.type] if allowed.evaluate({}, value) is True]
    if null or any("null" in cell.text for cell in cells):
        found.append(None)
    return [
        (value, frozenset(n for n, c in enumerate(cells, 1) if c.evaluate({}, value) is True))
        for value in found
    ]


def tried(table: Sheet, *, null: bool) -> set[tuple[int, ...]]:
    """The rules that fit together in some row; null everywhere, or only where it is named."""
    every = frozenset(line.number for line in table.lines)
    grid = [values(table, number, null=null) for number in range(len(table.columns))]
    return {
        tuple(sorted(every.intersection(*(taken for _, taken in row)))) for row in product(*grid)
    }


def rules(table: Sheet, *codes: str) -> set[tuple[int, ...]]:
    return {finding.rules for finding in check(table) if finding.code in codes}


def empty(table: Sheet) -> set[int]:
    fitting = {number for hit in tried(table, null=True) for number in hit}
    return {line.number for line in table.lines} - fitting


@settings(max_examples=EXAMPLES, deadline=None)
@given(sheets("U"))
def test_a_gap_is_told_just_where_one_is(table: Sheet) -> None:
    uncovered = any(not hit for hit in tried(table, null=False))
    told = [finding for finding in check(table) if finding.code in ("gap", "gap-fractions")]
    assert bool(told) == uncovered


@settings(max_examples=EXAMPLES, deadline=None)
@given(sheets("U"))
def test_the_rules_told_to_overlap_are_those_that_do(table: Sheet) -> None:
    pairs = {pair for hit in tried(table, null=True) for pair in combinations(hit, 2)}
    assert rules(table, "overlap", "duplicate") == pairs


@settings(max_examples=EXAMPLES, deadline=None)
@given(sheets("A"))
def test_the_rules_told_to_conflict_are_those_that_do(table: Sheet) -> None:
    result = {line.number: line.results for line in table.lines}
    pairs = {
        (one, other)
        for hit in tried(table, null=True)
        for one, other in combinations(hit, 2)
        if result[one] != result[other]
    }
    assert rules(table, "conflict") == pairs


@settings(max_examples=EXAMPLES, deadline=None)
@given(sheets("F"))
def test_the_rules_told_to_be_masked_never_come_first(table: Sheet) -> None:
    first = {hit[0] for hit in tried(table, null=True) if hit}
    masked = {line.number for line in table.lines} - first - empty(table)
    assert {numbers[0] for numbers in rules(table, "unreachable")} == masked


@settings(max_examples=EXAMPLES, deadline=None)
@given(sheets("P"))
def test_the_rules_told_to_be_outranked_never_decide(table: Sheet) -> None:
    place = {line.number: (line.results[0], line.number) for line in table.lines}
    best = {min(hit, key=place.__getitem__) for hit in tried(table, null=True) if hit}
    masked = {line.number for line in table.lines} - best - empty(table)
    assert {numbers[0] for numbers in rules(table, "outranked")} == masked


@settings(max_examples=EXAMPLES, deadline=None)
@given(sheets("F"))
def test_a_rule_that_nothing_fits_is_told(table: Sheet) -> None:
    fitting = {number for hit in tried(table, null=False) for number in hit}
    told = {
        finding.rules[0]
        for finding in check(table)
        if finding.code == "only-null"
        or (finding.code in ("contradiction", "not-allowed") and finding.severity == "error")
    }
    assert told == {line.number for line in table.lines} - fitting


@settings(max_examples=EXAMPLES, deadline=None)
@given(sheets("F"))
def test_the_rules_that_decide_for_missing_values_only_are_told(table: Sheet) -> None:
    usual = [hit for hit in tried(table, null=False) if hit]
    fitting = {number for hit in usual for number in hit}
    first = {hit[0] for hit in tried(table, null=True) if hit} - {hit[0] for hit in usual}
    assert {numbers[0] for numbers in rules(table, "only-missing")} == first & fitting

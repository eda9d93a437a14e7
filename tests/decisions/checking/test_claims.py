"""No claim is false, whatever the data are that cells read and whatever an untyped column holds."""

import datetime as dt
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from decisions import expressions
from decisions.checking.check import check
from decisions.checking.sheet import Column, Result, Sheet
from tests.decisions.checking.sheets import sheet

KNOWN = frozenset({"m"})
LIMITS = [None, Decimal(0), Decimal(1), Decimal(2), "a", [Decimal(1)]]
ANYTHING = [
    None, True, False, Decimal(0), Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(2),
    Decimal(9), "a", "b", "zz", dt.date(2026, 1, 1), dt.time(8), dt.timedelta(1), [], ["a"],
    [Decimal(1)], {}, dt.datetime(2026, 1, 1),  # noqa: DTZ001
    dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
]  # fmt: skip
NUMBERS = [None, *(Decimal(n) / 2 for n in range(-1, 6))]
CELLS = [
    "-", "-", "1", "< 1", ">= 1", "(0..2)", "not(1)", "not([0..1])", "null", "0, 2", "? != 2",
    "> m", "m", "1, m", "not(m)", "not(1, m)", "< 1, >= m", "[0..m]", "? > m or ? = 1",
    "? = 1 and m = 1", "m = 1",
]  # fmt: skip
STRANGE = ['"a"', 'not("a")', '"a", 1', "[]", '["a", 1]', "true", '@"2026-01-01"', '> "a"', "1 < 2"]


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    columns = [Column("a", draw(st.sampled_from(["", "number"]))), Column("b", "number")]
    first = st.sampled_from(CELLS if columns[0].type else CELLS + STRANGE)
    row = st.builds("{} | {} -> {}".format, first, st.sampled_from(CELLS), st.sampled_from("123"))
    rules = draw(st.lists(row, min_size=1, max_size=5))
    policy = draw(st.sampled_from("UAFP"))
    return sheet(policy, columns, rules, [Result("o", "number", "1, 2, 3")], known=KNOWN)


def hits(table: Sheet) -> list[list[int]]:
    """The rules that fit, for every row and whatever `m` is."""
    cells = [[expressions.compile_unary(t, KNOWN) for t in line.tests] for line in table.lines]
    found = []
    for limit in LIMITS:
        fits: list[list[set[int]]] = []
        for number, column in enumerate(table.columns):
            values: list[Any] = NUMBERS if column.type else ANYTHING
            fits.append(
                [
                    {n for n, c in enumerate(cells, 1) if _takes(c[number], limit, value)}
                    for value in values
                ]
            )
        found += [sorted(one & other) for one, other in product(*fits)]
    return found


def _takes(cell: expressions.UnaryTests, limit: Any, value: Any) -> bool:
    return cell.evaluate({"m": limit}, value) is True


@settings(max_examples=150, deadline=None)
@given(sheets())
def test_a_rule_told_never_to_decide_never_does(table: Sheet) -> None:
    def rank(number: int) -> Any:
        return (table.lines[number - 1].results if table.policy == "P" else ""), number

    deciding = {min(hit, key=rank) for hit in hits(table) if hit}
    codes = ("unreachable", "outranked")
    told = {finding.rules[0] for finding in check(table) if finding.code in codes}
    assert not told & deciding


@settings(max_examples=150, deadline=None)
@given(sheets())
def test_a_row_told_to_be_a_gap_or_overlap_is_one_whatever_else_is_true(table: Sheet) -> None:
    for finding in check(table):
        if finding.code not in ("gap", "gap-fractions", "missing", "overlap", "conflict"):
            continue
        row = [
            expressions.compile(finding.example.get(column.text, "null")).evaluate({})
            for column in table.columns
        ]
        for limit in LIMITS:
            fitting = {
                line.number
                for line in table.lines
                if all(
                    _takes(expressions.compile_unary(test, KNOWN), limit, value)
                    for test, value in zip(line.tests, row, strict=True)
                )
            }
            assert set(finding.rules) <= fitting if finding.rules else not fitting


@settings(max_examples=150, deadline=None)
@given(sheets())
def test_a_cell_told_to_take_nothing_takes_nothing(table: Sheet) -> None:
    fitting = {number for hit in hits(table) for number in hit}
    faults = [f for f in check(table) if f.code == "contradiction" and f.severity == "error"]
    assert not {finding.rules[0] for finding in faults} & fitting

"""The quick way of a cell gives what the whole evaluation gives."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions import expressions
from decisions.feel import tree
from decisions.feel.cells import constant_cell
from decisions.feel.compiler import compiled
from decisions.feel.frame import Run
from decisions.feel.printing import printed
from decisions.values import Months, Value
from tests.decisions.feel.test_safety import ODD, VALUES

LITERALS = st.builds(
    tree.Literal,
    st.just(0),
    st.sampled_from(
        [
            None,
            True,
            False,
            "",
            "a",
            "b",
            *map(Decimal, ("0", "1", "1.0", "2", "5")),
            dt.date(2026, 1, 1),
            dt.date(2026, 2, 1),
            dt.time(10),
            dt.timedelta(1),
            Months(1),
        ]
    ),
)
NUMBERS = LITERALS | st.builds(
    lambda literal: tree.Negation(0, literal),
    LITERALS.filter(lambda literal: isinstance(literal.value, Decimal)),
)
RANGES = st.builds(tree.Interval, st.just(0), NUMBERS, NUMBERS, st.booleans(), st.booleans())
SINGLE = NUMBERS | RANGES | st.builds(
    tree.Items, st.just(0), st.lists(NUMBERS | RANGES, max_size=3).map(tuple)
)  # fmt: skip
SIGNS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
CELLS = st.builds(
    tree.Tests,
    st.just(0),
    st.lists(SINGLE | st.builds(tree.Test, st.just(0), SIGNS, SINGLE), max_size=3).map(tuple),
    st.booleans(),
).filter(lambda cell: cell.tests or not cell.negated)
TESTED = (
    st.sampled_from([*ODD.values(), *map(Decimal, ("0", "1", "1.00", "-1", "3", "5"))])
    | st.sampled_from(
        ["", "a", True, False, None, dt.date(2026, 1, 15), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)]
    )
    | st.sampled_from([[], [Decimal(1)], [Decimal(1), Decimal(2)], ["a", None], {"a": "b"}])
    | VALUES
)


NO_NAMES: frozenset[str] = frozenset()


def slowly(cell: expressions.UnaryTests, value: Value) -> bool | None:
    """What the compiled closure gives, with its reasons asked for."""
    context: dict[str, Value] = {}
    run = Run(context, None, [])
    result = expressions._evaluated(cell._closure, run, context, {"?": value})
    return result if isinstance(result, bool) else None


@given(CELLS, TESTED)
@settings(max_examples=1500, deadline=None)
def test_the_quick_way_and_the_whole_evaluation_agree(node: tree.Tests, value: Value) -> None:
    text = printed(node)
    constant = constant_cell(node.tests, NO_NAMES.__contains__, negated=node.negated)
    cell = expressions.UnaryTests(text, *compiled(text, node, frozenset()), constant)
    if cell.constant is not None:
        assert cell.constant(value) is slowly(cell, value), text
    assert cell.evaluate({}, value) is slowly(cell, value)


@pytest.mark.parametrize(
    "text",
    [
        "-",
        "5",
        "-5",
        '"a"',
        '"a", "b"',
        'not("a")',
        "< 5",
        "!= null",
        "[1..5)",
        "(< 5)",
        "[1, 5]",
        "[1..2], [4..5]",
        "true",
        "null",
        '@"2026-01-01"',
        '>= @"P1D"',
        'date("2026-01-01")',
        '[date("2026-01-01")..date("2026-12-31")]',
        '< duration("P3D")',
    ],
)
def test_a_cell_of_literals_needs_no_context(text: str) -> None:
    assert expressions.compile_unary(text).constant is not None


@pytest.mark.parametrize(
    "text",
    [
        "limit",
        "< limit",
        "? > 3",
        "[1..limit]",
        "[1, limit]",
        "[5..1]",
        "[1..true]",
        "1 + 1",
        "not(limit)",
        "date(text)",
        'date("no date")',
        "(< limit)",
        "[[1]]",
    ],
)
def test_a_cell_that_needs_more_has_no_quick_way(text: str) -> None:
    assert expressions.compile_unary(text).constant is None


@pytest.mark.parametrize(("text", "tested"), [("< 6", "a"), ("= 1", "a"), ("[1..2]", True)])
def test_a_cell_that_cannot_say_is_none_quickly_and_with_its_reasons(
    text: str, tested: Any
) -> None:
    cell, reasons = expressions.compile_unary(text), list[str]()
    assert cell.constant is not None
    assert cell.constant(tested) is None
    assert cell.evaluate({}, tested, reasons=reasons) is None
    assert bool(reasons) is not text.startswith("[")


def test_a_name_that_is_given_is_no_function() -> None:
    cell = expressions.compile_unary('date("2026-01-01")', {"date"})
    assert cell.constant is None
    called = expressions.compile('{date: function(x) 1, r: date("2026-01-01")}.r')
    assert called.evaluate({}) == 1

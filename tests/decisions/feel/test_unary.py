"""The cells of decision tables."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from decisions import expressions

FIVE = Decimal(5)


@pytest.mark.parametrize(
    ("cell", "tested", "expected"),
    [
        ("-", None, True),
        ("5", FIVE, True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ('not("a")', None, True),
        ("< 6", FIVE, True),
        ("< 6", None, None),
        ("[1..5)", FIVE, False),
        ("]1..5[, 5", FIVE, True),
        ("> 10, < 6", FIVE, True),
        ("? > 3 and ? < 9", FIVE, True),
        ("not(? > 3)", FIVE, False),
        ('contains(?, "o")', "foo", True),
        ("? in [1, 5]", FIVE, True),
        ("known", FIVE, True),
        ("listed", FIVE, True),
        ("> limit", FIVE, False),
        ("true", True, True),
        ("true", False, False),
        ("false", False, True),
        ("true", None, False),
        ("null", None, True),
        ("null", FIVE, False),
        ('"5"', FIVE, None),
        ('>= @"2026-01-01"', dt.date(2026, 2, 1), True),
        ('date("2026-01-01")', dt.date(2026, 1, 1), True),
        ("?.age > 18", {"age": Decimal(20)}, True),
        ("[1, 5]", FIVE, True),
        ("[1, 5]", [Decimal(1), FIVE], True),
    ],
)
def test_a_cell_tests_a_value(cell: str, tested: Any, expected: bool | None) -> None:
    context = {"known": FIVE, "listed": [FIVE], "limit": Decimal(9)}
    assert expressions.compile_unary(cell).evaluate(context, tested) is expected


def test_a_cell_says_which_names_it_needs_and_the_value_is_none_of_them() -> None:
    assert expressions.compile_unary("? > limit").names == {"limit"}


def test_a_cell_tells_its_reasons() -> None:
    reasons: list[str] = []
    expressions.compile_unary("< 6").evaluate({}, "a", reasons=reasons)
    assert "no < between string and number" in reasons[0]


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("not([0..1))", Decimal(0), False),
        ("not([0..1))", Decimal(1), True),
        ("not((0..1], 5)", Decimal(5), False),
        ("not((0..1])", Decimal(-1), True),
        ("not(true) or ? > 3", Decimal(4), True),
        ("? in [1..2] and ? > 1", Decimal(2), True),
        ("? in [1..2] and ? > 1", Decimal(1), False),
    ],
)
def test_brackets_of_ranges_and_conditions_end_where_they_are_closed(
    cell: str, value: Any, expected: bool
) -> None:
    assert expressions.compile_unary(cell).evaluate({}, value) is expected


@pytest.mark.parametrize("cell", ["? > 0 and ? < 5", "[3..1]", "not(? > 3)"])
def test_what_cannot_be_said_is_not_said_of_a_missing_value(cell: str) -> None:
    assert expressions.compile_unary(cell).evaluate({}, None) is None

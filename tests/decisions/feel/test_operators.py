"""Arithmetic, comparison, logic and what binds tighter than what."""

import datetime as dt
from decimal import Decimal

import pytest

from decisions import expressions

D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", D(7)),
        ("(1 + 2) * 3", D(9)),
        ("0.1 + 0.2 = 0.3", True),
        ("-2 ** 2", D(4)),
        ("1 / 0", None),
        ('"a" + "b"', "ab"),
        ('@"2026-01-31" + @"P1M"', dt.date(2026, 2, 28)),
        ("1 < 2 and 2 < 3", True),
        ("true or null", True),
        ("false and null", False),
        ("null and true", None),
        ("2 between 1 and 3", True),
        ("2 in [1..5)", True),
        ("2 in (< 1, > 10)", False),
        ("null = null", True),
        ('1 = "1"', None),
    ],
)
def test_an_operator_means_what_the_standard_says(text: str, value: object) -> None:
    assert expressions.compile(text).evaluate({}) == value


def test_a_number_has_34_digits() -> None:
    assert str(expressions.compile("1 / 3").evaluate({})) == "0." + "3" * 34

"""Sorting by one key of the items gives what calling the function for every comparison gives."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions import expressions
from tests.decisions.feel.examples import reasons, value
from tests.decisions.feel.test_safety import LEAVES


@given(st.lists(LEAVES | st.sampled_from(["a", "b"])), st.sampled_from("<>"), st.booleans())
@settings(max_examples=300, deadline=None)
def test_the_quick_way_and_the_function_agree(values: list[Any], sign: str, swapped: bool) -> None:
    items = [{"k": value, "at": at} for at, value in enumerate(values)]
    left, right = ("b", "a") if swapped else ("a", "b")
    quick = f"sort(l, function(a, b) {left}.k {sign} {right}.k)"
    slow = f"sort(l, function(a, b) {left}.k {sign} {right}.k and true)"
    found = [expressions.compile(text).evaluate({"l": items}) for text in (quick, slow)]
    assert str(found[0]) == str(found[1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sort([3, 1, 2], function(a, b) a < b)", [1, 2, 3]),
        ("sort([3, 1, 2], function(a, b) a > b)", [3, 2, 1]),
        ("sort([3, 1, 2], function(a, b) b < a)", [3, 2, 1]),
        ("sort(papers, function(x, y) x.pages < y.pages).pages", [1, 2, 9]),
        ("sort(papers, function(x, y) x.kind > y.kind).pages", [9, 1, 2]),
        ("sort(papers, function(x, y) x.kind > y.kind and true).pages", [9, 1, 2]),
        ("sort(3, function(a, b) a < b)", [3]),
        ("sort([], function(a, b) a < b)", []),
    ],
)
def test_a_list_is_sorted_by_a_function(text: str, expected: list[Any]) -> None:
    assert value(text) == expected


def test_what_cannot_be_sorted_has_its_reason() -> None:
    assert "sort" in reasons("sort(null, function(a, b) a < b)")
    assert "sort" in reasons("sort()")

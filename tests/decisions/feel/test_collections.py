"""Functions of lists, contexts, numbers and ranges."""

from typing import Any

import pytest

from tests.decisions.feel.examples import value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list contains([1, null], null)", True),
        ("count([1, 2])", 2),
        ("min(3, 1, 2)", 1),
        ('max(["a", "b"])', "b"),
        ('min(@"P1D", @"PT1H") = @"PT1H"', True),
        ('min(1, "a")', None),
        ("sum([])", None),
        ("sum(1, 2, 3)", 6),
        ("mean([1, 2, 6])", 3),
        ("median(8, 2, 5, 3, 4)", 4),
        ("stddev(2, 4, 7, 5)", pytest.approx(2.0816659994661)),
        ("mode([6, 1, 9, 6, 1])", [1, 6]),
        ("product(2, 3, 4)", 24),
        ("all(true, null)", None),
        ("any(true, null)", True),
        ("sublist([1, 2, 3], 2)", [2, 3]),
        ("sublist([1, 2, 3], -2, 1)", [2]),
        ("append([1], 2, 3)", [1, 2, 3]),
        ("concatenate([1], [2, 3])", [1, 2, 3]),
        ("insert before([1, 3], 2, 2)", [1, 2, 3]),
        ("remove([1, 2, 3], 2)", [1, 3]),
        ("reverse([1, 2])", [2, 1]),
        ("index of([1, 2, 1], 1)", [1, 3]),
        ("union([1, 2], [2, 3])", [1, 2, 3]),
        ("distinct values([1, 2, 1, null, null])", [1, 2, None]),
        ("flatten([1, [[2, 3]], 4])", [1, 2, 3, 4]),
        ("list replace([1, 2], 2, 5)", [1, 5]),
        ("list replace([2, 7], function(item, newItem) item < newItem, 5)", [5, 7]),
        ("sort([3, 1, 2])", [1, 2, 3]),
        ('get value({a: 1}, "a")', 1),
        ('get value({a: {b: 2}}, ["a", "b"])', 2),
        ("get entries({a: 1})", [{"key": "a", "value": 1}]),
        ('context([{key: "a", value: 1}])', {"a": 1}),
        ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
        ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
    ],
)
def test_a_collection_function_means_what_the_standard_says(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("decimal(2.5, 0)", 2),
        ("decimal(1/3, 2)", 0.33),
        ("decimal(1234, -2)", 1200),
        ("floor(-1.5)", -2),
        ("ceiling(1.21, 1)", 1.3),
        ("round up(-5.5, 0)", -6),
        ("round down(5.9, 0)", 5),
        ("round half up(2.5, 0)", 3),
        ("round half down(2.5, 0)", 2),
        ('abs(@"-P1D") = @"P1D"', True),
        ("modulo(-12, 5)", 3),
        ("modulo(12, -5)", -3),
        ("modulo(1, 0)", None),
        ("sqrt(16)", 4),
        ("sqrt(-1)", None),
        ("log(1)", 0),
        ("exp(0)", 1),
        ("odd(5)", True),
        ("even(1.5)", None),
        ("floor(n: 1.5)", 1),
        ("floor(m: 1.5)", None),
    ],
)
def test_a_number_function_means_what_the_standard_says(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("before(1, 10)", True),
        ("before([1..10), [10..15])", True),
        ("after([5..10], 4)", True),
        ("meets([1..5], [5..10])", True),
        ("meets([1..5), [5..10])", False),
        ("met by([5..10], [1..5])", True),
        ("overlaps([1..5], [3..8])", True),
        ("overlaps([1..5), [5..8])", False),
        ("overlaps before([1..5], [3..8])", True),
        ("overlaps after([3..8], [1..5])", True),
        ("overlaps after((1..5], [1..5])", True),
        ("overlaps after([1..5], [1..5))", False),
        ('range("[1..5)") = [1..5)', True),
        ('range("[@\\"2026-01-01\\"..date(\\"2026-02-01\\")]") instance of range<date>', True),
        ('range("[a..5)")', None),
        ('range("[5..1]")', None),
        ("finishes(10, [1..10])", True),
        ("finished by([5..10], (5..10])", True),
        ("includes([1..10], [4..6])", True),
        ("during(5, [1..10))", True),
        ("starts(1, [1..10])", True),
        ("started by([1..10], [1..5])", True),
        ("coincides([1..5], [1..5))", False),
        ("before(1, (> 5))", True),
        ('before(1, "a")', None),
    ],
)
def test_ranges_lie_to_each_other_as_the_standard_says(text: str, expected: bool | None) -> None:
    assert value(text) is expected

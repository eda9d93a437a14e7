"""A null that comes of a mistake says where it is and what it is."""

import pytest

from decisions import expressions
from tests.decisions.feel.examples import reasons


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[1, 2]["a"]', "column 7: a filter cannot be string"),
        ('some x in [1] satisfies "a"', "column 1: a condition cannot be string"),
        ("every x in [1] satisfies null", "column 1: the condition is null for an item"),
        ('true and "a"', "column 6: and takes no string"),
        ("1 or false", "column 3: or takes no number"),
        ("not(1)", "column 4: not takes no (number)"),
        ("all([true, 1])", "all: the list holds more than true, false and null"),
        ("any(false, 1)", "any: the list holds more than true, false and null"),
        ("0 ** -1", "column 3: 0 ** -1 has no result"),
        ("sum([])", "sum: the list is empty"),
        ("max([])", "max: the list is empty"),
        ("stddev([1])", "stddev: fewer than two numbers do not deviate"),
        ("sublist([1, 2], 1, 0)", "sublist: there are no 0 items from there"),
        ('sort([1, 2], function(x, y) "a")', "sort: the function gives neither true nor false"),
        ("get value({a: 1}, [])", "get value: the keys are no strings"),
        ("odd(1.5)", "odd: 1.5 is no whole number"),
        ('range("[null..null]")', "range: a range has one end at least"),
        ('matches("a", "a*+")', "matches: what is repeated cannot be repeated once more"),
        (r'matches("a", "\p{Letter}")', r"matches: \p is unknown in patterns"),
        ("before(null, 1)", "before takes no (null, number)"),
        ("(function(x: number) x)(true)", "x cannot be boolean"),
        ("for x in null return x", "there is no list to walk"),
        ("1 instance of unknown", "there is no type unknown"),
    ],
)
def test_a_mistake_has_its_reason(text: str, reason: str) -> None:
    assert reason in reasons(text)


@pytest.mark.parametrize(
    "text", ["null = 1", "not(null)", "null and true", "any([false, null])", "(< 5).start"]
)
def test_what_is_simply_unknown_has_none(text: str) -> None:
    assert expressions.compile(text).explain({})[1] == ()

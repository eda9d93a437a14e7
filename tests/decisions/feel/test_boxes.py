"""Lists, contexts, ranges, paths, filters, conditions, loops and functions."""

from typing import Any

import pytest

from tests.decisions.feel.examples import reasons, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("papers.pages", [2, 9, 1]),
        ("papers[2].kind", "deed"),
        ("papers[-1].pages", 1),
        ("papers[4]", None),
        ('papers[kind = "deed"].pages', [9, 1]),
        ('papers[item.kind = "deed" and pages > 5]', [{"kind": "deed", "pages": 9}]),
        ("[1, 2, 3][item >= 2]", [2, 3]),
        ("[1, 2, 3][count([1, 2])]", 2),
        ("5[1]", 5),
        ("5[item > 6]", []),
        ("null[1]", None),
        ("{a: {b: 3}}.a.b", 3),
        ("{a: 1}.b", None),
        ("{a: 1, b: a + 1}", {"a": 1, "b": 2}),
        ("[1..3] = [1..3]", True),
        ("[1..3].start included", True),
        ("(1..3].start", 1),
        ("3 in ]1..3[", False),
        ("[3..1]", None),
    ],
)
def test_a_box_is_opened(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for i in 1..3 return i * i", [1, 4, 9]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in [1..3) return i", [1, 2]),
        ("for a in [1, 2], b in [10, 20] return a + b", [11, 21, 12, 22]),
        ("for a in [1, 2], b in 1..a return b", [1, 1, 2]),
        ("for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]", [1, 1, 2, 3, 5]),
        ('count(for d in @"2026-01-30"..@"2026-02-02" return d)', 4),
        ("for i in null return i", None),
        ("some p in papers satisfies p.pages > 5", True),
        ("every p in papers satisfies p.pages > 1", False),
        ("every p in [] satisfies false", True),
        ("some x in [null, 1] satisfies x > 5", None),
        ('if null then "yes" else "no"', "no"),
    ],
)
def test_a_loop_walks(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(function(x) x + 1)(2)", 3),
        ("{f: function(a, b) a - b, r: f(b: 1, a: 5)}.r", 4),
        ("{f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(5)}.r", 120),
        ("{f: function(a: number) a, r: f([3])}.r", 3),
        ('{f: function(a: number) a, r: f("x")}.r', None),
        ("{f: function(a) a, r: f()}.r", None),
        ("sort([3, 1, 2], function(x, y) x > y)", [3, 2, 1]),
        ("sort([3, 1], function(x: string, y: string) x > y)", None),
        ("{a: 5, f: function(x) x + a, a2: 6, r: f(1)}.r", 6),
        ('"x"(1)', None),
    ],
)
def test_a_function_is_a_value(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", True),
        ('[1, "a"] instance of list<number>', False),
        ("{a: 1} instance of context<a: number>", True),
        ('@"P1M" instance of years and months duration', True),
        ('@"2026-01-01T00:00:00" instance of date and time', True),
        ("null instance of Any", False),
        ("[1..2] instance of range<number>", True),
        ("1 instance of tUnknown", None),
    ],
)
def test_a_value_is_an_instance_of_its_type(text: str, expected: bool | None) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ages + 1", "line 1, column 1: ages is not known"),
        ('1 + "a"', "line 1, column 3: no + between number and string"),
        ("1 / 0", "1 / 0 has no result"),
        ('substring("abc", 9)', "substring: there is no position 9"),
        ("upper case(1)", "upper case takes no (number)"),
        ("papers[7]", "the list has no item 7"),
        ("is working day(today)", "no calendar was given"),
    ],
)
def test_a_null_has_its_reason(text: str, reason: str) -> None:
    assert reason in reasons(text)

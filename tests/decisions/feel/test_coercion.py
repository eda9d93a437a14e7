"""Functions as values, and where an item and the list of it are the same (DMN 1.5 §10.3.2.9.4)."""

import pytest

from tests.decisions.feel.examples import outcome


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{f: count, r: f([1,2])}.r", "2"),
        ('{f: string length, r: f("abc")}.r', "3"),
        ("[abs][1](-1)", "1"),
        ("{f: count, r: f(list: [1])}.r", "1"),
        ('{f: substring, r: f("abc", 2)}.r', '"bc"'),
        ("{f: min, r: f(3, 1, 2)}.r", "1"),
        ("{f: min, r: f([3, 1, 2])}.r", "1"),
        ("for f in [floor, ceiling] return f(1.5)", "[1, 2]"),
        ("(if true then floor else ceiling)(1.5)", "1"),
        ("{count: function(x) 5, r: count([1])}.r", "5"),
        ("{string length: 5, r: string length + 1}.r", "6"),
        ("for i in -1..-3 return i", "[-1, -2, -3]"),
        ("for i in (1..4) return i", "[2, 3]"),
        ("for i in [1,2,3] return if i = 1 then 0 else partial[i - 1] + i", "[0, 2, 5]"),
        ("{f: function(x) g(x), g: function(x) x * 2, r: f(2)}.r", "4"),
        ("{a: {f: function(n) if n = 0 then 0 else n + f(n - 1)}, r: a.f(3)}.r", "6"),
        ("{f: function(f, n) if n = 0 then 0 else n + f(f, n - 1), r: f(f, 3)}.r", "6"),
        ("{f: function(n) function(m) n + m, r: [f(1)(2), f(10)(20)]}.r", "[3, 30]"),
        ("{l: [1,2], f: function(x) x + count(l), r: f(1)}.r", "3"),
        ("{x: 1, f: function(x) x, r: f(2) + x}.r", "3"),
        ("{less: function(x, y) x < y, r: sort([2,1], less)}.r", "[1, 2]"),
        ("{a: 1}[1]", "{a: 1}"),
    ],
)
def test_a_function_is_a_value_like_others(text: str, expected: str) -> None:
    assert outcome(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[.5..1.5]", "[0.5..1.5]"),
        ("[-1..1]", "[-1..1]"),
        ("[-a..a]", "[-1..1]"),
        ("(function(x) [x, function(y) x + y])(1)[2](5)", "6"),
        ("sort([3,1,2], function(x, y) x < y)[1]", "1"),
        ('sort(["b", "a"], function(x, y) upper case(x) < upper case(y))', '["a", "b"]'),
        ("(function(x: list<number>) count(x))(5)", "1"),
        ("(function(x: list<Any>) count(x))(5)", "1"),
        ("(function(x: Any) x)([5])", "[5]"),
        ('(function(x: string) x)(["a"])', '"a"'),
        ('(function(x: string) x)([["a"]])', "null"),
        ("(function(x: range<number>) 3 in x)([1..5])", "true"),
        ('(function(x: range<number>) 3 in x)(["a".."b"])', "null"),
        ("(function(x: boolean) x)(true)", "true"),
        ('(function(x: date) x.year)(@"2020-01-01")', "2020"),
        ("(function(x: context<a: list<number>>) x.a)({a: [1]})", "[1]"),
        ("(function(x: context<a: list<number>>) x)({a: 1})", "null"),
        ("(function(x: number, y) x + y)(y: 1, x: [2])", "3"),
        ('upper case(["a"])', '"A"'),
        ('upper case([["a"]])', "null"),
        ("abs([-1])", "1"),
        ("abs([-1, 2])", "null"),
        ("not([true])", "false"),
        ('contains(["foobar"], ["o"])', "true"),
        ("sum([[1]])", "null"),
        ("max([1], [2])", "null"),
        ("decimal([1.555], [2])", "1.56"),
        ("1 + [1]", "null"),
        ("[1] + [1]", "null"),
        ('"a" + ["b"]', "null"),
        ("if [true] then 1 else 2", "2"),
        ("[true] and true", "null"),
        ("[1] = 1", "null"),
        ("1 in [[1]]", "false"),
        ("[5] between 1 and 10", "null"),
        ("-[1]", "null"),
        ("[1] < 2", "null"),
        ("[{a: 1}].a", "[1]"),
        ("5[1][1]", "5"),
        ("string([1])", '"[1]"'),
        ('string(["a"])', '"[\\"a\\"]"'),
        ('get value([{a: 1}], ["a"])', "1"),
        ('get value({a: 1}, ["a"])', "1"),
        ('context put([{a: 1}], "b", 2)', "{a: 1, b: 2}"),
        ('number(["1"])', "1"),
        ("modulo([5], 3)", "2"),
        ("is([1], 1)", "false"),
        ("list contains(5, 5)", "true"),
        ("append(5, 6)", "[5, 6]"),
        ("concatenate(1, [2], 3)", "[1, 2, 3]"),
    ],
)
def test_an_item_and_its_list_are_the_same_for_parameters_only(text: str, expected: str) -> None:
    assert outcome(text) == expected

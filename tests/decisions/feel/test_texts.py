"""String functions and patterns."""

from typing import Any

import pytest

from tests.decisions.feel.examples import value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", 3, 3)', "oba"),
        ('substring("foobar", -2, 1)', "a"),
        (r'substring("\U01F40Eab", 2)', "ab"),
        ('string length("مقاطعة")', 6),
        ('upper case("é")', "É"),
        ('substring before("foobar", "bar")', "foo"),
        ('substring after("foobar", "o")', "obar"),
        ('contains("foobar", "of")', False),
        ('starts with("foobar", "fo")', True),
        ('ends with("foobar", "r")', True),
        ('string join(["a", null, "b"], ", ")', "a, b"),
        ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('replace("a.b", ".", "-", "q")', "a-b"),
        ('replace("abc", "x*", "-")', None),
        ('matches("BK123456", "^[A-Z]{1,2}[0-9]{1,6}$")', True),
        ('matches("foo\\nbar", "o.b", "s")', True),
        ('matches("FOO", "foo", "i")', True),
        ('matches("foo", "f o o", "x")', True),
        (r'matches("été", "^\p{L}+$")', True),
        (r'matches("b", "[a-z-[aeiou]]")', True),
        (r'matches("a", "[a-z-[aeiou]]")', False),
        (r'matches("x:y", "^\i\c*$")', True),
        ('matches("a", "(?=a)")', None),
        ('matches("a", "a{e<=1}")', None),
        ('matches("a", "(")', None),
        ('matches("a", "a", "w")', None),
        (r'"\u0041\t\"\\"', 'A\t"\\'),
        ('string([1, "a", null, true, {b: @"P1D"}])', '[1, "a", null, true, {b: P1D}]'),
        ("string(1.50)", "1.50"),
        ("string(1e3)", "1000"),
        ('string(@"2026-01-01T10:00:00.500@Africa/Casablanca")',
         "2026-01-01T10:00:00.5@Africa/Casablanca"),
        ('string(@"-PT1H30M")', "-PT1H30M"),
        ('string(@"P14M")', "P1Y2M"),
        ("string([1..3))", "[1..3)"),
        ('number("1 000,5", " ", ",")', 1000.5),
        ('number("1.000", ".", ",")', 1000),
        ('number("1e3")', 1000),
        ('number("x")', None),
    ],
)  # fmt: skip
def test_a_text_function_means_what_the_standard_says(text: str, expected: Any) -> None:
    assert value(text) == expected

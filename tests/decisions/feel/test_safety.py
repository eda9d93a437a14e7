"""Whatever the text and the values, nothing else is raised than what is promised, and soon."""

import datetime as dt
import time
from decimal import Decimal
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions import expressions
from decisions.errors import ExpressionInvalid, LimitExceeded
from decisions.feel.builtins.registry import BUILTINS
from decisions.values import Months, Value

SIGNS = "+ - * / ** = != < <= > >= ( ) [ ] { } , : . .. @ ' ->"
KEYWORDS = "if then else for in return some every satisfies and or not between instance of"
OTHERS = "function true false null number list context a b item partial external ? 1 2 0 0.5 1e6000"
WORDS = [
    *f"{SIGNS} {KEYWORDS} {OTHERS}".split(),
    *['"a"', '"2026-01-01"', '"PT1H"', '"P1M"', '"T"', "[1,2]", "{a: 1}", "[1..3]"],
    *sorted(BUILTINS),
]
LEAVES = (
    st.none()
    | st.booleans()
    | st.text(max_size=4)
    | st.decimals()
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.just(dt.UTC) | st.none())
    | st.timedeltas()
    | st.builds(Months, st.integers(-(10**7), 10**7))
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
    ),
    max_leaves=6,
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
CALLS = st.builds(
    lambda name, arguments: f"{name}({', '.join(arguments)})",
    st.sampled_from(sorted(BUILTINS)),
    st.lists(st.sampled_from(["a", "b", "c", "d", "1", "-1", "[a, b]", "[a..b]"]), max_size=4),
)


def evaluated(text: str, context: dict[str, Value]) -> Value:
    try:
        return expressions.compile(text).evaluate(context)
    except (ExpressionInvalid, LimitExceeded):
        return None


@given(st.text(max_size=40) | TEXTS)
@settings(max_examples=400, deadline=None)
def test_a_text_compiles_or_is_refused_with_its_place(text: str) -> None:
    for read in (expressions.compile, expressions.compile_unary):
        try:
            place = read(text) and (1, 1)
        except ExpressionInvalid as error:
            place = (error.line, error.column)
        assert min(place) >= 1


@given(TEXTS, VALUES, VALUES)
@settings(max_examples=400, deadline=None)
def test_an_expression_gives_a_value_or_a_limit(text: str, a: Value, b: Value) -> None:
    evaluated(text, {"a": a, "b": b})


@given(CALLS, VALUES, VALUES, LEAVES, LEAVES)
@settings(max_examples=800, deadline=None)
def test_a_function_takes_any_value(text: str, a: Value, b: Value, c: Value, d: Value) -> None:
    evaluated(text, {"a": a, "b": b, "c": c, "d": d})


@given(st.sampled_from(["+", "-", "*", "/", "**", "=", "<", "<=", "in"]), VALUES, VALUES)
@settings(max_examples=800, deadline=None)
def test_an_operator_takes_any_value(sign: str, a: Value, b: Value) -> None:
    evaluated(f"a {sign} b", {"a": a, "b": b})


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "[" * 5000 + "]" * 5000,
        "-" * 5000 + "1",
        "1" + "+1" * 5000,
        "a" + ".a" * 5000,
        "a" + "[1]" * 5000,
        "not(" * 5000,
        "{a:" * 5000,
        "if true then " * 5000,
        "function() " * 5000,
        "x in (" * 5000,
        "1 instance of " + "list<" * 5000,
        "1" * 60_000,
        "9" * 7000,
        "1e9999",
    ],
)
def test_a_bomb_of_text_is_refused(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ExpressionInvalid):
        expressions.compile(text)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        "for a in 1..1000, b in 1..1000 return a * b",
        "count(for a in 1..1e9 return a)",
        "some a in 1..1000, b in 1..1000 satisfies a * b < 0",
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "{f: function(n) n + f(n - 1), r: f(1)}.r",
        "for i in 1..100000 return partial",
        "{" + ", ".join(f"a{i}: [a{i - 1}, a{i - 1}]" for i in range(1, 38)) + "}",
        "{" + ", ".join(f"a{i}: a{i - 1} + a{i - 1}" for i in range(1, 38)) + "}",
        "string({" + ", ".join(f"a{i}: [a{i - 1}, a{i - 1}]" for i in range(1, 38)) + "})",
        "flatten({" + ", ".join(f"a{i}: [a{i - 1}, a{i - 1}]" for i in range(1, 38)) + "}.a37)",
        "{" + ", ".join(f"a{i}: concatenate(a{i - 1}, a{i - 1})" for i in range(1, 38)) + "}",
        'replace("' + "a" * 9000 + '", "a", "' + "b" * 900 + '")',
        'matches("' + "a" * 90 + '!", "^(a|aa)+$")',
        'replace("' + "a" * 90 + '!", "^(a|aa)+$", "b")',
        'split("' + "a" * 90 + '!", "^(a|aa)+$")',
    ],
)
def test_an_evaluation_without_measure_is_stopped(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(LimitExceeded) as refused:
        expressions.compile(text).evaluate({"a0": "x"})
    assert refused.value.remedy
    assert time.perf_counter() - started < 5


def test_many_names_that_begin_alike_are_read_in_time() -> None:
    started = time.perf_counter()
    expressions.compile("{" + ", ".join(f"a b{i}: a b{i - 1}" for i in range(2900)) + "}")
    assert time.perf_counter() - started < 2


def test_one_expression_serves_many_threads() -> None:
    expression = expressions.compile("sum(for i in 1..n return i / 3 * 3)")
    wrong: list[Value] = []

    def work(number: int) -> None:
        third = expressions.compile("i / 3 * 3")
        expected = sum(third.evaluate({"i": Decimal(i)}) for i in range(1, number))
        for _ in range(50):
            value = expression.evaluate({"n": Decimal(number - 1)})
            if abs(value - expected) > Decimal("1e-20"):
                wrong.append(value)

    threads = [Thread(target=work, args=(number,)) for number in range(10, 18)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong

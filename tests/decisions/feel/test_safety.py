"""Whatever the text and the values, nothing else is raised than what is promised, and soon."""

import datetime as dt
from decimal import Decimal
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions import expressions
from decisions.errors import ExpressionInvalid, LimitExceeded
from decisions.feel import tree
from decisions.feel.builtins.registry import BUILTINS
from decisions.feel.printing import printed
from decisions.feel.zones import zone
from decisions.values import Function, Months, Range, Value
from tests.decisions.feel.trees import NODES

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
ODD: dict[str, Value] = {
    "nan": Decimal("NaN"),
    "signal": Decimal("sNaN"),
    "infinite": Decimal("-Infinity"),
    "large": Decimal("9.999E6144"),
    "small": Decimal("1E-6176"),
    "fine": Decimal("0." + "3" * 60),
    "long": dt.timedelta.max,
    "back": dt.timedelta.min,
    "ages": Months(12 * 10**9),
    "first": dt.date.min,
    "last": dt.date.max,
    "end": dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-14))),
    "begin": dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=14))),
    "clock": dt.time.max.replace(tzinfo=zone("Africa/Casablanca")),
    "open": Range(None, Decimal(1), sign="<"),
    "unequal": Range(Decimal(1), Decimal(1), False, False, "!="),
    "mixed": Range("a", dt.date.min),
    "own": Function(("x", "y"), lambda x, y: x),
    "none": Function((), lambda: None),
    "text": "\ud800\x00\u202e" + "a" * 50,
    "nothing": None,
    "listed": [None, [], {}, Decimal("NaN")],
    "entries": {"": None, "key": "value", "value": Decimal(1)},
    "strange": object(),
}
ARGUMENTS = st.sampled_from(["a", "b", "1", "-1", "[a, b]", "[a..b]", *ODD])
CALLS = st.builds(
    lambda name, arguments: f"{name}({', '.join(arguments)})",
    st.sampled_from(sorted(BUILTINS)),
    st.lists(ARGUMENTS, max_size=4),
)
MUTATIONS = st.lists(
    st.tuples(st.integers(0, 200), st.sampled_from([*WORDS, *ODD, ""])), max_size=3
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


@given(CALLS, VALUES, VALUES)
@settings(max_examples=800, deadline=None)
def test_a_function_takes_any_value(text: str, a: Value, b: Value) -> None:
    evaluated(text, {**ODD, "a": a, "b": b})


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_a_function_takes_odd_values_in_every_place(name: str) -> None:
    for overload in BUILTINS[name].overloads:
        places = len(overload.parameters)
        for place in range(places):
            for odd in ODD:
                for other in ("1", '"a"', "[1, 2]", 'date("2026-01-01")', odd):
                    arguments = [other] * places
                    arguments[place] = odd
                    evaluated(f"{name}({', '.join(arguments)})", ODD)


@given(NODES, MUTATIONS, VALUES, VALUES)
@settings(max_examples=400, deadline=None)
def test_a_valid_expression_that_was_changed_gives_a_value_or_a_limit(
    node: tree.Node, changes: list[tuple[int, str]], a: Value, b: Value
) -> None:
    words = printed(node).split(" ")
    for place, word in changes:
        words[place % len(words)] = word
    evaluated(" ".join(words), {**ODD, "a": a, "b": b})


@given(st.sampled_from(["+", "-", "*", "/", "**", "=", "<", "in"]), st.data())
@settings(max_examples=400, deadline=None)
def test_an_operator_takes_odd_values(sign: str, data: st.DataObject) -> None:
    one, other = data.draw(st.sampled_from(sorted(ODD))), data.draw(st.sampled_from(sorted(ODD)))
    evaluated(f"{one} {sign} {other}", ODD)


@given(st.sampled_from(["+", "-", "*", "/", "**", "=", "<", "<=", "in"]), VALUES, VALUES)
@settings(max_examples=800, deadline=None)
def test_an_operator_takes_any_value(sign: str, a: Value, b: Value) -> None:
    evaluated(f"a {sign} b", {"a": a, "b": b})


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

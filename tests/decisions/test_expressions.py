"""What the rest of the house calls."""

from decimal import Decimal

import pytest

from decisions import expressions
from decisions.errors import ExpressionInvalid, LimitExceeded
from decisions.feel.parser import parse_type
from decisions.types import Types
from decisions.values import Function, Months, Range, compare, equal


def test_the_same_text_is_compiled_once() -> None:
    assert expressions.compile("a + 1") is expressions.compile("a + 1")
    assert expressions.compile_unary("< 1") is expressions.compile_unary("< 1")


def test_a_script_is_the_entries_of_a_context_in_order() -> None:
    entries = expressions.compile_context("{ total: quantity * fee, label: string(total) }")
    context = {"quantity": Decimal(2), "fee": Decimal(3)}
    for name, expression in entries:
        context[name] = expression.evaluate(context)
    assert [name for name, _ in entries] == ["total", "label"]
    assert context["label"] == "6"
    assert entries[1][1].names == {"total"}


def test_a_script_that_is_no_context_is_refused() -> None:
    with pytest.raises(ExpressionInvalid) as refused:
        expressions.compile_context("1 + 1")
    assert "{ name: value" in refused.value.remedy


def test_a_function_given_in_the_context_is_called() -> None:
    double = Function(("n",), lambda n: n * 2)
    expression = expressions.compile("double(n: 4)", ["double"])
    assert expression.evaluate({"double": double}) == 8


def test_a_function_given_in_the_context_wins_over_a_built_in_one() -> None:
    mine = Function(("n",), lambda n: "mine")
    assert expressions.compile("count(4)", ["count"]).evaluate({"count": mine}) == "mine"
    assert expressions.compile("count([4])", ["count"]).evaluate({"count": None}) == 1


def test_a_limit_names_its_remedy() -> None:
    with pytest.raises(LimitExceeded) as refused:
        expressions.compile("for i in 1..1e9 return i").evaluate({})
    assert refused.value.code == "expression-steps"
    assert refused.value.remedy


def test_a_model_has_types_of_its_own() -> None:
    types = Types.of({"tPerson": "context<name: string, ages: tAges>", "tAges": "list<number>"})
    text = '{name: "x", ages: [1]} instance of tPerson'
    assert expressions.compile(text, (), types).evaluate({}) is True
    assert types.coerced(Decimal(1), parse_type("tAges", types.trees)) == (True, [Decimal(1)])
    assert types.coerced("a", parse_type("tAges", types.trees)) == (False, None)


def test_a_type_that_names_itself_ends() -> None:
    types = Types.of({"loop": "loop"})
    assert types.coerced(Decimal(1), types.trees["loop"]) == (False, None)


def test_values_of_different_kinds_do_not_compare() -> None:
    assert equal(Decimal(1), "1") is None
    assert equal(True, Decimal(1)) is None
    assert compare(Decimal(1), None) is None
    assert equal([Decimal(1), "a"], [Decimal("1.0"), "a"]) is True


def test_a_range_knows_what_it_holds() -> None:
    months = Range(Months(1), Months(3), end_included=False)
    assert months.contains(Months(2)) is True
    assert months.contains(Months(3)) is False
    assert months.contains("a") is None

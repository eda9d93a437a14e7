"""Columns and cells of decision tables (DMN 1.5 §8)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from decisions import dmn
from decisions.errors import DecisionError
from tests.decisions.models import decision, function, given, model, table, text

ONE, TWO = Decimal(1), Decimal(2)


def taken(body: str, value: Any = None, *, kind: str = "") -> Any:
    needs = '<informationRequirement><requiredInput href="#i_x"/></informationRequirement>'
    read = dmn.read(model(given("x"), decision("D", needs + body, kind=kind)))
    assert read.faults == ()
    return read.by_name["D"].evaluate({"x": value}).value


def fault(body: str, *others: str) -> DecisionError:
    (found,) = dmn.read(model(*others, decision("D", body))).faults
    return found


@pytest.mark.parametrize(
    ("cell", "value", "fits"),
    [
        ("1, 2", TWO, True),
        ("[1, 2]", [ONE, TWO], True),
        ("[1, 2]", ONE, True),
        ("[1, 2]", Decimal(3), False),
        ("[[1, 2], [3]]", [ONE, TWO], True),
        ("list contains(?, 1)", [ONE, TWO], True),
        ("count(?) = 2", [ONE, TWO], True),
        ("every y in ? satisfies y > 0", [ONE, TWO], True),
        ("some y in ? satisfies y > 1", [ONE, TWO], True),
        ("null", None, True),
        ("-", None, True),
        ("", None, True),
        ("1", None, False),
        ("not(null)", None, False),
        ("not(null)", ONE, True),
        ("not(< 1, > 5)", TWO, True),
        ("[1..3]", TWO, True),
        ("(1..3]", ONE, False),
        ("]1..3[", TWO, True),
        ("< 3, > 5", Decimal(6), True),
        ("? > 1 and ? < 3", TWO, True),
        ("x", ONE, True),
        ("> x - 1", ONE, True),
        ("? = x + 1", ONE, False),
        ("-1", -ONE, True),
        ("- 1", -ONE, True),
        ("!= 1", TWO, True),
        ("{a: 1}", {"a": ONE}, True),
        ('"a", "b"', "b", True),
        ('contains(?, "b")', "abc", True),
        ('> date("2026-01-01")', dt.date(2026, 2, 1), True),
        ('[@"2026-01-01"..@"2026-01-31"]', dt.date(2026, 1, 31), True),
        ("true", None, False),
        ("false", None, False),
    ],
)
def test_a_cell_tests_the_value_of_its_column(cell: str, value: Any, *, fits: bool) -> None:
    assert taken(table("UNIQUE", ["x"], [(cell, '"yes"')]), value) == ("yes" if fits else None)


@pytest.mark.parametrize(
    ("policy", "nothing"),
    [
        ("UNIQUE", None), ("ANY", None), ("FIRST", None), ("PRIORITY", None), ("COLLECT", []),
        ("RULE ORDER", []), ("OUTPUT ORDER", []), ('COLLECT" aggregation="SUM', None),
        ('COLLECT" aggregation="MIN', None), ('COLLECT" aggregation="MAX', None),
        ('COLLECT" aggregation="COUNT', 0),
    ],
)  # fmt: skip
def test_no_rule_that_fits_gives_nothing_or_the_default(policy: str, nothing: Any) -> None:
    rules = [("2", "5")]
    assert taken(table(policy, ["x"], rules), ONE) == nothing
    default = "<defaultOutputEntry><text>7</text></defaultOutputEntry>"
    assert taken(table(policy, ["x"], rules, default), ONE) == 7


def test_an_aggregation_means_nothing_but_to_collect() -> None:
    assert taken(table('UNIQUE" aggregation="COUNT', ["x"], [("1", "5")]), ONE) == 5


def test_a_table_without_hit_policy_is_unique() -> None:
    assert taken(table("UNIQUE", ["x"], [("1", "5")]).replace(' hitPolicy="UNIQUE"', ""), ONE) == 5


@pytest.mark.parametrize("orientation", ["Rule-as-Row", "Rule-as-Column", "CrossTable"])
def test_the_orientation_of_a_table_changes_nothing(orientation: str) -> None:
    body = table("UNIQUE", ["x"], [("1", "5")])
    body = body.replace("<decisionTable", f'<decisionTable preferredOrientation="{orientation}"')
    assert taken(body, ONE) == 5


SEVERAL = """<decisionTable hitPolicy="OUTPUT ORDER"><input><inputExpression><text>x</text>
</inputExpression></input><output name="rank"/><output name="fee" typeRef="number"/>
<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>"low"</text></outputEntry>
<outputEntry><text>1</text></outputEntry></rule>
<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>"high"</text></outputEntry>
<outputEntry><text>2</text></outputEntry></rule></decisionTable>"""
RANKED = (
    '<itemDefinition name="tRow"><itemComponent name="rank"><typeRef>string</typeRef>'
    '<allowedValues><text>"high","low"</text></allowedValues></itemComponent>'
    '<itemComponent name="fee"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tRows" isCollection="true"><typeRef>tRow</typeRef></itemDefinition>'
)


def test_several_outputs_are_ranked_by_the_components_of_the_type() -> None:
    read = dmn.read(model(RANKED, given("x"), decision("D", SEVERAL, kind="tRows")))
    assert read.by_name["D"].evaluate({}).value == [
        {"rank": "high", "fee": 2},
        {"rank": "low", "fee": 1},
    ]


def test_a_result_may_be_of_a_type_that_allows_ranges() -> None:
    kinds = (
        '<itemDefinition name="tFee"><typeRef>number</typeRef>'
        "<allowedValues><text>&gt;= 0</text></allowedValues></itemDefinition>"
    )
    body = table("UNIQUE", ["1"], [("1", "5")]).replace('name="out"', 'name="out" typeRef="tFee"')
    read = dmn.read(model(kinds, decision("D", body)))
    assert read.faults == ()
    assert read.by_name["D"].evaluate({}).value == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('<output name="rank"/>', "<output/>"), "several outputs need names"),
        (('name="rank"', 'name="fee"'), "several outputs need names"),
        (("<text>x</text>", "<text/>"), "the input has no expression"),
        (("<text>x</text>", "<text>x +</text>"), "decision D, input x +"),
        (('hitPolicy="OUTPUT ORDER"', 'hitPolicy="BEST"'), "no hit policy BEST"),
        (('hitPolicy="OUTPUT ORDER"', 'hitPolicy="COLLECT" aggregation="AVG"'), "no aggregation"),
        (('hitPolicy="OUTPUT ORDER"', 'hitPolicy="COLLECT" aggregation="SUM"'), "only one output"),
        (("<outputEntry><text>1</text></outputEntry>", ""), "decision D, rule 1: it has 1"),
        (("<text>2</text>", "<text>(2</text>"), "decision D, rule 2: (2"),
    ],
)
def test_a_table_that_cannot_be_taken_is_refused_with_its_place(
    change: tuple[str, str], message: str
) -> None:
    found = fault(SEVERAL.replace(*change))
    assert message in str(found)
    assert found.place.startswith("decision D")


def test_thousands_of_rules_in_a_loop_end_with_the_limit() -> None:
    rules = [(str(n), str(n)) for n in range(2000)]
    xml = model(
        function("f", {"x": "number"}, table("UNIQUE", ["x"], rules)),
        decision("D", text("for i in 1..1000 return f(i)"), ["!#f"]),
    )
    with pytest.raises(DecisionError, match="in one evaluation") as caught:
        dmn.read(xml).by_name["D"].evaluate({})
    assert caught.value.remedy

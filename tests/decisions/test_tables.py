"""Decision tables: each hit policy, what explains the result, what is wrong with a table."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from decisions import dmn
from decisions.errors import DecisionError

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="t" namespace="t">'


def table(policy: str, rules: list[tuple[str, str]], output: str = "", extra: str = "") -> bytes:
    rows = "".join(
        f'<rule id="r{n}"><inputEntry><text>{test.replace("<", "&lt;")}</text></inputEntry>'
        f"<outputEntry><text>{result}</text></outputEntry>"
        f"<annotationEntry><text>note {n}</text></annotationEntry></rule>"
        for n, (test, result) in enumerate(rules, 1)
    )
    return (
        f'{HEAD}<inputData id="i" name="n"/><decision id="d" name="D"><informationRequirement>'
        f'<requiredInput href="#i"/></informationRequirement><decisionTable hitPolicy="{policy}" '
        f"{extra}><input><inputExpression><text>n</text></inputExpression></input>"
        f'<output name="out">{output}</output>{rows}</decisionTable></decision></definitions>'
    ).encode()


def taken(xml: bytes, n: int) -> dmn.Outcome:
    model = dmn.read(xml)
    assert model.faults == ()
    return model.decisions["d"].evaluate({"n": Decimal(n)})


OVERLAP = [("> 10", '"big"'), ("> 5", '"some"'), ("-", '"any"')]
ORDER = '<outputValues><text>"any", "some", "big"</text></outputValues>'


@pytest.mark.parametrize(
    ("policy", "n", "value"),
    [
        ("FIRST", 20, "big"),
        ("FIRST", 1, "any"),
        ("RULE ORDER", 7, ["some", "any"]),
        ("COLLECT", 20, ["big", "some", "any"]),
    ],
)
def test_a_policy_chooses_among_the_rules_that_fit(policy: str, n: int, value: Any) -> None:
    assert taken(table(policy, OVERLAP), n).value == value


def test_priority_and_output_order_go_by_the_allowed_values() -> None:
    assert taken(table("PRIORITY", OVERLAP, ORDER), 20).value == "any"
    assert taken(table("OUTPUT ORDER", OVERLAP, ORDER), 20).value == ["any", "some", "big"]


@pytest.mark.parametrize(
    ("aggregation", "value"), [("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3)]
)
def test_collected_results_are_aggregated(aggregation: str, value: int) -> None:
    rules = [("-", "1"), ("> 0", "2"), ("> 1", "3")]
    xml = table("COLLECT", rules, extra=f'aggregation="{aggregation}"')
    assert taken(xml, 5).value == value


def test_two_rules_of_a_unique_table_are_a_fault_and_no_silent_choice() -> None:
    outcome = taken(table("UNIQUE", OVERLAP), 7)
    assert outcome.value is None
    assert outcome.fault == "the rules 2, 3 fit at once, but only one may (unique)"


def test_rules_that_may_overlap_must_agree() -> None:
    agreeing = [("> 1", '"x"'), ("> 2", '"x"')]
    assert taken(table("ANY", agreeing), 3).value == "x"
    assert "different results" in taken(table("ANY", OVERLAP), 7).fault


def test_no_rule_gives_the_default() -> None:
    default = '<defaultOutputEntry><text>"none"</text></defaultOutputEntry>'
    assert taken(table("UNIQUE", [("> 10", '"big"')], default), 1).value == "none"
    assert taken(table("UNIQUE", [("> 10", '"big"')]), 1).value is None


def test_the_trace_names_inputs_rules_and_what_was_written_beside_them() -> None:
    outcome = taken(table("FIRST", OVERLAP), 7)
    assert outcome.trace["inputs"] == {"n": 7}
    assert outcome.trace["rules"] == [["r2", 2, "note 2"]]
    [told] = dmn.read(table("FIRST", OVERLAP)).decisions["d"].tables["d"]
    assert [rule.id for rule in told.rules] == ["r1", "r2", "r3"]


@pytest.mark.parametrize(
    ("n", "told"),
    [
        ("[1..3]", "[1..3]"),
        ('[@"99999-01-01"]', ["99999-01-01"]),
        ('{ a: @"10:00:00.000000001" }', {"a": "10:00:00.000000001"}),
        ('@"P1D"', dt.timedelta(days=1)),
    ],
)
def test_the_trace_tells_what_a_case_cannot_hold_as_text(n: str, told: Any) -> None:
    xml = table("FIRST", [("-", "1")]).replace(b"<text>n</text>", f"<text>{n}</text>".encode())
    assert list(taken(xml, 0).trace["inputs"].values()) == [told]


def test_a_cell_that_is_no_feel_is_named() -> None:
    [fault] = dmn.read(table("UNIQUE", [("> (", '"x"')])).faults
    assert fault.place == "decision D, r1"


def test_a_decision_reads_what_it_requires() -> None:
    xml = (
        HEAD + '<inputData id="i" name="age"/><decision id="adult" name="adult"><variable '
        'name="adult" typeRef="boolean"/><informationRequirement><requiredInput href="#i"/>'
        "</informationRequirement><literalExpression><text>age >= 18</text></literalExpression>"
        '</decision><decision id="d" name="D"><informationRequirement><requiredDecision '
        'href="#adult"/></informationRequirement><literalExpression><text>if adult then "yes" '
        'else "no"</text></literalExpression></decision></definitions>'
    )
    decision = dmn.read(xml.encode()).decisions["d"]
    assert decision.names == {"age"}
    assert decision.evaluate({"age": Decimal(20)}).value == "yes"


@pytest.mark.parametrize(
    "xml", [b"<a/>", b"no xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a/>', HEAD.encode()]
)
def test_what_is_no_decision_model_is_refused(xml: bytes) -> None:
    with pytest.raises(DecisionError):
        dmn.read(xml)


def test_a_function_in_another_language_is_refused() -> None:
    xml = HEAD + (
        '<decision id="d" name="D"><functionDefinition kind="Java"><literalExpression><text>1'
        "</text></literalExpression></functionDefinition></decision></definitions>"
    )
    [fault] = dmn.read(xml.encode()).faults
    assert "foreign code" in fault.message

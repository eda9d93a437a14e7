"""Item definitions: what a value must be, and what it becomes."""

from decimal import Decimal
from typing import Any

import pytest

from decisions import dmn
from tests.decisions.models import NAMESPACES, decision, given, model, text

DEFINED = """
<itemDefinition name="tKind"><typeRef>string</typeRef>
  <allowedValues><text>"family", "work"</text></allowedValues></itemDefinition>
<itemDefinition name="tKinds" isCollection="true"><typeRef>tKind</typeRef>
  <typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>
<itemDefinition name="tScores" isCollection="true"><typeRef>number</typeRef>
  <allowedValues><text>[0..20]</text></allowedValues></itemDefinition>
<itemDefinition name="tPerson">
  <itemComponent name="full name"><typeRef>string</typeRef></itemComponent>
  <itemComponent name="age"><typeRef>number</typeRef>
    <allowedValues><text>&gt;= 0</text></allowedValues></itemComponent>
  <itemComponent name="children" isCollection="true"><typeRef>tPerson</typeRef></itemComponent>
</itemDefinition>
<itemDefinition name="tTest">
  <functionItem outputTypeRef="boolean"><parameters name="n" typeRef="number"/></functionItem>
</itemDefinition>
"""


def typed(kind: str, value: Any) -> Any:
    xml = model(DEFINED, given("x", kind), decision("D", text("x"), ["#i_x"]))
    read = dmn.read(xml)
    assert read.faults == ()
    return read.by_name["D"].evaluate({"x": value}).value


PERSON = {"full name": "A", "age": Decimal(3), "children": []}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("number", Decimal(1), Decimal(1)),
        ("number", "1", None),
        ("number", [Decimal(1)], Decimal(1)),
        ("tKind", "work", "work"),
        ("tKind", "play", None),
        ("tKind", ["work"], "work"),
        ("tKinds", ["work", "family"], ["work", "family"]),
        ("tKinds", "work", ["work"]),
        ("tKinds", ["play"], None),
        ("tKinds", ["work", "work", "work"], None),
        ("tScores", [Decimal(20), Decimal(0)], [Decimal(20), Decimal(0)]),
        ("tScores", [Decimal(21)], None),
        ("tPerson", PERSON, PERSON),
        ("tPerson", {**PERSON, "age": Decimal(-1)}, None),
        ("tPerson", {**PERSON, "age": None}, {**PERSON, "age": None}),
        ("tPerson", {**PERSON, "children": [PERSON]}, {**PERSON, "children": [PERSON]}),
        ("tPerson", {**PERSON, "children": [{**PERSON, "age": Decimal(-1)}]}, None),
        ("tPerson", {"age": Decimal(1)}, None),
        ("Any", "whatever", "whatever"),
        ("tKind", None, None),
    ],
)
def test_a_value_is_brought_to_its_type_or_null(kind: str, value: Any, expected: Any) -> None:
    assert typed(kind, value) == expected


def test_a_value_of_another_type_is_told() -> None:
    xml = model(DEFINED, given("x", "tKind"), decision("D", text("x"), ["#i_x"]))
    trace = dmn.read(xml).by_name["D"].evaluate({"x": "play"}).trace
    assert trace["reasons"] == ["input x: it cannot be string, it is tKind"]


def test_the_result_of_a_decision_is_brought_to_its_type() -> None:
    xml = model(DEFINED, decision("D", text('"play"'), kind="tKind"))
    outcome = dmn.read(xml).by_name["D"].evaluate({})
    assert outcome.value is None
    assert outcome.trace["reasons"] == ["decision D: D cannot be string, it is tKind"]


def test_an_expression_may_ask_for_a_type_of_the_model() -> None:
    xml = model(DEFINED, decision("D", text('{full name: "a", age: 1, children: []} '
                                            "instance of tPerson")))  # fmt: skip
    assert dmn.read(xml).by_name["D"].evaluate({}).value is True


@pytest.mark.parametrize("version", NAMESPACES)
def test_every_version_of_the_standard_is_read(version: str) -> None:
    kind = "feel:number" if version == "1.1" else "number"
    xml = model(given("x", kind), decision("D", text("x + 1"), ["#i_x"], kind), version=version)
    assert dmn.read(xml).by_name["D"].evaluate({"x": Decimal(1)}).value == 2


def test_a_type_that_is_nowhere_is_refused_with_its_decision() -> None:
    (fault,) = dmn.read(model(decision("D", text("1"), kind="tGone"))).faults
    assert (fault.code, fault.place) == ("type", "decision D")
    assert "tGone" in fault.message

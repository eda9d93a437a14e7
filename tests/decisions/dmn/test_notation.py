"""The XML of the versions and of other tools: what is ignored, and what is refused (§13)."""

from decimal import Decimal
from typing import Any

import pytest

from decisions import dmn
from tests.decisions.models import NAMESPACES, decision, given, model, text


def taken(xml: bytes, values: dict[str, Any] | None = None, name: str = "D") -> Any:
    read = dmn.read(xml)
    assert read.faults == ()
    return read.by_name[name].evaluate(values or {}).value


def test_a_text_may_be_split_by_comments_instructions_and_sections() -> None:
    body = "<literalExpression><text> <![CDATA[1 <]]><!-- less --> 2 <?tool x?>and true\n</text>"
    assert taken(model(decision("D", f"{body}</literalExpression>"))) is True


def test_what_other_tools_add_is_ignored() -> None:
    extra = (
        "<description>1 +</description><extensionElements><literalExpression><text>2</text>"
        '</literalExpression><camunda:x xmlns:camunda="http://camunda.org/schema/1.0/dmn"/>'
        "</extensionElements><question>?</question><allowedAnswers>a</allowedAnswers>"
    )
    xml = model(decision("D", text("1")).replace("<variable", f"{extra}<variable", 1))
    xml = xml.replace(b' name="M"', b' name="M" exporter="T" xmlns:t="urn:tool" t:version="8"')
    assert taken(xml) == 1


CAMUNDA = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<definitions xmlns="%s" xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="d" name="DRD"
    namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="fee" name="fee" camunda:historyTimeToLive="P180D" camunda:versionTag="1">
    <decisionTable id="t">
      <input id="i1" label="Copies" camunda:inputVariable="copies">
        <inputExpression id="e1" typeRef="integer"><text>copies</text></inputExpression>
      </input>
      <input id="i2" label="Urgent">
        <inputExpression id="e2" typeRef="boolean" expressionLanguage="feel"><text>urgent</text>
        </inputExpression>
      </input>
      <output id="o1" label="Fee" name="fee" typeRef="double" />
      <rule id="r1"><description>few</description>
        <inputEntry id="c1"><text>&lt;= 3</text></inputEntry>
        <inputEntry id="c2" expressionLanguage="juel"><text></text></inputEntry>
        <outputEntry id="c3"><text>2.5</text></outputEntry>
      </rule>
      <rule id="r2">
        <inputEntry id="c4"><text><![CDATA[> 3]]></text></inputEntry>
        <inputEntry id="c5"><text>true</text></inputEntry>
        <outputEntry id="c6"><text>copies * 2</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>"""


@pytest.mark.parametrize(
    "namespace", [NAMESPACES["1.1"], "http://www.omg.org/spec/DMN/20151101/dmn11.xsd"]
)
@pytest.mark.parametrize(("copies", "fee"), [(2, Decimal("2.5")), (5, 10)])
def test_a_table_of_camunda_7_is_read(namespace: str, copies: int, fee: Any) -> None:
    xml = (CAMUNDA % namespace).encode()
    assert taken(xml, {"copies": Decimal(copies), "urgent": True}, "fee") == fee


@pytest.mark.parametrize("language", ["javascript", "juel", "http://www.w3.org/1999/XPath"])
def test_an_expression_in_another_language_is_refused_wherever_it_stands(language: str) -> None:
    named = f'expressionLanguage="{language}"'
    for cell in ("c1", "c3"):
        xml = (CAMUNDA % NAMESPACES["1.1"]).replace(f'id="{cell}"', f'id="{cell}" {named}')
        (found,) = dmn.read(xml.encode()).faults
        assert str(found) == f"decision fee, r1: an expression in {language} is not executed"
        assert found.remedy == "Write it in FEEL."
    (found,) = dmn.read(
        model(decision("D", text("1"))).replace(b' name="M"', f' name="M" {named}'.encode())
    ).faults
    assert language in str(found)


@pytest.mark.parametrize(
    "language",
    [
        "http://www.omg.org/spec/FEEL/20140401", "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/", "feel", "FEEL", "",
    ],
)  # fmt: skip
def test_feel_is_named_as_each_version_names_it(language: str) -> None:
    body = text("1 + 1").replace("<literal", "<literal", 1).replace(
        "<literalExpression", f'<literalExpression expressionLanguage="{language}"'
    )  # fmt: skip
    assert taken(model(decision("D", body))) == 2


NAMES = [
    "a+b", "a - b", "x/y", "it's", "e.g. this", "if any", "in stock", "date", "string length",
    "not eligible", "Größe", "🐎 horse", "السن", "true story", "for all", "née_le", "sum",
    "and more", "order by x", "time",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_element_may_have_any_name_of_feel(name: str) -> None:
    needs = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
    xml = model(f'<inputData id="i" name="{name}"/>', decision("D", needs + text(f"{name} = 3")))
    assert taken(xml, {name: Decimal(3)}) is True


ENTRIES = (
    '<itemDefinition name="tP"><itemComponent name="a-b"><typeRef>number</typeRef></itemComponent>'
    "</itemDefinition>"
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [("p.a-b", 9), ("a-b", 2), ("[p][a-b = 9].a-b", [9]), ("{a-b: 7, c: a-b}.c", 7)],
)
def test_the_name_of_a_component_is_a_name_behind_a_point_only(expression: str, value: Any) -> None:
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i_{name}"/></informationRequirement>'
        for name in "abp"
    )
    xml = model(ENTRIES, *map(given, "abp"), decision("D", needs + text(expression)))
    values = {"a": Decimal(5), "b": Decimal(3), "p": {"a-b": Decimal(9)}}
    assert taken(xml, values) == value


def test_a_boxed_filter_sees_the_entries_of_its_items() -> None:
    body = (
        f"<filter><in>{text('[{a-b: 1}, {a-b: 2}]')}</in><match>{text('a-b > 1')}</match></filter>"
    )
    assert taken(model(ENTRIES, decision("D", body))) == [{"a-b": 2}]

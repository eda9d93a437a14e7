"""Item definitions as the versions of the standard write them (DMN 1.5 §7.3.3)."""

from decimal import Decimal
from typing import Any

import pytest

from decisions import dmn
from decisions.errors import DecisionError
from tests.decisions.models import decision, given, model, text


def item(name: str, inside: str, collection: str = "") -> str:
    flag = f' isCollection="{collection}"' if collection else ""
    return f'<itemDefinition name="{name}"{flag}>{inside}</itemDefinition>'


def component(name: str, inside: str, collection: str = "") -> str:
    return item(name, inside, collection).replace("itemDefinition", "itemComponent")


def kind(name: str) -> str:
    return f"<typeRef>{name}</typeRef>"


def allowed(tests: str, element: str = "allowedValues") -> str:
    return f"<{element}><text>{tests}</text></{element}>"


def conforms(definitions: str, name: str, expression: str, version: str = "1.5") -> bool:
    """Whether the value of an expression can be of a type of these definitions."""
    read = dmn.read(model(definitions, decision("D", text(expression), kind=name), version=version))
    assert read.faults == ()
    return read.by_name["D"].evaluate({}).value is not None


TREE = item("tTree", component("value", kind("number")) + component("below", kind("tTree"), "true"))
NESTED = item(
    "tHome",
    component("name", kind("string"))
    + component("rooms", component("area", kind("number") + allowed("[1..500]")), "true"),
)
SMALL = item("tSmall", kind("number") + allowed("[0..9]"))
ALIAS = SMALL + item("tAlias", kind("tSmall") + allowed("&gt; 4", "typeConstraint"))
LISTS = SMALL + item(
    "tList", kind("tSmall") + allowed("1,2,3") + allowed("count(?) &lt; 3", "typeConstraint"), "1"
)
FUNCTION = item(
    "tFunction",
    '<functionItem outputTypeRef="number"><parameters name="n" typeRef="number"/></functionItem>',
)


@pytest.mark.parametrize(
    ("definitions", "name", "expression", "expected"),
    [
        (TREE, "tTree", "{value: 1, below: [{value: 2, below: []}]}", True),
        (TREE, "tTree", "{value: 1, below: [{value: true, below: []}]}", False),
        (NESTED, "tHome", '{name: "a", rooms: [{area: 20}, {area: 9}]}', True),
        (NESTED, "tHome", '{name: "a", rooms: [{area: 20}, {area: 900}]}', False),
        (NESTED, "tHome", '{name: "a"}', False),
        (NESTED, "tHome", '{name: "a", rooms: [], more: 1}', True),
        (ALIAS, "tAlias", "5", True),
        (ALIAS, "tAlias", "4", False),
        (ALIAS, "tAlias", "10", False),
        (LISTS, "tList", "[1, 2]", True),
        (LISTS, "tList", "2", True),
        (LISTS, "tList", "[1, 4]", False),
        (LISTS, "tList", "[1, 2, 3]", False),
        (FUNCTION, "tFunction", "function(n: number) n + 1", True),
        (FUNCTION, "tFunction", "function(n: string) n", False),
        (FUNCTION, "tFunction", "1", False),
        (item("t any", kind("Any")), "t any", "1", True),
    ],
)
def test_a_value_conforms_to_a_definition(
    definitions: str, name: str, expression: str, *, expected: bool
) -> None:
    assert conforms(definitions, name, expression) is expected


@pytest.mark.parametrize(
    ("reference", "value", "expected"),
    [
        ("feel:number", "1", True),
        ("feel:number", '"a"', False),
        ("feel:yearMonthDuration", 'duration("P1Y")', True),
        ("tns:tSmall", "5", True),
        ("tns:tSmall", "50", False),
        ("integer", "5", True),
        ("long", "true", False),
        ("double", "1.5", True),
        ("  tSmall\n", "5", True),
        ("&lt;Undefined&gt;", "5", True),
    ],
)
def test_a_type_is_named_as_older_versions_and_other_tools_write_it(
    reference: str, value: str, *, expected: bool
) -> None:
    xml = model(SMALL, decision("D", text(value), kind=reference), version="1.1")
    read = dmn.read(xml.replace(b' name="M"', b' name="M" xmlns:tns="urn:model"'))
    assert read.faults == ()
    assert (read.by_name["D"].evaluate({}).value is not None) is expected


def test_a_prefix_of_xml_may_be_bound_where_it_is_used() -> None:
    reference = '<typeRef xmlns:p="urn:people">p:tAge</typeRef>'
    head = '<import name="people" namespace="urn:people" importType="urn:DMN"/>'
    people = model(item("tAge", kind("number") + allowed("&lt; 150")), namespace="urn:people")
    read = dmn.read(model(head, item("tMine", reference), given("x", "tMine"),
                          decision("D", text("x"))), [people])  # fmt: skip
    assert read.inputs == {"x": "number"}


def test_spaces_and_line_breaks_in_a_name_count_as_one_space() -> None:
    xml = model(
        item("t  long\nname", component("first  name", kind("string"))),
        '<inputData id="i" name="the&#10;  person"><variable name="the person" '
        'typeRef="t long name"/></inputData>',
        decision(
            "D", '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
            + text("the person.first name"),
        ),
    )  # fmt: skip
    read = dmn.read(xml)
    assert read.faults == ()
    values = {"the person": {"first name": "Amina"}}
    assert read.by_name["D"].evaluate(values).value == "Amina"


@pytest.mark.parametrize(
    ("definitions", "message"),
    [
        (item("tA", kind("tB")) + item("tB", kind("tA")), "itemDefinition tA: the type stands for"),
        (item("tA", kind("tA")), "itemDefinition tA: the type stands for itself"),
        (SMALL + SMALL, "itemDefinition tSmall: there are two types"),
        (item("tA", kind("tGone")), "itemDefinition tA: there is no type tGone"),
        (item("tA", component("", kind("number"))), "tA/: a type or a component has no name"),
        (item("tA", kind("number") + allowed("1 +")), "itemDefinition tA: line 1"),
        (
            item("tA", kind("number") + allowed("1").replace(
                "<allowedValues", '<allowedValues expressionLanguage="python"')),
            "itemDefinition tA: tests in python are not read",
        ),
    ],
)  # fmt: skip
def test_a_definition_that_says_nothing_is_refused_by_name(definitions: str, message: str) -> None:
    with pytest.raises(DecisionError) as caught:
        dmn.read(model(definitions))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("policy", "type_name", "expected"),
    [
        ("PRIORITY", "tRank", "high"),
        ("PRIORITY", "tSame", "high"),
        ("OUTPUT ORDER", "tRanks", ["high", "low"]),
    ],
)
def test_the_only_output_of_a_table_is_ranked_by_the_type_of_the_decision(
    policy: str, type_name: str, expected: Any
) -> None:
    rules = "".join(
        f'<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>"{value}"</text>'
        "</outputEntry></rule>"
        for value in ("low", "high")
    )
    column = "<input><inputExpression><text>1</text></inputExpression></input>"
    table = f'<decisionTable hitPolicy="{policy}">{column}<output/>{rules}</decisionTable>'
    definitions = (
        item("tRank", kind("string") + allowed('"high","low"'))
        + item("tSame", kind("tRank"))
        + item("tRanks", kind("tRank"), "true")
    )
    read = dmn.read(model(definitions, decision("D", table, kind=type_name)))
    assert read.by_name["D"].evaluate({"x": Decimal(1)}).value == expected

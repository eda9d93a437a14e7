"""The requirements graph: what an element sees, services, functions, imports, typed values."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from decisions import dmn
from decisions.errors import DecisionError
from tests.decisions.models import decision, function, given, model, service, table, text


def taken(xml: bytes, name: str, values: Mapping[str, Any], *others: bytes) -> Any:
    read = dmn.read(xml, others)
    assert read.faults == ()
    return read.by_name[name].evaluate(values).value


def reasons(xml: bytes, name: str, values: Mapping[str, Any]) -> list[str]:
    outcome = dmn.read(xml).by_name[name].evaluate(values)
    assert outcome.value is None
    return list(outcome.trace["reasons"])


CHAIN = (
    given("x", "number"),
    decision("A", text("x * 2"), ["#i_x"]),
    decision("B", text("A + 1"), ["#A"]),
    decision("C", text("A"), ["#B"]),
)


def test_a_decision_sees_what_it_requires() -> None:
    assert taken(model(*CHAIN), "B", {"x": Decimal(4)}) == 9


def test_what_a_requirement_requires_is_not_seen() -> None:
    assert reasons(model(*CHAIN), "C", {"x": Decimal(4), "A": Decimal(1)}) == [
        "decision C, line 1, column 1: A is not known"
    ]


def test_a_variable_that_is_no_element_is_seen_without_requirement() -> None:
    assert taken(model(decision("D", text("y"))), "D", {"y": Decimal(3)}) == 3


def test_a_decision_that_many_require_is_taken_once() -> None:
    xml = model(
        decision("A", text("1")),
        decision("B", text("A"), ["#A"]),
        decision("C", text("A + B"), ["#A", "#B"]),
    )
    trace = dmn.read(xml).by_name["C"].evaluate({}).trace
    assert [note["decision"] for note in trace["before"]] == ["A", "B"]


def test_the_names_of_a_decision_are_those_given_from_outside() -> None:
    read = dmn.read(model(*CHAIN))
    assert read.by_name["B"].names == {"x"}
    assert read.inputs == {"x": "number"}


def test_a_circle_is_refused_by_name() -> None:
    faults = dmn.read(model(decision("A", text("B"), ["#B"]), decision("B", text("A"), ["#A"])))
    assert [(fault.code, fault.place) for fault in faults.faults] == [
        ("cycle", "decision A"),
        ("cycle", "decision B"),
    ]


def test_a_requirement_of_nothing_is_refused_by_name() -> None:
    (fault,) = dmn.read(model(decision("A", text("1"), ["#gone"]))).faults
    assert "it requires gone, which is not in the file" in str(fault)
    assert fault.remedy


SERVICE = (
    given("a", "string"),
    decision("base", text('"never"'), kind="string"),
    decision("joined", text('a + "/" + base'), ["#i_a", "#base"]),
    service("S", ["joined"], inputs=["a"], decisions=["base"]),
)


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ('S("x", "y")', "x/y"),
        ('S(base: "y", a: "x")', "x/y"),
        ('S("x")', None),
        ('S("x", 1)', None),
        ('S(other: "y", a: "x")', None),
    ],
)
def test_a_service_is_called_with_its_inputs_then_its_decisions(call: str, value: Any) -> None:
    xml = model(*SERVICE, decision("D", text(call), ["!#S"]))
    assert taken(xml, "D", {}) == value


def test_a_service_is_decided_by_the_values_of_its_parameters() -> None:
    assert taken(model(*SERVICE), "S", {"a": "x", "base": "y"}) == "x/y"


def test_a_service_of_several_decisions_gives_a_context() -> None:
    xml = model(
        decision("one", text("1")), decision("two", text("2")), service("S", ["one", "two"])
    )
    assert taken(xml, "S", {}) == {"one": 1, "two": 2}


def test_what_a_service_is_given_does_not_leave_it() -> None:
    xml = model(
        *SERVICE,
        decision("D", text('[base, S("x", "y"), base]'), ["!#S", "#base"]),
    )
    assert taken(xml, "D", {}) == ["never", "x/y", "never"]


def test_a_service_without_a_decision_is_refused() -> None:
    (fault,) = dmn.read(model(service("S", []))).faults
    assert fault.code == "service"


def test_a_function_converts_and_checks_what_it_is_given() -> None:
    twice = function("twice", {"n": "number"}, text("n * 2"), "number")
    calls = "[twice(2), twice([3]), twice(n: 4)]"
    assert taken(model(twice, decision("D", text(calls), ["!#twice"])), "D", {}) == [4, 6, 8]
    wrong = model(twice, decision("D", text('twice("a")'), ["!#twice"]))
    assert "n cannot be string" in reasons(wrong, "D", {})[0]


def test_a_table_inside_a_function_tells_its_rules() -> None:
    xml = model(
        function("f", {"n": "number"}, table("UNIQUE", ["n"], [("> 1", '"many"'), ("1", '"one"')])),
        decision("D", text("f(1)"), ["!#f"]),
    )
    outcome = dmn.read(xml).by_name["D"].evaluate({})
    assert outcome.value == "one"
    assert outcome.trace["before"] == [
        {
            "decision": "f", "name": "f", "value": "one", "inputs": {"n": Decimal(1)},
            "rules": [["r2", Decimal(2), "note 2"]], "reasons": [],
        }
    ]  # fmt: skip


IMPORTED = model(
    '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..150]</text>'
    "</allowedValues></itemDefinition>",
    given("age", "tAge"),
    decision("adult", text("age >= 18"), ["#i_age"], "boolean"),
    function("older", {"n": "tAge"}, text("n + 1")),
    namespace="urn:people",
)


def importing(alias: str, *elements: str) -> bytes:
    head = f'<import name="{alias}" namespace="urn:people" importType="{"urn:DMN"}"/>'
    return model(head, *elements)


def test_an_imported_decision_stands_below_the_name_of_the_import() -> None:
    xml = importing("people", decision("D", text("people.adult"), ["urn:people#adult"]))
    assert taken(xml, "D", {"age": Decimal(20)}, IMPORTED) is True
    assert taken(xml, "D", {"people": {"age": Decimal(2)}}, IMPORTED) is False


def test_an_imported_function_is_called_and_an_imported_type_checked() -> None:
    xml = importing(
        "the people",
        decision("D", text("the people.older(200)"), ["!urn:people#older"]),
        decision("E", text("the people.older(2)"), ["!urn:people#older"], "the people.tAge"),
    )
    assert taken(xml, "D", {}, IMPORTED) is None
    assert taken(xml, "E", {}, IMPORTED) == 3


def test_an_import_without_a_name_brings_its_names_as_they_are() -> None:
    xml = importing("", decision("D", text("adult"), ["urn:people#adult"]))
    assert taken(xml, "D", {"age": Decimal(20)}, IMPORTED) is True


def test_a_model_that_is_imported_twice_is_given_its_own_values() -> None:
    def between(name: str) -> bytes:
        head = '<import name="p" namespace="urn:people" importType="urn:DMN"/>'
        body = decision("is", text("p.adult"), ["urn:people#adult"])
        return model(head, body, namespace=f"urn:{name}")

    both = "".join(f'<import name="{n}" namespace="urn:{n}" importType="urn:DMN"/>' for n in "ab")
    xml = model(both, decision("D", text("[a.is, b.is]"), ["urn:a#is", "urn:b#is"]))
    values = {"a": {"p": {"age": Decimal(1)}}, "b": {"p": {"age": Decimal(30)}}}
    assert taken(xml, "D", values, between("a"), between("b"), IMPORTED) == [False, True]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ('<import name="p" namespace="urn:gone" importType="urn:DMN"/>', "no decision model here"),
        ('<import name="p" namespace="urn:model" importType="urn:DMN"/>', "imports itself"),
        ('<import name="p" namespace="urn:x" importType="urn:PMML"/>', "is not read"),
    ],
)
def test_an_import_of_nothing_readable_is_refused(head: str, message: str) -> None:
    with pytest.raises(DecisionError, match=message):
        dmn.read(model(head))

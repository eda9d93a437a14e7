"""What may require what, and how it is referred to (DMN 1.5 §6)."""

from decimal import Decimal
from typing import Any

import pytest

from decisions import dmn
from decisions.errors import DecisionError, LimitExceeded
from tests.decisions.models import decision, function, given, model, service, text


def taken(xml: bytes, values: dict[str, Any] | None = None, *others: bytes) -> Any:
    read = dmn.read(xml, others)
    assert read.faults == ()
    return read.by_name["D"].evaluate(values or {}).value


def fault(*elements: str) -> DecisionError:
    return dmn.read(model(*elements)).faults[0]


def needs(href: str) -> str:
    """An information requirement of input data."""
    return f'<informationRequirement><requiredInput href="{href}"/></informationRequirement>'


FACTORIAL = function("f", {"n": "number"}, text("if n <= 1 then 1 else n * f(n - 1)"))
ITSELF = '<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>'


@pytest.mark.parametrize(
    "recursive", [FACTORIAL, FACTORIAL.replace("<encapsulated", f"{ITSELF}<encapsulated")]
)
def test_a_function_may_call_itself_whether_it_requires_itself_or_not(recursive: str) -> None:
    xml = model(recursive, decision("D", text("f(6)"), ["!#f"]))
    assert taken(xml) == 720
    assert dmn.read(xml).by_name["D"].names == frozenset()


def test_a_function_that_calls_itself_without_end_is_ended() -> None:
    xml = model(
        function("f", {"n": "number"}, text("f(n + 1)")), decision("D", text("f(1)"), ["!#f"])
    )
    with pytest.raises(LimitExceeded, match="calls within each other"):
        taken(xml)


def test_a_function_without_logic_is_null() -> None:
    read = dmn.read(model('<businessKnowledgeModel id="f" name="f"/>'))
    outcome = read.functions["f"].evaluate({})
    assert (outcome.value, outcome.trace["decision"]) == (None, "f")


def test_a_decision_without_logic_is_null() -> None:
    assert taken(model('<decision id="d" name="D"/>')) is None


def test_a_reference_may_name_the_namespace_of_the_file() -> None:
    xml = model(decision("A", text("2")), decision("D", text("A"), ["urn:model#A"]))
    assert taken(xml) == 2


def test_a_reference_to_a_model_that_is_not_imported_is_refused() -> None:
    found = fault(decision("A", text("2")), decision("D", text("A"), ["urn:else#A"]))
    assert (found.code, found.place) == ("requirement", "decision D")
    assert "import the model" in found.remedy


def test_a_reference_is_a_uri_with_percent_signs() -> None:
    xml = model(
        '<inputData id="é" name="x"/>',
        decision("D", text("x")).replace("<literal", needs("#%C3%A9") + "<literal"),
    )
    assert taken(xml, {"x": Decimal(3)}) == 3


def test_a_reference_may_name_the_file_of_an_import() -> None:
    head = '<import name="p" namespace="urn:p" locationURI="p.dmn" importType="urn:DMN"/>'
    xml = model(head, decision("D", text("p.A"), ["p.dmn#A"]))
    assert taken(xml, {}, model(decision("A", text("4")), namespace="urn:p")) == 4


def test_authorities_sources_and_artifacts_change_nothing() -> None:
    authority = '<authorityRequirement><requiredAuthority href="#k"/></authorityRequirement>'
    xml = model(
        '<knowledgeSource id="k" name="D"/><textAnnotation id="t"><text>D</text></textAnnotation>',
        '<association id="a"><sourceRef href="#D"/><targetRef href="#t"/></association>',
        '<organizationUnit id="o" name="A"/><performanceIndicator id="p" name="A"/>',
        decision("D", text("1")).replace("<literal", f"{authority}<literal"),
    )
    assert taken(xml) == 1


def test_an_element_without_id_is_found_by_its_name() -> None:
    xml = model('<itemDefinition name="D"><typeRef>string</typeRef></itemDefinition>',
                decision("D", text("1")).replace('id="D" ', ""))  # fmt: skip
    assert taken(xml) == 1


def test_two_elements_of_one_id_are_refused() -> None:
    with pytest.raises(DecisionError, match="two elements have the id D"):
        dmn.read(model(decision("D", text("1")), decision("D", text("2"))))


def test_two_decisions_of_one_name_are_refused() -> None:
    found = fault(decision("D", text("1")), decision("D", text("2")).replace('id="D"', 'id="E"'))
    assert (found.code, found.place) == ("duplicate", "decision D")


def test_a_decision_cannot_require_two_elements_of_one_name() -> None:
    both = decision("D", text("x"), ["#x"]).replace("<literal", needs("#i_x") + "<literal")
    assert "several elements named x" in str(fault(given("x"), decision("x", text("1")), both))


def test_a_circle_through_a_service_is_refused_by_name() -> None:
    faults = dmn.read(model(decision("X", text("S()"), ["!#S"]), service("S", ["X"]))).faults
    assert [found.code for found in faults] == ["cycle", "cycle"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_row_of_too_many_requirements_is_refused(order: int) -> None:
    row = [decision(f"A{n}", text(f"A{n + 1}"), [f"#A{n + 1}"]) for n in range(300)]
    elements = [*row, decision("A300", text("1"))][::order]
    read = dmn.read(model(*elements))
    assert "more than 100 elements require one another" in str(read.broken["A0"])
    assert read.by_name["A201"].evaluate({}).value == 1


def test_what_makes_a_decision_unusable_is_found_by_its_name() -> None:
    read = dmn.read(model(decision("a, b", text("1 +")), decision("D", text("1"))))
    assert list(read.broken) == ["a, b"]
    assert read.faults == (read.broken["a, b"],)


def test_the_trace_of_many_calls_ends_with_the_decision() -> None:
    xml = model(
        function("f", {"n": "number"}, text("n")),
        decision("D", text("sum(for i in 1..150 return f(i))"), ["!#f"]),
    )
    trace = dmn.read(xml).by_name["D"].evaluate({}).trace
    assert trace["decision"] == "D"
    assert len(trace["before"]) == 100


@pytest.mark.parametrize(
    ("kind", "value"), [("number", 4), ("string", None), ("tS", 4), ("Any", 4)]
)
def test_the_variable_of_a_service_has_the_type_of_its_result_or_its_own(
    kind: str, value: int | None
) -> None:
    own = '<itemDefinition name="tS"><functionItem outputTypeRef="number"/></itemDefinition>'
    typed = f'name="S"><variable name="S" typeRef="{kind}"/>'
    xml = model(
        own,
        decision("X", text("4")),
        service("S", ["X"]).replace('name="S">', typed),
        decision("D", text("S()"), ["!#S"]),
    )
    assert taken(xml) == value

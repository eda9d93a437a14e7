"""Models that import others: names, types, values, circles (DMN 1.5 §6.3.3)."""

from decimal import Decimal
from typing import Any

import pytest

from decisions import dmn
from decisions.errors import DecisionError
from tests.decisions.models import decision, function, given, model, service, text


def imported(name: str, namespace: str) -> str:
    return f'<import name="{name}" namespace="{namespace}" importType="urn:DMN"/>'


PEOPLE = model(
    '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..150]</text>'
    "</allowedValues></itemDefinition>",
    '<itemDefinition name="tPerson"><itemComponent name="age"><typeRef>tAge</typeRef>'
    "</itemComponent></itemDefinition>",
    given("age", "tAge"),
    decision("adult", text("age >= 18"), ["#i_age"]),
    decision("limit", text("18")),
    function("older", {"n": "tAge"}, text("n + 1")),
    service("of age", ["adult"], ["age"]),
    namespace="urn:people",
)
BETWEEN = model(imported("p", "urn:people"), namespace="urn:between")


def taken(xml: bytes, values: dict[str, Any], name: str = "D") -> Any:
    read = dmn.read(xml, [PEOPLE, BETWEEN])
    assert read.faults == ()
    return read.by_name[name].evaluate(values).value


@pytest.mark.parametrize(
    ("body", "href"),
    [
        (text("p.of age(30)"), "!urn:people#of age"),
        (text("p.of age(age: 30)"), "!urn:people#of age"),
        (
            f'<invocation>{text("p.older")}<binding><parameter name="n"/>{text("0")}</binding>'
            "</invocation>",
            "!urn:people#older",
        ),
    ],
)
def test_an_imported_service_and_function_are_called(body: str, href: str) -> None:
    assert taken(model(imported("p", "urn:people"), decision("D", body, [href])), {}) in (True, 1)


@pytest.mark.parametrize(("age", "value"), [(3, 4), (300, None)])
def test_imported_input_data_keep_their_type(age: int, value: int | None) -> None:
    needs = '<informationRequirement><requiredInput href="urn:people#i_age"/>'
    body = f"{needs}</informationRequirement>{text('p.age + 1')}"
    xml = model(imported("p", "urn:people"), decision("D", body))
    assert taken(xml, {"p": {"age": Decimal(age)}}) == value


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (imported("p", "urn:people"), "p.tPerson"),
        (imported("", "urn:people"), "tPerson"),
        (imported("b", "urn:between"), "b.p.tPerson"),
    ],
)
@pytest.mark.parametrize(("age", "value"), [(3, 3), (300, None)])
def test_imported_types_check_what_is_given(
    head: str, kind: str, age: int, value: int | None
) -> None:
    needs = '<informationRequirement><requiredInput href="#i_x"/></informationRequirement>'
    xml = model(head, given("x", kind), decision("D", needs + text("x.age")))
    assert taken(xml, {"x": {"age": Decimal(age)}}) == value


def test_a_type_that_the_import_has_not_is_refused() -> None:
    xml = model(imported("p", "urn:people"), given("x", "p.tGone"))
    (fault,) = dmn.read(xml, [PEOPLE]).faults
    assert "there is no type p.tGone" in str(fault)


def test_a_service_takes_inputs_and_decisions_of_an_import() -> None:
    inside = (
        '<outputDecision href="#E"/><inputDecision href="urn:people#limit"/>'
        '<inputData href="urn:people#i_age"/>'
    )
    needs = '<informationRequirement><requiredInput href="urn:people#i_age"/>'
    body = f"{needs}</informationRequirement>{text('p.age > p.limit')}"
    xml = model(
        imported("p", "urn:people"),
        decision("E", body, ["urn:people#limit"]),
        f'<decisionService id="S" name="S">{inside}</decisionService>',
        decision("D", text("[S(30, 40), S(30, 20)]"), ["!#S"]),
    )
    assert taken(xml, {}) == [False, True]
    assert taken(xml, {"p": {"age": Decimal(9), "limit": Decimal(8)}}, "S") is True


def test_models_that_import_each_other_are_refused() -> None:
    a = model(imported("b", "urn:b"), namespace="urn:a")
    b = model(imported("a", "urn:a"), namespace="urn:b")
    with pytest.raises(DecisionError, match="import a: the model imports itself") as caught:
        dmn.read(a, [b])
    assert caught.value.remedy


def test_imports_that_multiply_are_ended() -> None:
    files = [
        model(*(imported(s, f"urn:{s}{n + 1}") for s in "xy" if n < 29), namespace=f"urn:{own}{n}")
        for n in range(30)
        for own in "xy"
    ]
    with pytest.raises(DecisionError, match="more than 100 imports"):
        dmn.read(files[0], files)

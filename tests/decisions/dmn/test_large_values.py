"""Values that are too deep, too large, or shared without end: an error or a short trace."""

from decimal import Decimal
from typing import Any

import pytest

from decisions import dmn
from decisions.errors import LimitExceeded
from tests.decisions.models import decision, given, model, table, text

COUNTED = model(
    given("x"),
    decision("A", text("x")).replace(
        "<literal", '<informationRequirement><requiredInput href="#i_x"/></informationRequirement>'
        "<literal", 1,
    ),
    decision("D", table("UNIQUE", ["A"], [("-", "count(A)")]), ["#A"]),
)  # fmt: skip
NODE = (
    '<itemDefinition name="tNode"><itemComponent name="a"><typeRef>tNode</typeRef></itemComponent>'
    '<itemComponent name="b"><typeRef>tNode</typeRef></itemComponent></itemDefinition>'
)


def nested(levels: int, *, shared: bool) -> Any:
    """A value within values; where they are shared, each level has twice the parts."""
    value: Any = None
    for _ in range(levels):
        value = {"a": value, "b": value if shared else None}
    return value


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ([Decimal(1)] * 90_000, 90_000),
        ([[[Decimal(1)] * 90] * 90] * 20, 20),
        ("a" * 90_000, 1),
    ],
)
def test_a_trace_tells_a_part_of_a_large_value(value: Any, count: int) -> None:
    outcome = dmn.read(COUNTED).by_name["D"].evaluate({"x": value})
    assert outcome.value == count
    assert len(str(outcome.trace)) < 400_000


@pytest.mark.parametrize("value", [nested(5000, shared=False), nested(40, shared=True)])
@pytest.mark.parametrize("kind", ["", "tNode"])
def test_a_value_without_end_is_refused(value: Any, kind: str) -> None:
    needs = '<informationRequirement><requiredInput href="#i_x"/></informationRequirement>'
    xml = model(NODE, given("x", kind), decision("D", f"{needs}{text('x')}"))
    with pytest.raises(LimitExceeded) as caught:
        dmn.read(xml).by_name["D"].evaluate({"x": value})
    assert caught.value.remedy


def test_types_that_hold_themselves_are_compared() -> None:
    def function(name: str, of: str) -> str:
        parameter = f'<parameters name="n" typeRef="{of}"/>'
        inside = f'<functionItem outputTypeRef="{of}">{parameter}</functionItem>'
        return f'<itemDefinition name="{name}">{inside}</itemDefinition>'

    same = NODE.replace("tNode", "tOther")
    xml = model(
        NODE, same, function("tF", "tNode"),
        decision("D", text("function(n: tOther) n"), kind="tF"),
        decision("E", text("function(n: string) n"), kind="tF"),
    )  # fmt: skip
    read = dmn.read(xml)
    assert read.by_name["D"].evaluate({}).value is not None
    assert read.by_name["E"].evaluate({}).value is None

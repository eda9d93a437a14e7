"""Boxed expressions: types, names, nesting, functions (DMN 1.5 §10.2)."""

from typing import Any

import pytest

from decisions import dmn
from decisions.errors import DecisionError
from tests.decisions.models import decision, function, model, text

FUNCTION_TYPE = (
    '<itemDefinition name="tF"><functionItem outputTypeRef="number">'
    '<parameters name="n" typeRef="number"/></functionItem></itemDefinition>'
)


def taken(*elements: str) -> Any:
    read = dmn.read(model(*elements))
    assert read.faults == ()
    return read.by_name["D"].evaluate({}).value


def fault(body: str) -> DecisionError:
    (found,) = dmn.read(model(decision("D", body))).faults
    return found


def entry(name: str, body: str, kind: str = "") -> str:
    typed = f' typeRef="{kind}"' if kind else ""
    variable = f'<variable name="{name}"{typed}/>' if name else ""
    return f"<contextEntry>{variable}{body}</contextEntry>"


def context(*entries: str, kind: str = "") -> str:
    typed = f' typeRef="{kind}"' if kind else ""
    return f"<context{typed}>{''.join(entries)}</context>"


def defined(*parameters: str, body: str) -> str:
    formal = "".join(f'<formalParameter name="{name}"/>' for name in parameters)
    return f"<functionDefinition>{formal}{body}</functionDefinition>"


def called(name: str, **arguments: str) -> str:
    bindings = "".join(
        f'<binding><parameter name="{key}"/>{text(value)}</binding>'
        for key, value in arguments.items()
    )
    return f"<invocation>{text(name)}{bindings}</invocation>"


def condition(test: str, yes: str, no: str, kind: str = "") -> str:
    typed = f' typeRef="{kind}"' if kind else ""
    return f"<conditional{typed}><if>{test}</if><then>{yes}</then><else>{no}</else></conditional>"


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('<literalExpression typeRef="number"><text>"a"</text></literalExpression>', None),
        ('<literalExpression typeRef="number"><text>[1]</text></literalExpression>', 1),
        (condition(text("true"), text("1"), text("2"), "string"), None),
        (context(entry("a", text("1")), entry("", text("a")), kind="number"), 1),
        (context(entry("a", text("1")), entry("", text("a")), kind="string"), None),
        (context(entry("a", text("1"), "string")), {"a": None}),
        (context(entry("a", text("[1]"), "number")), {"a": 1}),
        ('<list typeRef="number">' + text("7") + "</list>", 7),
        (
            '<relation><column name="n" typeRef="number"/><row>' + text('"a"') + "</row><row>"
            + text("2") + "</row></relation>", [{"n": None}, {"n": 2}],
        ),
    ],
)  # fmt: skip
def test_a_box_is_brought_to_its_type(body: str, value: Any) -> None:
    assert taken(decision("D", body)) == value


def test_a_recursive_function_in_a_box_may_have_a_type() -> None:
    logic = text("if n < 2 then n else fib(n - 1) + fib(n - 2)")
    body = context(
        entry("fib", defined("n", body=logic), "tF"), entry("", called("fib", n="9"))
    )  # fmt: skip
    assert taken(FUNCTION_TYPE, decision("D", body)) == 34


def test_a_function_gives_a_function() -> None:
    inner = defined("b", body=text("a - b"))
    assert taken(
        decision("F", defined("a", body=inner)), decision("D", text("F(5)(3)"), ["#F"])
    ) == 2  # fmt: skip


def test_an_invocation_calls_what_a_context_holds() -> None:
    held = context(entry("add one", defined("n", body=text("n + 1"))))
    assert taken(decision("C", held), decision("D", called("C.add one", n="1"), ["#C"])) == 2


def test_the_type_of_a_function_is_that_of_its_result_or_its_own() -> None:
    calls = decision("D", text("f(1)"), ["!#f"])
    own = function("f", {"n": "number"}, text('"a"'), "tF")
    assert taken(FUNCTION_TYPE, own, calls) is None
    assert taken(function("f", {"n": "number"}, text('"a"'), "number"), calls) is None
    assert taken(FUNCTION_TYPE, function("f", {"n": "number"}, text("n"), "tF"), calls) == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (context(entry("", text("1")), entry("a", text("2"))), "an entry before the last one"),
        (context(entry("a", text("1")), entry("a", text("2"))), "there are two entries a"),
        ("<invocation>" + text("abs") + "<binding>" + text("1") + "</binding></invocation>",
         "a binding has no name"),
        ("<functionDefinition><formalParameter/>" + text("1") + "</functionDefinition>",
         "a parameter has no name"),
        (defined("a", "a", body=text("1")), "two parameters have one name"),
        ("<for><in>" + text("[1]") + "</in><return>" + text("1") + "</return></for>",
         "the loop's variable has no name"),
        ('<relation><column name="a"/><column name="a"/><row>' + text("1") + text("2")
         + "</row></relation>", "columns of different names"),
    ],
)  # fmt: skip
def test_a_box_that_lacks_a_name_is_refused(body: str, message: str) -> None:
    found = fault(body)
    assert message in str(found)
    assert found.place.startswith("decision D")
    assert found.remedy


@pytest.mark.parametrize("levels", [120, 240])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<list>", "</list>"),
        ('<context><contextEntry><variable name="x"/>', "</contextEntry></context>"),
        ("<conditional><if>", "</if></conditional>"),
        ("<functionDefinition>", "</functionDefinition>"),
        ('<for iteratorVariable="i"><in>', "</in></for>"),
    ],
)
def test_boxes_within_boxes_end_with_an_error_that_names_them(
    before: str, after: str, levels: int
) -> None:
    xml = model(decision("D", before * levels + text("1") + after * levels))
    try:
        read = dmn.read(xml)
    except DecisionError as error:
        assert "Excessive depth" in str(error)  # noqa: PT017 (one of two refusals)
        return
    (found,) = read.faults
    assert "too deep" in str(found)
    assert found.place.startswith("decision D")

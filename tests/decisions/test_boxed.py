"""Boxed expressions mean what FEEL means by the same words, and say where they went wrong."""

from decimal import Decimal
from typing import Any

import pytest

from decisions import dmn
from tests.decisions.models import decision, function, model, text


def outcome(body: str, kind: str = "", *more: str, requires: tuple[str, ...] = ()) -> dmn.Outcome:
    read = dmn.read(model(*more, decision("D", body, requires, kind)))
    assert read.faults == ()
    return read.by_name["D"].evaluate({"n": Decimal(4), "words": ["a", "b", "a"]})


def entry(name: str, body: str, kind: str = "") -> str:
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<contextEntry><variable name="{name}"{typed}/>{body}</contextEntry>'


def iterated(kind: str, source: str, part: str, body: str) -> str:
    inside = f"<in>{text(source)}</in><{part}>{text(body)}</{part}>"
    return f'<{kind} iteratorVariable="x">{inside}</{kind}>'


ONE = entry("a", text("1"))
RESULT = f"<contextEntry>{text('a + b')}</contextEntry>"
CALL = (
    f"<invocation>{text('twice')}<binding><parameter name='k'/>{text('n')}</binding></invocation>"
)
YES, NO = f"<then>{text('1')}</then>", f"<else>{text('2')}</else>"
CHOICE = f"<conditional><if>{text('n > 3')}</if>{YES}{NO}</conditional>"
LETTER, WRONG = text('item = "a"'), text('"x"')
FILTER = f"<filter><in>{text('words')}</in><match>{LETTER}</match></filter>"
ROW = f"<row>{text('1')}{text('2')}</row>"
RELATION = f'<relation><column name="p"/><column name="q r"/>{ROW}{ROW}</relation>'


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (f"<context>{ONE}{entry('b', text('a + 1'))}</context>", {"a": 1, "b": 2}),
        (f"<context>{entry('a', text('1'))}{entry('b', text('2'))}{RESULT}</context>", 3),
        (f"<context>{entry('a', WRONG, 'number')}</context>", {"a": None}),
        (f"<list>{text('1')}{text('n')}</list>", [1, 4]),
        (RELATION, [{"p": 1, "q r": 2}, {"p": 1, "q r": 2}]),
        (CHOICE, 1),
        (FILTER, ["a", "a"]),
        (iterated("for", "[1..3]", "return", "x * n"), [4, 8, 12]),
        (iterated("for", "[1, 2]", "return", "count(partial)"), [0, 1]),
        (iterated("some", "words", "satisfies", 'x = "b"'), True),
        (iterated("every", "words", "satisfies", 'x = "b"'), False),
        ("", None),
    ],
)  # fmt: skip
def test_a_box_gives_what_its_words_mean(body: str, value: Any) -> None:
    assert outcome(body).value == value


def test_an_invocation_binds_by_name() -> None:
    twice = function("twice", {"k": "number"}, text("k * 2"))
    assert outcome(CALL, "", twice, requires=("!#twice",)).value == 8


def test_an_invocation_finds_a_built_in_function() -> None:
    body = f"<invocation>{text('sum')}<binding><parameter name='list'/>{text('[1, n]')}</binding>"
    assert outcome(f"{body}</invocation>").value == 5


def test_a_boxed_function_may_call_itself() -> None:
    formal = '<formalParameter name="k" typeRef="number"/>'
    body = text("if k <= 1 then 1 else k * f(k - 1)")
    boxed = f"<functionDefinition>{formal}{body}</functionDefinition>"
    result = f"<contextEntry>{text('f(n)')}</contextEntry>"
    assert outcome(f"<context>{entry('f', boxed)}{result}</context>").value == 24


def test_a_reason_names_the_box_and_the_place_in_its_text() -> None:
    found = outcome(f"<context>{entry('a', text('1 + missing'))}</context>")
    assert found.trace["reasons"][0] == "decision D, line 1, column 5: missing is not known"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<functionDefinition kind='Java'/>", "foreign code"),
        ("<functionDefinition kind='feel:PMML'/>", "foreign code"),
        ("<literalExpression expressionLanguage='urn:juel'><text>1</text></literalExpression>",
         "not executed"),
        ("<literalExpression><importedValues/></literalExpression>", "outside the model"),
        (f"<relation><column name='p'/>{ROW}</relation>", "row 1: it has 2 cells for 1 columns"),
        (text("1 +"), "1 +: line 1, column 4"),
    ],
)  # fmt: skip
def test_what_cannot_be_executed_is_refused_with_its_place(body: str, message: str) -> None:
    (fault,) = dmn.read(model(decision("D", body))).faults
    assert message in str(fault)
    assert fault.place.startswith("decision D")


def test_a_reason_counts_the_lines_of_the_box() -> None:
    (reason, *_) = outcome(text("1 +\n  missing")).trace["reasons"]
    assert reason == "decision D, line 2, column 3: missing is not known"

"""Foreign expressions become FEEL that means the same, or are left to a person."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions import expressions
from engine.deployment.importing.juel import Untranslatable, is_expression, translated
from engine.deployment.importing.scripts import translated_script


@pytest.mark.parametrize(
    ("text", "values", "result"),
    [
        ("${amount > 1000 && !approved}", {"amount": Decimal(1001), "approved": False}, True),
        ("${amount gt 1000 and not approved}", {"amount": Decimal(1), "approved": False}, False),
        ("${status == 'ok' || status eq \"done\"}", {"status": "done"}, True),
        ("#{empty a}", {"a": None}, True),
        ("#{empty a}", {"a": []}, True),
        ("#{not empty a}", {"a": "x"}, True),
        ("${a % 3}", {"a": Decimal(-7)}, Decimal(-1)),
        ("${list[0].name}", {"list": [{"name": "x"}]}, "x"),
        ("${list.get(1)}", {"list": ["x", "y"]}, "y"),
        ("${map['a b']}", {"map": {"a b": "c"}}, "c"),
        ("${list.contains(2)}", {"list": [Decimal(1), Decimal(2)]}, True),
        ("${text.contains('b')}", {"text": "abc"}, True),
        ("${text.startsWith('ab') ? 1 : 2}", {"text": "abc"}, Decimal(1)),
        ("${loopCounter == 0}", {"loopCounter": Decimal(1)}, True),
        ("${nrOfCompletedInstances / nrOfInstances >= 0.5}",
         {"numberOfCompletedInstances": Decimal(1), "numberOfInstances": Decimal(2)}, True),
        ("Dossier ${n}, page ${p}", {"n": Decimal(7), "p": Decimal(1)}, "Dossier 7, page 1"),
        ("${execution.getVariable('x') === 3}", {"x": Decimal(3)}, True),
        ("${'d\\'or'}", {}, "d'or"),
        ("x - 1 - 1", {"x": Decimal(3)}, Decimal(1)),
    ],
)  # fmt: skip
def test_what_has_the_same_meaning_is_translated(
    text: str, values: Mapping[str, Any], result: Any
) -> None:
    assert expressions.compile(translated(text)).evaluate(values) == result


@pytest.mark.parametrize(
    "text",
    [
        "${bean.run(x)}", "${a + 'b'}", "${case == 1}", "${now.year}", "${for}", "${a", "", "${}",
        "${x = 1}", "${f(1)}", "${a.length}", "${list[i]}", "(" * 200, "!" * 200, "a" * 5000,
        "${execution.hasVariable('x')}", "${'\\u0041'}", "a.contains(b)" + ".contains(b)" * 30,
    ],
)  # fmt: skip
def test_what_has_another_meaning_is_left_to_a_person(text: str) -> None:
    with pytest.raises(Untranslatable):
        translated(text)


@given(st.text(alphabet="ab.([{}]) ${!=<>&|?:'\"+-*/%1,;empty not", max_size=60))
def test_any_text_is_feel_or_is_told(text: str) -> None:
    found = None
    with suppress(Untranslatable):
        found = translated(text)
    assert found is None or expressions.compile(found).text == found


def test_a_text_without_braces_means_itself() -> None:
    assert is_expression("${x}")
    assert is_expression("a #{x}")
    assert not is_expression("demo")


@pytest.mark.parametrize(
    ("text", "language", "variable", "feel"),
    [
        ('execution.setVariable("x", a * 2); execution.setVariable("y", x + 1);', "javascript", "",
         "{ x: (a * 2), y: (x + 1) }"),
        ('var q = a;\nexecution.setVariable("y", q - 1)', "groovy", "", "{ y: ((a) - 1) }"),
        ("a > 5", "groovy", "big", "{ big: (a > 5) }"),
        ("= a + 1", "feel", "z", "{ z: a + 1 }"),
        ("{ z: a + 1 }", "FEEL", "", "{ z: a + 1 }"),
    ],
)  # fmt: skip
def test_a_script_that_only_assigns_is_a_context(
    text: str, language: str, variable: str, feel: str
) -> None:
    assert translated_script(text, language, variable) == feel


@pytest.mark.parametrize(
    ("text", "language"),
    [("println 'x'", "groovy"), ("x = 1", "python"), ("", "javascript"), ("f();", "javascript"),
     ('execution.setVariable("x", 1); execution.setVariable("x", 2);', "groovy")],
)  # fmt: skip
def test_a_script_that_does_more_is_left_to_a_person(text: str, language: str) -> None:
    with pytest.raises(Untranslatable):
        translated_script(text, language)

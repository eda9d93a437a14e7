"""A form: what it accepts, what it asks, what it seals, what it says."""

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import messages
from forms.asking import Asked, ask
from forms.errors import FieldError, FormBroken, FormInvalid
from forms.form import Form
from forms.shared_parts import part

TODAY = date(2026, 3, 2)
APPLICATION: dict[str, Any] = {
    "title": "Demande",
    "type": "object",
    "unevaluatedProperties": False,
    "required": ["applicant", "copies"],
    "properties": {
        "applicant": {"$ref": "shared/identity.json", "title": "Demandeur"},
        "born": {"$ref": "shared/identity.json#/$defs/birth_date", "x-max": "-P18Y"},
        "phone": {"$ref": "shared/phone.json#/$defs/phone"},
        "copies": {"title": "Exemplaires", "type": "integer", "minimum": 1, "maximum": 10},
        "for_other": {"title": "Pour un autre", "type": "boolean"},
        "witnesses": {
            "title": "Témoins", "type": "array", "maxItems": 3,
            "items": {
                "type": "object", "additionalProperties": False, "required": ["name"],
                "properties": {"name": {"title": "Nom", "type": "string", "x-personal": True}},
            },
        },
    },
    "if": {"properties": {"for_other": {"const": True}}, "required": ["for_other"]},
    "then": {
        "required": ["other"],
        "properties": {"other": {"title": "Qui", "type": "string", "maxLength": 5}},
    },
}  # fmt: skip
FORM = Form.read(APPLICATION, part)
WHO = {"name_fr": "Nadia Alaoui", "name_ar": "نادية العلوي", "cin": "be 123456"}


def errors(values: dict[str, Any], **how: Any) -> list[tuple[str, str]]:
    with pytest.raises(FormInvalid) as caught:
        FORM.validate(values, today=TODAY, **how)
    return [(error.pointer, error.code) for error in caught.value.errors]


def test_answers_are_put_into_one_writing_and_typed() -> None:
    clean = FORM.validate(
        {"applicant": WHO, "copies": 2, "born": "1990-01-31", "phone": "06 12.34 56 78"}
    )
    assert clean["applicant"]["cin"] == "BE123456"
    assert clean["copies"] == Decimal(2)
    assert clean["born"] == date(1990, 1, 31)
    assert clean["phone"] == "+212612345678"


def test_clean_values_are_accepted_again_unchanged() -> None:
    clean = FORM.validate({"applicant": WHO, "copies": 2, "born": "1990-01-31"})
    assert FORM.validate(clean, today=TODAY) == clean


def test_every_fault_is_told_at_once_at_its_place() -> None:
    wrong = {"applicant": {**WHO, "cin": "12"}, "copies": 99, "phone": "12", "isAdmin": True}
    assert errors(wrong) == [
        ("/applicant/cin", "format-cin"),
        ("/copies", "maximum"),
        ("/isAdmin", "unknown"),
        ("/phone", "format-phone-ma"),
    ]


def test_what_is_missing_is_named() -> None:
    assert errors({"copies": 1}) == [("/applicant", "required")]
    assert FORM.validate({"copies": 1}, partial=True) == {"copies": 1}


def test_blank_answers_count_as_not_given() -> None:
    clean = FORM.validate({"applicant": WHO, "copies": 1, "phone": "  ", "witnesses": []})
    assert "phone" not in clean


def test_a_condition_brings_a_question_and_takes_it_away() -> None:
    whole = {"applicant": WHO, "copies": 1}
    assert "other" not in [field.pointer for field in FORM.fields(whole)]
    asked = {f.pointer: f for f in FORM.fields({**whole, "for_other": True})}
    assert asked["other"].required
    assert errors({**whole, "for_other": True}) == [("/other", "required")]
    assert errors({**whole, "other": "x"}) == [("/other", "unknown")]
    assert errors({**whole, "for_other": True, "other": "too long"}) == [("/other", "maxLength")]


def test_a_date_limit_counts_from_today() -> None:
    whole = {"applicant": WHO, "copies": 1}
    assert errors({**whole, "born": "2008-03-03"}) == [("/born", "too-late")]
    assert FORM.validate({**whole, "born": "2008-03-02"}, today=TODAY)


def test_personal_values_are_sealed_wherever_they_stand() -> None:
    clean = FORM.validate(
        {"applicant": WHO, "copies": 1, "witnesses": [{"name": "Omar"}, {"name": "Ali"}]}
    )
    sealed = FORM.seal(clean, lambda place, value: f"<{place}>")
    assert sealed["applicant"]["cin"] == "<applicant/cin>"
    assert [row["name"] for row in sealed["witnesses"]] == [
        "<witnesses/0/name>",
        "<witnesses/1/name>",
    ]
    assert "applicant/cin" in FORM.indexed
    assert "witnesses/*/name" in FORM.personal


def test_answers_beyond_measure_are_refused() -> None:
    assert errors({"copies": 1, "applicant": {"x": "y" * 70_000}}) == [("/", "too-large")]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"type": "array"}, "type object"),
        ({"type": "object", "properties": {"a": {"title": "A"}}}, "unknown keys"),
        ({"properties": {"a": {"type": "string"}}}, "title"),
        ({"properties": {"a": {"title": "A", "x-peronal": True}}}, "x-peronal"),
        ({"properties": {"a": {"title": "A", "pattern": "(a+)+$"}}}, "for ever"),
        ({"properties": {"a": {"$ref": "https://x.example/y.json"}}}, "outside"),
        ({"properties": {"a": {"$ref": "shared/none.json"}}}, "there is no"),
        ({"properties": {"a": {"$ref": "shared/identity.json#/$defs/none"}}}, "nowhere"),
        ({"properties": {"a": {"title": "A", "type": "strin"}}}, "strin"),
    ],
)
def test_a_broken_form_is_said_with_its_fault(document: dict[str, Any], said: str) -> None:
    whole = {"type": "object", **document}
    if said not in ("unknown keys", "type object"):
        whole["additionalProperties"] = False
    with pytest.raises(FormBroken, match=said):
        Form.read(json.dumps(whole).encode(), part)


def test_a_reference_that_leads_back_to_itself_is_refused() -> None:
    loop = b'{"properties": {"a": {"$ref": "shared/loop.json"}}}'
    with pytest.raises(FormBroken, match="back to itself"):
        Form.read(
            {"type": "object", "properties": {"a": {"$ref": "shared/loop.json"}}}, lambda _: loop
        )


def test_every_message_is_there_in_three_languages() -> None:
    for code, texts in messages.MESSAGES.items():
        assert len({text for text in texts if text.strip()}) == 3, code
        assert all("{limit}" in text for text in texts) or "{limit}" not in "".join(texts), code


def test_a_message_bears_its_figure_and_a_field_s_own_text_goes_first() -> None:
    error = FieldError("/copies", "maximum", {"limit": 10})
    assert messages.message(error, "en") == "The value is at most 10."
    assert messages.message(FieldError("/a", "pattern", text="Écrivez A."), "fr") == "Écrivez A."


def test_the_loop_asks_what_applies_and_asks_again_what_is_wrong() -> None:
    typed = iter(["Nadia Alaoui", "نادية العلوي", "12", "BE123456", None, None, 1, True, "Ali"])
    said: list[str] = []
    asked = Asked(
        prompt=lambda field, before: next(typed),
        say=lambda field, error: said.append(f"{field.pointer} {error.code}"),
        more=lambda field, count: False,
        today=TODAY,
    )
    answers = ask(FORM, asked)
    assert said == ["cin format-cin"]
    assert FORM.validate(answers, today=TODAY)["other"] == "Ali"


@given(st.recursive(st.none() | st.booleans() | st.text() | st.integers(), st.lists, max_leaves=5))
def test_no_answer_raises_anything_but_the_form_s_own_error(value: Any) -> None:
    for name in ("copies", "applicant", "phone", "born", "witnesses"):
        with suppress(FormInvalid):
            assert FORM.validate({name: value}, today=TODAY, partial=True) is not None

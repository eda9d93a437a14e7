"""What a person types, as the value it stands for."""

from typing import Any

import pytest

from console.answers import given
from console.asking import understood
from forms.form import Field

CHOICES = {"type": "string", "enum": ["bail", "procuration"]}


@pytest.mark.parametrize(
    ("schema", "typed", "value"),
    [
        ({"type": "boolean"}, "Oui", True),
        ({"type": "boolean"}, "لا", False),
        ({"type": "boolean"}, "peut-être", "peut-être"),
        ({"type": "integer"}, "3", 3),
        ({"type": "number"}, "2,5", 2.5),
        ({"type": "number"}, "deux", "deux"),
        ({"type": "string"}, "0612", "0612"),
        (CHOICES, "2", "procuration"),
        (CHOICES, "bail", "bail"),
        (CHOICES, "3", "3"),
        ({"type": "integer", "enum": [1, 5]}, "5", 5),
        ({"type": "array", "items": CHOICES}, "1, procuration", ["bail", "procuration"]),
        ({"type": "array", "items": {"type": "string"}}, "أ، ب", ["أ", "ب"]),
    ],
)
def test_an_answer_is_understood_by_its_question(
    schema: dict[str, Any], typed: str, value: Any
) -> None:
    items = schema.get("items", {}) if schema["type"] == "array" else schema
    found = understood(Field("x", schema, True), typed, list(items.get("enum", ())))
    assert (found, type(found)) == (value, type(value))


def test_a_name_may_be_a_path() -> None:
    assert given(None, ("applicant/cin=BK1", "applicant/age=3", "n=1")) == {
        "applicant": {"cin": "BK1", "age": 3},
        "n": 1,
    }


def test_a_question_that_wants_text_gets_text() -> None:
    document = {
        "type": "object",
        "properties": {
            "phone": {"title": "Téléphone", "type": "string"},
            "count": {"title": "Nombre", "type": "integer"},
        },
    }
    assert given(None, ("phone=12", "count=12"), document) == {"phone": "12", "count": 12}

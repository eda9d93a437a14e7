"""Asking a form, question by question: the loop that a terminal runs, without the terminal.

Conditions are looked at again after each answer, so a question that an answer brings is asked and
one that it takes away is not. A wrong answer is said and asked again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.errors import FieldError, FormInvalid
from forms.form import Field, Form

Prompt = Callable[[Field, Any], Any]
Say = Callable[[Field, FieldError], None]
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands around the questions: how to ask, how to say an error, whether there is more.

    `prompt(field, before)` gives what the person typed (None: nothing); `more(field, count)` tells
    whether another row follows.
    """

    prompt: Prompt
    say: Say
    more: Callable[[Field, int], bool]
    today: date | None = None


def ask(form: Form, asked: Asked, answers: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Every answer that the form wants, begun from `answers`; not yet validated as a whole."""
    given = dict(answers or {})
    done: set[str] = set()
    while True:
        field = next(
            (f for f in form.fields(given) if f.pointer not in done and "/" not in f.pointer), None
        )
        if field is None:
            break
        done.add(field.pointer)
        _put(given, field.pointer, _answer(asked, field, given.get(field.pointer)))
    wanted = {field.pointer for field in form.fields(given) if "/" not in field.pointer}
    return {name: value for name, value in given.items() if name in wanted}


def _answer(asked: Asked, field: Field, before: Any) -> Any:
    if field.kind == "object":
        part = Form(_alone(field.schema))
        return ask(part, asked, before if isinstance(before, Mapping) else None)
    if field.kind == "array" and field.schema.get("items", {}).get("type") == "object":
        return _rows(asked, field)
    for _ in range(_TRIES):
        value = asked.prompt(field, before)
        error = _wrong(field, value, asked.today)
        if error is None:
            return value
        asked.say(field, error)
    return None


def _rows(asked: Asked, field: Field) -> list[Any]:
    part = Form(_alone(field.schema["items"]))
    rows: list[Any] = []
    while len(rows) < field.schema.get("minItems", 0) or asked.more(field, len(rows)):
        rows.append(ask(part, asked))
    return rows


def _wrong(field: Field, value: Any, today: date | None) -> FieldError | None:
    """The first error of one answer taken alone."""
    name = field.pointer
    schema = {"type": "object", "properties": {name: field.schema}, "additionalProperties": False}
    schema["required"] = [name] if field.required else []
    try:
        Form(schema).validate({} if value is None else {name: value}, today=today)
    except FormInvalid as error:
        return error.errors[0]
    return None


def _alone(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"additionalProperties": False, **schema}


def _put(given: dict[str, Any], name: str, value: Any) -> None:
    if value in (None, "", {}, []):
        given.pop(name, None)
    else:
        given[name] = value

"""A form asked in the terminal: questions on the error stream, answers from the keyboard."""

from collections.abc import Mapping
from typing import Any

import click

from console.context import Face
from forms.asking import Asked, ask
from forms.errors import FieldError
from forms.form import Field, Form
from forms.messages import message

# What counts as yes and no, in the three languages.
YES = frozenset({"o", "oui", "y", "yes", "true", "1", "ن", "نعم"})
NO = frozenset({"n", "non", "no", "false", "0", "ل", "لا"})


def answers(face: Face, document: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The answers that a person types; Ctrl-C or the end of input stops, and nothing is sent."""
    form = Form(document)
    if form.title:
        click.echo(form.title, err=True)
    return ask(form, Asked(_Prompt(face), _Say(face), _More(face)), before)


class _Prompt:
    def __init__(self, face: Face) -> None:
        self._face = face

    def __call__(self, field: Field, before: Any) -> Any:
        choices = _choices(field)
        labels = _asked_of(field).get("x-labels", {})
        if hint := field.schema.get("x-hint"):
            click.echo(f"  {hint}", err=True)
        for number, value in enumerate(choices, 1):
            click.echo(f"  {number}. {labels.get(str(value), value)}", err=True)
        typed = click.prompt(
            self._question(field, before), default="", show_default=False, prompt_suffix=" ",
            err=True,
        ).strip()  # fmt: skip
        return before if typed == "" else understood(field, typed, choices)

    def _question(self, field: Field, before: Any) -> str:
        parts = [field.title]
        if field.kind == "boolean":
            parts.append(self._face.text("(yes/no)"))
        if after := field.schema.get("x-after"):
            parts.append(f"({after})")
        if not field.required:
            parts.append(self._face.text("(optional)"))
        if before is not None:
            parts.append(f"[{before}]")
        return " ".join(parts) + ":"


class _Say:
    def __init__(self, face: Face) -> None:
        self._face = face

    def __call__(self, field: Field, error: FieldError) -> None:
        click.echo(f"  {message(error, self._face.language)}", err=True)


class _More:
    def __init__(self, face: Face) -> None:
        self._face = face

    def __call__(self, field: Field, count: int) -> bool:
        question = self._face.text("{title}: one more after {count}?", title=field.title,
                                   count=count)  # fmt: skip
        return bool(click.confirm(question, default=False, err=True))


def _choices(field: Field) -> list[Any]:
    return list(_asked_of(field).get("enum", ()))


def _asked_of(field: Field) -> Mapping[str, Any]:
    """The schema of one answer: of the items, where several are asked for."""
    found: Mapping[str, Any] = field.schema
    return found.get("items", {}) if field.kind == "array" else found


def understood(field: Field, typed: str, choices: list[Any]) -> Any:
    """What was typed as the value it stands for; what cannot be understood stays text."""
    if field.kind == "array":
        pieces = [piece.strip() for piece in typed.replace("،", ",").split(",")]
        return [_chosen(piece, choices) for piece in pieces if piece]
    if choices:
        return _chosen(typed, choices)
    if field.kind == "boolean":
        word = typed.casefold()
        return True if word in YES else False if word in NO else typed
    if field.kind in ("number", "integer"):
        return _number(typed)
    return typed


def _chosen(typed: str, choices: list[Any]) -> Any:
    if typed in map(str, choices):
        return next(choice for choice in choices if str(choice) == typed)
    number = int(typed) if typed.isdigit() else 0
    return choices[number - 1] if 1 <= number <= len(choices) else typed


def _number(typed: str) -> Any:
    """A whole number, or one with a comma or a point; the text where it is none."""
    try:
        return int(typed)
    except ValueError:
        pass
    try:
        return float(typed.replace(",", "."))
    except ValueError:
        return typed

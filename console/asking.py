"""A form asked in the terminal: questions on the error stream, answers from the keyboard."""

from collections.abc import Mapping
from typing import Any

import click

from console import output
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
        click.echo(output.isolated(form.title), err=True)
    face.note("Enter alone keeps what stands in [ ]; Ctrl-C stops and nothing is sent.")
    return ask(form, Asked(_Prompt(face, form), _Say(face), _More(face)), before)


class _Prompt:
    def __init__(self, face: Face, form: Form) -> None:
        self._face = face
        self._parts = _parts(form)
        self._last: Field | None = None  # what was asked before: asked again, it is said shorter

    def __call__(self, field: Field, before: Any) -> Any:
        choices = _choices(field)
        before = field.schema.get("default") if before is None else before
        question = self._question(field)
        if field is not self._last:
            self._introduce(field, choices, question)
        if choices:
            many = field.kind == "array"
            text = self._face.text
            question = text("Numbers, separated by commas") if many else text("Number")
        typed = self._typed(question, self._now(before, choices))
        self._last = field
        return before if typed == "" else understood(field, typed, choices)

    def _introduce(self, field: Field, choices: list[Any], question: str) -> None:
        """What stands before an answer is typed: the part of the form, the choices, the hint."""
        if part := self._parts.get(id(field.schema)):
            click.echo(f"— {output.isolated(part)} —", err=True)
        if choices:
            click.echo(output.isolated(question), err=True)
        if hint := field.schema.get("x-hint"):
            click.echo(f"  {output.isolated(hint)}", err=True)
        for number, value in enumerate(choices, 1):
            click.echo(f"  {number}. {output.isolated(_label(field, value))}", err=True)

    def _typed(self, question: str, now: str) -> str:
        kept = f" [{now}]" if now else ""
        colon = self._face.colon
        typed = click.prompt(f"{question}{kept}{colon}", default="", show_default=False,
                             prompt_suffix="", err=True)  # fmt: skip
        return str(typed).strip()

    def _now(self, before: Any, choices: list[Any]) -> str:
        """What stands already, as it would be typed: choices by their numbers, others in words."""
        if before is None:
            return ""
        if isinstance(before, bool):
            return self._face.text("yes" if before else "no")
        several = before if isinstance(before, list) else [before]
        typed = [str(choices.index(one) + 1) if one in choices else str(one) for one in several]
        return output.safe(",".join(typed))

    def _question(self, field: Field) -> str:
        parts = [field.title]
        if field.kind == "boolean":
            parts.append(self._face.text("(yes/no)"))
        if field.schema.get("format") == "date":
            parts.append(self._face.text("(YYYY-MM-DD)"))
        if after := field.schema.get("x-after"):
            parts.append(f"({after})")
        if not field.required:
            parts.append(self._face.text("(optional)"))
        return " ".join(parts)


class _Say:
    def __init__(self, face: Face) -> None:
        self._face = face

    def __call__(self, field: Field, error: FieldError) -> None:
        click.echo(f"  ✗ {message(error, self._face.language)}", err=True)


class _More:
    def __init__(self, face: Face) -> None:
        self._face = face

    def __call__(self, field: Field, count: int) -> bool:
        words = {"title": field.title, "count": count}
        question = self._face.text("{title}: one more after {count}?", **words)
        yes = self._face.text("(yes/no)")
        typed = click.prompt(f"{question} {yes}{self._face.colon}", default="", show_default=False,
                             prompt_suffix="", err=True)  # fmt: skip
        return str(typed).strip().casefold() in YES


def _parts(form: Form) -> dict[int, str]:
    """The first question of each part of a form that has a name of its own, and that name."""
    found: dict[int, str] = {}
    for field in form.document.get("properties", {}).values():
        inside = field.get("items", {}) if field.get("type") == "array" else field
        questions = [q for q in inside.get("properties", {}).values() if q.get("title")]
        if questions and field.get("title"):
            found[id(questions[0])] = str(field["title"])
    return found


def _label(field: Field, value: Any) -> str:
    return str(_asked_of(field).get("x-labels", {}).get(str(value), value))


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
    number = int(typed) if typed.isdecimal() else 0
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

"""Answers to a form: `--data FILE|-`, `--set name=value`, and the options that take them."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TextIO, TypeVar

import click

from console.failure import Usage

F = TypeVar("F", bound=Callable[..., Any])


def answered(function: F) -> F:
    """Give a command `--data` and `--set`."""
    data = click.option("--data", type=click.File(encoding="utf-8"), metavar="FILE",
                        help="Answers as a JSON object; - for standard input.")  # fmt: skip
    pairs = click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE",
                         help="One answer; may be repeated; a list takes commas.")  # fmt: skip
    return data(pairs(function))


def paged(function: F) -> F:
    """Give a list `--limit` and `--cursor`."""
    limit = click.option("--limit", default=50, show_default=True, help="Rows of a page.")
    cursor = click.option("--cursor", help="Where to continue: the marker of the last page.")
    return limit(cursor(function))


def given(
    data: TextIO | None, pairs: tuple[str, ...], document: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The answers; `--set` values are JSON where they can be (3, true), else text.

    A name may be a path: `applicant/cin=BK12`. Where the form's `document` is known, the answer to
    a question that wants text stays text, whatever it looks like, and a list may be written with
    commas: `papers=original,cnie`.
    """
    values = _object(data) if data is not None else {}
    texts: dict[str, str] = {}
    for pair in pairs:
        name, equals, answer = pair.partition("=")
        if not equals or not name:
            raise Usage("{name} is not an answer: write it as name=value.", name=pair)
        texts[name] = answer
        _put(values, name, _guessed(answer))
    if document and texts:
        from forms.form import Form

        for field in Form(document).fields(values):
            if (text := texts.get(field.pointer)) is None:
                continue
            if field.kind == "string":
                _put(values, field.pointer, text)
            elif field.kind == "array" and not isinstance(_guessed(text), list):
                pieces = text.replace("،", ",").split(",")
                _put(values, field.pointer, [piece.strip() for piece in pieces if piece.strip()])
    return values


def _object(data: TextIO) -> dict[str, Any]:
    try:
        values = json.load(data)
    except ValueError as error:
        raise Usage("{name} is not JSON: {reason}", name="--data", reason=error) from error
    if not isinstance(values, dict):
        raise Usage("{name} must be a JSON object: field name to value.", name="--data")
    return values


def _guessed(answer: str) -> Any:
    try:
        return json.loads(answer)
    except ValueError:
        return answer


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    *above, name = path.split("/")
    for step in above:
        below = values.setdefault(step, {})
        if not isinstance(below, dict):
            raise Usage("{name} is not an answer: write it as name=value.", name=path)
        values = below
    values[name] = value

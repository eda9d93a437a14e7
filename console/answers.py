"""Answers to a form: `--data FILE|-`, `--set name=value`, and the options that take them."""

import json
from collections.abc import Callable
from typing import Any, TextIO, TypeVar

import click

from console.failure import Usage

F = TypeVar("F", bound=Callable[..., Any])


def answered(function: F) -> F:
    """Give a command `--data` and `--set`."""
    data = click.option("--data", type=click.File(encoding="utf-8"), metavar="FILE",
                        help="Answers as a JSON object; - for standard input.")  # fmt: skip
    pairs = click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE",
                         help="One answer; may be repeated.")  # fmt: skip
    return data(pairs(function))


def paged(function: F) -> F:
    """Give a list `--limit` and `--cursor`."""
    limit = click.option("--limit", default=50, show_default=True, help="Rows of a page.")
    cursor = click.option("--cursor", help="Where to continue: the marker of the last page.")
    return limit(cursor(function))


def given(data: TextIO | None, pairs: tuple[str, ...]) -> dict[str, Any]:
    """The answers; `--set` values are JSON where they can be (3, true), else text."""
    values: dict[str, Any] = {}
    if data is not None:
        try:
            values = json.load(data)
        except ValueError as error:
            raise Usage("{name} is not JSON: {reason}", name="--data", reason=error) from error
        if not isinstance(values, dict):
            raise Usage("{name} must be a JSON object: field name to value.", name="--data")
    for pair in pairs:
        name, equals, answer = pair.partition("=")
        if not equals:
            raise Usage("{name} is not an answer: write it as name=value.", name=pair)
        try:
            values[name] = json.loads(answer)
        except ValueError:
            values[name] = answer
    return values

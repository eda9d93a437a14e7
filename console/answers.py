"""Answers to a form, from `--data FILE|-` and `--set name=value`."""

import json
from typing import Any, TextIO

import click


def given(data: TextIO | None, pairs: tuple[str, ...]) -> dict[str, Any]:
    """The answers; `--set` values are JSON where they can be (3, true), else text."""
    values: dict[str, Any] = {}
    if data is not None:
        try:
            values = json.load(data)
        except ValueError as error:
            raise click.UsageError(f"--data is not JSON: {error}") from error
        if not isinstance(values, dict):
            raise click.UsageError("--data must be a JSON object: field name to value")
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--set {pair}: write it as name=value")
        try:
            values[name] = json.loads(text)
        except ValueError:
            values[name] = text
    return values

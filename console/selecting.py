"""The options that choose what an act on many is done to."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, TextIO, TypeVar

import click

from console import completing
from console.context import Face
from console.failure import Usage

F = TypeVar("F", bound=Callable[..., Any])
_WORDS = ("procedure", "version", "status", "office", "element", "since", "until", "cause",
          "holder", "refused_of")  # fmt: skip


def selected(*more: str) -> Callable[[F], F]:
    """Give a verb its names and the words to choose by; `more`: those of some acts alone."""
    own = {
        "status": click.option("--status", type=click.Choice(["open", "suspended"]),
                               help="Only cases in this state."),
        "cause": click.option("--cause", help="Only incidents of this cause."),
        "holder": click.option("--held-by", "holder", metavar="ACTOR",
                               help="Only tasks that are with this actor."),
    }  # fmt: skip
    options = [
        click.argument("names", nargs=-1),
        click.option("--file", type=click.File(encoding="utf-8"),
                     help="Names, one a line; - for standard input."),
        click.option("--procedure", shell_complete=completing.procedures,
                     help="Only cases of this procedure."),
        click.option("--version", "version", type=int,
                     help="Only cases of this version of the procedure."),
        click.option("--office", shell_complete=completing.offices,
                     help="Only cases of this office and of those below it."),
        click.option("--element", help="Only cases that wait at this element of the model."),
        click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
                     help="Only cases that were started then or later."),
        click.option("--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
                     help="Only cases that were started before."),
        click.option("--refused-of", type=int, metavar="BATCH",
                     help="Only what was refused in this batch."),
        *(own[name] for name in more),
    ]  # fmt: skip

    def decorated(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorated


def selection(face: Face, numbers: bool, asked: dict[str, Any]) -> Any:
    """The selection that was typed; `numbers`: names are numbers, of tasks or incidents."""
    from engine.commands.selections import Selection

    names = list(asked["names"]) + _lines(asked["file"])
    words = {name: asked[name] for name in _WORDS if asked.get(name) is not None}
    for name in ("since", "until"):
        if isinstance(words.get(name), datetime):
            words[name] = words[name].replace(tzinfo=face.settings.zone)
    return Selection(tuple(map(_number, names)) if numbers else tuple(names), **words)


def _lines(file: TextIO | None) -> list[str]:
    text = file.read() if file is not None else ""
    if file is not None and file is not sys.stdin:
        file.close()
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(name: str) -> int:
    if not name.isdecimal():
        raise Usage("{name} is not a number.", name=name)
    return int(name)

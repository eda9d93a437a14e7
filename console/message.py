"""mouqataa message."""

from typing import TextIO

import click

from console import completing
from console.answers import answered, given
from console.context import Face, pass_face
from console.group import noun

command = noun("message")


@command.command()
@click.argument("name")
@click.argument("key", default="")
@click.option("--office", metavar="OFFICE", help="Where a case that the message starts begins.",
              shell_complete=completing.offices)  # fmt: skip
@answered
@pass_face
def send(
    face: Face, name: str, key: str, office: str | None, data: TextIO | None,
    pairs: tuple[str, ...],
) -> None:  # fmt: skip
    """Hand a message to the case that waits for it under this key, or start a case with it.

    Example: mouqataa message send pieces SPECIMEN-LEG-MAR-2026-000001
    """
    from engine.commands import messages

    done = face.run(messages.send, name, key, given(data, pairs), office)
    sentence = face.text("The message {name} reached {case}.", name=name, case=done.case)
    face.done(done, sentence, f"mouqataa case show {done.case}")

"""mouqataa message."""

from typing import TextIO

import click

from console.answers import answered, given
from console.context import Face, pass_face
from console.group import noun

command = noun("message")


@command.command()
@click.argument("name")
@click.argument("key")
@answered
@pass_face
def send(face: Face, name: str, key: str, data: TextIO | None, pairs: tuple[str, ...]) -> None:
    """Hand a message to the case that waits for it under this key.

    Example: mouqataa message send pieces SPECIMEN-LEG-MAR-2026-000001
    """
    from engine.commands import messages

    done = face.run(messages.send, name, key, given(data, pairs))
    sentence = face.text("The message {name} reached {case}.", name=name, case=done.case)
    face.done(done, sentence, f"mouqataa case show {done.case}")

"""mouqataa signal."""

from typing import TextIO

import click

from console import completing
from console.answers import answered, given
from console.context import Face, pass_face
from console.group import noun

command = noun("signal")


@command.command()
@click.argument("name")
@click.option("--office", metavar="OFFICE", help="Where cases that the signal starts begin.",
              shell_complete=completing.offices)  # fmt: skip
@answered
@pass_face
def send(
    face: Face, name: str, office: str | None, data: TextIO | None, pairs: tuple[str, ...]
) -> None:
    """Send a signal to every case that waits for it now.

    Example: mouqataa signal send inondation
    """
    from engine.commands import signals

    done = face.run(signals.send, name, given(data, pairs), office)
    sentence = face.text("The signal {name} goes to {count} cases.", name=name, count=done.cases)
    face.done(done, sentence, f"mouqataa batch show {done.batch}" if done.batch else "")

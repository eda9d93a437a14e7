"""mouqataa message."""

from typing import TextIO

import click

from console import completing, output
from console.answers import answered, given, paged
from console.context import Face, pass_face
from console.group import noun

command = noun("message")


@command.command()
@click.argument("name")
@click.argument("key", default="")
@click.option("--office", metavar="OFFICE", help="Where a case that the message starts begins.",
              shell_complete=completing.offices)  # fmt: skip
@click.option(
    "--keep",
    metavar="DURATION",
    help="How long it is kept where nobody waits, as P7D; else as message_keep says.",
)
@answered
@pass_face
def send(
    face: Face, name: str, key: str, office: str | None, keep: str | None, data: TextIO | None,
    pairs: tuple[str, ...],
) -> None:  # fmt: skip
    """Hand a message to the case that waits for it under this key, or start a case with it.

    Example: mouqataa message send pieces SPECIMEN-LEG-MAR-2026-000001
    """
    from engine.commands import messages

    wanted = keep or face.settings.message_keep
    done = face.run(messages.send, name, key, given(data, pairs), office, wanted)
    if done.case is None:
        until = output.cell(done.until, face.words, face.settings.zone)
        sentence = face.text("The message {name} is kept until {until}.", name=name, until=until)
        face.done(done, sentence, "mouqataa message list")
        return
    sentence = face.text("The message {name} reached {case}.", name=name, case=done.case)
    face.done(done, sentence, f"mouqataa case show {done.case}")


@command.command("list")
@click.option("--all", "ended", is_flag=True, help="Those that reached somebody too.")
@paged
@pass_face
def list_messages(face: Face, ended: bool, cursor: str | None, limit: int) -> None:
    """List the messages that are kept because nobody waits for them yet.

    Example: mouqataa message list --all
    """
    from engine.commands import letterbox

    found = face.read(letterbox.listing, ended=ended, cursor=cursor, limit=limit)
    face.rows(found, "id name key status origin by sent_at until error")


@command.command()
@click.argument("message", type=int)
@click.option("--reason", required=True, help="Why, in a sentence.")
@pass_face
def withdraw(face: Face, message: int, reason: str) -> None:
    """Take back a message that nobody has got.

    Example: mouqataa message withdraw 12 --reason "sent twice"
    """
    from engine.commands import letterbox

    done = face.run(letterbox.withdraw, message, reason)
    face.done(done, face.text("The message {message} is withdrawn.", message=message))

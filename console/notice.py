"""mouqataa notice."""

import click

from console import completing
from console.answers import given, paged
from console.context import Face, pass_face
from console.group import noun
from engine.settings import CHANNELS

command = noun("notice")


@command.command()
@click.argument("login", default="")
@click.option("--case", default="", shell_complete=completing.references,
              help="The person of this case, in the place of an account.")  # fmt: skip
@click.option("--set", "pairs", multiple=True, metavar="TOPIC=PACE",
              help="A pace for a topic: at_once, daily, weekly or never.")  # fmt: skip
@click.option("--channel", type=click.Choice(CHANNELS), help="Tell by mail or by text message.")
@pass_face
def preferences(
    face: Face, login: str, case: str, pairs: tuple[str, ...], channel: str | None
) -> None:
    """Show how you, or somebody else, are told of each topic; --set and --channel change it.

    Example: mouqataa notice preferences
    Example: mouqataa notice preferences nadia --set task.opened=weekly
    Example: mouqataa notice preferences nadia --channel sms
    Example: mouqataa notice preferences --case SPECIMEN-LEG-MAR-2026-000001 --set case.ended=never
    """
    from engine.commands import notices

    if pairs or channel:
        paces = {topic: str(pace) for topic, pace in given(None, pairs).items()}
        face.run(notices.prefer, paces, login, case, channel or "")
    if not ((pairs or channel) and face.choices.quiet):
        face.rows(face.read(notices.show, login, case), "topic pace channel chosen")


@command.command(name="list")
@click.option("--waiting", is_flag=True, help="Only those that were not sent yet.")
@paged
@pass_face
def listing(face: Face, waiting: bool, limit: int, cursor: str | None) -> None:
    """List the notices to you, newest first; an administrator of the commune sees everyone's.

    Example: mouqataa notice list --waiting
    """
    from engine.commands import notices

    found = face.read(notices.listing, waiting, cursor=cursor, limit=limit)
    face.rows(found, "notice topic case login pace status made_at sent_at")

"""mouqataa incident."""

import click

from console.context import Face, pass_face
from console.group import noun

command = noun("incident")


@command.command(name="list")
@click.option("--all", "every", is_flag=True, help="Those that were dealt with too.")
@pass_face
def listing(face: Face, every: bool) -> None:
    """List what waits for a person, oldest first.

    Example: mouqataa incident list
    """
    from engine.commands import incidents

    face.rows(face.read(incidents.listing, every), "id at procedure case element code message")


@command.command()
@click.argument("incident", type=int)
@pass_face
def retry(face: Face, incident: int) -> None:
    """Put the work of an incident back to be tried again.

    Example: mouqataa incident retry 1
    """
    from engine.commands import incidents

    done = face.run(incidents.retry, incident)
    sentence = face.text("The incident {id} will be tried again.", id=incident)
    face.done(done, sentence, "mouqataa work --once")


@command.command()
@click.argument("incident", type=int)
@click.option("--reason", required=True, help="How it was dealt with, in a sentence.")
@pass_face
def resolve(face: Face, incident: int, reason: str) -> None:
    """Close an incident that was dealt with otherwise.

    Example: mouqataa incident resolve 1 --reason "réglé au guichet"
    """
    from engine.commands import incidents

    done = face.run(incidents.resolve, incident, reason)
    face.done(done, face.text("The incident {id} is closed.", id=incident),
              "mouqataa incident list")  # fmt: skip

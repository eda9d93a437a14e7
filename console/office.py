"""mouqataa office."""

import click

from console import completing
from console.context import Face, pass_face
from console.group import noun

command = noun("office")


@command.command(name="list")
@pass_face
def listing(face: Face) -> None:
    """List the offices of the city.

    Example: mouqataa office list
    """
    from engine.commands import offices

    face.rows(face.read(offices.listing), "short code name_fr name_ar")


@command.command()
@click.argument("office", shell_complete=completing.offices)
@click.argument("name", required=False)
@pass_face
def calendar(face: Face, office: str, name: str | None) -> None:
    """Let an office, and those under it, go by a calendar from now on; without a name, by that of
    the office above it.

    Example: mouqataa office calendar MAR morocco
    """
    from engine.commands import calendars

    done = face.run(calendars.assign, office, name)
    kept = done.calendar or "-"
    face.done(
        done, face.text("{office} goes by the calendar {name}.", office=done.office, name=kept)
    )

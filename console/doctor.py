"""mouqataa doctor."""

import click

from console.context import Face, pass_face
from console.group import Verb


@click.command(cls=Verb)
@pass_face
def command(face: Face) -> None:
    """Check this machine and the database, with a remedy for each fault; exit 1 where one is found.

    Example: mouqataa doctor
    """
    from console.checkup import examine

    found = examine(face)
    rows = [row.told(face) for row in found]
    face.rows(rows, "check result remedy")
    if not all(row.ok for row in found):
        click.get_current_context().exit(1)

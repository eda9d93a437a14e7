"""mouqataa office."""

import click

from console.context import Face, pass_face


@click.group()
def command() -> None:
    """Offices: list."""


@command.command(name="list")
@pass_face
def listing(face: Face) -> None:
    """List the offices.

    Example: mouqataa office list
    """
    from engine.commands import offices

    face.rows(face.read(offices.listing))

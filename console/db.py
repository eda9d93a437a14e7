"""mouqataa db."""

import click

from console.context import Face, pass_face


@click.group()
def command() -> None:
    """The database: upgrade, check."""


@command.command()
@pass_face
def upgrade(face: Face) -> None:
    """Bring the schema to what this program needs.

    Example: mouqataa db upgrade
    """
    from engine.store import database, schema

    done = schema.upgrade(database.connect(face.settings.database))
    face.show(done, f"schema {done.current}")


@command.command()
@pass_face
def check(face: Face) -> None:
    """Compare the tables with what this program needs; exit 1 where they differ.

    Example: mouqataa db check
    """
    from engine.store import database, schema

    found = schema.status(database.connect(face.settings.database), drift=True)
    text = f"schema {found.current or 'none'}, needed {found.needed}"
    face.show(found, "\n".join([text, *found.drift]))
    if not found.ok:
        click.get_current_context().exit(1)

"""mouqataa db."""

import click

from console.context import Face, pass_face
from console.group import noun

command = noun("db")


def _database(face: Face) -> object:
    from engine.store import database

    return database.connect(face.settings.database)


@command.command()
@click.option("-n", "--dry-run", is_flag=True, help="Say where the schema stands; change nothing.")
@pass_face
def upgrade(face: Face, dry_run: bool) -> None:
    """Bring the schema to what this program needs.

    Example: mouqataa db upgrade --dry-run
    """
    from engine.store import schema

    act = schema.status if dry_run else schema.upgrade
    done = act(_database(face))  # type: ignore[arg-type]
    words = {"current": done.current or "-", "needed": done.needed}
    face.done(done, face.text("Schema {current}; this program needs {needed}.", **words))


@command.command()
@pass_face
def current(face: Face) -> None:
    """Say at which schema the database stands.

    Example: mouqataa db current
    """
    from engine.store import schema

    found = schema.status(_database(face))  # type: ignore[arg-type]
    words = {"current": found.current or "-", "needed": found.needed}
    face.show(found, [face.text("Schema {current}; this program needs {needed}.", **words)])


@command.command()
@pass_face
def check(face: Face) -> None:
    """Compare the tables with what this program needs; exit 1 where they differ.

    Example: mouqataa db check
    """
    from engine.store import schema

    found = schema.status(_database(face), drift=True)  # type: ignore[arg-type]
    words = {"current": found.current or "-", "needed": found.needed}
    line = face.text("Schema {current}; this program needs {needed}.", **words)
    face.show(found, [line, *found.drift])
    if not found.ok:
        click.get_current_context().exit(1)

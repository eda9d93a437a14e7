"""mouqataa db."""

from pathlib import Path

import click

from console import completing, output, violations
from console.context import Face, pass_face
from console.fields import HELD
from console.group import noun

command = noun("db")
# A database of SQLite goes into the folder that `--into` names.
_INSIDE = {"database": "sqlite:///{data}/mouqataa.db"}


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
@click.option("--case", "reference", help="Check this case alone.",
              shell_complete=completing.references)  # fmt: skip
@click.option("--files", is_flag=True, help="Read the file of every paper too.")
@click.option("--replay", is_flag=True, help="Execute every history again too.")
@pass_face
def check(face: Face, reference: str | None, files: bool, replay: bool) -> None:
    """Prove that the database is whole, while others work; exit 1 where it is not.

    Schema, histories, states, waiting rows, papers and registers are compared; nothing is changed.

    Example: mouqataa db check --files
    """
    from engine.work import checking

    found = checking.check(face.settings, reference, files=files, replay=replay)
    words = {"current": found.current or "-", "needed": found.needed}
    lines = [face.text("Schema {current}; this program needs {needed}.", **words), *found.drift]
    told = {"current": found.current, "needed": found.needed, "drift": found.drift}
    face.show(told | violations.document(found), [*lines, *violations.lines(found, face)])
    if not found.ok:
        click.get_current_context().exit(1)


@command.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@pass_face
def backup(face: Face, target: Path) -> None:
    """Write database, attachments and certificates into one file; nobody has to stop.

    It holds personal data, and neither settings nor keys.

    Example: mouqataa db backup backup.tar
    """
    from engine.work.backup import backup

    made = backup(face.settings, target)
    face.done(made, face.text("{file}: {cases} cases, {files} files.", file=made.file,
                              cases=made.tables["case"], files=made.files),
              following=f"mouqataa db restore {target} --into FOLDER --verify")  # fmt: skip
    for name in made.missing:
        face.note("The file {file} is named in the database and was not there.", file=name)


@command.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path, dir_okay=False))
@click.option("--into", type=click.Path(path_type=Path, file_okay=False),
              help="Another data folder than that of the settings.")  # fmt: skip
@click.option("--verify", is_flag=True, help="Then check what was restored, files too.")
@pass_face
def restore(face: Face, source: Path, into: Path | None, verify: bool) -> None:
    """Put a backup back where nothing stands yet, once every digest in it was compared.

    With --into, a database of SQLite lies in that folder; one of PostgreSQL is that of the
    settings. Exit 1 where --verify finds something.

    Example: mouqataa db restore backup.tar --into restored --verify
    """
    from engine.work import checking
    from engine.work.backup import restore

    if into is not None:
        own = _INSIDE if face.settings.database.startswith("sqlite") else {}
        face.settle(into.absolute(), files="{data}/files", **own)
    done = restore(face.settings, source)
    found = checking.check(face.settings, files=True) if verify else None
    made = done.backup
    told = {name: getattr(made, name) for name in HELD.split()}
    told |= {"database": done.database, "folder": done.folder}
    moment = output.cell(made.moment, face.words, face.settings.zone)
    sentence = face.text("{cases} cases and {files} files of {moment} are restored to {folder}.",
                         cases=made.tables["case"], files=made.files, folder=done.folder,
                         moment=moment)  # fmt: skip
    face.show(told | violations.document(found), [sentence, *violations.lines(found, face)])
    if found is not None and not found.ok:
        click.get_current_context().exit(1)


@command.command()
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("-n", "--dry-run", is_flag=True, help="Say what is due; change nothing.")
@pass_face
def retain(face: Face, yes: bool, dry_run: bool) -> None:
    """Move histories that have had their time into files, and delete their events.

    How long they stay is said by each procedure. The worker does so too, from time to time.

    Example: mouqataa db retain --dry-run
    """
    from engine.commands import histories
    from engine.work import archiving

    due = face.read(histories.due)
    lines = [face.text("{procedure} {version}: {cases} cases that ended before {before}",
                       procedure=row.procedure, version=row.version, cases=row.cases,
                       before=output.cell(row.before, face.words, face.settings.zone))
             for row in due]  # fmt: skip
    moved = archiving.Moved(0, 0)
    if not dry_run and due:
        face.confirm("Move these histories into files?", sure=yes)
        moved = archiving.retain(face.engine)
    told = {"due": due, "cases": moved.cases, "events": moved.events}
    done = face.text("{cases} histories moved, {events} events.", cases=moved.cases,
                     events=moved.events)  # fmt: skip
    face.show(told, [*lines, done])

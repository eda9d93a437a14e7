"""Erasing a person, as a command will one day: the rows and files that are theirs, and no more.

Everything personal hangs on `personal` or lies in a file; what stays is commitments without their
salts, which tell nothing.
"""

from typing import Any

from sqlalchemy import delete, select, update

from engine.commands import attachments
from engine.engine import Engine
from engine.store import tables as t


def erase(engine: Engine, identifier: str, *references: str) -> list[int]:
    """Erase the person with this card number, and cases of theirs that name no person; all cases
    that were erased."""
    with engine._begin(writes=True) as connection:
        person = connection.scalar(select(t.person.c.id).where(t.person.c.identifier == identifier))
        case = t.case.c
        theirs = (case.person_id == person) | case.reference.in_(references)
        cases = list(connection.scalars(select(case.id).where(theirs)))
        papers = _ids(connection, t.attachment, cases)
        certificates = _ids(connection, t.certificate, cases)
        for table in (t.attachment, t.personal, t.answer):
            connection.execute(delete(table).where(table.c.case_id.in_(cases)))
        connection.execute(update(t.task).where(t.task.c.case_id.in_(cases)).values(draft=None))
        connection.execute(delete(t.person).where(t.person.c.id == person))
    for key in papers:
        attachments.file(engine.settings.files, key).unlink()
    for key in certificates:
        for path in (engine.settings.files / "certificates").glob(f"{key}*"):
            path.unlink()
    checkpoint(engine, rewrite=True)
    return cases


def checkpoint(engine: Engine, *, rewrite: bool = False) -> None:
    """Bring what was committed from the database's log into its files; `rewrite` writes those
    anew first, so that nothing deleted is left in an unused part of a page.

    SQLite overwrites what it deletes (secure_delete), but where a page was once split, a copy of
    what moved away can stay behind; its log is emptied. PostgreSQL overwrites nothing by itself,
    and its log and its backups have to age out.
    """
    kind = engine._database.dialect.name
    with engine._database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        run = connection.exec_driver_sql
        if kind == "sqlite":
            run("ROLLBACK")  # our own BEGIN; a file is written anew outside any transaction
            if rewrite:
                run("VACUUM")
            busy, *_ = run("PRAGMA wal_checkpoint(TRUNCATE)").one()
            assert not busy, "somebody still reads the log"
            run("BEGIN")
        else:
            if rewrite:
                run("VACUUM FULL person, personal, case_field, contact")
            run("CHECKPOINT")


def _ids(connection: Any, table: Any, cases: list[int]) -> list[str]:
    return list(connection.scalars(select(table.c.id).where(table.c.case_id.in_(cases))))

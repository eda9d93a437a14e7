"""A whole database copied while others write, and put back where nothing is.

SQLite by its online backup, PostgreSQL by its own programs; either way the copy is of one moment,
and what is asked beside it (counts, names of papers) is of the same moment.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    String,
    cast,
    column,
    create_engine,
    func,
    inspect,
    select,
    table,
)

from engine.errors import EngineError
from engine.store import database, partitions
from engine.store import tables as t

# Words of an address that choose among several servers: a copy is of the one that was chosen.
_CHOOSING = {"host", "port", "hostaddr", "target_session_attrs", "load_balance_hosts"}


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy in a file: its schema, its tables with their counts, and its papers."""

    file: Path
    revision: str
    tables: Mapping[str, int]
    connection: Connection

    def attachments(self) -> Iterator[str]:
        """The ids of attachments, a few at a time."""
        yield from self._ids(select(t.attachment.c.id))

    def certificates(self) -> Iterator[str]:
        """The ids of certificates that were issued."""
        own = t.certificate.c
        yield from self._ids(select(own.id).where(own.sha256.is_not(None)))

    def histories(self) -> Iterator[str]:
        """The names of the files of archived histories."""
        own = t.case.c
        name = own.reference + "-" + cast(own.archived_seq, String) + ".jsonl"
        yield from self._ids(select(name.label("id")).where(own.archived_at.is_not(None)))

    def _ids(self, query: Any) -> Iterator[str]:
        rows = self.connection.execute(query.execution_options(yield_per=500))
        yield from (str(row.id) for row in rows)


@contextmanager
def copied(engine: Engine, file: Path) -> Iterator[Copy]:
    """Copy a database into a file of its own kind."""
    if engine.dialect.name == "sqlite":
        _copy_sqlite(engine, file)
        copy = create_engine(f"sqlite:///{file}")
        try:
            with copy.connect() as connection:
                yield _copy(connection, file)
        finally:
            copy.dispose()
        return
    with database.steady(engine.connect()) as connection:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        options = ["--format=custom", f"--snapshot={snapshot}", f"--file={file}"]
        _client("pg_dump", connection, *options)
        yield _copy(connection, file)


def _copy_sqlite(engine: Engine, file: Path) -> None:
    """SQLite's online backup; what was erased and lingers in unused pages does not come along."""
    with engine.connect() as connection, closing(sqlite3.connect(file)) as target:
        source: Any = connection.connection.driver_connection
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        target.execute("VACUUM")


def _copy(connection: Connection, file: Path) -> Copy:
    query: Any = select(column("version_num")).select_from(table("alembic_version"))
    return Copy(file, str(connection.scalar(query)), counts(connection), connection)


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table holds."""
    return {
        name: int(connection.scalar(select(func.count()).select_from(table(name))) or 0)
        for name in sorted(inspect(connection).get_table_names())
        if not partitions.is_part(name)
    }


def empty(engine: Engine) -> bool:
    """Whether nothing is there yet: no file of SQLite, no table in a database of PostgreSQL."""
    if engine.dialect.name == "sqlite":
        place = engine.url.database or ""
        return not any(Path(f"{place}{end}").exists() for end in ("", "-wal", "-shm"))
    return not inspect(engine).get_table_names()


def put_back(engine: Engine, file: Path) -> None:
    """Fill an empty database from a copy of its kind, whole or not at all; `file` may be moved."""
    if engine.dialect.name == "sqlite":
        place = Path(engine.url.database or "")
        draft = place.with_name(f"{place.name}.restoring")
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            shutil.move(file, draft)
            draft.chmod(0o600)
            with draft.open("rb") as stream:
                os.fsync(stream.fileno())
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
        return
    with engine.connect() as connection:
        _client("pg_restore", connection, "--exit-on-error", "--single-transaction", str(file))


def _client(program: str, connection: Connection, *arguments: str) -> None:
    """Run a program of PostgreSQL on the server of a connection; the password is no argument."""
    from psycopg.conninfo import make_conninfo

    driver: Any = connection.connection.driver_connection
    info = driver.info
    path = _program(program, info.server_version // 10_000)
    here = {"host": info.host, "port": info.port, "user": info.user, "dbname": info.dbname}
    asked = connection.engine.url.query.items()
    more = {name: str(value) for name, value in asked if name not in _CHOOSING}
    address = make_conninfo(**more, **here)
    command = [path, f"--dbname={address}", "--no-owner", "--no-privileges", "--no-password"]
    environment = {**os.environ, "PGPASSWORD": info.password, "LC_ALL": "C"}
    done = subprocess.run(  # noqa: S603 - a program by its whole path, no shell
        [*command, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise EngineError("client_failed", program=program, reason=lines[0] if lines else "-")


def _program(name: str, needed: int) -> str:
    """Where a program is; one older than the server does not know all that the server keeps."""
    path = shutil.which(name)
    if path is None:
        raise EngineError("client_missing", program=name, needed=needed, found="-")
    told = subprocess.run(  # noqa: S603 - the same
        [path, "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"(\d+)(\.\d+)?", told)
    if found is None or int(found[1]) < needed:
        version = found[0] if found else "-"
        raise EngineError("client_missing", program=name, needed=needed, found=version)
    return path

"""Opening a database: SQLite as a file that survives a power cut, PostgreSQL by its address."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

# SQLSTATEs of PostgreSQL that mean "somebody else was faster": serialization failure, deadlock,
# lock not available, and a server that is shutting down or failing over mid-command.
_LOST = {"40001", "40P01", "55P03"}
_WRITING = "mouqataa_writing"
# secure_delete: what is erased is overwritten in the file, not only unlinked.  A copy can stay in
# the unused part of a page that was once split: whoever erases ends with VACUUM and a checkpoint.
_PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000",
    "secure_delete=ON",
)  # fmt: skip

# What other floors call what `connect` gives.
Database = Engine


def connect(url: str, pool: int = 5) -> Engine:
    """An SQLAlchemy engine for `url`, with the promises of the house switched on.

    SQLite: WAL and synchronous=FULL (a committed command survives a power cut), foreign keys on,
    and commands begin IMMEDIATE so that two of them never discover each other half way.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, pool_size=pool, connect_args={"timeout": 30})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(address.set(drivername="postgresql+psycopg"), pool_size=pool)


def writing(connection: Connection) -> Connection:
    """Mark a connection as one that a command will write on."""
    return connection.execution_options(**{_WRITING: True})


def steady(connection: Connection) -> Connection:
    """Make a connection's transaction see one moment of the database to its end, and write nothing.

    SQLite's plain transactions do so; PostgreSQL's must be asked to.
    """
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return connection


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event below says BEGIN itself
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def lost_race(error: DBAPIError) -> bool:
    """Whether the database refused because someone else was faster: worth another attempt."""
    if isinstance(error, IntegrityError):
        # Two commands with one idempotency key, or the same number taken: the second looks again.
        return True
    state = getattr(error.orig, "sqlstate", None)
    return state in _LOST or "database is locked" in str(error.orig)


def disk_full(error: DBAPIError) -> bool:
    """Whether the database could not write for want of room."""
    text = str(error.orig)
    return (
        isinstance(error, OperationalError)
        and ("disk is full" in text or "readonly database" in text or "disk I/O error" in text)
    ) or getattr(error.orig, "sqlstate", None) == "53100"

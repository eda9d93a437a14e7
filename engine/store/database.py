"""Opening a database: SQLite as a file that survives a power cut, PostgreSQL by its address."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from engine.settings import Settings
from engine.store import addresses, faults

_WRITING, _STEADY = "mouqataa_writing", "mouqataa_steady"
_BUSY_SECONDS = 30
# SQLite keeps no queue: who waits for the one writer asks again, after 100 ms in the end, and comes
# too late each time where others write without a pause. So it is asked anew after so few ms.
_ASK_AGAIN_MS = 20
# secure_delete: what is erased is overwritten in the file, not only unlinked.  A copy can stay in
# the unused part of a page that was once split: whoever erases ends with VACUUM and a checkpoint.
_PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
    f"busy_timeout={_BUSY_SECONDS * 1000}",
    "secure_delete=ON",
)  # fmt: skip

# What other floors call what `connect` gives.
Database = Engine


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections to PostgreSQL there may be, and how long, in seconds, each thing lasts.

    0: no limit. The defaults are for work that nobody waits for: upgrades, backups.
    """

    pool: int = 5
    overflow: int = 5
    pool_wait: int = 10
    connect: int = 5
    silence: int = 30
    statement: int = 0
    lock: int = 0
    idle: int = 0

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Those of the settings, for commands and questions."""
        return cls(
            settings.database_pool, settings.database_overflow, settings.database_pool_seconds,
            settings.database_connect_seconds, settings.database_silence_seconds,
            settings.database_statement_seconds, settings.database_lock_seconds,
            settings.database_idle_seconds,
        )  # fmt: skip


PATIENT = Limits()


def connect(url: str, limits: Limits = PATIENT, choice: str = addresses.WRITABLE) -> Engine:
    """An SQLAlchemy engine for `url`, with the promises of the house switched on.

    SQLite: WAL and synchronous=FULL (a committed command survives a power cut), foreign keys on,
    and commands begin IMMEDIATE so that two of them never discover each other half way.
    PostgreSQL: a connection that broke takes those older than it along, and each has its limits.
    """
    address = addresses.parsed(url, choice)
    if address.get_backend_name() == "sqlite":
        waits = {"timeout": _BUSY_SECONDS}
        engine = create_engine(address, pool_size=limits.pool, connect_args=waits)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        address, pool_size=limits.pool, max_overflow=limits.overflow,
        pool_timeout=limits.pool_wait, connect_args=arguments(address, limits),
    )  # fmt: skip
    event.listen(engine, "connect", faults.listen)
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "handle_error", faults.moved)
    return engine


def arguments(address: URL, limits: Limits) -> dict[str, Any]:
    """What the driver is told besides the address, which has the last word."""
    silence = limits.silence
    ours: dict[str, Any] = {
        "connect_timeout": limits.connect, "fallback_application_name": "mouqataa",
        # Half of the silence passes before the first question whether the other side is there.
        "keepalives_idle": max(silence // 2, 1), "keepalives_interval": max(silence // 6, 1),
        "keepalives_count": 3, "tcp_user_timeout": silence * 1000,
    }  # fmt: skip
    said = {
        "statement_timeout": limits.statement, "lock_timeout": limits.lock,
        "idle_in_transaction_session_timeout": limits.idle,
    }  # fmt: skip
    options = [f"-c {name}={seconds}s" for name, seconds in said.items() if seconds]
    options += [str(address.query["options"])] if "options" in address.query else []
    left = {name: value for name, value in ours.items() if name not in address.query}
    return left | ({"options": " ".join(options)} if options else {})


def writing(connection: Connection) -> Connection:
    """Mark a connection as one that a command will write on."""
    return connection.execution_options(**{_WRITING: True})


def steady(connection: Connection) -> Connection:
    """Make a connection's transaction see one moment of the database to its end, and write nothing.

    SQLite's plain transactions do so; PostgreSQL's must be asked to, each anew: a connection that
    kept it would ask to write ever after, even of a server that lets nobody.
    """
    return connection.execution_options(**{_STEADY: True})


def patient(connection: Connection, seconds: int) -> None:
    """Give each statement of this transaction so long; SQLite has no such limit."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{seconds}s'")


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event below says BEGIN itself
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get(_WRITING):
        connection.exec_driver_sql("BEGIN")
        return
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA busy_timeout={_ASK_AGAIN_MS}")
    try:
        _begin_writing(connection, monotonic() + _BUSY_SECONDS)
    finally:
        with suppress(sqlite3.ProgrammingError):  # what failed has closed it
            raw.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")


def _begin_writing(connection: Connection, end: float) -> None:
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as error:
            code = getattr(error.orig, "sqlite_errorcode", None)
            if code != sqlite3.SQLITE_BUSY or monotonic() > end:
                raise


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(_STEADY):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

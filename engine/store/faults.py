"""What a fault of the database means for a command: try again, say so, or not know.

Until its commit a command has written nothing, so whatever broke before may be tried again, on
another connection or another server. A commit whose answer never came may have been done: only a
command with a key is repeated then, for the kept answer tells.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from sqlalchemy import Connection, ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from engine.errors import EngineError

# SQLSTATEs that mean "somebody else was faster": serialization failure, deadlock, lock not had.
_LOST = {"40001", "40P01", "55P03"}
# … "not this server, not now": shut down, crashed, starting, no room for us; and a server that has
# become a standby. Classes 08 (connection) are told by the driver too.
_MOVED = {"57P01", "57P02", "57P03", "25006", "53300"}
_CUT, _FULL, _READ_ONLY = "57014", "53100", "25006"
# What PostgreSQL warns of when it stops waiting for its standby: the commit is done here alone.
_ALONE = {"01000", "57P01"}
_UNSURE = "mouqataa_unsure"
ATTEMPTS = 5
_LONGEST_PAUSE = 1.0  # seconds


class Uncertain(Exception):
    """A commit that may have been done, or may be lost again: nobody knows."""


# What an attempt may end with, and `Tries.again` understands.
FAULTS = (DBAPIError, NoConnection, Uncertain)


class Tries:
    """The attempts of one command or question.

    A lost race is tried five times; a lost connection for so many seconds from the first time.
    `repeatable`: whether a repetition after a commit of unknown outcome does nothing twice.
    """

    def __init__(self, seconds: float, *, repeatable: bool) -> None:
        self._seconds, self._repeatable = seconds, repeatable
        self._races = self._breaks = 0
        self._until: float | None = None
        self._unsure = False

    def again(self, fault: Exception) -> None:
        """Return when it is time for another attempt; raises what is to be said where it is not."""
        if isinstance(fault, Uncertain):
            self._unsure = True
            if not self._repeatable:
                raise EngineError("outcome_unknown") from fault
            self._wait(fault)
        elif isinstance(fault, DBAPIError) and lost_race(fault):
            self._races += 1
            if self._races == ATTEMPTS:
                self._end(fault, EngineError("busy"))
        elif isinstance(fault, DBAPIError) and gone(fault):
            self._wait(fault)
        else:
            self._end(fault, _told(fault))

    def _wait(self, fault: Exception) -> None:
        """The first attempt on a new connection is made at once, those after it with pauses."""
        now = time.monotonic()
        self._until = now + self._seconds if self._until is None else self._until
        pause = min(0.05 * 2**self._breaks, _LONGEST_PAUSE) if self._breaks else 0.0
        if now + pause >= self._until:
            self._end(fault, _told(fault))
        self._breaks += 1
        time.sleep(pause)

    def _end(self, fault: Exception, error: Exception) -> NoReturn:
        if self._unsure:
            error = EngineError("outcome_unknown")
        if error is fault:
            raise fault
        raise error from fault


def _told(fault: Exception) -> Exception:
    """A fault in the words of the house; one that is a bug stays what it is."""
    if isinstance(fault, NoConnection):
        return EngineError("overloaded")
    if not isinstance(fault, DBAPIError):
        return EngineError("outcome_unknown")
    if disk_full(fault):
        return EngineError("disk_full", reason=str(fault.orig))
    if read_only(fault):
        return EngineError("database_read_only", reason=str(fault.orig).strip())
    if _state(fault) == _CUT:
        return EngineError("too_slow")
    if gone(fault):
        return unreachable(fault)
    return fault


def unreachable(error: DBAPIError) -> EngineError:
    """That nobody answers. What SQLite says of a file is told; PostgreSQL may quote an address."""
    server = hasattr(error.orig, "sqlstate")
    reason = type(error.orig).__name__ if server else str(error.orig)
    return EngineError("database_unreachable", reason=reason)


@contextmanager
def committing(connection: Connection) -> Iterator[Callable[[], None]]:
    """Around a transaction; it calls what it is given when nothing but its commit is left to do.

    Raises Uncertain where the answer to that was lost, or where the standby has not got it.
    """
    reached: list[bool] = []
    connection.info.pop(_UNSURE, None)
    try:
        yield lambda: reached.append(True)
    except DBAPIError as error:
        if reached and gone(error):
            raise Uncertain from error
        raise
    if reached and connection.info.pop(_UNSURE, False):
        raise Uncertain


def confirm(connection: Connection) -> None:
    """Make the commit of a transaction that only read wait for the standby, where there is one:
    what it read may have been committed on this server alone."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_logical_emit_message(true, 'mouqataa', '')")


def listen(connection: Any, record: Any) -> None:
    """Hear, on a new connection to PostgreSQL, that a commit did not wait for the standby."""

    def heard(notice: Any) -> None:
        if notice.severity_nonlocalized == "WARNING" and notice.sqlstate in _ALONE:
            record.info[_UNSURE] = True

    connection.add_notice_handler(heard)


def moved(context: ExceptionContext) -> None:
    """A server that cannot serve us any more: its other connections are of no use either."""
    if getattr(context.original_exception, "sqlstate", None) in _MOVED:
        context.is_disconnect = True


def _state(error: DBAPIError) -> str | None:
    found: str | None = getattr(error.orig, "sqlstate", None)
    return found


def gone(error: DBAPIError) -> bool:
    """Whether the connection, or the server behind it, is lost: nothing more was written."""
    state = _state(error)
    if error.connection_invalidated or state in _MOVED or (state or "").startswith("08"):
        return True
    if "unable to open database file" in str(error.orig):
        return True
    # PostgreSQL's driver has no SQLSTATE for a connection that could not be made.
    return isinstance(error, OperationalError) and state is None and hasattr(error.orig, "sqlstate")


def passing(fault: Exception) -> bool:
    """Whether another server, or this one later, may do what this one did not."""
    if isinstance(fault, DBAPIError):
        return gone(fault) or lost_race(fault)
    return isinstance(fault, NoConnection)


def lost_race(error: DBAPIError) -> bool:
    """Whether the database refused because someone else was faster: worth another attempt."""
    if isinstance(error, IntegrityError):
        # Two commands with one idempotency key, or the same number taken: the second looks again.
        return True
    return _state(error) in _LOST or "database is locked" in str(error.orig)


def disk_full(error: DBAPIError) -> bool:
    """Whether the database could not write for want of room."""
    text = str(error.orig)
    full = "disk is full" in text or "disk I/O error" in text
    return (isinstance(error, OperationalError) and full) or _state(error) == _FULL


def read_only(error: DBAPIError) -> bool:
    """Whether the database lets nobody write: a standby, a disk or a file that is read-only."""
    return "readonly database" in str(error.orig) or _state(error) == _READ_ONLY

"""Asking a copy of PostgreSQL what may be a little old.

How far behind a copy is cannot be told from its own clock: one that was cut off from its primary
believes itself up to date. So the primary is asked from time to time how far its log has come, and
the copy answers only where it has replayed a log position that the primary had reached within the
limit, and after the last command of whoever asks. The check is one row, in the question's own
transaction; where it fails, the primary is asked as if there were no copy.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from engine.settings import Settings
from engine.store import addresses, faults
from engine.store.database import Database, Limits, connect

# A copy that could not be reached is left alone for so many seconds.
_REST = 5.0
# The primary is asked this many times within the limit, where questions come often enough.
_MARKS = 5
_POSITION = text("SELECT pg_current_wal_lsn()")
_REACHED = text(
    "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= CAST(:needed AS pg_lsn)"
)


class Behind(Exception):
    """The copy is too old, or away: the primary must be asked."""


class Replica:
    """A copy, and what is known of its primary. Threads may share it."""

    def __init__(self, settings: Settings, primary: Database) -> None:
        url, limits = settings.database_replica, Limits.of(settings)
        self._copy = connect(url, limits, addresses.STANDBY)
        self._primary, self._seconds = primary, float(settings.database_replica_seconds)
        # When the primary's log had come how far; when each actor last changed something.
        self._marks: deque[tuple[float, str]] = deque(maxlen=4 * _MARKS)
        self._wrote: dict[str, float] = {}
        self._down = 0.0

    def wrote(self, actor: str) -> None:
        """Whoever changed something sees it from now on."""
        self._wrote[actor] = time.monotonic()

    @contextmanager
    def reading(self, actor: str) -> Iterator[Connection]:
        """A connection to the copy, in a transaction that is new enough; raises Behind."""
        if time.monotonic() < self._down:
            raise Behind
        needed = self._needed(actor)
        try:
            with self._copy.connect() as connection:
                if not connection.execute(_REACHED, {"needed": needed}).scalar():
                    raise Behind
                yield connection
        except faults.FAULTS as fault:
            if faults.passing(fault):
                self._down = time.monotonic() + _REST
                raise Behind from fault
            raise

    def _needed(self, actor: str) -> str:
        """The earliest position that is late enough for the limit and for this actor."""
        now = time.monotonic()
        marks = list(self._marks)
        if not marks or now - marks[-1][0] > self._seconds / _MARKS:
            marks.append(self._mark())
        since = max(now - self._seconds, self._wrote.get(actor, 0.0))
        late = [position for at, position in marks if at > since]
        return late[0] if late else self._mark()[1]

    def _mark(self) -> tuple[float, str]:
        asked = time.monotonic()
        with self._primary.connect() as connection:
            mark = asked, str(connection.execute(_POSITION).scalar_one())
        self._marks.append(mark)
        return mark

    def close(self) -> None:
        """Give the connections back."""
        self._copy.dispose()

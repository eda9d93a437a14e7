"""Waking a worker: PostgreSQL rings when a command that wrote due work commits.

It is a hint and no more: a ring that is missed (a connection that broke, work that falls due by the
clock) costs the time until the next look. SQLite never rings.
"""

import time
from contextlib import suppress
from typing import Any

from engine.store import addresses
from engine.store.database import PATIENT, Limits, arguments
from engine.store.store import WORK


class Bell:
    """Listens on a connection of its own."""

    def __init__(self, url: str, limits: Limits = PATIENT) -> None:
        self._url, self._limits = addresses.parsed(url), limits
        self._connection: Any = None

    def wait(self, seconds: float) -> bool:
        """Wait until it rings, so many seconds at most; whether it rang."""
        if self._url.get_backend_name() == "sqlite":
            time.sleep(seconds)
            return False
        import psycopg

        begun = time.monotonic()
        try:
            return any(True for _ in self._listening().notifies(timeout=seconds, stop_after=1))
        except psycopg.Error:
            self.close()
            time.sleep(max(seconds - (time.monotonic() - begun), 0))
            return False

    def _listening(self) -> Any:
        if self._connection is None:
            import psycopg

            ours = addresses.arguments(self._url) | arguments(self._url, self._limits)
            self._connection = psycopg.connect(**ours, autocommit=True)
            self._connection.execute(f"LISTEN {WORK}")
        return self._connection

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
            self._connection = None

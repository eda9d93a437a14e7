"""How far long work has come: on the error stream of a terminal only, and only after a while."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

PATIENCE = 2.0  # seconds before anything is shown
_EVERY = 0.2


class Progress:
    """A line that is rewritten: what is done, count, and the time that is left."""

    def __init__(
        self,
        label: str,
        total: int | None = None,
        *,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._label, self._total, self._clock = label, total, clock
        self._stream = stream or sys.stderr
        self._begun = self._shown = clock()
        self._visible = False

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._visible:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def advance(self, done: int, total: int | None = None) -> None:
        """Say that `done` of `total` are done; costs nothing where nobody looks."""
        self._total = total or self._total
        now = self._clock()
        if not self._stream.isatty() or now - self._begun < PATIENCE or now - self._shown < _EVERY:
            return
        self._shown, self._visible = now, True
        told = f"{self._label} {done}"
        if self._total and done:
            left = (now - self._begun) / done * max(self._total - done, 0)
            told += f"/{self._total}  {left // 60:.0f}:{left % 60:02.0f}"
        self._stream.write(f"\r\x1b[K{told}")
        self._stream.flush()

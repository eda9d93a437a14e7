"""Clients that begin cases and complete their tasks, each command with a key, while the world
fails them: what could not be answered is sent again with the same key until it is."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from engine.commands import cases, checks, tasks
from engine.engine import Engine
from engine.errors import EngineError, Kind
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM
from tests.engine.test_engine import APPLICATION, SIGNED, rows
from tests.reliability.invariants import broken

PATIENCE = 90.0  # seconds until a client must have been answered


@dataclass
class Load:
    """What clients sent, what they were answered, and what they were told meanwhile.

    `slowest` is the longest that a command took, in seconds, answered or refused.
    """

    engine: Engine
    sent: list[str] = field(default_factory=list)
    done: list[tuple[str, int]] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    stop: Event = field(default_factory=Event)

    def client(self, name: str) -> None:
        """Work until stopped; what was begun is answered first."""
        number = 0
        try:
            while not self.stop.is_set():
                number += 1
                key = f"{name}-{number}"
                self.sent.append(key)
                begun = self._answered(key, cases.start, "attestation", APPLICATION, "MAR")
                self._answered(f"{key}-done", tasks.complete, begun.tasks[0], SIGNED)
                self.done.append((begun.reference, begun.tasks[0]))
        except Exception as error:  # noqa: BLE001 (told by the test, which a thread cannot fail)
            self.wrong.append(f"{name}: {error!r} {getattr(error, 'code', '')}")

    def _answered(self, key: str, command: Callable[..., Any], *args: Any) -> Any:
        by, end = By("nadia", key=key, channel="test"), time.monotonic() + PATIENCE
        while True:
            begun = time.monotonic()
            try:
                return self.engine.run(by, command, *args)
            except EngineError as error:
                if error.kind is not Kind.UNAVAILABLE or time.monotonic() > end:
                    raise
                self.told[error.code] += 1
                time.sleep(0.05)
            finally:
                self.slowest = max(self.slowest, time.monotonic() - begun)

    def check(self) -> None:
        """Nothing that was acknowledged is lost, nothing was done twice, the house is whole."""
        assert self.wrong == []
        found = {row.reference for row in rows(self.engine, t.case)}
        closed = {row.id for row in rows(self.engine, t.task) if row.status == "completed"}
        assert {reference for reference, _ in self.done} == found
        assert {task for _, task in self.done} == closed
        assert len(self.done) == len(found) == len(self.sent)
        entries = [row.case_id for row in rows(self.engine, t.register_entry)]
        assert len(entries) == len(set(entries)) == len(found)
        assert self.engine.survey(SYSTEM, checks.house, checks.Depth()).violations == ()
        assert broken(self.engine) == []


@contextmanager
def loaded(engine: Engine, clients: int = 8) -> Iterator[Load]:
    """Clients at work for the length of a block; at its end each has its last answer."""
    load = Load(engine)
    threads = [Thread(target=load.client, args=(f"c{number}",)) for number in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stop.set()
        for thread in threads:
            thread.join()


def reached(load: Load, more: int, seconds: float = PATIENCE) -> None:
    """Wait until so many cases more are done."""
    wanted, end = len(load.done) + more, time.monotonic() + seconds
    while len(load.done) < wanted:
        assert not load.wrong, load.wrong
        assert time.monotonic() < end, f"only {len(load.done)} of {wanted}: {load.told}"
        time.sleep(0.05)

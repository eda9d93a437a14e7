"""Several workers, each a process with an engine of its own, and the parent that watches them.

A worker that died is started again, after a pause that doubles while it keeps dying. Asked to stop,
the parent asks its workers, and each ends after the job in hand. A worker whose parent is gone ends
in the same way. Each worker tells what it did through a pipe of its own: one that is killed in the
middle of a word spoils nobody else's.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from engine.engine import Engine
from engine.settings import Settings
from engine.work.serving import NOTHING, How, serve
from engine.work.worker import Done, said

_LONGEST_PAUSE = 30.0  # seconds
# One that lived so long has not died of its beginning.
_SOUND = 60.0
# With `once` nobody waits for ever: a worker is started again so often.
_TRIES = 3
_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Died:
    """A worker that ended unasked: which, how, why as far as it could say, and when it is back.

    `pause` is in seconds; None where it is not started again.
    """

    worker: int
    status: int
    reason: str
    pause: float | None


@dataclass(frozen=True, slots=True)
class Troubled:
    """Why a worker rests: the database cannot be reached or written."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Running:
    """A process at work, the pipe it speaks through, when it began."""

    process: BaseProcess
    pipe: Connection
    begun: float


@dataclass(slots=True)
class _Worker:
    """A place in the pool and the process that fills it; `again` is when the next one begins."""

    number: int
    running: _Running | None = None
    deaths: int = 0
    again: float = 0.0
    over: bool = False
    reason: str = ""


@dataclass(slots=True)
class Pool:
    """The parent: `told` hears what workers did, `died` of those that ended unasked, `troubled` why
    one rests."""

    settings: Settings
    processes: int
    how: How
    stop: threading.Event
    told: Callable[[int, Done], None]
    died: Callable[[Died], None]
    troubled: Callable[[int, Troubled], None]
    done: Done = NOTHING
    _workers: list[_Worker] = field(default_factory=list)

    def run(self) -> bool:
        """Watch until all have ended; False where one could not be kept up."""
        self._workers = [_Worker(number) for number in range(1, self.processes + 1)]
        asked = False
        while not all(worker.over for worker in self._workers):
            if self.stop.is_set() and not asked:
                asked = True
                self._ask()
            for worker in self._workers:
                if worker.running is None and not worker.over and time.monotonic() >= worker.again:
                    self._start(worker)
            self._listen()
        return all(worker.deaths < _TRIES for worker in self._workers) or not self.how.once

    def _start(self, worker: _Worker) -> None:
        if self.stop.is_set():
            worker.over = True
            return
        ours, theirs = _CONTEXT.Pipe(duplex=False)
        how = replace(self.how, tidies=self.how.tidies and worker.number == 1)
        process = _CONTEXT.Process(
            target=_child, args=(self.settings, how, theirs), name=f"worker-{worker.number}"
        )
        process.start()
        theirs.close()
        worker.running = _Running(process, ours, time.monotonic())

    def _ask(self) -> None:
        """Ask every worker to end after its job."""
        for worker in self._workers:
            if worker.running is None:
                worker.over = True
            else:
                worker.running.process.terminate()

    def _listen(self) -> None:
        """Hear the workers for a moment; look after those that ended."""
        found: dict[Any, tuple[_Worker, _Running]] = {
            w.running.pipe: (w, w.running) for w in self._workers if w.running is not None
        }
        if not found:
            self.stop.wait(0.2)
            return
        for pipe in set(wait(list(found), timeout=0.2)) & found.keys():
            worker, running = found[pipe]
            try:
                self._hear(worker, running.pipe.recv())
            except (EOFError, OSError):
                self._ended(worker, running)

    def _hear(self, worker: _Worker, word: Any) -> None:
        if isinstance(word, Done):
            self.done += word
            self.told(worker.number, word)
        elif isinstance(word, Troubled):
            self.troubled(worker.number, word)
        else:
            worker.reason = str(word)

    def _ended(self, worker: _Worker, running: _Running) -> None:
        running.process.join()
        running.pipe.close()
        status, worker.running = running.process.exitcode or 0, None
        if self.stop.is_set() or (self.how.once and status == 0):
            worker.over = True
            return
        sound = time.monotonic() - running.begun > _SOUND
        worker.deaths = 1 if sound else worker.deaths + 1
        pause: float | None = min(0.5 * 2**worker.deaths, _LONGEST_PAUSE)
        if self.how.once and worker.deaths >= _TRIES:
            worker.over, pause = True, None
        worker.again = time.monotonic() + (pause or 0)
        self.died(Died(worker.number, status, worker.reason, pause))
        worker.reason = ""


def end_at_once() -> None:
    """Kill every worker of this process; what they held is taken again after its lease."""
    for child in multiprocessing.active_children():
        child.kill()


def _child(settings: Settings, how: How, pipe: Connection) -> None:
    """A worker's process. The terminal's interrupt is the parent's to hear."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_with_parent, args=(stop,), daemon=True).start()
    try:
        engine = Engine(settings)
        serve(
            engine, how, stop, lambda done: _send(pipe, done),
            troubled=lambda error: _send(pipe, Troubled(said(error))),
        )  # fmt: skip
        engine.close()
    except Exception as error:  # noqa: BLE001 (the parent says it; a trace could quote a value)
        _send(pipe, said(error))
        pipe.close()
        os._exit(1)


def _with_parent(stop: threading.Event) -> None:
    """End when the parent is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        stop.set()


def _send(pipe: Connection, word: Any) -> None:
    """Say something to the parent, if it is still there."""
    try:
        pipe.send(word)
    except OSError:
        return

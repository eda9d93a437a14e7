"""Moving histories into files: each file lasts before the transaction that deletes its events."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from engine.commands import histories
from engine.commands.jobs import Job
from engine.engine import Engine
from engine.errors import EngineError
from engine.history import archives
from engine.transaction import By
from engine.work.files import lasting, write

_SYSTEM = By("system", channel="retention")
SLICE = 100


@dataclass(frozen=True, slots=True)
class Moved:
    """How many histories went into files, and how many events left the database."""

    cases: int
    events: int

    def __add__(self, more: "Moved") -> "Moved":
        return Moved(self.cases + more.cases, self.events + more.events)


def work(engine: Engine, job: Job) -> None:
    """One slice; other work goes between it and the next."""
    after, _ = _slice(engine, job.payload["after"])
    engine.run(_SYSTEM, histories.advanced, job.id, job.lease, after)


def retain(engine: Engine, told: Callable[[Moved], None] = lambda _: None) -> Moved:
    """All that is due now, slice by slice."""
    whole, after = Moved(0, 0), 0
    while engine.read(_SYSTEM, histories.next_cases, after, 1):
        after, moved = _slice(engine, after)
        whole += moved
        told(whole)
    return whole


def tidy(engine: Engine) -> None:
    """Give the worker what is due; remove files that nothing names, and parts without events."""
    engine.run(_SYSTEM, histories.tidy)
    engine.run(_SYSTEM, histories.plan)
    for part in engine.read(_SYSTEM, histories.emptied):
        try:
            engine.run(_SYSTEM, histories.drop, part)
        except EngineError as error:
            if error.code != "busy":  # somebody reads histories; the next round comes
                raise


def _slice(engine: Engine, after: int) -> tuple[int, Moved]:
    """Move some cases; the last of them, and what was done."""
    cases = engine.read(_SYSTEM, histories.next_cases, after, SLICE)
    folder, made = engine.settings.files / archives.FOLDER, []
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for case in cases:
        found = engine.read(_SYSTEM, histories.material, case)
        if found is not None:
            write(folder / archives.name(found.reference, found.seq), found.content, 0o600)
            made.append((case, found.seq, sha256(found.content).digest()))
    lasting(folder)
    moved = Moved(0, 0)
    for case, seq, digest in made:
        moved += _noted(engine, case, seq, digest)
    return (cases[-1] if cases else after), moved


def _noted(engine: Engine, case: int, seq: int, digest: bytes) -> Moved:
    try:
        return Moved(1, engine.run(_SYSTEM, histories.archived, case, seq, digest).events)
    except EngineError as error:
        if error.code != "busy":  # somebody changed it meanwhile: another day
            raise
        return Moved(0, 0)

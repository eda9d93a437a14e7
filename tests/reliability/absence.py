"""What processes of their own do for the test of a long absence: begin cases, and catch up."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import event

from engine.commands import cases, jobs
from engine.engine import Engine
from engine.settings import Settings
from engine.transaction import By
from engine.work.worker import work
from tests.engine.commands.house import APPLICATION
from tests.runtime.models import START, duration, ends, flows, node, user

BEGUN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ABSENT = timedelta(days=40)
WAITS = ("PT6H", "P1D", "P3D", "P10D")
AFTER = tuple(timedelta(hours=hours) for hours in (6, 24, 72, 240))
_TIMERS = tuple(
    node("intermediateCatchEvent", f"T{n}", duration(wait)) for n, wait in enumerate(WAITS)
)
# Four timers at once, then a task.
PARTS = (
    START, node("parallelGateway", "P"), *_TIMERS, node("parallelGateway", "Q"), user("A"),
    ends("E"), flows("S > P", "Q > A > E", *(f"P > T{n} > Q" for n in range(len(WAITS)))),
)  # fmt: skip


def begin(settings: Settings, first: int, every: int, count: int) -> int:
    """Begin the cases of one process, by the one way in, spread over the first twenty days.

    They are not made to last one by one: a power cut is not what is tried here.
    """
    moment = [BEGUN]
    engine = Engine(settings, lambda: moment[0])
    if engine._database.dialect.name == "sqlite":
        event.listen(engine._database, "connect", lambda c, _: c.execute("PRAGMA synchronous=OFF"))
        engine._database.dispose()
    for number in range(first, count, every):
        moment[0] = BEGUN + number * timedelta(days=20) / count
        engine.run(By("nadia", channel="test"), cases.start, "essai", APPLICATION, "MAR")
    engine.close()
    return len(range(first, count, every))


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """The jobs that a worker did, in its order, and how many seconds it took."""

    fired: list[int]
    seconds: float


class Watching(Engine):
    """An engine that notes which timers were fired."""

    def run(self, by, command, *args, **kwargs):  # type: ignore[no-untyped-def, override]
        """The same, noted once it is done."""
        done = super().run(by, command, *args, **kwargs)
        if command is jobs.fire:
            self.__dict__.setdefault("fired", []).append(args[0])
        return done


def catch_up(settings: Settings) -> CaughtUp:
    """Do all that fell due during the absence."""
    engine, begun = Watching(settings, lambda: BEGUN + ABSENT), time.monotonic()
    work(engine, limit=10_000_000)
    found = CaughtUp(engine.__dict__.get("fired", []), time.monotonic() - begun)
    engine.close()
    return found

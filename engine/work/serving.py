"""One worker at work: rounds of what is due, and between them a wait that new work ends."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from engine.engine import Engine
from engine.store.waking import Bell
from engine.work.worker import Done, spread, tidy, work

_TIDY_EVERY = 3600.0  # seconds
_SPREAD_EVERY = 2.0
# A wait is cut into pieces of this many seconds, so that a stop need not wait for its end.
_PIECE = 0.25
NOTHING = Done(0, 0, 0)


@dataclass(frozen=True, slots=True)
class How:
    """How a worker works: which kinds (none named: every one), once or on, seconds between looks.

    `tidies`: whether it throws away what has had its time; one worker of a pool does.
    """

    kinds: tuple[str, ...] = ()
    once: bool = False
    idle: float = 2.0
    tidies: bool = True


def serve(
    engine: Engine, how: How, stop: Event, told: Callable[[Done], None],
    advanced: Callable[[Done], None] = lambda _: None,
) -> Done:  # fmt: skip
    """Work until asked to stop, or with `once` until nothing is due; what was done in all.

    `told` hears of each round in which something was done, `advanced` of each job.
    """
    whole, following = NOTHING, time.monotonic()
    bell = Bell(engine.settings.database)
    try:
        while not stop.is_set():
            done = _round(engine, how, stop, advanced)
            whole += done
            if done != NOTHING:
                told(done)
            if how.tidies and time.monotonic() >= following:
                tidy(engine)
                following = time.monotonic() + _TIDY_EVERY
            if how.once:
                break
            _wait(bell, how.idle, stop)
    finally:
        bell.close()
    return whole


def _round(engine: Engine, how: How, stop: Event, advanced: Callable[[Done], None]) -> Done:
    """All that is due, job by job, so that a stop waits for one job and not for all."""
    whole, following = NOTHING, time.monotonic()
    tells = not how.kinds or "notice.send" in how.kinds
    while not stop.is_set():
        if tells and time.monotonic() >= following:
            spread(engine)
            following = time.monotonic() + _SPREAD_EVERY
        done = work(engine, limit=1, kinds=how.kinds, stopped=stop.is_set)
        if done == NOTHING:
            if tells and spread(engine):  # of what these jobs did
                continue
            break
        whole += done
        advanced(whole)
    return whole


def _wait(bell: Bell, seconds: float, stop: Event) -> None:
    until = time.monotonic() + seconds
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        if bell.wait(min(left, _PIECE)):
            return

"""One worker at work: rounds of what is due, and between them a wait that new work ends."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from engine.engine import Engine
from engine.errors import EngineError, Kind
from engine.store.database import Limits
from engine.store.waking import Bell
from engine.work.worker import Done, spread, tidy, work

_TIDY_EVERY = 3600.0  # seconds
# A wait is cut into pieces of this many seconds, so that a stop need not wait for its end.
_PIECE = 0.25
_LONGEST_PAUSE = 30.0  # seconds
# So many jobs are done before it is looked again whom what happened concerns.
_PART = 25
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

    @property
    def tells(self) -> bool:
        """Whether it sees to it that people are told of what happened."""
        return not self.kinds or "notice.send" in self.kinds


def serve(
    engine: Engine, how: How, stop: Event, told: Callable[[Done], None],
    advanced: Callable[[Done], None] = lambda _: None,
    troubled: Callable[[EngineError], None] = lambda _: None,
) -> Done:  # fmt: skip
    """Work until asked to stop, or with `once` until nothing is due; what was done in all.

    `told` hears of each round in which something was done, `advanced` of each job, `troubled` of a
    database that cannot be reached or written: without `once`, the work goes on when it can.
    """
    whole, following, pause = NOTHING, time.monotonic(), how.idle
    bell = Bell(engine.settings.database, Limits.of(engine.settings))
    try:
        while not stop.is_set():
            tidies = how.tidies and time.monotonic() >= following
            done, trouble = _round(engine, how, stop, advanced, tidies=tidies)
            whole += done
            if done != NOTHING:
                told(done)
            if trouble is not None and how.once:
                raise trouble
            if how.once:
                break
            if trouble is not None:
                troubled(trouble)
                stop.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            pause = how.idle
            following = time.monotonic() + _TIDY_EVERY if tidies else following
            _wait(bell, how.idle, stop)
    finally:
        bell.close()
    return whole


def _round(
    engine: Engine, how: How, stop: Event, advanced: Callable[[Done], None], *, tidies: bool
) -> tuple[Done, EngineError | None]:
    """All that is due, job by job, so that a stop waits for one job and not for all; what was done,
    and why no more could be, where the database cannot be reached or written."""
    whole, part = NOTHING, NOTHING

    def counted(done: Done) -> None:
        nonlocal part
        part = done
        advanced(whole + done)

    try:
        while not stop.is_set():
            if how.tells:
                spread(engine)
            part = NOTHING
            done = work(engine, _PART, kinds=how.kinds, stopped=stop.is_set, advanced=counted)
            if done == NOTHING:
                break
            whole, part = whole + part, NOTHING
        if tidies:
            tidy(engine)
    except EngineError as error:
        if error.kind is not Kind.UNAVAILABLE:
            raise
        return whole + part, error
    return whole, None


def _wait(bell: Bell, seconds: float, stop: Event) -> None:
    until = time.monotonic() + seconds
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        if bell.wait(min(left, _PIECE)):
            return

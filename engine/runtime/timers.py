"""When a timer is due: ISO 8601 literals or FEEL, in the time zone of the city.

Computed once, when the token arrives, from the command's moment; a worker that comes late changes
nothing about when it was due.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from decisions import expressions
from decisions.errors import DecisionError
from decisions.expressions import Expression
from decisions.values import Months
from engine.runtime import clock_timers
from engine.runtime.clock_timers import ClockTimer
from engine.runtime.errors import ModelError

_DURATION = re.compile(
    r"P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)
_CYCLE = re.compile(r"R(\d*)/(?:([^/P]+)/)?(P[^/]+)")


@dataclass(frozen=True, slots=True)
class Duration:
    """An ISO duration: months by the calendar, the rest by the clock."""

    months: int
    rest: timedelta

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The moment this much later; the 31st plus a month is the last day of that month."""
        if self.months:
            local = moment.astimezone(zone)
            month = local.month - 1 + self.months
            year, month = local.year + month // 12, month % 12 + 1
            day = min(local.day, monthrange(year, month)[1])
            moment = local.replace(year=year, month=month, day=day)
        return moment.astimezone(zone).astimezone(UTC) + self.rest


UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer as the model has it: `kind` is timeDate, timeDuration or timeCycle.

    One that names a clock of the law has no moment of its own: the engine says when it has come.
    """

    kind: str
    text: str
    literal: Any
    expression: Expression | None
    clock: ClockTimer | None = None

    @classmethod
    def read(cls, kind: str, text: str) -> "Timer":
        """Read the text of a timer definition; raises DecisionError where it is neither."""
        text = text.strip()
        clock = clock_timers.read(text)
        if clock is not None:
            return cls(kind, text, None, None, clock)
        literal = _literal(kind, text)
        return cls(kind, text, literal, None if literal is not None else expressions.compile(text))

    @property
    def times(self) -> int:
        """How often a cycle fires; 0 for without end, 1 for a timer that is none."""
        if self.kind != "timeCycle":
            return 1
        return int(self.literal[0] or 0) if self.literal else 0


def first_due(timer: Timer, value: Any, now: datetime, zone: ZoneInfo, element: str) -> datetime:
    """When a timer that begins now is due; `value` is what its expression gave, if it has one."""
    if timer.kind == "timeCycle" and timer.literal is not None:
        _, start, every = timer.literal
        return start if start is not None else every.after(now, zone)
    found = timer.literal if timer.literal is not None else value
    match found:
        case Duration():
            return found.after(now, zone)
        case timedelta():
            return now + found
        case Months():
            return Duration(found.count, timedelta()).after(now, zone)
        case datetime():
            return found if found.tzinfo else found.replace(tzinfo=zone)
        case date():
            return datetime.combine(found, time(), zone)
    raise ModelError(element, f"the timer {timer.text} gives no moment and no duration")


def is_fixed(timer: Timer, value: Any) -> bool:
    """Whether a timer goes by the calendar, not by how long something has waited."""
    if timer.kind == "timeCycle" and timer.literal is not None:
        return timer.literal[1] is not None
    return isinstance(timer.literal if timer.literal is not None else value, date)


def next_due(timer: Timer, due: datetime, zone: ZoneInfo) -> datetime:
    """The following turn of a cycle, counted from when this one was due."""
    if timer.literal is not None:
        after: datetime = timer.literal[2].after(due, zone)
        return after
    raise ModelError("", "a cycle is written as R3/P1D")


def next_ahead(timer: Timer, due: datetime, zone: ZoneInfo, now: datetime) -> tuple[datetime, int]:
    """The first turn of a cycle that is still to come, and how many turns there were before it.

    The turns are those that `next_due` gives one by one, the one that is due among them.
    """
    due, turns, every = next_due(timer, due, zone), 1, timer.literal[2]
    if not every.months and due <= now:  # at a stride: a cycle of seconds may be weeks late
        missed = (now - due) // every.rest + 1
        return due + missed * every.rest, turns + missed
    while due <= now:
        due, turns = next_due(timer, due, zone), turns + 1
    return due, turns


def _literal(kind: str, text: str) -> Any:
    if kind == "timeCycle":
        matched = _CYCLE.fullmatch(text)
        every = _duration(matched[3]) if matched else None
        if matched is None or every is None or not (every.months or every.rest):
            remedy = "Write a cycle as R3/P1D: three times, every day."
            raise DecisionError("timer", f"{text} is no cycle", remedy=remedy)
        start = datetime.fromisoformat(matched[2]) if matched[2] else None
        return matched[1], start, every
    if kind == "timeDuration":
        return _duration(text)
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None


def _duration(text: str) -> Duration | None:
    matched = _DURATION.fullmatch(text)
    if matched is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(g or 0) for g in matched.groups())
    rest = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return Duration(12 * years + months, rest)

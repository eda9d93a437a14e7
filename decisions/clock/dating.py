"""The end of a clock that runs by days: from its start, its length and its stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from decisions.calendars import Calendar
from decisions.clock import lengths, walking
from decisions.clock.law import Clock, Fact, Length, Suspension
from decisions.clock.result import Stop
from decisions.clock.walking import DAY


@dataclass(frozen=True, slots=True)
class Dated:
    """When a clock ends: the last day, the instant, in UTC, at which it is over, and the last day
    before full period, minimum and roll; all None while it is stopped.

    `start`: the day from which it counts; `total`: its whole budget, in days that count or in
    seconds; `left`: what is left of it while it is stopped; `begin`: of a clock in hours, the
    instant from which it has run without a stop.
    """

    start: date
    total: int
    due: date | None = None
    effect_at: datetime | None = None
    nominal: date | None = None
    left: int = 0
    begin: datetime | None = None


class Measure(Protocol):
    """How a clock measures time: by days or by instants."""

    def stop(self, suspension: Suspension, asked: Fact, answered: Fact | None) -> Stop | None:
        """What a suspension takes from the clock; None where that is nothing."""

    def begins(self, suspension: Suspension, asked: Fact) -> datetime:
        """The instant from which a suspension stops the clock."""

    def dated(self, fact: Fact, length: Length, stops: Sequence[Stop]) -> Dated:
        """The end of a length that counts from a fact."""

    def remaining(self, dated: Dated, now: datetime) -> int:
        """What is left of a clock at a moment."""

    def late(self, effect_at: datetime, act: datetime) -> int:
        """By how much an act came after the end."""


class Days:
    """Days, or working days, on the calendar of an office."""

    def __init__(self, clock: Clock, calendar: Calendar) -> None:
        self._rule, self._calendar = clock.rule, calendar
        self._working = lengths.counted(clock.length) == "working_days"

    def stop(self, suspension: Suspension, asked: Fact, answered: Fact | None) -> Stop | None:
        """Whole days; none where the answer comes before the first stopped day."""
        first = self._first(suspension, asked)
        if answered is None:
            return Stop(first, None, asked.kind, asked.at, None)
        last = self._calendar.local_date(answered.at)
        if suspension.counted_from == "same_day":
            last -= DAY
        if last < first:
            return None
        return Stop(first, last, asked.kind, asked.at, answered.at)

    def _first(self, suspension: Suspension, asked: Fact) -> date:
        day = self._calendar.local_date(asked.at)
        return day if suspension.stopped_from == "same_day" else day + DAY

    def begins(self, suspension: Suspension, asked: Fact) -> datetime:
        """The beginning of the first stopped day, but not before the request."""
        return max(asked.at, self._calendar.midnight_after(self._first(suspension, asked) - DAY))

    def dated(self, fact: Fact, length: Length, stops: Sequence[Stop]) -> Dated:
        """Months, days, stopped days, full period, minimum of working days, roll."""
        calendar, rule = self._calendar, self._rule
        start = calendar.local_date(fact.at)
        total = lengths.days(length, rule, start)
        after = lengths.before(start, rule) if total else start
        stopped = walking.holes(stops, after)
        nominal, left = walking.walk(self._working, calendar, after, total, stopped)
        due = nominal and walking.finish(rule, calendar, after, nominal, stopped)
        if due is None:
            return Dated(start, total, left=left)
        return Dated(start, total, due, calendar.midnight_after(due), nominal)

    def remaining(self, dated: Dated, now: datetime) -> int:
        """The days that count after today, up to the last."""
        if dated.due is None:
            return dated.left
        today = max(self._calendar.local_date(now), dated.start)
        return walking.size(self._working, self._calendar, today + DAY, dated.due)

    def late(self, effect_at: datetime, act: datetime) -> int:
        """Days from the last one to that of the act."""
        last = self._calendar.local_date(effect_at) - DAY
        return (self._calendar.local_date(act) - last).days

"""The stretches of a clock that runs by hours, each with its reason."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from decisions.calendars import Calendar
from decisions.clock import lengths
from decisions.clock.hours import Hours
from decisions.clock.law import Clock, Fact
from decisions.clock.reasons import Reason, closing, lasting
from decisions.clock.result import Result

_DAY = timedelta(days=1)
# An end that falls on midnight belongs to the day that it ends.
_JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one instant to another, in UTC; without the second where it lasts.

    `reason`: start (the hour of the fact, where it does not count), counted, closed_hours, stopped.
    """

    first: datetime
    last: datetime | None
    reason: Reason

    @property
    def length(self) -> timedelta:
        """How long it is; nothing while it lasts."""
        return self.last - self.first if self.last else timedelta()


def stretches_of(clock: Clock, result: Result, calendar: Calendar) -> list[Stretch]:
    """All the time from the fact to the end; a clock that is stopped ends with that stop."""
    if result.since is None:
        return []
    begin = Hours(clock, calendar).dated(Fact("", result.since), clock.length, ()).begin
    assert begin is not None  # noqa: S101 (nothing stops it)
    since = result.since.astimezone(UTC)
    found = [Stretch(since, begin, Reason("start"))] if begin > since else []
    stop = None if result.effect_at else lasting(result.stops)
    end = max(begin, result.effect_at or (stop.since if stop else begin))
    windows = _windows(clock, calendar, begin, end)
    cuts = {begin, end, *(edge for window in windows for edge in window)}
    cuts |= {edge for stop in result.stops for edge in (stop.since, stop.until) if edge}
    inside = sorted(cut.astimezone(UTC) for cut in cuts if begin <= cut <= end)
    for first, last in pairwise(inside):
        reason = _reason(first, last, result, windows)
        if found and found[-1].reason == reason:
            first = found.pop().first
        found.append(Stretch(first, last, reason))
    if stop:
        found.append(Stretch(end.astimezone(UTC), None, Reason("stopped", stop.on)))
    return found


def by_day(clock: Clock, result: Result, calendar: Calendar) -> list[tuple[date, Reason]]:
    """Each day of a clock in hours: counted where some of it is, or else why it is not."""
    found: dict[date, Reason] = {}
    for one in stretches_of(clock, result, calendar):
        last = calendar.local_date(one.last - _JUST_BEFORE if one.last else one.first)
        day = calendar.local_date(one.first)
        while day <= last:
            known = found.get(day)
            if known is None or _RANK[one.reason.what] > _RANK[known.what]:
                found[day] = one.reason
            day += _DAY
    return [
        (day, (why.what == "closed_hours" and closing(day, calendar)) or why)
        for day, why in sorted(found.items(), key=lambda row: row[0])
    ]


# Of several reasons on one day the strongest is told.
_RANK = {"closed_hours": 0, "start": 1, "stopped": 2, "counted": 3}


def _windows(
    clock: Clock, calendar: Calendar, first: datetime, last: datetime
) -> list[tuple[datetime, datetime]]:
    """When the clock may run: while offices are open, or all the time."""
    if lengths.counted(clock.length) == "hours":
        return [(first, last)]
    days = (calendar.local_date(last) - calendar.local_date(first)).days
    return [
        window
        for number in range(days + 1)
        for window in calendar.windows(calendar.local_date(first) + _DAY * number)
    ]


def _reason(
    first: datetime, last: datetime, result: Result, windows: list[tuple[datetime, datetime]]
) -> Reason:
    for stop in sorted(result.stops, key=lambda stop: stop.since):
        if stop.since <= first and (stop.until is None or last <= stop.until):
            return Reason("stopped", stop.on)
    counted = any(opens <= first and last <= closes for opens, closes in windows)
    return Reason("counted" if counted else "closed_hours")

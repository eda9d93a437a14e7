"""From a number of days to a date, over stopped days, in days or in working days.

A stopped day does not exist: it is neither counted, nor the last day, nor the day to which an end
is moved, nor does it serve in the minimum. No step looks at every day between two dates.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from decisions.calendars import Calendar
from decisions.clock.law import Rule
from decisions.clock.result import Stop

DAY = timedelta(days=1)

# Stopped days, both included; without the last while it lasts.
Hole = tuple[date, date | None]


def holes(stops: Iterable[Stop], after: date) -> list[Hole]:
    """The stopped days after a day, in order, those that overlap or touch made one."""
    found: list[Hole] = []
    for first, last in sorted(
        ((stop.first, stop.last) for stop in stops), key=lambda hole: hole[0]
    ):
        first = max(first, after + DAY)
        if last is not None and last < first:
            continue
        if not found or _apart(found[-1], first):
            found.append((first, last))
        else:
            begun, ended = found[-1]
            found[-1] = begun, None if ended is None or last is None else max(ended, last)
    return found


def _apart(hole: Hole, day: date) -> bool:
    return hole[1] is not None and day > hole[1] + DAY


def size(working: bool, calendar: Calendar, first: date, last: date) -> int:
    """How many days that count there are from the first to the last, both included."""
    return calendar.count(first, last) if working else max(0, (last - first).days + 1)


def walk(
    working: bool, calendar: Calendar, after: date, days: int, stopped: Sequence[Hole]
) -> tuple[date | None, int]:
    """The day that many countable days after another, and 0.

    None while it is stopped, and how many days are left then.
    """
    left, at = days, after
    for first, last in stopped:
        before = size(working, calendar, at + DAY, first - DAY)
        if left <= before:
            break
        left -= before
        if last is None:
            return None, left
        at = last
    if working and left:
        return calendar.working_day(at, left), 0
    return at + DAY * left, 0


def finish(
    rule: Rule, calendar: Calendar, after: date, end: date, stopped: Sequence[Hole]
) -> date | None:
    """The end after full period, minimum of working days and roll; None where that is stopped."""
    path = _Path(stopped)
    day: date | None = path.step(end) if rule.franc else end
    if day and rule.min_working_days:
        missing = rule.min_working_days - worked(calendar, after + DAY, day, stopped)
        while day and missing > 0:
            day = path.step(day)
            missing -= bool(day and calendar.is_working_day(calendar.known(day)))
    if rule.roll == "previous":
        return day and _back(calendar, day, stopped)
    while day and rule.roll == "next" and not calendar.is_working_day(calendar.known(day)):
        day = path.step(day)
    return day and calendar.known(day)


def worked(calendar: Calendar, first: date, last: date, stopped: Sequence[Hole]) -> int:
    """How many working days there are from the first to the last that are not stopped."""
    lost = (calendar.count(max(a, first), min(b or last, last)) for a, b in stopped)
    return calendar.count(first, last) - sum(lost)


class _Path:
    """The days that are not stopped."""

    def __init__(self, stopped: Sequence[Hole]) -> None:
        self._stopped = stopped

    def step(self, day: date) -> date | None:
        """The next day that is not stopped; None where it is stopped for now."""
        day += DAY
        for first, last in self._stopped:
            if first <= day and (last is None or day <= last):
                if last is None:
                    return None
                day = last + DAY
        return day


def _back(calendar: Calendar, day: date, stopped: Sequence[Hole]) -> date:
    while not calendar.is_working_day(calendar.known(day)) or any(
        first <= day and (last is None or day <= last) for first, last in stopped
    ):
        day -= DAY
    return day

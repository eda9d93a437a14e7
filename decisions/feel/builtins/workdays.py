"""Working days, by the calendar that the evaluation was given; not part of the standard."""

import datetime as dt
from decimal import Decimal

from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.frame import Run, WorkingDays
from decisions.feel.numbers import whole
from decisions.wide import AnyDate, WideDate, WideDateTime

_LONGEST = 3660
"""Days that one count may walk."""


@builtin("is working day(date: date|date and time)")
def is_working_day(run: Run, day: AnyDate) -> bool:
    """Whether offices are open on that date."""
    return _calendar(run).is_working_day(_date(day))


@builtin("add working days(date: date|date and time, n: number)")
def add_working_days(run: Run, day: AnyDate, number: Decimal) -> dt.date:
    """The date that many working days later, or earlier when negative."""
    count = whole(number)
    if count is None or abs(count) > _LONGEST:
        raise Impossible(f"{number} is no number of days, at most {_LONGEST}")
    run.tick(abs(count))
    found = _calendar(run).add_working_days(_date(day), count)
    return _date(found)


@builtin("working days between(start: date|date and time, end: date|date and time)")
def working_days_between(run: Run, start: AnyDate, end: AnyDate) -> Decimal:
    """The working days after the start, up to and with the end; negative when it is earlier."""
    calendar = _calendar(run)
    first, last = sorted((_date(start), _date(end)))
    length = (last - first).days
    if length > _LONGEST:
        raise Impossible(f"the dates are more than {_LONGEST} days apart")
    run.tick(length)
    days = (first + dt.timedelta(days=step) for step in range(1, length + 1))
    count = Decimal(sum(calendar.is_working_day(day) for day in days))
    return count if _date(start) <= _date(end) else -count


def _calendar(run: Run) -> WorkingDays:
    if run.calendar is None:
        raise Impossible("no calendar was given")
    return run.calendar


def _date(day: AnyDate) -> dt.date:
    found = day.date() if isinstance(day, dt.datetime | WideDateTime) else day
    if isinstance(found, WideDate):
        raise Impossible("no calendar knows that year")
    return found

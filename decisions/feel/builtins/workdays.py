"""The calendar library: working days and holidays, by the calendar that the evaluation was given.

None of it is part of the standard: another DMN engine does not know these functions.
"""

import datetime as dt
from decimal import Decimal

from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.frame import Run, WorkingDays
from decisions.feel.numbers import whole
from decisions.wide import AnyDate, WideDate, WideDateTime

LIBRARY = "calendar"
_LONGEST = 3660
"""Days that one count may walk."""


@builtin("is working day(date: date|date and time)", library=LIBRARY)
def is_working_day(run: Run, day: AnyDate) -> bool:
    """Whether offices are open on that date."""
    return _calendar(run).is_working_day(_date(day))


@builtin("is holiday(date: date|date and time)", library=LIBRARY)
def is_holiday(run: Run, day: AnyDate) -> bool:
    """Whether the date is a holiday; the weekly rest is none."""
    return _calendar(run).holiday(_date(day)) is not None


@builtin("holiday name(date: date|date and time)", library=LIBRARY)
def holiday_name(run: Run, day: AnyDate) -> str | None:
    """What people call the holiday on that date; null where it is none."""
    return _calendar(run).holiday(_date(day))


@builtin("working days after(date: date|date and time, n: number)", library=LIBRARY)
def working_days_after(run: Run, day: AnyDate, number: Decimal) -> dt.date:
    """The date that many working days later, the date itself not counted; none leaves it."""
    return _walked(run, day, _count(number))


@builtin("working days before(date: date|date and time, n: number)", library=LIBRARY)
def working_days_before(run: Run, day: AnyDate, number: Decimal) -> dt.date:
    """The date that many working days earlier, the date itself not counted; none leaves it."""
    return _walked(run, day, -_count(number))


@builtin(
    "working days between(start: date|date and time, end: date|date and time)", library=LIBRARY
)
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


def _count(number: Decimal) -> int:
    count = whole(number)
    if count is None or not 0 <= count <= _LONGEST:
        raise Impossible(f"{number} is no number of days, from 0 to {_LONGEST}")
    return count


def _walked(run: Run, day: AnyDate, count: int) -> dt.date:
    run.tick(abs(count))
    return _date(_calendar(run).add_working_days(_date(day), count))


def _calendar(run: Run) -> WorkingDays:
    if run.calendar is None:
        raise Impossible("no calendar was given")
    return run.calendar


def _date(day: AnyDate) -> dt.date:
    found = day.date() if isinstance(day, dt.datetime | WideDateTime) else day
    if isinstance(found, WideDate):
        raise Impossible("no calendar knows that year")
    return found

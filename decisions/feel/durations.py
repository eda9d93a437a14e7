"""Arithmetic with dates and durations (DMN 1.5 §10.3.2.13, tables 45 and 46)."""

import calendar
import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from decisions.feel import limits
from decisions.feel.numbers import CONTEXT
from decisions.values import Months, Value, instant

_SECOND = dt.timedelta(seconds=1)
_MICRO = dt.timedelta(microseconds=1)


def seconds(length: dt.timedelta) -> Decimal:
    """The length in seconds, exactly."""
    return CONTEXT.divide(Decimal(length // _MICRO), Decimal(1_000_000))


def of_seconds(number: Decimal) -> dt.timedelta:
    """The duration of that many seconds."""
    return dt.timedelta(microseconds=int(CONTEXT.multiply(number, Decimal(1_000_000))))


def later(day: dt.date, months: Months) -> dt.date:
    """The same day that many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months.count, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError("the date is out of range")
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def _shifted(day: dt.date, length: dt.timedelta) -> dt.date:
    return (dt.datetime.combine(day, dt.time()) + length).date()


def _around(time: dt.time, length: dt.timedelta) -> dt.time:
    moved = dt.datetime.combine(dt.date(2000, 1, 2), time.replace(tzinfo=None)) + (
        length % dt.timedelta(days=1)
    )
    return moved.time().replace(tzinfo=time.tzinfo)


def _apart(one: dt.time | dt.datetime, other: dt.time | dt.datetime) -> dt.timedelta:
    return instant(one) - instant(other)


def _moved(moment: dt.datetime, length: dt.timedelta) -> dt.datetime:
    """The moment that much later, whatever clocks do in between."""
    if moment.tzinfo is None:
        return moment + length
    return (instant(moment) + length).astimezone(moment.tzinfo)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(tzinfo=dt.UTC))


def _mixed(one: dt.date, other: dt.date) -> dt.timedelta:
    """A date counts as its midnight at UTC beside a date and time."""
    left = one if isinstance(one, dt.datetime) else _midnight(one)
    right = other if isinstance(other, dt.datetime) else _midnight(other)
    return _apart(left, right)


def of_months(count: int) -> Months:
    """The duration of that many months; raises OverflowError when they are too many."""
    if abs(count) > limits.MONTHS:
        raise OverflowError("too many months")
    return Months(count)


def _scaled(months: Months, by: Decimal) -> Months:
    return of_months(int(CONTEXT.multiply(Decimal(months.count), by)))


_DATE, _TIME, _BOTH = "date", "time", "date and time"
_DAYS, _MONTHS, _NUMBER = "days and time duration", "years and months duration", "number"

OPERATIONS: dict[tuple[str, str, str], Callable[[Value, Value], Value]] = {
    ("+", "string", "string"): lambda a, b: a + b,
    ("+", _DATE, _DAYS): _shifted,
    ("+", _DAYS, _DATE): lambda a, b: _shifted(b, a),
    ("-", _DATE, _DAYS): lambda a, b: _shifted(a, -b),
    ("+", _DATE, _MONTHS): later,
    ("+", _MONTHS, _DATE): lambda a, b: later(b, a),
    ("-", _DATE, _MONTHS): lambda a, b: later(a, Months(-b.count)),
    ("+", _BOTH, _DAYS): _moved,
    ("+", _DAYS, _BOTH): lambda a, b: _moved(b, a),
    ("-", _BOTH, _DAYS): lambda a, b: _moved(a, -b),
    ("+", _BOTH, _MONTHS): later,
    ("+", _MONTHS, _BOTH): lambda a, b: later(b, a),
    ("-", _BOTH, _MONTHS): lambda a, b: later(a, Months(-b.count)),
    ("+", _TIME, _DAYS): _around,
    ("+", _DAYS, _TIME): lambda a, b: _around(b, a),
    ("-", _TIME, _DAYS): lambda a, b: _around(a, -b),
    ("-", _DATE, _DATE): lambda a, b: a - b,
    ("-", _BOTH, _BOTH): _apart,
    ("-", _BOTH, _DATE): _mixed,
    ("-", _DATE, _BOTH): _mixed,
    ("-", _TIME, _TIME): _apart,
    ("+", _DAYS, _DAYS): lambda a, b: a + b,
    ("-", _DAYS, _DAYS): lambda a, b: a - b,
    ("+", _MONTHS, _MONTHS): lambda a, b: of_months(a.count + b.count),
    ("-", _MONTHS, _MONTHS): lambda a, b: of_months(a.count - b.count),
    ("*", _DAYS, _NUMBER): lambda a, b: of_seconds(CONTEXT.multiply(seconds(a), b)),
    ("*", _NUMBER, _DAYS): lambda a, b: of_seconds(CONTEXT.multiply(a, seconds(b))),
    ("/", _DAYS, _NUMBER): lambda a, b: of_seconds(CONTEXT.divide(seconds(a), b)),
    ("/", _DAYS, _DAYS): lambda a, b: CONTEXT.divide(seconds(a), seconds(b)),
    ("*", _MONTHS, _NUMBER): _scaled,
    ("*", _NUMBER, _MONTHS): lambda a, b: _scaled(b, a),
    ("/", _MONTHS, _NUMBER): lambda a, b: of_months(int(CONTEXT.divide(Decimal(a.count), b))),
    ("/", _MONTHS, _MONTHS): lambda a, b: CONTEXT.divide(Decimal(a.count), Decimal(b.count)),
}
"""What `+ - * /` mean for two kinds that are not both numbers."""

"""Arithmetic with dates and durations (DMN 1.5 §10.3.2.13, tables 45 and 46)."""

import calendar
import datetime as dt
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import TypeVar

from decisions import timeline
from decisions.feel import limits
from decisions.feel.numbers import CONTEXT
from decisions.values import Months, Value, instant
from decisions.wide import Duration, WideDateTime, WideDuration

_Length = TypeVar("_Length", dt.timedelta | WideDuration, Months)
_BEYOND = (TypeError, OverflowError)
"""What Python's own arithmetic raises for wide values, and for results that it cannot hold."""


def later(day: Value, months: Months) -> Value:
    """The same day that many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months.count, 12)
    last = calendar.monthrange(2000 + year % 400, month + 1)[1]
    if isinstance(day, dt.date) and dt.MINYEAR <= year <= dt.MAXYEAR:
        return day.replace(year=year, month=month + 1, day=min(day.day, last))
    found = timeline.date(year, month + 1, min(day.day, last))
    if isinstance(day, dt.datetime | WideDateTime):
        return timeline.combine(found, day.timetz())
    return found


def opposite(length: _Length) -> _Length:
    """The duration the other way."""
    if isinstance(length, Months):
        return Months(-length.count)
    return timeline.duration(-timeline.nanos(length))


def total(one: Duration, other: Duration) -> Duration:
    """The two durations after each other."""
    try:
        return one + other  # type: ignore[operator]
    except _BEYOND:
        return timeline.duration(timeline.nanos(one) + timeline.nanos(other))


def _shifted(day: Value, length: Value) -> Value:
    """The day of the moment that much after its midnight: both additions round down."""
    try:
        return day + length
    except _BEYOND:
        days = timeline.nanos(length) // timeline.DAY
        return timeline.of_ordinal(timeline.ordinal(day) + days)


def _around(time: Value, length: Value) -> Value:
    clock = (timeline.clock(time) + timeline.nanos(length)) % timeline.DAY
    return timeline.time(clock, time.tzinfo)


def _apart(one: Value, other: Value) -> Value:
    """How long one comes after the other; raises TypeError when one only has a zone."""
    try:
        return instant(one) - instant(other)
    except _BEYOND:
        if (one.tzinfo is None) != (other.tzinfo is None):
            raise
        return timeline.duration(timeline.instant(one) - timeline.instant(other))


def _days_apart(one: Value, other: Value) -> Value:
    try:
        return one - other
    except _BEYOND:
        days = timeline.ordinal(one) - timeline.ordinal(other)
        return timeline.duration(days * timeline.DAY)


def _moved(moment: Value, length: Value) -> Value:
    """The moment that much later, whatever clocks do in between."""
    try:
        if moment.tzinfo is None:
            return moment + length
        return (instant(moment) + length).astimezone(moment.tzinfo)
    except _BEYOND:
        instant_later = timeline.instant(moment) + timeline.nanos(length)
        return timeline.moment(instant_later, moment.tzinfo)


def _mixed(one: Value, other: Value) -> Value:
    """A date counts as its midnight at UTC beside a date and time."""
    return _apart(_with_time(one), _with_time(other))


def _with_time(day: Value) -> Value:
    if isinstance(day, dt.datetime | WideDateTime):
        return day
    return timeline.combine(day, dt.time(tzinfo=dt.UTC))


def of_months(count: int) -> Months:
    """The duration of that many months; raises OverflowError when they are too many."""
    if abs(count) > limits.MONTHS:
        raise OverflowError("too many months")
    return Months(count)


def _months(count: Decimal) -> Months:
    """The whole months of a number of months."""
    return of_months(_integer(count, ROUND_DOWN))


def _nanos(length: Duration) -> Decimal:
    return Decimal(timeline.nanos(length))


def _length(nanos: Decimal) -> Duration:
    """The duration of a number of nanoseconds.

    What has no exact one is rounded to the microsecond, so that a case can hold a quotient.
    """
    whole = _integer(nanos, ROUND_HALF_EVEN)
    if whole != nanos:
        whole = 1000 * _integer(nanos.scaleb(-3, CONTEXT), ROUND_HALF_EVEN)
    return timeline.duration(whole)


def _integer(number: Decimal, rounding: str) -> int:
    if number.adjusted() > CONTEXT.prec:  # beyond every duration, and long to write out
        raise OverflowError("the duration is out of range")
    return int(number.to_integral_value(rounding))


_DATE, _TIME, _BOTH = "date", "time", "date and time"
_DAYS, _MONTHS, _NUMBER = "days and time duration", "years and months duration", "number"

OPERATIONS: dict[tuple[str, str, str], Callable[[Value, Value], Value]] = {
    ("+", "string", "string"): lambda a, b: a + b,
    ("+", _DATE, _DAYS): _shifted,
    ("+", _DAYS, _DATE): lambda a, b: _shifted(b, a),
    ("-", _DATE, _DAYS): lambda a, b: _shifted(a, opposite(b)),
    ("+", _DATE, _MONTHS): later,
    ("+", _MONTHS, _DATE): lambda a, b: later(b, a),
    ("-", _DATE, _MONTHS): lambda a, b: later(a, opposite(b)),
    ("+", _BOTH, _DAYS): _moved,
    ("+", _DAYS, _BOTH): lambda a, b: _moved(b, a),
    ("-", _BOTH, _DAYS): lambda a, b: _moved(a, opposite(b)),
    ("+", _BOTH, _MONTHS): later,
    ("+", _MONTHS, _BOTH): lambda a, b: later(b, a),
    ("-", _BOTH, _MONTHS): lambda a, b: later(a, opposite(b)),
    ("+", _TIME, _DAYS): _around,
    ("+", _DAYS, _TIME): lambda a, b: _around(b, a),
    ("-", _TIME, _DAYS): lambda a, b: _around(a, opposite(b)),
    ("-", _DATE, _DATE): _days_apart,
    ("-", _BOTH, _BOTH): _apart,
    ("-", _BOTH, _DATE): _mixed,
    ("-", _DATE, _BOTH): _mixed,
    ("-", _TIME, _TIME): _apart,
    ("+", _DAYS, _DAYS): total,
    ("-", _DAYS, _DAYS): lambda a, b: total(a, opposite(b)),
    ("+", _MONTHS, _MONTHS): lambda a, b: of_months(a.count + b.count),
    ("-", _MONTHS, _MONTHS): lambda a, b: of_months(a.count - b.count),
    ("*", _DAYS, _NUMBER): lambda a, b: _length(CONTEXT.multiply(_nanos(a), b)),
    ("*", _NUMBER, _DAYS): lambda a, b: _length(CONTEXT.multiply(a, _nanos(b))),
    ("/", _DAYS, _NUMBER): lambda a, b: _length(CONTEXT.divide(_nanos(a), b)),
    ("/", _DAYS, _DAYS): lambda a, b: CONTEXT.divide(_nanos(a), _nanos(b)),
    ("*", _MONTHS, _NUMBER): lambda a, b: _months(CONTEXT.multiply(Decimal(a.count), b)),
    ("*", _NUMBER, _MONTHS): lambda a, b: _months(CONTEXT.multiply(a, Decimal(b.count))),
    ("/", _MONTHS, _NUMBER): lambda a, b: _months(CONTEXT.divide(Decimal(a.count), b)),
    ("/", _MONTHS, _MONTHS): lambda a, b: CONTEXT.divide(Decimal(a.count), Decimal(b.count)),
}
"""What `+ - * /` mean for two kinds that are not both numbers."""

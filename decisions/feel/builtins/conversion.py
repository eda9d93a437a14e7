"""From one kind of value to another (DMN 1.5 §10.3.4.1)."""

import datetime as dt
from decimal import Decimal

from decisions import timeline
from decisions.feel import temporal
from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.frame import Run
from decisions.feel.numbers import CONTEXT, NUMBER, whole
from decisions.feel.writing import written
from decisions.values import Months, Value
from decisions.wide import AnyDate, Date, DateTime, Duration, Time, WideDateTime, WideTime


@builtin("date(from: string|date|date and time)")
def date(source: str | AnyDate) -> Value:
    """A date from its text, or of a date and time."""
    if isinstance(source, str):
        return _parsed(temporal.date(source), source, "date")
    return _day(source)


@builtin("date(year: number, month: number, day: number)")
def date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> Date:
    """A date from its parts."""
    return timeline.date(_int(year), _int(month), _int(day))


@builtin("time(from: string|time|date and time|date)")
def time(source: str | Time | AnyDate) -> Value:
    """A time from its text, or of a date and time; a date is its midnight at UTC."""
    if isinstance(source, str):
        return _parsed(temporal.time(source), source, "time")
    if isinstance(source, dt.time | WideTime):
        return source
    if isinstance(source, dt.datetime | WideDateTime):
        return source.timetz()
    return dt.time(tzinfo=dt.UTC)


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration|null)")
def time_of_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: Duration | None) -> Time:
    """A time from its parts; the second may have a fraction."""
    nanos = whole(CONTEXT.multiply(second, Decimal(timeline.SECOND)))
    if nanos is None:
        raise Impossible(f"{second} is finer than a nanosecond")
    zone = None if offset is None else temporal.fixed_zone(offset)
    seconds, fraction = divmod(nanos, timeline.SECOND)
    return temporal.clock_time(_int(hour), _int(minute), seconds, fraction, zone)


@builtin("date and time(from: string|date|date and time)")
def date_and_time(source: str | AnyDate) -> Value:
    """A date and time from its text; a date is its midnight."""
    if isinstance(source, dt.datetime | WideDateTime):
        return source
    if not isinstance(source, str):
        return timeline.combine(source, dt.time())
    day = temporal.date(source)
    both = temporal.date_and_time(source) if day is None else timeline.combine(day, dt.time())
    return _parsed(both, source, "date and time")


@builtin("date and time(date: date|date and time, time: time)")
def date_with_time(day: AnyDate, time: Time) -> DateTime:
    """A date and time from a date and a time."""
    return timeline.combine(_day(day), time)


@builtin("duration(from: string|days and time duration|years and months duration)")
def duration(source: str | Duration | Months) -> Value:
    """A duration from its ISO 8601 text."""
    if not isinstance(source, str):
        return source
    return _parsed(temporal.duration(source), source, "duration")


@builtin("years and months duration(from: date|date and time, to: date|date and time)")
def months_between(start: AnyDate, end: AnyDate) -> Months:
    """The whole months from one date to another."""
    count = (end.year - start.year) * 12 + end.month - start.month
    if count > 0 and end.day < start.day:
        count -= 1
    elif count < 0 and end.day > start.day:
        count += 1
    return Months(count)


@builtin(
    "number(from: string, grouping separator?: string|null, decimal separator?: string|null)",
    "number(from: number)",
)
def number(source: str | Decimal, grouping: str | None = None, point: str | None = None) -> Decimal:
    """A number from its text, with the separators that it is written with."""
    if isinstance(source, Decimal):
        return source
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        raise Impossible("a separator is a space, a comma or a point")
    if grouping is not None and grouping == point:
        raise Impossible("the separators are the same")
    plain = source.replace(grouping, "") if grouping else source
    if point:
        plain = plain.replace(point, ".")
    if not NUMBER.fullmatch(plain):
        raise Impossible(f"{source!r} is no number")
    return CONTEXT.create_decimal(plain)


@builtin("string(from: any)")
def string(run: Run, value: Value) -> str | None:
    """The value as text."""
    return None if value is None else written(run, value)


def _day(source: AnyDate) -> Date:
    return source.date() if isinstance(source, dt.datetime | WideDateTime) else source


def _int(number: Decimal) -> int:
    found = whole(number)
    if found is None:
        raise Impossible(f"{number} is no whole number")
    return found


def _parsed(value: Value, source: str, kind: str) -> Value:
    if value is None:
        raise Impossible(f"{source!r} is no {kind}")
    return value

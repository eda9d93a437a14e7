"""Dates, times and durations as numbers: days from year 1 on, nanoseconds from a midnight on.

All that follows is exact, and in Python's types wherever they hold it. A far past takes the
earliest known offset of a time zone, a far future the rules in force: a date outside Python's years
is counted from one in a window at either end of them.
"""

import datetime as dt

from decisions.wide import (
    CYCLE,
    AnyDate,
    Date,
    DateTime,
    Duration,
    Time,
    WideDate,
    WideDateTime,
    WideDuration,
    WideTime,
)

LAST_YEAR = 999_999_999
"""The years that FEEL has, before and after year 0, which is 1 BC."""

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
LONGEST = 10**19 * SECOND
"""The longest duration; in nanoseconds it is a number of less than 34 digits."""

_CYCLE_DAYS = 146_097
_PAST, _FUTURE = dt.date(401, 1, 1), dt.date(9201, 1, 1)  # no offset leaves Python's years there


def near(day: AnyDate) -> dt.date:
    """A date that Python knows, of the same month, day, weekday and week."""
    return day if isinstance(day, dt.date) else day.near


def date(year: int, month: int, day: int) -> Date:
    """The date; raises ValueError when the calendar has none."""
    if dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date(year, month, day)
    if abs(year) > LAST_YEAR:
        raise OverflowError("the year is out of range")
    start = _PAST.year if year < dt.MINYEAR else _FUTURE.year
    cycles, within = divmod(year - start, CYCLE)
    return WideDate(cycles, dt.date(start + within, month, day))


def ordinal(day: AnyDate) -> int:
    """The number of the day; 1 for the first day of year 1."""
    if isinstance(day, dt.date):
        return day.toordinal()
    return day.near.toordinal() + _CYCLE_DAYS * day.cycles


def of_ordinal(number: int) -> Date:
    """The day of that number; raises OverflowError beyond the last year."""
    if 1 <= number <= dt.date.max.toordinal():
        return dt.date.fromordinal(number)
    found = WideDate(*_window(number))
    if abs(found.year) > LAST_YEAR:
        raise OverflowError("the year is out of range")
    return found


def _window(number: int) -> tuple[int, dt.date]:
    """The cycles and the day in a window of Python's years for the number of a day."""
    start = (_PAST if number < _FUTURE.toordinal() else _FUTURE).toordinal()
    cycles, within = divmod(number - start, _CYCLE_DAYS)
    return cycles, dt.date.fromordinal(start + within)


def time(clock: int, zone: dt.tzinfo | None, *, fold: int = 0) -> Time:
    """The time of day so many nanoseconds after midnight."""
    micros, nano = divmod(clock, 1000)
    seconds, micros = divmod(micros, 1_000_000)
    minutes, second = divmod(seconds, 60)
    found = dt.time(*divmod(minutes, 60), second, micros, tzinfo=zone, fold=fold)
    return WideTime(found, nano) if nano else found


def nanosecond(value: Time | DateTime) -> int:
    """The fraction of its second."""
    if isinstance(value, WideTime | WideDateTime):
        return value.near.microsecond * 1000 + value.nano
    return value.microsecond * 1000


def clock(value: Time | DateTime) -> int:
    """How long its clock has run since midnight."""
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return seconds * SECOND + nanosecond(value)


def combine(day: Date, time: Time) -> DateTime:
    """The date and time of a date and a time."""
    nano = time.nano if isinstance(time, WideTime) else 0
    clock = time.near if isinstance(time, WideTime) else time
    moment = dt.datetime.combine(near(day), clock)
    cycles = day.cycles if isinstance(day, WideDate) else 0
    return WideDateTime(cycles, moment, nano) if cycles or nano else moment


def instant(value: Time | DateTime) -> int:
    """The moment at UTC, or the local one without zone; a time is put on a day of its own."""
    if isinstance(value, dt.time | WideTime):
        value = combine(dt.date(2000, 1, 2), value)
    offset = value.utcoffset()
    return ordinal(value) * DAY + clock(value) - (nanos(offset) if offset else 0)


def moment(instant: int, zone: dt.tzinfo | None) -> DateTime:
    """The date and time of an instant, in a zone; raises OverflowError beyond the last year."""
    number, rest = divmod(instant, DAY)
    if zone is None:
        return combine(of_ordinal(number), time(rest, None))
    cycles, day = _window(number)
    if 1 < number < dt.date.max.toordinal():  # at both ends its offset may leave Python's years
        cycles, day = 0, dt.date.fromordinal(number)
    midnight = dt.datetime.combine(day, dt.time(tzinfo=zone))
    at = zone.fromutc(midnight + dt.timedelta(microseconds=rest // 1000))
    local = time(clock(at) + rest % 1000, zone, fold=at.fold)
    return combine(of_ordinal(at.toordinal() + _CYCLE_DAYS * cycles), local)


def nanos(length: Duration) -> int:
    """The length of a duration; negative when it goes back."""
    if isinstance(length, WideDuration):
        return length.nanos
    return (length.days * 86_400 + length.seconds) * SECOND + length.microseconds * 1000


def duration(nanos: int) -> Duration:
    """The duration of that length; raises OverflowError beyond the longest."""
    if abs(nanos) > LONGEST:
        raise OverflowError("the duration is out of range")
    if nanos % 1000 == 0:
        try:
            return dt.timedelta(microseconds=nanos // 1000)
        except OverflowError:
            pass
    return WideDuration(nanos)


def order(left: object, right: object) -> int | None:
    """-1, 0 or 1 as left is before, equal to or after right, both temporal and of one kind.

    None when they have no order: one has a time zone, the other has none.
    """
    one, other = _place(left), _place(right)
    if one is None or other is None or one[0] != other[0]:
        return None
    return int(one > other) - int(one < other)


def _place(value: object) -> tuple[bool, int] | None:
    """Whether the value has a zone, and where it lies among those of its kind."""
    match value:
        case dt.datetime() | WideDateTime() | dt.time() | WideTime():
            return value.tzinfo is not None, instant(value)
        case dt.date() | WideDate():
            return False, ordinal(value)
        case dt.timedelta() | WideDuration():
            return False, nanos(value)
    return None


def same_second(left: Time | DateTime, right: Time | DateTime) -> bool:
    """Whether both lie in the same second, both with a zone or both without."""
    if (left.tzinfo is None) != (right.tzinfo is None):
        return False
    return instant(left) // SECOND == instant(right) // SECOND

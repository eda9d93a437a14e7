"""Dates, times and durations from their ISO 8601 text (DMN 1.5 §10.3.2.3.4 to 10.3.2.3.8)."""

import datetime as dt
import re

from decisions import timeline
from decisions.feel import limits
from decisions.feel.zones import zone
from decisions.values import Months, Value
from decisions.wide import Date, DateTime, Duration, Time, WideTime

_DATE = r"(?P<year>-?(?:[1-9][0-9]{3,8}|0[0-9]{3}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_TIME = (
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
    # The standard writes a small z in its own examples.
    r"(?P<zone>[Zz]|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+/-]*)?"
)
_DATE_ONLY = re.compile(_DATE)
_TIME_ONLY = re.compile(_TIME)
_BOTH = re.compile(f"{_DATE}T{_TIME}")
_MONTHS = re.compile(r"(?P<sign>-)?P(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?")
_DAYS = re.compile(
    r"(?P<sign>-)?P(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+)(?:\.(?P<fraction>[0-9]*))?S)?)?"
)
_LONGEST = 80
"""Characters of a duration."""
_FARTHEST = dt.timedelta(hours=14)
"""Of an offset (XML Schema part 2, §3.2.7.3)."""


def temporal(text: str) -> Value:
    """The date, time, date and time or duration that the text writes; None when it is none."""
    return date(text) or time(text) or date_and_time(text) or duration(text)


def date(text: str) -> Date | None:
    """A date, YYYY-MM-DD; the year has a sign before our era, and more digits after 9999."""
    match = _DATE_ONLY.fullmatch(text)
    try:
        return _date(match) if match else None
    except ValueError:
        return None


def time(text: str) -> Time | None:
    """A time of day, with offset, IANA zone (after @) or neither."""
    match = _TIME_ONLY.fullmatch(text)
    try:
        return _time(match)[0] if match else None
    except ValueError:
        return None


def date_and_time(text: str) -> DateTime | None:
    """A date, T, and a time of day."""
    match = _BOTH.fullmatch(text)
    try:
        if not match:
            return None
        day, (clock, late) = _date(match), _time(match)
        return timeline.combine(
            timeline.of_ordinal(timeline.ordinal(day) + 1) if late else day, clock
        )
    except (ValueError, OverflowError):
        return None


def duration(text: str) -> Duration | Months | None:
    """A duration of years and months, or of days and time; never of both."""
    if len(text) > _LONGEST or text.endswith(("P", "T")):
        return None
    months = _MONTHS.fullmatch(text)
    if months:
        count = 12 * int(months["years"] or 0) + int(months["months"] or 0)
        if count > limits.MONTHS:
            return None
        return Months(-count if months["sign"] else count)
    days = _DAYS.fullmatch(text)
    try:
        return _days(days) if days else None
    except (ValueError, OverflowError):
        return None


def _date(match: re.Match[str]) -> Date:
    return timeline.date(int(match["year"]), int(match["month"]), int(match["day"]))


def _time(match: re.Match[str]) -> tuple[Time, bool]:
    """The time, and whether it is the midnight after the day, written 24:00:00."""
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    nanos = _nanos(match["fraction"])
    late = (hour, minute, second, nanos) == (24, 0, 0, 0)
    return clock_time(0 if late else hour, minute, second, nanos, _zone(match["zone"])), late


def clock_time(hour: int, minute: int, second: int, nanos: int, zone: dt.tzinfo | None) -> Time:
    """The time that a clock shows; raises ValueError when none does."""
    whole = dt.time(hour, minute, second, nanos // 1000, tzinfo=zone)
    return WideTime(whole, nanos % 1000) if nanos % 1000 else whole


def _nanos(fraction: str | None) -> int:
    """The nanoseconds of a fraction of a second; raises ValueError for a finer one."""
    digits = (fraction or "").rstrip("0")
    if len(digits) > 9:
        raise ValueError(fraction)
    return int(digits.ljust(9, "0"))


def _zone(text: str | None) -> dt.tzinfo | None:
    if text is None:
        return None
    if text in "Zz":
        return dt.UTC
    if text[0] == "@":
        named = zone(text[1:])
        if named is None:
            raise ValueError(text)
        return named
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if minutes > 59 or any(second > 59 for second in seconds):
        raise ValueError(text)
    offset = dt.timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    return fixed_zone(-offset if text[0] == "-" else offset)


def fixed_zone(offset: Duration) -> dt.tzinfo:
    """The zone of an offset; raises ValueError beyond 14 hours, or for a part of a second."""
    if not isinstance(offset, dt.timedelta) or offset.microseconds or abs(offset) > _FARTHEST:
        raise ValueError(offset)
    return dt.timezone(offset) if offset else dt.UTC


def _days(match: re.Match[str]) -> Duration:
    days, hours, minutes, seconds = (
        int(match[part] or 0) for part in ("days", "hours", "minutes", "seconds")
    )
    length = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    nanos = length * timeline.SECOND + _nanos(match["fraction"])
    return timeline.duration(-nanos if match["sign"] else nanos)


def written(length: Duration) -> str:
    """The duration as ISO 8601, as FEEL writes it: P1DT2H3M4.5S."""
    nanos = timeline.nanos(length)
    if not nanos:
        return "PT0S"
    seconds, nano = divmod(abs(nanos), timeline.SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    fraction = f".{nano:09d}".rstrip("0") if nano else ""
    time_part = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "")
    time_part += f"{second}{fraction}S" if second or nano else ""
    day_part = f"{days}D" if days else ""
    return f"{'-' if nanos < 0 else ''}P{day_part}{'T' if time_part else ''}{time_part}"

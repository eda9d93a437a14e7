"""Dates, times and durations from their ISO 8601 text (DMN 1.5 §10.3.2.3.4 to 10.3.2.3.8)."""

import datetime as dt
import re
from decimal import Decimal

from decisions.feel import limits
from decisions.feel.numbers import CONTEXT
from decisions.feel.zones import zone
from decisions.values import Months, Value

_DATE = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_TIME = (
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+/-]*)?"
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
_LONGEST = 40


def temporal(text: str) -> Value:
    """The date, time, date and time or duration that the text writes; None when it is none."""
    return date(text) or time(text) or date_and_time(text) or duration(text)


def date(text: str) -> dt.date | None:
    """A date, YYYY-MM-DD."""
    match = _DATE_ONLY.fullmatch(text)
    try:
        return _date(match) if match else None
    except ValueError:
        return None


def time(text: str) -> dt.time | None:
    """A time of day, with offset, IANA zone (after @) or neither."""
    match = _TIME_ONLY.fullmatch(text)
    try:
        return _time(match) if match else None
    except ValueError:
        return None


def date_and_time(text: str) -> dt.datetime | None:
    """A date, T, and a time of day."""
    match = _BOTH.fullmatch(text)
    try:
        if not match:
            return None
        if match["hour"] != "24":
            return dt.datetime.combine(_date(match), _time(match))
        return _end_of_day(match)
    except (ValueError, OverflowError):
        return None


def _end_of_day(match: re.Match[str]) -> dt.datetime | None:
    """24:00:00 is the midnight after the day."""
    if int(match["minute"]) or int(match["second"]) or _micros(match["fraction"]):
        return None
    midnight = dt.time(tzinfo=_zone(match["zone"]))
    return dt.datetime.combine(_date(match) + dt.timedelta(days=1), midnight)


def duration(text: str) -> dt.timedelta | Months | None:
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
    except OverflowError:
        return None


def _date(match: re.Match[str]) -> dt.date:
    return dt.date(int(match["year"]), int(match["month"]), int(match["day"]))


def _time(match: re.Match[str]) -> dt.time:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    return dt.time(hour, minute, second, _micros(match["fraction"]), tzinfo=_zone(match["zone"]))


def _micros(fraction: str | None) -> int:
    return int((fraction or "0")[:6].ljust(6, "0"))


def _zone(text: str | None) -> dt.tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return dt.UTC
    if text[0] == "@":
        named = zone(text[1:])
        if named is None:
            raise ValueError(text)
        return named
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if hours > 14 or minutes > 59 or any(second > 59 for second in seconds):
        raise ValueError(text)
    offset = dt.timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    return dt.timezone(-offset if text[0] == "-" else offset)


def _days(match: re.Match[str]) -> dt.timedelta:
    length = dt.timedelta(
        days=int(match["days"] or 0),
        hours=int(match["hours"] or 0),
        minutes=int(match["minutes"] or 0),
        seconds=int(match["seconds"] or 0),
        microseconds=_micros(match["fraction"]),
    )
    return -length if match["sign"] else length


def written(length: dt.timedelta) -> str:
    """The duration as ISO 8601, as FEEL writes it: P1DT2H3M4.5S."""
    sign = "-" if length < dt.timedelta() else ""
    length = abs(length)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    exact = (Decimal(seconds) + Decimal(length.microseconds).scaleb(-6)).normalize(CONTEXT)
    parts = [(hours, "H"), (minutes, "M"), (exact, "S")]
    time_part = "".join(
        f"{number:f}{unit}" if unit == "S" else f"{number}{unit}"
        for number, unit in parts
        if number
    )
    day_part = f"{length.days}D" if length.days else ""
    if not day_part and not time_part:
        return "PT0S"
    return f"{sign}P{day_part}{'T' if time_part else ''}{time_part}"

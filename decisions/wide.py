"""Dates, times and durations beyond Python's own types (DMN 1.5 §10.3.2.3.4 to 10.3.2.3.8).

Python's types end at the years 1 and 9999 and at the microsecond; FEEL has years of nine digits,
and fractions of a second, here to the nanosecond. A value is one of these classes only when
Python's type cannot hold it, so that equal values have one form, and Python's stay the rule.

The Gregorian calendar repeats itself every 400 years, weekdays included. A far date is therefore
a date that Python knows and how many such cycles away it lies. `decisions.timeline` makes these
values, and computes with them.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

CYCLE = 400
"""Years after which the calendar repeats itself."""


class _Day:
    """What a date, with or without time, tells of its day."""

    __slots__ = ()
    cycles: int
    near: dt.date

    @property
    def year(self) -> int:
        """The year; 0 and less before our era."""
        return self.near.year + CYCLE * self.cycles

    @property
    def month(self) -> int:
        """The month, from 1."""
        return self.near.month

    @property
    def day(self) -> int:
        """The day of the month, from 1."""
        return self.near.day

    def isoweekday(self) -> int:
        """The day of the week, 1 for Monday."""
        return self.near.isoweekday()


class _Clock:
    """What a time and a date and time tell of their clock."""

    __slots__ = ()
    near: dt.time | dt.datetime
    nano: int

    @property
    def hour(self) -> int:
        """From 0 to 23."""
        return self.near.hour

    @property
    def minute(self) -> int:
        """From 0 to 59."""
        return self.near.minute

    @property
    def second(self) -> int:
        """From 0 to 59, without its fraction."""
        return self.near.second

    @property
    def tzinfo(self) -> dt.tzinfo | None:
        """The time zone or the offset; None for a local time."""
        return self.near.tzinfo

    def utcoffset(self) -> dt.timedelta | None:
        """How far the zone is from UTC; None where Python says so of its own values."""
        return self.near.utcoffset()


@dataclass(frozen=True, slots=True)
class WideDate(_Day):
    """A date of a year before 1 or after 9999."""

    cycles: int
    near: dt.date

    def isoformat(self) -> str:
        """At least four digits of year, with a sign when it is negative."""
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class WideTime(_Clock):
    """A time of day with nanoseconds: `nano` of them beyond the microseconds of `near`."""

    near: dt.time
    nano: int


@dataclass(frozen=True, slots=True)
class WideDateTime(_Day, _Clock):
    """A date and time of a far year, or with nanoseconds, or both."""

    cycles: int
    near: dt.datetime
    nano: int

    def date(self) -> "Date":
        """Its date alone."""
        return WideDate(self.cycles, self.near.date()) if self.cycles else self.near.date()

    def timetz(self) -> "Time":
        """Its time alone, with its zone."""
        time = self.near.timetz()
        return WideTime(time, self.nano) if self.nano else time


@dataclass(frozen=True, slots=True)
class WideDuration:
    """A days and time duration with nanoseconds, or longer than Python's."""

    nanos: int


Date: TypeAlias = dt.date | WideDate
Time: TypeAlias = dt.time | WideTime
DateTime: TypeAlias = dt.datetime | WideDateTime
Duration: TypeAlias = dt.timedelta | WideDuration
AnyDate: TypeAlias = Date | WideDateTime
"""With or without time: Python's dates with time are dates."""

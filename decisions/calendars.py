"""Calendars of working days: rest days of the week, holidays, and days worked by exception.

Facts come from outside, each with its source: a calendar is data, never code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from decisions.errors import DecisionError

# Beyond this many days without a working day a calendar is wrong, not the office closed.
_LONGEST_CLOSURE = 366


# Opening and closing time on the wall.
Window = tuple[time, time]
# Of each day of the week, 1 for Monday, when the office is open.
Hours = Mapping[int, tuple[Window, ...]]


@dataclass(frozen=True, slots=True)
class Day:
    """What a date is by exception: a holiday, or a day worked that the week would leave free.

    `label` in the main language, `labels` in others; `estimated`: nobody has decided it yet.
    """

    works: bool
    label: str
    source: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Season:
    """Days, both included, with opening hours of their own: Ramadan, summer."""

    name: str
    first: date
    last: date
    hours: Hours


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, and at what hours, as it was known at one moment.

    `rest_days` count from 1 for Monday, as ISO 8601 does. `first` and `last`: outside them nothing
    is known. `seasons`: the last that fits counts.
    """

    name: str
    rest_days: frozenset[int]
    days: Mapping[date, Day] = field(default_factory=dict)
    zone: str = "UTC"
    first: date = date.min
    last: date = date.max
    hours: Hours = field(default_factory=dict)
    seasons: tuple[Season, ...] = ()

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on that date."""
        found = self.days.get(day)
        return found.works if found is not None else day.isoweekday() not in self.rest_days

    def holiday(self, day: date) -> str | None:
        """The name of the holiday on that date, or None."""
        found = self.days.get(day)
        return found.label if found is not None and not found.works else None

    def add_working_days(self, day: date, count: int) -> date:
        """The date that many working days after (negative: before) a date, itself not counted.

        None of them leaves the date as it is. Raises DecisionError where a year goes by without a
        working day.
        """
        step = timedelta(days=1 if count > 0 else -1)
        for _ in range(abs(count)):
            day = self._next(day, step)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; negative backwards."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(day) for day in _after(start, end))

    def _next(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_CLOSURE):
            day += step
            if self.is_working_day(day):
                return day
        raise DecisionError(
            "calendar-closed", f"the calendar {self.name} has no working day in a year after {day}",
            remedy="Correct its rest days and holidays.",
        )  # fmt: skip


def _after(start: date, end: date) -> Iterator[date]:
    for number in range(1, (end - start).days + 1):
        yield start + timedelta(days=number)

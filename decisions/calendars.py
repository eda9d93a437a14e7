"""Calendars of working days: rest days of the week, holidays, and days worked by exception.

Facts come from outside, each with its source: a calendar is data, never code.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from decisions.errors import DecisionError
from decisions.workdays import Workdays

# Beyond this many days without a working day a calendar is wrong, not the office closed.
_LONGEST_CLOSURE = 366
_DAY = timedelta(days=1)

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

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone of its clocks on the wall."""
        return ZoneInfo(self.zone)

    def local_date(self, instant: datetime) -> date:
        """The day that an instant has on the wall."""
        return instant.astimezone(self.tz).date()

    def midnight_after(self, day: date) -> datetime:
        """The instant, in UTC, at which a day is over."""
        return self._instant(day + _DAY, time())

    def known(self, day: date) -> date:
        """The day itself; raises DecisionError where the calendar does not reach."""
        if not self.first <= day <= self.last:
            raise self._beyond(day)
        return day

    def count(self, first: date, last: date) -> int:
        """How many working days there are from the first to the last of these, both counted.

        Raises DecisionError where the calendar does not reach.
        """
        if last < first:
            return 0
        self.known(first)
        number = self._workdays.number
        return number(self.known(last).toordinal()) - number(first.toordinal() - 1)

    def working_day(self, day: date, count: int) -> date:
        """The working day that many after (negative: before) a day, itself not counted.

        Takes no longer for many than for one. Raises DecisionError where the calendar does not
        reach.
        """
        step = 1 if count > 0 else -1
        origin = self.known(day + step * _DAY).toordinal() - (step + 1) // 2
        number = self._workdays.number(origin) + (count if count > 0 else count + 1)
        found = self._workdays.day(number)
        first, last = self.first.toordinal(), self.last.toordinal()
        if found is None or not first <= found <= last:
            raise self._beyond(self.last if count > 0 else self.first)
        return date.fromordinal(found)

    @cached_property
    def estimated(self) -> tuple[date, ...]:
        """The days that nobody has decided yet, in order."""
        return tuple(sorted(day for day, what in self.days.items() if what.estimated))

    def windows(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """When offices are open on a day, as instants in UTC; a closing at 00:00 ends the day.

        Raises DecisionError where the calendar does not reach.
        """
        found = self._opened.get(day)
        if found is None:
            found = self._opened[day] = self._windows(self.known(day))
        return found

    @cached_property
    def _opened(self) -> dict[date, tuple[tuple[datetime, datetime], ...]]:
        return {}

    def _windows(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        if not self.is_working_day(day):
            return ()
        fitting = (one.hours for one in reversed(self.seasons) if one.first <= day <= one.last)
        return tuple(
            (
                self._instant(day, opens),
                self._instant(day + _DAY if closes == time() else day, closes),
            )
            for opens, closes in next(fitting, self.hours).get(day.isoweekday(), ())
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that it knows, as hexadecimal digits; its name is not part of it."""
        known = {
            "zone": self.zone,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "rest_days": sorted(self.rest_days),
            "days": [[day.isoformat(), _plain(what)] for day, what in sorted(self.days.items())],
            "hours": _plain_hours(self.hours),
            "seasons": [
                [one.name, one.first.isoformat(), one.last.isoformat(), _plain_hours(one.hours)]
                for one in self.seasons
            ],
        }
        text = json.dumps(known, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _workdays(self) -> Workdays:
        week = {1, 2, 3, 4, 5, 6, 7} - self.rest_days
        return Workdays(week, {day: what.works for day, what in self.days.items()})

    def _instant(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, self.tz).astimezone(UTC)

    def _beyond(self, day: date) -> DecisionError:
        return DecisionError(
            "calendar.horizon",
            f"the calendar {self.name} knows {self.first} to {self.last}; {day} is asked",
            place=day.isoformat(),
            remedy="Import the years that are missing into the calendar.",
        )

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


def _plain(what: Day) -> list[Any]:
    return [what.works, what.label, what.source, dict(what.labels), what.estimated]


def _plain_hours(hours: Hours) -> list[list[Any]]:
    return [
        [day, [[opens.isoformat(), closes.isoformat()] for opens, closes in windows]]
        for day, windows in sorted(hours.items())
    ]

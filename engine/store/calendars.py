"""Calendars as rows; a day that was set anew keeps what was set before."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from decisions.calendars import Calendar, Day
from engine.store import tables as t
from engine.store.store import Store

# A day that is after all as the week has it: what withdraws a holiday that was set.
REGULAR = "regular"


def read(store: Store, name: str, moment: datetime) -> Calendar:
    """A calendar as it was known at a moment: of each day the newest setting until then."""
    head = store.get(t.calendar, name=name)
    day = t.calendar_day.c
    rows = store.rows(
        t.calendar_day, day.calendar == name, day.set_at <= moment, order=[day.set_at],
        limit=100_000,
    )  # fmt: skip
    rest = frozenset(int(number) for number in head.rest_days.split())
    newest = {row.day: row for row in rows}
    days = {
        day: Day(row.kind == "working", row.label_fr, row.source)
        for day, row in newest.items()
        if row.kind != REGULAR
    }
    return Calendar(name, rest, days)


@dataclass(frozen=True)
class Known:
    """A calendar as it was known at a moment, read when it is first asked: few expressions ask."""

    store: Store
    name: str
    moment: datetime

    @cached_property
    def _read(self) -> Calendar:
        return read(self.store, self.name, self.moment)

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on that date."""
        return self._read.is_working_day(day)

    def holiday(self, day: date) -> str | None:
        """The name of the holiday on that date, or None."""
        return self._read.holiday(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The date that many working days after (or before) a date."""
        return self._read.add_working_days(day, count)

"""Calendars as rows; a day that was set anew keeps what was set before."""

from datetime import datetime

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

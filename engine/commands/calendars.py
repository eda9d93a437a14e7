"""Calendars: what is known of working days, and dated overrides of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import Transaction

KINDS = ("holiday", "working")
_REGULAR = "regular"


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that is set: a holiday, or worked by exception."""

    day: date
    kind: str
    label_fr: str
    label_ar: str
    source: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class CalendarView:
    """A calendar: its weekly rest (1 is Monday), and the days set in a year."""

    name: str
    rest_days: str
    source: str
    days: tuple[DayRow, ...]


@dataclass(frozen=True, slots=True)
class DaySet:
    """A day that was set."""

    calendar: str
    day: date


def show(tx: Transaction, name: str | None = None, year: int | None = None) -> CalendarView:
    """A calendar and its days of a year (both default to the city's own and to this year)."""
    name, year = name or tx.facts.get("calendar", ""), year or tx.today.year
    head = tx.store.one(t.calendar, name=name)
    if head is None:
        raise EngineError("unknown_calendar", calendar=name)
    day = t.calendar_day.c
    rows = tx.store.rows(
        t.calendar_day, day.calendar == name, day.day >= date(year, 1, 1),
        day.day <= date(year, 12, 31), order=[day.set_at],
    )  # fmt: skip
    newest = {row.day: row for row in rows}
    days = (
        DayRow(r.day, r.kind, r.label_fr, r.label_ar, r.source, r.set_at)
        for r in sorted(newest.values(), key=lambda row: row.day)
    )
    shown = tuple(row for row in days if row.kind != _REGULAR)
    return CalendarView(name, head.rest_days, head.source, shown)


def set_day(
    tx: Transaction, name: str, day: date, *, kind: str, label: str, source: str,
    label_ar: str = "",
) -> DaySet:  # fmt: skip
    """Set what a date is; the last word counts, what was set before stays known.

    `kind`: "holiday", or "working" for a day that the week would leave free. `source`: the decree
    or circular that says so.
    """
    if tx.store.one(t.calendar, name=name) is None:
        raise EngineError("unknown_calendar", calendar=name)
    if kind not in KINDS:
        expected = f"A day is {' or '.join(KINDS)}."
        raise EngineError("bad_value", name="kind", value=kind, expected=expected)
    if not source.strip() or not label.strip():
        raise EngineError("reason_missing", act="calendars.set_day (label and source)")
    tx.store.add(
        t.calendar_day, calendar=name, day=day, kind=kind, label_fr=label,
        label_ar=label_ar or label, source=source, set_at=tx.now, set_by=tx.actor.id,
    )  # fmt: skip
    return DaySet(name, day)


def load(tx: Transaction, found: dict[str, Any]) -> CalendarView:
    """Bring a calendar in from data; one that is there keeps what it has."""
    name = str(found["name"])
    if tx.store.one(t.calendar, name=name) is None:
        rest = " ".join(str(number) for number in found["rest_days"])
        tx.store.add(
            t.calendar, name=name, zone=found["zone"], rest_days=rest, source=found["source"]
        )
        for row in found["days"]:
            set_day(tx, name, row["day"], kind=row.get("kind", "holiday"), label=row["fr"],
                    label_ar=row["ar"], source=row["source"])  # fmt: skip
    return show(tx, name)

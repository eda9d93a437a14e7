"""Calendars: what is known of working days, and dated overrides of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from engine.commands.lines import line
from engine.errors import EngineError
from engine.store import tables as t
from engine.store.calendars import REGULAR
from engine.transaction import Transaction

KINDS = ("holiday", "working", REGULAR)


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
    shown = tuple(row for row in days if row.kind != REGULAR)
    return CalendarView(name, head.rest_days, head.source, shown)


def set_day(
    tx: Transaction, name: str, day: date, *, kind: str, label: str, source: str,
    label_ar: str = "",
) -> DaySet:  # fmt: skip
    """Set what a date is; the last word counts, what was set before stays known.

    `kind`: "holiday", "working" for a day that the week would leave free, or "regular" for one that
    is after all as the week has it. `source`: the decree or circular that says so.
    """
    if tx.store.one(t.calendar, name=name) is None:
        raise EngineError("unknown_calendar", calendar=name)
    if kind not in KINDS:
        expected = f"A day is {', '.join(KINDS)}."
        raise EngineError("bad_value", name="kind", value=kind, expected=expected)
    if not source.strip() or not label.strip():
        raise EngineError("reason_missing", act="calendars.set_day (label and source)")
    label = line("label", label, 200)
    tx.store.add(
        t.calendar_day, calendar=name, day=day, kind=kind, label_fr=label,
        label_ar=line("label", label_ar or label, 200), source=source, set_at=tx.now,
        set_by=tx.actor.id,
    )  # fmt: skip
    return DaySet(name, day)


def load(tx: Transaction, found: dict[str, Any]) -> CalendarView:
    """Bring a calendar in from data; one that is there keeps what it has, and gets later years.

    The days of a first load count from when they are `known`, so that a past case is computed with
    what was known then; those of a later load count from now, and never take the place of a day
    that a person has set.
    """
    name = str(found["name"])
    if tx.store.one(t.calendar, name=name) is None:
        rest = " ".join(str(number) for number in found["rest_days"])
        tx.store.add(
            t.calendar, name=name, zone=found["zone"], rest_days=rest, source=found["source"]
        )
    there = tx.store.all(t.calendar_day, calendar=name)
    last = max((row.day.year for row in there if row.set_by == tx.actor.id), default=0)
    taken = {row.day for row in there}
    rows = [
        {
            "calendar": name, "day": row["day"], "kind": "holiday", "label_fr": row["fr"],
            "label_ar": row["ar"], "source": row["source"], "set_by": tx.actor.id,
            "set_at": tx.now if last else datetime.combine(row["known"], time.min, UTC),
        }
        for row in found["days"]
        if row["day"].year > last and row["day"] not in taken
    ]  # fmt: skip
    tx.store.add_all(t.calendar_day, rows)
    return show(tx, name)

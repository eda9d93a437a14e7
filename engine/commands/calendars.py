"""Calendars: what is known of days and hours, from the nation's to an office's.

Nothing is ever edited: what is recorded last counts, from the moment on which it is recorded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from decisions.calendars import Calendar
from engine.commands.lines import line
from engine.errors import EngineError
from engine.store import calendars as stored
from engine.store import tables as t
from engine.store.calendars import CLOSED, DECIDED, ESTIMATED, OPEN, REGULAR, WITHDRAWN, Row
from engine.transaction import Transaction

KINDS = (CLOSED, OPEN, REGULAR)
_LONGEST = 370  # days that one order may set
_CENTURY = timedelta(days=36_525)
# An import of the year after the next is a yearly duty: who waits longer dates no long delay.
_AHEAD = timedelta(days=548)


@dataclass(frozen=True, slots=True)
class DaysSet:
    """Days that were set in a calendar, or about which it says nothing any more."""

    calendar: str
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A calendar that was made, and the one behind it."""

    calendar: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Assigned:
    """By which calendar an office goes; None: by that of the office above it, or the city's."""

    office: str
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Affected:
    """A calendar whose days change, and those that do."""

    calendar: str
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Horizon:
    """Until when a calendar answers; `short`: less than a year and a half ahead."""

    calendar: str
    last: date
    short: bool


def create(
    tx: Transaction, name: str, parent: str, *, source: str, rest_days: Sequence[int] = ()
) -> Made:
    """Make a calendar before another: what it does not say, that one does.

    `rest_days`: where its weekly rest is its own, from 1 for Monday.
    """
    name = line("name", name, 40)
    behind = head(tx, parent)
    if tx.store.one(t.calendar, name=name) is not None:
        raise EngineError("calendar_exists", calendar=name)
    _sourced("calendars.create", source)
    if not set(rest_days) <= set(range(1, 8)):
        raise EngineError("bad_value", name="rest_days", value=rest_days, expected="1 is Monday.")
    rest = " ".join(str(number) for number in sorted(set(rest_days))) or behind.rest_days
    tx.store.add(
        t.calendar, name=name, parent=parent, zone=behind.zone, rest_days=rest, source=source
    )
    return Made(name, parent)


def assign(tx: Transaction, office: str, name: str | None) -> Assigned:
    """Let an office, and those under it that have none, go by a calendar; None: as the one above.

    It counts from now: what was computed before went by the calendar of then.
    """
    place = tx.store.one(t.office, short=office) or tx.store.one(t.office, code=office)
    if place is None:
        raise EngineError("unknown_office", office=office)
    if name is not None:
        head(tx, name)
    tx.store.add(
        t.office_calendar, office_id=place.id, calendar=name, recorded_at=tx.now,
        recorded_by=tx.actor.id,
    )  # fmt: skip
    return Assigned(place.short, name)


def add(
    tx: Transaction, name: str, day: date, *, kind: str, source: str, label: str,
    label_ar: str = "", label_en: str = "", until: date | None = None, estimated: bool = False,
    decided_on: date | None = None,
) -> DaysSet:  # fmt: skip
    """Set what a date is, or the dates from one to another; the last word counts.

    `kind`: "closed", "open" for a day that the week would leave free, or "regular" for one that is
    after all as the week has it. `source`: the decree or circular that says so.
    """
    head(tx, name)
    if kind not in KINDS:
        expected = f"A day is {', '.join(KINDS)}."
        raise EngineError("bad_value", name="kind", value=kind, expected=expected)
    _sourced("calendars.add (label and source)", source, label)
    label = line("label", label, 200)
    said = {
        "kind": kind, "status": ESTIMATED if estimated else DECIDED, "label_fr": label,
        "label_ar": line("label", label_ar or label, 200),
        "label_en": line("label", label_en or label, 200), "source": source,
        "decided_on": decided_on,
    }  # fmt: skip
    return _write(tx, name, _days(day, until or day), said)


def withdraw(
    tx: Transaction, name: str, day: date, *, source: str, until: date | None = None
) -> DaysSet:
    """Take back what a calendar says of a date: what stands behind it counts again, or the week."""
    head(tx, name)
    _sourced("calendars.withdraw (source)", source)
    days = _days(day, until or day)
    there = stored.read_book(tx.store).newest(name, "day", tx.now)
    missing = [one for one in days if one not in there or there[one].said.kind == WITHDRAWN]
    if missing:
        raise EngineError("day_not_set", calendar=name, day=missing[0])
    blank = dict.fromkeys(("label_fr", "label_ar", "label_en"), "")
    said = {"kind": WITHDRAWN, "status": DECIDED, "source": source, "decided_on": None}
    return _write(tx, name, days, said | blank)


def affected(tx: Transaction, planned: Sequence[Row]) -> tuple[Affected, ...]:
    """Which days would change, in which calendars, if rows were written that are only planned.

    A day changes where it becomes closed or open, or where its hours are others. Here is where to
    ask how many running cases count such a day.
    """
    book = stored.read_book(tx.store)
    after = book.planned(planned)
    found = []
    for name in sorted({one for row in planned for one in book.under(row.calendar)}):
        days = differing(book.at(name, tx.now), after.at(name, tx.now))
        if days:
            found.append(Affected(name, days))
    return tuple(found)


def plan(tx: Transaction, name: str, day: date, kind: str, until: date | None = None) -> list[Row]:
    """The rows that `add` would write: what to ask `affected` about."""
    said = SimpleNamespace(kind=kind, label_fr="", label_ar="", label_en="", source="", status="")
    return [Row(name, "day", one, tx.now, said) for one in _days(day, until or day)]


def differing(before: Calendar, after: Calendar) -> tuple[date, ...]:
    """The days, of those that both know, that are closed, or open at other hours, in only one."""
    first, last = max(before.first, after.first), min(before.last, after.last)
    if last - first > _CENTURY:  # nobody has said which years are known
        days = {*before.days, *after.days}
    else:
        days = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return tuple(
        day
        for day in sorted(days)
        if (before.is_working_day(day), before.windows(day))
        != (after.is_working_day(day), after.windows(day))
    )


def horizon(tx: Transaction) -> tuple[Horizon, ...]:
    """Until when the calendars answer that offices go by, and the city's."""
    book = stored.read_book(tx.store)
    names = {tx.facts.get("calendar", "")} & book.heads.keys()
    names |= {name for office in book.above if (name := book.of_office(office, tx.now))}
    found = []
    for name in sorted(names):
        last = book.at(name, tx.now).last
        found.append(Horizon(name, last, last - tx.today < _AHEAD))
    return tuple(found)


# -- parts --


def head(tx: Transaction, name: str) -> Any:
    """The calendar of that name; raises `unknown_calendar`."""
    found = tx.store.one(t.calendar, name=name)
    if found is None:
        raise EngineError("unknown_calendar", calendar=name)
    return found


def _sourced(act: str, *texts: str) -> None:
    if not all(text.strip() for text in texts):
        raise EngineError("reason_missing", act=act)


def _days(first: date, last: date) -> list[date]:
    if not timedelta() <= last - first < timedelta(days=_LONGEST):
        expected = f"The last day is the first or comes after it, by less than {_LONGEST} days."
        raise EngineError("bad_value", name="until", value=last, expected=expected)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _write(tx: Transaction, name: str, days: Sequence[date], said: Mapping[str, Any]) -> DaysSet:
    told = {"calendar": name, "imported": False, "recorded_at": tx.now, "recorded_by": tx.actor.id}
    tx.store.add_all(t.calendar_day, [{**said, **told, "day": day} for day in days])
    return DaysSet(name, tuple(days))

"""Calendars: what is known of days and hours, from the nation's to an office's.

Nothing is ever edited: what is recorded last counts, from the moment on which it is recorded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from engine.commands import revisions
from engine.commands.lines import line
from engine.errors import EngineError
from engine.store import calendars as stored
from engine.store import tables as t
from engine.store.calendars import CLOSED, DECIDED, ESTIMATED, OPEN, REGULAR, WITHDRAWN, Book, Row
from engine.transaction import Transaction
from processes import hijri

KINDS = (CLOSED, OPEN, REGULAR)
_LONGEST = 370  # days that one order may set
# An import of the year after the next is a yearly duty: who waits longer dates no long delay.
_AHEAD = timedelta(days=548)


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that is closed, open by exception, or regular though a layer behind says otherwise.

    `calendar`: the layer that says so. `hijri`: year-month-day by Umm al-Qura, None outside it.
    """

    day: date
    kind: str
    status: str
    label_fr: str
    label_ar: str
    label_en: str
    source: str
    decided_on: date | None
    recorded_at: datetime
    calendar: str
    hijri: str | None


@dataclass(frozen=True, slots=True)
class HoursRow:
    """Opening hours of a week, 1 for Monday: the ordinary one, without a name, or of a season."""

    name: str
    first: date | None
    last: date | None
    hours: str
    status: str
    source: str
    recorded_at: datetime
    calendar: str


@dataclass(frozen=True, slots=True)
class CalendarView:
    """A calendar: its layers, nearest first, weekly rest (1 is Monday), and what a year holds.

    `first` and `last`: the days it answers for. `digest`: of all that it knows, over all years.
    """

    name: str
    layers: tuple[str, ...]
    zone: str
    rest_days: str
    source: str
    first: date
    last: date
    digest: str
    days: tuple[DayRow, ...]
    hours: tuple[HoursRow, ...]


@dataclass(frozen=True, slots=True)
class DaysSet:
    """Days that were set in a calendar, both included, or of which it says nothing any more."""

    calendar: str
    day: date
    until: date


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
    """A calendar whose days change, and those that do.

    `cases` are the running ones that count such a day in a clock of the law, in the offices that go
    by this calendar; `moved` those of them whose end would be another.
    """

    calendar: str
    days: tuple[date, ...]
    cases: int
    moved: int


@dataclass(frozen=True, slots=True)
class Horizon:
    """Until when a calendar answers; `short`: less than a year and a half ahead."""

    calendar: str
    last: date
    short: bool


def show(
    tx: Transaction, name: str | None = None, year: int | None = None, as_of: date | None = None
) -> CalendarView:
    """A calendar and its days of a year (both default to the city's own and to this year).

    `as_of`: as it was known at the end of that day.
    """
    name, year = name or tx.facts.get("calendar", ""), year or tx.today.year
    top = head(tx, name)
    moment = tx.now
    if as_of is not None:
        midnight = datetime.combine(as_of + timedelta(days=1), time(), ZoneInfo(top.zone))
        moment = min(midnight - timedelta(microseconds=1), tx.now)
    book = tx.calendars
    known = book.at(name, moment)
    return CalendarView(
        name, tuple(book.layers(name)), top.zone, top.rest_days, top.source, known.first,
        known.last, known.digest, _days_of(book, name, year, moment),
        _hours(book, name, year, moment),
    )  # fmt: skip


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
    book = tx.calendars
    tx.store.add(
        t.office_calendar, office_id=place.id, calendar=name, recorded_at=tx.now,
        recorded_by=tx.actor.id,
    )  # fmt: skip
    revisions.order(tx, book)
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
    there = tx.calendars.newest(name, "day", tx.now)
    missing = [one for one in days if one not in there or there[one].said.kind == WITHDRAWN]
    if missing:
        raise EngineError("day_not_set", calendar=name, day=missing[0])
    blank = dict.fromkeys(("label_fr", "label_ar", "label_en"), "")
    said = {"kind": WITHDRAWN, "status": DECIDED, "source": source, "decided_on": None}
    return _write(tx, name, days, said | blank)


def affected(tx: Transaction, planned: Sequence[Row]) -> tuple[Affected, ...]:
    """Which days would change, in which calendars, if rows were written that are only planned.

    A day changes where it becomes closed or open, or where its hours are others.
    """
    book = tx.calendars
    after = book.planned(planned)
    found = []
    for name in sorted({one for row in planned for one in book.under(row.calendar)}):
        days = stored.differing(book.at(name, tx.now), after.at(name, tx.now))
        if days:
            found.append(Affected(name, days, *revisions.counted(tx, book, after, name)))
    return tuple(found)


def diff(
    tx: Transaction, name: str, day: date, *, kind: str, until: date | None = None
) -> tuple[Affected, ...]:
    """Which days would change, and in which calendars, if this were set; nothing is written.

    `kind` as for `add`, or "withdrawn".
    """
    head(tx, name)
    said = SimpleNamespace(kind=kind, label_fr="", label_ar="", label_en="", source="", status="")
    return affected(tx, [Row(name, "day", one, tx.now, said) for one in _days(day, until or day)])


def horizon(tx: Transaction) -> tuple[Horizon, ...]:
    """Until when the calendars answer that offices go by, and the city's."""
    book = tx.calendars
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
    book = tx.calendars
    tx.store.add_all(t.calendar_day, [{**said, **told, "day": day} for day in days])
    revisions.order(tx, book)
    return DaysSet(name, days[0], days[-1])


def _days_of(book: Book, name: str, year: int, moment: datetime) -> tuple[DayRow, ...]:
    found = book.seen(name, "day", moment)
    return tuple(_day(found[day]) for day in sorted(found) if day.year == year)


def _day(row: Row) -> DayRow:
    said, lunar = row.said, hijri.of(row.key)
    return DayRow(
        row.key, said.kind, said.status, said.label_fr, said.label_ar,
        said.label_en or said.label_fr, said.source, said.decided_on, row.recorded_at,
        row.calendar, "{}-{:02}-{:02}".format(*lunar) if lunar else None,
    )  # fmt: skip


def _hours(book: Book, name: str, year: int, moment: datetime) -> tuple[HoursRow, ...]:
    found = (row for _, row in sorted(book.seen(name, "hours", moment).items()))
    return tuple(_week(row) for row in found if _in(row.said, year))


def _in(said: Any, year: int) -> bool:
    return said.first is None or said.first.year <= year <= said.last.year


def _week(row: Row) -> HoursRow:
    said = row.said
    return HoursRow(
        said.name, said.first, said.last, said.hours, said.status, said.source, row.recorded_at,
        row.calendar,
    )  # fmt: skip

"""A calendar as people read it: each day, from which layer it comes, and how far it is certain."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.commands.calendars import head
from engine.store import calendars as stored
from engine.store.calendars import Book, Row
from engine.transaction import Transaction
from processes import hijri


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
    book = stored.read_book(tx.store)
    known = book.at(name, moment)
    return CalendarView(
        name, tuple(book.layers(name)), top.zone, top.rest_days, top.source, known.first,
        known.last, known.digest, _days(book, name, year, moment),
        _hours(book, name, year, moment),
    )  # fmt: skip


def _days(book: Book, name: str, year: int, moment: datetime) -> tuple[DayRow, ...]:
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

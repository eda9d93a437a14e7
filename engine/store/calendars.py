"""Calendars as rows in layers, and as values: what was known at a moment.

A day, hours and the years answered for are looked up from the nearest calendar to the farthest:
office, commune, nation.  Rows are only added, so their number tells whether anything is new: one
small query a command, and the rest stays in the process.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from decisions.calendars import Calendar, Day, Hours, Season
from engine.store import tables as t
from engine.store.store import Store

CLOSED, OPEN = "closed", "open"
# A day that is after all as the week has it, whatever a farther calendar says.
REGULAR = "regular"
# This calendar says nothing of it any more: what a farther one says counts, or the week.
WITHDRAWN = "withdrawn"
ESTIMATED, DECIDED = "estimated", "decided"

_TABLES = (
    t.calendar, t.calendar_day, t.calendar_hours, t.calendar_span, t.office_calendar, t.office,
)  # fmt: skip
_MARK = select(*(select(func.count()).select_from(table).scalar_subquery() for table in _TABLES))
_MANY = 100_000
_INSTANT = timedelta(microseconds=1)
# No command takes longer from its first look at the clock to its end.
_RACE = timedelta(minutes=5)
_CENTURY = timedelta(days=36_525)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its kind is day, hours, span or office, its key what it speaks of, `said` the rest."""

    calendar: str
    kind: str
    key: Any
    recorded_at: datetime
    said: Any


@dataclass(frozen=True)
class Book:
    """Every calendar of a database, and by which one each office goes."""

    heads: Mapping[str, Any]
    rows: tuple[Row, ...]
    above: Mapping[int, int | None]
    _values: dict[tuple[str, int], Calendar] = field(default_factory=dict, compare=False)

    @cached_property
    def _moments(self) -> list[datetime]:
        return sorted({row.recorded_at for row in self.rows})

    @cached_property
    def _index(self) -> Mapping[tuple[str, str], Sequence[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row.calendar, row.kind), []).append(row)
        return found

    def layers(self, name: str) -> list[str]:
        """A calendar and those behind it, the nearest first."""
        found = [name]
        while (parent := self.heads[found[-1]].parent) is not None:
            found.append(parent)
        return found

    def under(self, name: str) -> list[str]:
        """A calendar and those that look it up, by name."""
        return sorted(one for one in self.heads if name in self.layers(one))

    def newest(self, name: str, kind: str, moment: datetime) -> dict[Any, Row]:
        """Of one layer, by what each speaks of, the last row of a kind until a moment."""
        rows = self._index.get((name, kind), ())
        return {row.key: row for row in rows if row.recorded_at <= moment}

    def seen(self, name: str, kind: str, moment: datetime) -> dict[Any, Row]:
        """The same through all layers: the nearest that says something."""
        found: dict[Any, Row] = {}
        for layer in reversed(self.layers(name)):
            rows = self.newest(layer, kind, moment).values()
            found |= {row.key: row for row in rows if _speaks(row)}
        return found

    @cached_property
    def top(self) -> int | None:
        """The office above all others: the city itself."""
        return next((office for office, above in self.above.items() if above is None), None)

    def of_office(self, office: int | None, moment: datetime) -> str | None:
        """The calendar of an office, or of the nearest above it that has one; None: none has."""
        chosen = self.newest("", "office", moment)
        while office is not None:
            if office in chosen and chosen[office].said.calendar is not None:
                return str(chosen[office].said.calendar)
            office = self.above.get(office)
        return None

    def at(self, name: str, moment: datetime) -> Calendar:
        """A calendar as it was known at a moment: the same value as long as nothing was added."""
        since = bisect_right(self._moments, moment)
        if (name, since) not in self._values:
            self._values[name, since] = self._read(name, moment)
        return self._values[name, since]

    def dated(self, name: str, moment: datetime, digest: str) -> Calendar:
        """The calendar of that digest: as it was known at a moment, or shortly before.

        A row may have been written in the same instant, or by a command that began earlier and
        ended later than the one that counted.
        """
        since = bisect_right(self._moments, moment)
        for at in (moment, *(one - _INSTANT for one in reversed(self._moments[:since]))):
            if (found := self.at(name, at)).digest == digest or moment - at > _RACE:
                return found
        return self.at(name, moment)

    def planned(self, rows: Sequence[Row]) -> "Book":
        """As it would be with rows that nobody has written yet."""
        return Book(self.heads, (*self.rows, *rows), self.above)

    def _read(self, name: str, moment: datetime) -> Calendar:
        head = self.heads[name]
        hours = self.seen(name, "hours", moment)
        span = self.seen(name, "span", moment).get("")
        days = {
            day: _day(row.said)
            for day, row in sorted(self.seen(name, "day", moment).items())
            if row.said.kind != REGULAR
        }
        whole = Calendar(
            name, frozenset(int(number) for number in head.rest_days.split()), days, head.zone,
            hours=hours_of(hours.pop("").said.hours) if "" in hours else {},
            seasons=tuple(sorted(_seasons(hours), key=lambda one: (one.first, one.name))),
        )  # fmt: skip
        return whole if span is None else replace(whole, first=span.said.first, last=span.said.last)


def _speaks(row: Row) -> bool:
    return getattr(row.said, "kind", "") != WITHDRAWN and getattr(row.said, "hours", "-") != ""


def _seasons(rows: Mapping[str, Row]) -> Iterator[Season]:
    for name, row in rows.items():
        yield Season(name, row.said.first, row.said.last, hours_of(row.said.hours))


def _day(said: Any) -> Day:
    labels = {"ar": said.label_ar, "en": said.label_en or said.label_fr}
    return Day(said.kind == OPEN, said.label_fr, said.source, labels, said.status == ESTIMATED)


def hours_of(text: str) -> Hours:
    """Opening hours as they are kept: "1 08:30-12:00 12:30-16:30; 2 …"; raises ValueError."""
    found: dict[int, tuple[tuple[time, time], ...]] = {}
    for part in filter(None, text.split("; ")):
        number, *windows = part.split()
        pairs = [window.split("-") for window in windows]
        found[int(number)] = tuple((_time(a), _time(b)) for a, b in pairs)
    return found


def _time(text: str) -> time:
    return time.fromisoformat(text)


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


def mark(store: Store) -> tuple[int, ...]:
    """How many rows there are: as long as it is the same, nothing was added."""
    return tuple(store.execute(_MARK).one())


def read_book(store: Store) -> Book:
    """Every row of every calendar."""
    heads = {row.name: row for row in store.rows(t.calendar, limit=_MANY)}
    rows = [
        *_kind(store, t.calendar_day, "day", lambda row: row.day),
        *_kind(store, t.calendar_hours, "hours", lambda row: row.name),
        *_kind(store, t.calendar_span, "span", lambda _: ""),
        *_kind(store, t.office_calendar, "office", lambda row: row.office_id),
    ]
    above = {row.id: row.parent_id for row in store.rows(t.office, limit=_MANY)}
    return Book(heads, tuple(rows), above)


def _kind(store: Store, table: Any, kind: str, key: Callable[[Any], Any]) -> Iterator[Row]:
    for row in store.rows(table, order=[table.c.recorded_at], limit=_MANY):
        owner = "" if kind == "office" else row.calendar
        yield Row(owner, kind, key(row), row.recorded_at, row)


def read(store: Store, name: str, moment: datetime) -> Calendar:
    """A calendar as it was known at a moment."""
    return read_book(store).at(name, moment)


class Books:
    """The book of a database, kept from one command to the next."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[int, ...], Book] | None = None

    def __call__(self, store: Store) -> Book:
        """The book as it is now: read anew only where rows were added."""
        now = mark(store)
        kept = self._kept
        if kept is None or kept[0] != now:
            kept = self._kept = (now, read_book(store))
        return kept[1]


@dataclass(frozen=True)
class Known:
    """A calendar that is read when it is first asked: few expressions ask."""

    read: Callable[[], Calendar]

    @cached_property
    def value(self) -> Calendar:
        """The calendar itself."""
        return self.read()

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on that date."""
        return self.value.is_working_day(day)

    def holiday(self, day: date) -> str | None:
        """The name of the holiday on that date, or None."""
        return self.value.holiday(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The date that many working days after (or before) a date."""
        return self.value.add_working_days(day, count)

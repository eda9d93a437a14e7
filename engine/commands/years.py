"""Bringing whole years into a calendar: from what is shipped, from a file, from a package.

What comes from outside is a proposal: a person looks at it and decides, and what a person has set
is never written over.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from engine.commands import revisions
from engine.commands.calendars import Affected, Made, affected, head
from engine.errors import EngineError
from engine.store import calendars as stored
from engine.store import tables as t
from engine.store.calendars import WITHDRAWN, Row
from engine.transaction import Transaction

NEW, SAME, DIFFERENT, KEPT = "new", "same", "different", "kept"
_SAID = ("kind", "status", "label_fr", "label_ar", "label_en")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A day, or the hours of a season, that an import would write.

    `change`: new; same as it is there; different from it; kept, for a person has set it. `now`:
    what is there, in words.
    """

    day: date | None
    season: str | None
    kind: str
    status: str
    label: str
    source: str
    change: str
    now: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an import would bring into a calendar, and the days that would change by it."""

    calendar: str
    first: date
    last: date
    rows: tuple[Proposed, ...]
    affected: tuple[Affected, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """How much was written of a proposal, and until when the calendar answers where that moved."""

    calendar: str
    days: int
    seasons: int
    last: date | None


def load(tx: Transaction, found: Mapping[str, Any]) -> Made:
    """Bring a calendar in from data; one that is there keeps what it has, and gets other years.

    The days of a first load count from when they are `known`, so that a past case is computed with
    what was known then; those of a later load count from now, and never take the place of a day
    that stands there.
    """
    name = str(found["name"])
    if tx.store.one(t.calendar, name=name) is None:
        rest = " ".join(str(number) for number in found["rest_days"])
        tx.store.add(
            t.calendar, name=name, zone=found["zone"], rest_days=rest, source=found["source"]
        )
    book = stored.read_book(tx.store)
    days, hours = (book.newest(name, kind, tx.now) for kind in ("day", "hours"))
    span = book.newest(name, "span", tx.now).get("")
    known = (span.said.first, span.said.last) if span else (date.max, date.min)
    outside = [row for row in found["days"] if not known[0] <= row["day"] <= known[1]]
    new = [row for row in outside if row["day"] not in days]
    weeks = [row for row in found["hours"] if row["name"] not in hours]
    _brought(tx, name, found, new, weeks, first=span is None)
    return Made(name, head(tx, name).parent)


def proposal(tx: Transaction, name: str, found: Mapping[str, Any]) -> Proposal:
    """What an import would write, day by day, and what stands there now; nothing is written."""
    head(tx, name)
    book = tx.calendars
    there = book.newest(name, "day", tx.now)
    weeks = book.newest(name, "hours", tx.now)
    rows = [_proposed(row, there.get(row["day"])) for row in found["days"]]
    rows += [_season(row, weeks.get(row["name"])) for row in found["hours"]]
    chosen = {one.day for one in rows if one.day and one.change in (NEW, DIFFERENT)}
    days = [row for row in found["days"] if row["day"] in chosen]
    planned = as_rows(name, {**found, "days": days}, tx.now)
    return Proposal(name, found["first"], found["last"], tuple(rows), affected(tx, planned))


def as_rows(name: str, found: Mapping[str, Any], moment: datetime) -> list[Row]:
    """The days and hours of a file as rows of a calendar, recorded at a moment."""
    said = [("day", row["day"], _plain(row)) for row in found["days"]]
    said += [("hours", row["name"], _hours(row)) for row in found["hours"]]
    return [Row(name, kind, key, moment, SimpleNamespace(**one)) for kind, key, one in said]


def decide(
    tx: Transaction, name: str, found: Mapping[str, Any], only: Collection[date] | None = None
) -> Decided:
    """Write what a person has chosen of a proposal: all that is new or different, or `only` these.

    The whole of it lets the calendar answer for its years; a choice of days does not.
    """
    told = proposal(tx, name, found)
    wanted = {one.day for one in told.rows if one.day and one.change in (NEW, DIFFERENT)}
    if only is not None:
        strange = sorted(set(only) - {one.day for one in told.rows if one.day})
        if strange:
            raise EngineError("day_not_set", calendar=name, day=strange[0])
        wanted &= set(only)
    seasons = {one.season for one in told.rows if one.change in (NEW, DIFFERENT)} - {None}
    days = [row for row in found["days"] if row["day"] in wanted]
    weeks = [row for row in found["hours"] if row["name"] in seasons and only is None]
    return _brought(tx, name, found, days, weeks, reaches=only is None)


def _brought(
    tx: Transaction, name: str, found: Mapping[str, Any], days: Sequence[Mapping[str, Any]],
    weeks: Sequence[Mapping[str, Any]], *, first: bool = False, reaches: bool = True,
) -> Decided:  # fmt: skip
    """Write rows, and the years answered for; those of a `first` load count from when known."""

    def when(row: Mapping[str, Any]) -> datetime:
        return datetime.combine(row["known"], time.min, UTC) if first else tx.now

    own, before = {"calendar": name, "recorded_by": tx.actor.id}, stored.read_book(tx.store)
    tx.store.add_all(
        t.calendar_day,
        [{**_plain(row), **own, "imported": True, "recorded_at": when(row)} for row in days],
    )
    tx.store.add_all(
        t.calendar_hours, [{**_hours(row), **own, "recorded_at": when(row)} for row in weeks]
    )
    reached = _reach(tx, name, found, own, first=first) if reaches else None
    revisions.order(tx, before)
    return Decided(name, len(days), len(weeks), reached)


def _reach(
    tx: Transaction, name: str, found: Mapping[str, Any], own: Mapping[str, Any], *, first: bool
) -> date | None:
    """Let a calendar answer for the years that were brought, where they join those it has."""
    first_day: date = found["first"]
    last_day: date = found["last"]
    span = stored.read_book(tx.store).newest(name, "span", tx.now).get("")
    if span is not None:
        old = span.said
        if first_day > old.last + _DAY or last_day < old.first - _DAY:
            raise EngineError("years_missing", calendar=name, last=old.last, first=first_day)
        first_day, last_day = min(first_day, old.first), max(last_day, old.last)
        if (first_day, last_day) == (old.first, old.last):
            return last_day
    elif head(tx, name).parent is not None:
        return None  # it answers for as long as the one behind it
    at = datetime.combine(found["first"], time.min, UTC) if first else tx.now
    tx.store.add(
        t.calendar_span, **own, first=first_day, last=last_day, source=found["source"],
        recorded_at=at,
    )  # fmt: skip
    return last_day


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A day of a file as its columns."""
    labels = {f"label_{language}": row[language] for language in ("fr", "ar", "en")}
    return labels | {key: row[key] for key in ("day", "kind", "status", "source", "decided_on")}


def _hours(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("name", "first", "last", "hours", "status", "source")}


def _proposed(row: Mapping[str, Any], there: Row | None) -> Proposed:
    plain = _plain(row)
    change, now = NEW, ""
    if there is not None:
        now = f"{there.said.kind}, {there.said.status}: {there.said.label_fr}"
        same = all(plain[key] == getattr(there.said, key) for key in _SAID)
        change = SAME if same else DIFFERENT if there.said.imported else KEPT
        if there.said.kind == WITHDRAWN:
            now = there.said.kind
    return Proposed(
        row["day"], None, row["kind"], row["status"], row["fr"], row["source"], change, now
    )


def _season(row: Mapping[str, Any], there: Row | None) -> Proposed:
    plain = _hours(row)
    label = f"{row['first']} – {row['last']}: {row['hours']}" if row["first"] else row["hours"]
    keys = ("first", "last", "hours", "status")
    same = there is not None and all(plain[key] == getattr(there.said, key) for key in keys)
    change = NEW if there is None else SAME if same else DIFFERENT
    now = there.said.hours if there is not None and not same else ""
    return Proposed(None, row["name"], "hours", row["status"], label, row["source"], change, now)

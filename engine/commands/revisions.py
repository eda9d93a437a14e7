"""Days that become other days: which running clocks count them, and dating those anew.

What is written into a calendar counts at once; the clocks that were dated before are dated again by
a worker, a case a command, so that nobody waits for thousands of them.  What has taken effect
stays: where the new days would have kept a clock running, a person is asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from decisions.calendars import Calendar
from decisions.clock.several import evaluate_all
from engine.commands import dating, facts, letters
from engine.history import clocks
from engine.runtime.values import pack, unpack
from engine.store import calendars as stored
from engine.store import delays as queries
from engine.store import tables as t
from engine.store.calendars import Book
from engine.store.priorities import BULK
from engine.transaction import Transaction

JOB = "calendar.revise"
# Cases of one slice of the work; other work goes between it and the next.
SLICE = 200


# Days that changed: for which offices, from which to which; as the payload of a job holds it.
Span = tuple[list[int], date, date]


@dataclass(frozen=True, slots=True)
class Revised:
    """A case whose clocks were dated anew, and how far its history now goes."""

    case: str
    seq: int


def changed(tx: Transaction, before: Book, after: Book) -> list[Span]:
    """The days that are others in one book than in another, by office."""
    found: dict[tuple[date, date], list[int]] = {}
    known: dict[tuple[str | None, str | None], tuple[date, ...]] = {}
    for office in sorted(after.above):
        pair = (_name(tx, before, office), _name(tx, after, office))
        if pair not in known:
            known[pair] = _differing(before, after, pair, tx.now)
        if days := known[pair]:
            found.setdefault((days[0], days[-1]), []).append(office)
    return [(offices, *days) for days, offices in found.items()]


def _name(tx: Transaction, book: Book, office: int) -> str | None:
    city = tx.facts.get("calendar", "")
    return book.of_office(office, tx.now) or (city if city in book.heads else None)


def _differing(
    before: Book, after: Book, pair: tuple[str | None, str | None], now: datetime
) -> tuple[date, ...]:
    one, other = pair
    if one is None or other is None:
        return ()
    return stored.differing(before.at(one, now), after.at(other, now))


def order(tx: Transaction, before: Book) -> None:
    """Let a worker date anew what counts the days that this command has changed."""
    spans = changed(tx, before, stored.read_book(tx.store))
    if spans:
        _slice(tx, spans, 0)


def _slice(tx: Transaction, spans: Sequence[Span], after: int) -> int | None:
    """The job of the next cases, where there are more."""
    if not next_cases(tx, spans, after, 1):
        return None
    payload = {"spans": [list(span) for span in spans], "after": after}
    key: int = tx.store.add(
        t.job, kind=JOB, payload=pack(payload), status="due", due_at=tx.now, attempts=0, lease=0,
        created_at=tx.now, priority=BULK,
    )  # fmt: skip
    return key


def next_cases(tx: Transaction, spans: Sequence[Span], after: int, limit: int) -> tuple[int, ...]:
    """The next cases with a clock that counts days of these spans."""
    found: set[int] = set()
    for offices, first, last in spans:
        found |= set(queries.counting(tx.store, offices, first, last, after, limit))
    return tuple(sorted(found)[:limit])


def advanced(tx: Transaction, job: int, lease: int, after: int) -> int | None:
    """A slice is done, up to this case; the job of the next one, where there is more."""
    return _slice(tx, unpack(tx.finish_job(job, lease).payload)["spans"], after)


def revise(tx: Transaction, case_id: int) -> Revised:
    """Date the clocks of a case by the days as they are known now.

    A lapse that is recorded stays; where it would not have come by these days, or not then, an
    incident asks a person: a tacit act may have to be confirmed or withdrawn. Who holds a paper
    with the old date is owed a letter.
    """
    case = tx.hold_case(case_id)
    version = tx.version(case.version_id)
    dating.date_anew(tx, case.id, version, tx.now, cause="calendar")
    case = tx.store.case_by_id(case.id)
    for row in tx.store.all(t.clock, case_id=case.id):
        letters.owe(tx, case, version, clocks.restored(unpack(row.result)))
    for row in dating.disputed(tx, case, version):
        dating.dispute(tx, case, version, row)
    case = tx.store.case_by_id(case.id)
    return Revised(case.reference, case.seq)


def counted(tx: Transaction, before: Book, after: Book, name: str) -> tuple[int, int]:
    """How many running cases that go by a calendar count a day that would change, and the end of
    how many would move."""
    cases: set[int] = set()
    for offices, first, last in changed(tx, before, after):
        own = [office for office in offices if _name(tx, after, office) == name]
        cases |= set(queries.counting(tx.store, own, first, last, 0, None))
    moved = sum(_moves(tx, before, after, case) for case in cases)
    return len(cases), moved


def _moves(tx: Transaction, before: Book, after: Book, case_id: int) -> bool:
    case = tx.store.case_by_id(case_id)
    version, known = tx.version(case.version_id), facts.known(tx, case_id)
    ends: list[Mapping[Any, Any]] = []
    for days in _days(tx, (before, after), case.office_id):
        results = evaluate_all(version.clocks, known, days, tx.now)
        ends.append({key: one.due for key, one in results.items() if one.state == "running"})
    return ends[0] != ends[1]


def _days(tx: Transaction, books: Sequence[Book], office: int) -> Iterator[Calendar]:
    for book in books:
        name = _name(tx, book, office)
        assert name is not None  # noqa: S101 - its days changed
        yield book.at(name, tx.now)

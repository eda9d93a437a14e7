"""Whether the invariants of the house hold: asked of one snapshot, in batches, changing nothing.

A case is looked at by what hangs on it; registers, answers, triggers and the database's own pages
are looked at once.  What is wrong is an answer here, never an error.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from itertools import chain as joined
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from engine.commands import attachments, batches, dating, letterbox, schedules
from engine.engine import ANSWERS_KEPT
from engine.history import archives, invariants, replaying
from engine.history.violations import Violation, violation
from engine.runtime import execution
from engine.runtime.values import unpack
from engine.store import choosing, queue, surveying
from engine.store import tables as t
from engine.store.priorities import BULK
from engine.store.types import Record
from engine.transaction import Transaction

BATCH = 200
MOST = 1_000
_SLACK = timedelta(days=2)  # a worker may have rested over a weekend
_CHUNK = 1 << 20
_MANY = 10_000
# Rows that stand for something to be done, now or once a suspended case goes on.
_OPEN, _TO_DO = ("open", "suspended"), ("due", "held", "incident")


@dataclass(frozen=True, slots=True)
class Depth:
    """How far a check goes: with the files of papers, with a re-execution of each history."""

    certificate_file: Callable[[Path, str], Path] | None = None
    replay: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """How many rows were looked at, what was found, whether the check went to its end.

    It ends early once 1,000 violations are found.
    """

    checked: Mapping[str, int]
    violations: tuple[Violation, ...]
    complete: bool


@dataclass(slots=True)
class _Survey:
    """A check in progress."""

    tx: Transaction
    depth: Depth
    counts: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, list[int]] = field(default_factory=dict)


def house(tx: Transaction, depth: Depth) -> Checked:
    """Check every case, every register, and what belongs to the database as a whole."""
    survey = _Survey(tx, depth)
    return _gathered(survey, joined(_whole(tx), _cases(survey), _registers(survey)))


def case(tx: Transaction, reference: str, depth: Depth) -> Checked:
    """Check one case, and what hangs on it."""
    survey = _Survey(tx, depth)
    return _gathered(survey, _batch(survey, [tx.see_case(reference)]))


def _gathered(survey: _Survey, found: Iterator[Violation]) -> Checked:
    kept: list[Violation] = []
    for one in found:
        if len(kept) == MOST:
            return Checked(dict(survey.counts), tuple(kept), complete=False)
        kept.append(one)
    return Checked(dict(survey.counts), tuple(kept), complete=True)


# -- the database as a whole --


def _whole(tx: Transaction) -> Iterator[Violation]:
    for reason in surveying.faults(tx.store):
        yield violation("database_damaged", "database", reason=reason)
    for name in surveying.unguarded(tx.store):
        yield violation("trigger_missing", "event", trigger=name)
    old = tx.store.count(t.answer, t.answer.c.at < tx.now - ANSWERS_KEPT - _SLACK)
    if old:
        yield violation("answers_old", "answer", count=old)
    yield from _batches(tx)
    for schedule in schedules.misplanned(tx):
        yield violation("schedule_differs", "schedule", schedule=schedule)
    for key in letterbox.asleep(tx):
        yield violation("message_asleep", str(key))


def _batches(tx: Transaction) -> Iterator[Violation]:
    """A batch has the items that it says; one that runs has a job, one that has ended none left."""
    work = t.job.c
    where = (work.kind == batches.JOB, work.status.in_(("due", "incident")))
    rows = tx.store.rows(t.job, work.priority == BULK, *where, limit=_MANY)
    jobs = Counter(unpack(row.payload)["batch"] for row in rows)
    for row in choosing.standing(tx.store):
        runs, over = row.status == "running", row.status == "ended"
        if row.items != row.total or (runs and not jobs[row.id]) or (over and row.left):
            yield violation(
                "batch_differs", str(row.id), status=row.status, total=row.total, items=row.items,
                left=row.left, jobs=jobs[row.id],
            )  # fmt: skip


def _registers(survey: _Survey) -> Iterator[Violation]:
    """No series has a gap or a number twice; those of references are the cases themselves."""
    store = survey.tx.store
    entered = {(r.register, r.office_id, r.year): r for r in surveying.entries(store)}
    for row in surveying.registers(store):
        survey.counts["register"] += 1
        where = f"{row.register}/{row.short}/{row.year}"
        if row.register.startswith("case:"):
            code = row.register.removeprefix("case:")
            prefix = f"{survey.tx.mark('-')}{code}-{row.short}-{row.year}"
            count, highest = survey.numbers.pop(prefix, [0, 0])
        else:
            found = entered.pop((row.register, row.office_id, row.year), None)
            count, highest = (found.many, found.highest) if found else (0, 0)
            yield from _written_twice(where, found)
        if not count == highest == row.last:
            yield _gap(where, row.last, count, highest)
    for key, found in entered.items():
        yield _gap(f"{key[0]}/{found.short}/{key[2]}", 0, found.many, found.highest)
    for prefix, (count, highest) in survey.numbers.items():
        yield _gap(prefix, 0, count, highest)


def _written_twice(where: str, found: Record | None) -> Iterator[Violation]:
    if found is not None and found.texts != found.many:
        yield violation("register_duplicate", where, count=found.many - found.texts)


def _gap(where: str, last: int, count: int, highest: int) -> Violation:
    return violation("register_gap", where, last=last, count=count, highest=highest)


# -- cases --


def _cases(survey: _Survey) -> Iterator[Violation]:
    after = 0
    while batch := surveying.cases(survey.tx.store, after, BATCH):
        after = batch[-1].id
        for row in batch:
            prefix, _, number = row.reference.rpartition("-")
            seen = survey.numbers.setdefault(prefix, [0, 0])
            seen[:] = [seen[0] + 1, max(seen[1], int(number))]
        yield from _batch(survey, batch)


def _batch(survey: _Survey, batch: Sequence[Record]) -> Iterator[Violation]:
    store, keys = survey.tx.store, [row.id for row in batch]
    told = dict(_histories(survey, batch))
    rows = {
        "task": surveying.of_cases(store, t.task, keys, t.task.c.status.in_(_OPEN)),
        "job": surveying.of_cases(store, t.job, keys, t.job.c.status.in_(_TO_DO)),
        "incident": surveying.of_cases(store, t.incident, keys, t.incident.c.resolved_at.is_(None)),
    }
    more = (
        t.subscription, t.clock, t.clock_wait, t.personal, t.certificate, t.attachment,
        t.register_entry,
    )  # fmt: skip
    for table in more:
        rows[table.name] = surveying.of_cases(store, table, keys)
    for row in batch:
        own = {name: found.get(row.id, []) for name, found in rows.items()}
        survey.counts.update({"case": 1, **{name: len(found) for name, found in own.items()}})
        try:
            yield from _case(survey, row, told[row.id], own)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # Bytes that are no document, text where bytes should be: told, not raised.
            yield violation("case_unreadable", row.reference, reason=type(error).__name__)


def _histories(
    survey: _Survey, batch: Sequence[Record]
) -> Iterator[tuple[int, tuple[invariants.History, list[Violation]]]]:
    events = groupby(
        surveying.events(survey.tx.store, [r.id for r in batch]), attrgetter("case_id")
    )
    key, own = next(events, (None, iter(())))
    for row in batch:
        mine, there = (own, True) if key == row.id else (iter(()), False)
        told = _history(survey, row, mine)
        if there:
            key, own = next(events, (None, iter(())))
        survey.counts["event"] += told[0].seq
        yield row.id, told


def _history(
    survey: _Survey, row: Record, events: Iterator[Record]
) -> tuple[invariants.History, list[Violation]]:
    """What the events of a case say; of an archived one, only where its file is to be read."""
    if row.archived_at is None:
        return invariants.history(row, events)
    if survey.depth.certificate_file is None and not survey.depth.replay:
        return invariants.History(whole=False), []
    survey.counts["file"] += 1
    name = f"{archives.FOLDER}/{archives.name(row.reference, row.archived_seq)}"
    unread = invariants.History(whole=False)
    try:
        past: list[Any] = archives.read(survey.tx.files, row)
    except OSError as error:
        reason = error.strerror
        return unread, [violation("file_unreadable", row.reference, file=name, reason=reason)]
    except archives.Damaged:
        return unread, [violation("file_differs", row.reference, file=name)]
    return invariants.history(row, joined(past, events))


def _case(
    survey: _Survey, row: Record, history: tuple[invariants.History, list[Violation]],
    own: Mapping[str, Sequence[Record]],
) -> Iterator[Violation]:  # fmt: skip
    told, found = history
    yield from found
    yield from _held(survey.tx, row, own["job"])
    yield from invariants.papers(
        row, told, own["certificate"], own["attachment"], own["register_entry"]
    )
    if survey.depth.certificate_file is not None:
        yield from _files(survey, row, own, survey.depth.certificate_file)
    version = survey.tx.version(row.version_id)
    if survey.depth.replay and told.whole:
        events = survey.tx.events(row.id)
        days = survey.tx.calendar_for(row)
        legal = version.clocks, partial(survey.tx.calendar_dated, row.office_id)
        again = replaying.replay(version.model, row.reference, events, row.head, days, legal)
        for difference in again.differences:
            yield violation("replay_differs", row.reference, difference=difference)
    view = execution.look(version.model, row.state)
    yield from invariants.state(row, view, told)
    jobs = invariants.standing(own["job"], own["incident"])
    rows = invariants.Rows(own["task"], jobs, own["subscription"], own["clock_wait"])
    yield from invariants.waiting(row, view.waits, rows)
    yield from invariants.resting(row, replace(rows, jobs=own["job"]))
    yield from invariants.personal(row, view, own["personal"])
    if own["clock"]:
        yield from _clocks(survey.tx, row, own["job"])


def _clocks(tx: Transaction, row: Record, jobs: Sequence[Record]) -> Iterator[Violation]:
    """The clocks of the law stand as their facts say, and a job will say what they have to say."""
    for name, kept, found in dating.misdated(tx, row, tx.version(row.version_id)):
        yield violation("clock_differs", row.reference, clock=name, kept=kept, found=found)
    if row.settle_at is not None and not any(job.kind == invariants.CLOCKS for job in jobs):
        yield violation("clock_asleep", row.reference, at=row.settle_at.isoformat())


def _held(tx: Transaction, row: Record, jobs: Sequence[Record]) -> Iterator[Violation]:
    """No job is held for longer than any worker asks for."""
    for job in jobs:
        until = job.leased_until
        if job.status == "due" and until is not None and until > tx.now + queue.LONGEST:
            yield violation("job_held", row.reference, job=job.id, until=until.isoformat())


def _files(
    survey: _Survey, row: Record, own: Mapping[str, Sequence[Record]],
    certificate_file: Callable[[Path, str], Path],
) -> Iterator[Violation]:  # fmt: skip
    """Each paper's file lies in its place; that of an erased certificate need not."""
    folder, kept = survey.tx.files, {r.commitment for r in own["personal"]}
    papers = [
        (certificate_file(folder, paper.id), b"", paper.sha256)
        for paper in own["certificate"]
        if paper.sha256 is not None and unpack(paper.data)["code"].commitment in kept
    ]
    papers += [
        (attachments.file(folder, paper.id), paper.salt, paper.digest.hex())
        for paper in own["attachment"]
    ]
    for file, salt, digest in papers:
        survey.counts["file"] += 1
        name = str(file.relative_to(folder))
        try:
            found = _digest(file, salt)
        except OSError as error:
            yield violation("file_unreadable", row.reference, file=name, reason=error.strerror)
        else:
            if found != digest:
                yield violation("file_differs", row.reference, file=name)


def _digest(file: Path, salt: bytes) -> str:
    found = sha256(salt)
    with file.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            found.update(piece)
    return found.hexdigest()

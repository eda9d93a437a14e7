"""Histories that have had their time in the database: written to a file, then deleted from it.

How long the history of an ended case stays is said by its procedure (`retention.history`). The file
is written and made to last first; one transaction then notes its digest on the case and deletes the
events, which the database allows for such events alone. A crash between the two leaves a file that
nothing names: it is written again, the same, or removed.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.history import archives
from engine.runtime.values import pack
from engine.store import partitions, retaining
from engine.store import tables as t
from engine.store.priorities import BULK
from engine.transaction import Transaction

JOB = "history.archive"
# A file that nothing names may be of a transaction that still runs; a survey may still see events
# that were deleted since.
_ORPHANED, _SETTLED = timedelta(days=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """The cases of one version whose histories have had their time: how many, ended before when."""

    procedure: str
    version: int
    before: datetime
    cases: int


@dataclass(frozen=True, slots=True)
class Material:
    """The history of a case as the file will hold it."""

    reference: str
    seq: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Archived:
    """A case whose history lies in a file now, and how many events left the database."""

    reference: str
    events: int


def due(tx: Transaction) -> tuple[Due, ...]:
    """What would be archived now, by procedure and version."""
    rows = []
    for key, before in _kept_until(tx):
        count = retaining.count(tx.store, key, before)
        if count:
            version = tx.version(key)
            rows.append(Due(version.procedure, version.number, before, count))
    return tuple(sorted(rows, key=lambda row: (row.procedure, row.version)))


def next_cases(tx: Transaction, after: int, limit: int) -> tuple[int, ...]:
    """The next cases to be archived, by id."""
    found: list[int] = []
    for key, before in _kept_until(tx):
        found += retaining.cases(tx.store, key, before, after, limit)
    return tuple(sorted(found)[:limit])


def material(tx: Transaction, case: int) -> Material | None:
    """The history of a case that is due; None where it is not, or where its chain is broken, which
    the check of the database tells."""
    row = tx.store.case_by_id(case)
    if not _is_due(tx, row):
        return None
    version = tx.version(row.version_id)
    try:
        content = archives.written(row.reference, row.procedure, version.digest, tx.history(row.id))
    except archives.Damaged:
        return None
    return Material(row.reference, row.seq, content)


def archived(tx: Transaction, case: int, seq: int, digest: bytes) -> Archived:
    """The file of a history that ends with event `seq` lies in its place: delete the events.

    Refused (`busy`) where the case was changed since the file was written, or the file is gone.
    """
    row = tx.hold_case(case)
    lies = _digest(tx.files / archives.FOLDER / archives.name(row.reference, seq)) == digest
    if row.seq != seq or not lies or not _is_due(tx, row):
        raise EngineError("busy")
    tx.store.change(t.case, case, archived_at=tx.now, archived_seq=seq, archive_digest=digest)
    own = t.event.c
    return Archived(row.reference, tx.store.remove(t.event, own.case_id == case, own.seq <= seq))


def plan(tx: Transaction) -> int | None:
    """Give the worker a slice of what is due, unless it has one; the job, where one was made."""
    if tx.store.count(t.job, t.job.c.kind == JOB, t.job.c.status.in_(("due", "incident"))):
        return None
    return _slice(tx, 0)


def advanced(tx: Transaction, job: int, lease: int, after: int) -> int | None:
    """A slice is done, up to this case; the job of the next one, where there is more."""
    tx.finish_job(job, lease)
    return _slice(tx, after)


def _slice(tx: Transaction, after: int) -> int | None:
    if not next_cases(tx, after, 1):
        return None
    key: int = tx.store.add(
        t.job, kind=JOB, payload=pack({"after": after}), status="due", due_at=tx.now, attempts=0,
        lease=0, created_at=tx.now, priority=BULK,
    )  # fmt: skip
    return key


def tidy(tx: Transaction) -> int:
    """Remove files that no case names, and make room for the histories to come; how many files."""
    partitions.prepare(tx.store)
    removed, oldest = 0, (tx.now - _ORPHANED).timestamp()
    for path in (tx.files / archives.FOLDER).glob("*"):
        # Looked at again while the case is held: a worker may be writing it anew.
        if _age(path) < oldest and not _named(tx, path.name) and _age(path) < oldest:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def emptied(tx: Transaction) -> tuple[str, ...]:
    """The parts of the table of events, on PostgreSQL, that hold nothing any more."""
    return tuple(partitions.emptied(tx.store, tx.now - _SETTLED))


def drop(tx: Transaction, part: str) -> bool:
    """Drop such a part; False where it holds something again."""
    if part not in emptied(tx):
        return False
    partitions.drop(tx.store, part)
    return True


def _age(path: Path) -> float:
    """When a file was written; one that is gone meanwhile is as good as new."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return inf


def _digest(path: Path) -> bytes:
    try:
        return sha256(path.read_bytes()).digest()
    except FileNotFoundError:
        return b""


def _named(tx: Transaction, name: str) -> bool:
    """Whether a case names this file; while it does not, the case is held so that it stays so."""
    reference, _, seq = name.removesuffix(".jsonl").rpartition("-")
    row = tx.store.case(reference)
    if row is not None and row.archived_seq is None:
        row = tx.store.case(reference, lock=True)
    return row is not None and str(row.archived_seq) == seq


def _is_due(tx: Transaction, row: Any) -> bool:
    limits = dict(_kept_until(tx, row.version_id))
    before = limits.get(row.version_id)
    return before is not None and retaining.fits(tx.store, row.id, before)


def _kept_until(tx: Transaction, only: int | None = None) -> list[tuple[int, datetime]]:
    """The versions that say how long a history stays, each with the moment before which its cases
    must have ended."""
    keys = [only] if only is not None else retaining.versions(tx.store)
    found = []
    for key in keys:
        months = tx.version(key).bundle.procedure.retention_history
        if months is not None:
            found.append((key, _before(tx, months)))
    return found


def _before(tx: Transaction, months: int) -> datetime:
    """So many months ago, by the calendar of the city."""
    now = tx.now.astimezone(tx.zone)
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)

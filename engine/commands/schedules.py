"""Schedules: the timers of the start events of versions in effect, which begin cases by themselves.

Each has a row that says when it is due next, and a job that is due then. A version that comes into
effect takes over from the one before it: a cycle that both have goes on as it was. What a moment
begins is ordered in the transaction that moves the schedule on: each moment begins its cases once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from engine.commands import orders, procedures
from engine.errors import EngineError
from engine.runtime.model import Start
from engine.runtime.scheduling import first, following, late
from engine.runtime.values import pack, unpack
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version

JOB, PLAN = "schedule.fire", "schedule.plan"


@dataclass(frozen=True, slots=True)
class Turned:
    """A schedule that came to its moment: how many cases it begins, when it is due next."""

    cases: int
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Planned:
    """How many schedules of a procedure run."""

    schedules: int


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """When cases of a procedure begin by themselves next; `left`: how often, None for ever."""

    procedure: str
    version: int
    element: str
    timer: str
    due: datetime | None
    left: int | None


def deployed(tx: Transaction, procedure: str, version: int) -> None:
    """See to the schedules of a procedure, once a version that was deployed comes into effect."""
    row = tx.store.get(t.version, id=version)
    if row.effective <= tx.today:
        align(tx, procedure)
    elif _timers(tx.version(version)) or _running(tx, procedure):
        begins = datetime.combine(row.effective, time(), tx.zone)
        _job(tx, PLAN, {"procedure": procedure}, begins)


def plan(tx: Transaction, job: int, lease: int) -> Planned:
    """A version has come into effect: its schedules begin, those before it end."""
    procedure = unpack(tx.finish_job(job, lease).payload)["procedure"]
    return Planned(align(tx, procedure))


def align(tx: Transaction, procedure: str) -> int:
    """Let the schedules of the version in effect run, and no others; how many run then."""
    try:
        version = procedures.in_effect(tx, procedure)
    except EngineError:
        version = None
    wanted = {start.element: start for start in _timers(version)} if version is not None else {}
    before: dict[str, Record] = {}
    for row in _running(tx, procedure):
        if version is not None and row.version_id == version.id and row.element in wanted:
            del wanted[row.element]
            continue
        before[row.element] = row
        _end(tx, row)
    for element, start in wanted.items():
        if version is not None:
            _begin(tx, version, start, before.get(element))
    return len(_running(tx, procedure))


def _timers(version: Version) -> tuple[Start, ...]:
    return tuple(start for start in version.model.starts if start.kind == "timer" and start.timer)


def _running(tx: Transaction, procedure: str) -> list[Record]:
    """The schedules of a procedure that have not ended, held."""
    versions = [row.id for row in tx.store.all(t.version, procedure=procedure)]
    own = t.schedule.c
    rows = tx.store.rows(t.schedule, own.version_id.in_(versions), own.ended_at.is_(None))
    return [row for row in rows if tx.store.held(t.schedule, id=row.id) is not None]


def _begin(tx: Transaction, version: Version, start: Start, before: Record | None) -> None:
    """Begin a schedule, or go on with that of the version before where its timer is the same."""
    timer = start.timer
    if timer is None:
        return
    if before is not None and before.timer == _text(start):
        due, left = before.due_at, before.left
    else:
        due = first(timer, tx.now, tx.zone, tx.calendar, start.element)
        left = timer.times or None
        if due is not None and due < tx.now:  # it passed before the version came into effect
            due, left = following(timer, due, left, tx.zone, tx.now)
    row = tx.store.one(t.schedule, version_id=version.id, element=start.element)
    columns = {
        "due_at": due, "left": left, "timer": _text(start), "begun_at": tx.now,
        "ended_at": None if due is not None else tx.now,
    }  # fmt: skip
    if row is None:
        key = tx.store.add(t.schedule, version_id=version.id, element=start.element, **columns)
    else:  # a version that had been withdrawn was followed by none, and is in effect again
        key = row.id
        tx.store.change(t.schedule, key, **columns)
    if due is not None:
        _job(tx, JOB, {"schedule": int(key)}, due)


def _text(start: Start) -> str:
    return f"{start.timer.kind} {start.timer.text}" if start.timer is not None else ""


def _job(tx: Transaction, kind: str, payload: dict[str, object], due: datetime) -> None:
    tx.store.add(
        t.job, kind=kind, case_id=None, token=None, payload=pack(payload), status="due",
        due_at=due, attempts=0, lease=0, created_at=tx.now,
    )  # fmt: skip


def _end(tx: Transaction, row: Record) -> None:
    tx.store.change(t.schedule, row.id, ended_at=tx.now)
    payload = pack({"schedule": row.id})
    for status in ("due", "incident"):
        ours = {"kind": JOB, "payload": payload, "status": status}
        tx.store.change_at(t.job, ours, status="cancelled", leased_until=None)


def fire(tx: Transaction, job: int, lease: int) -> Turned:
    """A schedule is due: order the cases of this moment, and wait for the next.

    Missed moments come one by one, or one stands for them all where the start event says
    `mq:late="once"`. A version that is not in effect any more begins nothing.
    """
    key = unpack(tx.held_job(job, lease).payload)["schedule"]
    row = tx.store.held(t.schedule, id=key)
    tx.finish_job(job, lease)
    if row is None or row.ended_at is not None or row.due_at is None:
        return Turned(0, None)
    version = tx.version(row.version_id)
    start = next((s for s in _timers(version) if s.element == row.element), None)
    if start is None or start.timer is None or not _in_effect(tx, version):
        tx.store.change(t.schedule, row.id, ended_at=tx.now)
        return Turned(0, None)
    places = orders.offices(tx, version)
    for office in places:
        orders.order(tx, version, row.element, office, {}, row.due_at)
    once = version.model.elements[row.element].attributes.get("late") == "once"
    turn = late if once else following
    due, left = turn(start.timer, row.due_at, row.left, tx.zone, tx.now if once else row.due_at)
    ended = None if due is not None else tx.now
    tx.store.change(t.schedule, row.id, due_at=due, left=left, ended_at=ended)
    if due is not None:
        _job(tx, JOB, {"schedule": row.id}, due)
    return Turned(len(places), due)


def _in_effect(tx: Transaction, version: Version) -> bool:
    try:
        return procedures.in_effect(tx, version.procedure).id == version.id
    except EngineError:
        return False


def listing(tx: Transaction) -> tuple[ScheduleRow, ...]:
    """The schedules that run, the next to be due first."""
    own = t.schedule.c
    rows = tx.store.rows(t.schedule, own.ended_at.is_(None), order=[own.due_at, own.id])
    return tuple(_rows(tx, rows))


def _rows(tx: Transaction, rows: list[Record]) -> Iterator[ScheduleRow]:
    for row in rows:
        version = tx.version(row.version_id)
        yield ScheduleRow(
            version.procedure, version.number, row.element, row.timer.partition(" ")[2],
            row.due_at, row.left,
        )  # fmt: skip


def misplanned(tx: Transaction) -> Iterator[str]:
    """The start events by which cases should begin by themselves, and no job would begin them."""
    due: dict[int, list[Record]] = {}
    work = t.job.c
    waiting = (work.kind == JOB, work.status.in_(("due", "incident")))
    for job in tx.store.rows(t.job, *waiting, limit=10_000):
        due.setdefault(unpack(job.payload)["schedule"], []).append(job)
    planned: dict[str, set[str]] = {}
    for row in tx.store.rows(t.schedule, t.schedule.c.ended_at.is_(None), limit=10_000):
        version = tx.version(row.version_id)
        jobs = due.pop(row.id, [])
        if len(jobs) != 1 or jobs[0].due_at != row.due_at:
            yield f"{version.procedure} v{version.number} {row.element}"
        planned.setdefault(version.procedure, set()).add(row.element)
    for key in sorted(due):
        left = tx.store.one(t.schedule, id=key)
        yield f"{left.element if left is not None else key}"

"""Jobs: claimed under a lease, finished or given up by whoever holds the last one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.commands import steps
from engine.commands.surroundings import Surroundings
from engine.runtime import execution
from engine.runtime.values import unpack
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction

ATTEMPTS = 5
_ANSWERS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is due, with the lease under which it was taken."""

    id: int
    kind: str
    lease: int
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fired:
    """A case that a timer moved, and the tasks that it opened."""

    case: str
    tasks: list[int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that is still to be done, when, and what its last attempt failed on."""

    kind: str
    due: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was thrown away because its time was over."""

    answers: int


def claim(tx: Transaction, owner: str, seconds: int) -> Job | None:
    """Take the oldest job that is due, for so many seconds; None where there is none.

    One that outlived its last attempt took its worker with it: it becomes an incident, or it would
    stand before all others for ever.
    """
    while (row := tx.store.due_job(tx.now)) is not None and row.attempts >= ATTEMPTS:
        _give_up(tx, row, "the worker ended, or took too long, at every attempt")
    if row is None:
        return None
    until = tx.now + timedelta(seconds=seconds)
    tx.store.change(
        t.job, row.id, lease=row.lease + 1, leased_until=until, owner=owner,
        attempts=row.attempts + 1,
    )  # fmt: skip
    return Job(row.id, row.kind, row.lease + 1, unpack(row.payload))


def fire(tx: Transaction, job: int, lease: int) -> Fired:
    """A timer is due: its case goes on.  When it was due is what counts, not when a worker came."""
    row = tx.store.get(t.job, id=job)
    case = tx.hold_case(row.case_id)
    row = tx.finish_job(job, lease)
    version = tx.version(case.version_id)
    world = Surroundings(tx, case, version)
    element = next(
        wait.element
        for wait in execution.look(version.model, case.state).waits
        if wait.token == row.token
    )
    step = execution.fire(version.model, case.state, row.token, world)
    body = {"timer": element, "token": row.token, "due": row.due_at}
    opened = steps.apply(tx, case, version, step, "timer.fired", body)
    return Fired(case.reference, opened)


def failed(tx: Transaction, job: int, lease: int, message: str) -> bool:
    """Note a failure: again later, twice as late each time, or an incident after the last attempt.

    The answer says whether an incident was raised.
    """
    attempts = tx.held_job(job, lease).attempts
    wait = timedelta(seconds=10 * 2**attempts)
    row = tx.settle_job(
        job, lease, due_at=tx.now + wait, leased_until=None, last_error=message[:2000]
    )
    if attempts < ATTEMPTS:
        return False
    _give_up(tx, row, message)
    return True


def _give_up(tx: Transaction, job: Record, message: str) -> None:
    tx.store.change(t.job, job.id, status="incident", leased_until=None, last_error=message[:2000])
    raise_incident(tx, job, "job_failed", message)


def raise_incident(tx: Transaction, job: Record, code: str, message: str) -> None:
    """Say that a job needs a person, in the list of incidents and in the history of its case."""
    key = tx.store.add(
        t.incident, at=tx.now, case_id=job.case_id, job_id=job.id, code=code,
        message=message[:2000],
    )  # fmt: skip
    if job.case_id is not None:
        case = tx.hold_case(job.case_id)
        tx.record(case, "incident.raised", {"incident": key, "code": code, "work": job.kind})


def tidy(tx: Transaction) -> Tidied:
    """Forget the answers to commands with a key after 30 days."""
    old = t.answer.c.at < tx.now - _ANSWERS_KEPT
    return Tidied(tx.store.remove(t.answer, old))


def waiting(tx: Transaction) -> tuple[Waiting, ...]:
    """The jobs that are still to be done, those that fall due first."""
    rows = tx.store.rows(t.job, t.job.c.status == "due", order=[t.job.c.due_at, t.job.c.id])
    return tuple(Waiting(row.kind, row.due_at, row.last_error or "") for row in rows)

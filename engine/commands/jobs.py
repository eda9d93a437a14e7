"""Jobs: claimed under a lease, finished or given up by whoever holds the last one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from engine.commands import steps
from engine.commands.surroundings import Surroundings
from engine.runtime import execution
from engine.runtime.values import unpack
from engine.runtime.world import Wait
from engine.store import queue, trouble
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction

ATTEMPTS = 5
TIMER = "timer.fire"
_LOST = "the worker ended, or took too long"
_ENDED = f"{_LOST}, at every attempt"
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
class Extended:
    """Until when a job is held now."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """A job that was given back."""

    job: int


@dataclass(frozen=True, slots=True)
class Failing:
    """A job of a case that failed: how often, on what, and when it is tried again.

    `retry_at` is None where nothing is tried before a person has dealt with the incident, or has
    let the case go on.
    """

    kind: str
    element: str | None
    attempts: int
    error: str
    retry_at: datetime | None
    incident: int | None


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a case waits for outside, since when, and what is known of it so far.

    Of a payment this is `page`, where the citizen pays, `payment`, its number, and `until`.
    """

    operation: str
    element: str | None
    since: datetime
    known: dict[str, Any]


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


def claim(tx: Transaction, owner: str, seconds: int, kinds: tuple[str, ...] = ()) -> Job | None:
    """Take the next job that is due, for so many seconds; None where there is none.

    `kinds` leaves out all others; none named, every kind is taken but the work of programs outside.
    """
    row = take(tx, lambda: queue.next_job(tx.store, tx.now, kinds), owner, seconds)
    return None if row is None else Job(row.id, row.kind, row.lease + 1, unpack(row.payload))


def take(
    tx: Transaction, following: Callable[[], Record | None], owner: str, seconds: int
) -> Record | None:
    """Take the job that `following` gives, under its next lease; the row as it was before.

    A job that outlived its last attempt took its worker with it: it becomes an incident, or it
    would stand before all others for ever.
    """
    while (row := following()) is not None:
        if row.leased_until is not None:
            attempted(tx, row, _LOST)
        if row.attempts < ATTEMPTS:
            break
        _give_up(tx, row, _ENDED)
    if row is not None:
        until = tx.now + timedelta(seconds=seconds)
        tx.store.change(
            t.job, row.id, lease=row.lease + 1, leased_until=until, owner=owner,
            attempts=row.attempts + 1,
        )  # fmt: skip
    return row


def extend(tx: Transaction, job: int, lease: int, seconds: int) -> Extended:
    """Hold a job for so many seconds more; refused where another has taken it."""
    until = tx.now + timedelta(seconds=seconds)
    tx.settle_job(job, lease, resting=True, leased_until=until)
    return Extended(until)


def give_back(tx: Transaction, job: int, lease: int) -> Returned:
    """Leave a job that was taken and not begun to another worker, with all its attempts."""
    attempts = tx.held_job(job, lease, resting=True).attempts - 1
    tx.settle_job(job, lease, resting=True, leased_until=None, owner=None, attempts=attempts)
    tx.store.wake()
    return Returned(job)


def fire(tx: Transaction, job: int, lease: int) -> Fired:
    """A timer is due: its case goes on.  When it was due is what counts, not when a worker came."""
    row = tx.store.get(t.job, id=job)
    case = tx.hold_case(row.case_id)
    return fired(tx, case, tx.finish_job(job, lease))


def fired(tx: Transaction, case: Record, row: Record) -> Fired:
    """Let the token of a timer go on, in a case that is held; what it is in law has the timer's
    own time."""
    version = tx.version(case.version_id)
    world = Surroundings(tx, case, version)
    element = next(
        wait.element
        for wait in execution.look(version.model, case.state).waits
        if wait.token == row.token
    )
    step = execution.fire(version.model, case.state, row.token, world)
    body = {"timer": element, "token": row.token, "due": row.due_at}
    opened = steps.apply(tx, case, version, step, "timer.fired", body, row.due_at)
    return Fired(case.reference, opened)


def failed(tx: Transaction, job: int, lease: int, message: str) -> bool:
    """Note a failure: again later, twice as late each time, or an incident after the last attempt.

    The answer says whether an incident was raised.
    """
    row = tx.held_job(job, lease, resting=True)
    if row.case_id is not None:
        tx.hold_case(row.case_id)
    again = tx.now + put_off(row.id, row.attempts)
    noted = {"retry_at": again, "leased_until": None, "last_error": message[:2000]}
    row = tx.settle_job(job, lease, resting=True, **noted)
    attempted(tx, row, message)
    if row.attempts < ATTEMPTS:
        return False
    _give_up(tx, row, message)
    return True


def put_off(job: int, attempts: int) -> timedelta:
    """How long a job waits after its n-th failure: 20 s, 40 s, 80 s… and up to a quarter more.

    Jobs that failed together, because a service was down, do not come back together; the same job
    waits as long wherever it is computed.
    """
    part = sha256(f"{job}/{attempts}".encode()).digest()[0] / 255 / 4
    return timedelta(seconds=round(10 * 2**attempts * (1 + part)))


def attempted(tx: Transaction, job: Record, message: str) -> None:
    """Keep what an attempt failed on, for whoever looks at the incident."""
    tx.store.add(
        t.attempt, job_id=job.id, number=job.attempts, at=tx.now, owner=job.owner,
        error=message[:2000],
    )  # fmt: skip


def _give_up(tx: Transaction, job: Record, message: str) -> None:
    tx.store.change(t.job, job.id, status="incident", leased_until=None, last_error=message[:2000])
    raise_incident(tx, job, "job_failed", message)


def raise_incident(tx: Transaction, job: Record, code: str, message: str) -> None:
    """Say that a job needs a person, in the list of incidents and in the history of its case."""
    case = tx.hold_case(job.case_id) if job.case_id is not None else None
    version = case.version_id if case is not None else None
    key = trouble.incident(
        tx.store, at=tx.now, code=code, version=version, case=job.case_id,
        element=element_of(tx, case, job), message=message, work=job.kind, job=job.id,
    )  # fmt: skip
    if case is not None:
        tx.record(case, "incident.raised", {"incident": key, "code": code, "work": job.kind})
    elif not job.kind.startswith("notice."):  # nobody is told by mail that no mail goes out
        tx.store.add(t.occasion, topic="incident.raised", incident_id=key, at=tx.now)


def element_of(tx: Transaction, case: Record | None, job: Record) -> str | None:
    """The element whose token waits for a job; None for work that no token waits for."""
    if case is None or job.token is None:
        return None
    waits = execution.look(tx.version(case.version_id).model, case.state).waits
    return _elements(waits).get(job.token)


def _elements(waits: Iterable[Wait]) -> dict[int | None, str]:
    """The element at which each token waits."""
    return {wait.token: wait.element for wait in waits}


def failing(tx: Transaction, case: Record, waits: Iterable[Wait]) -> tuple[Failing, ...]:
    """The jobs of a case that failed and are not done, those that failed for good first.

    `waits` are those of the case.
    """
    elements = _elements(waits)
    own = t.job.c
    rows = tx.store.rows(
        t.job, own.case_id == case.id, own.status.in_(("due", "held", "incident")),
        own.last_error.is_not(None), order=[own.status.desc(), own.due_at, own.id],
    )  # fmt: skip
    raised = {
        row.job_id: row.id
        for row in tx.store.rows(
            t.incident, t.incident.c.case_id == case.id, t.incident.c.resolved_at.is_(None)
        )
    }
    return tuple(
        Failing(
            row.kind, elements.get(row.token), row.attempts, row.last_error,
            row.retry_at if row.status == "due" else None, raised.get(row.id),
        )
        for row in rows
    )  # fmt: skip


def awaited(tx: Transaction, case: Record, waits: Iterable[Wait]) -> tuple[Awaited, ...]:
    """What a case waits for outside, the oldest first; `waits` are those of the case."""
    elements = _elements(waits)
    own = t.job.c
    rows = tx.store.rows(
        t.job, own.case_id == case.id, own.status == "due", own.token.is_not(None),
        own.kind != "timer.fire", order=[own.id],
    )  # fmt: skip
    found = ((row, unpack(row.payload)) for row in rows)
    return tuple(
        Awaited(
            payload.get("operation", row.kind), elements.get(row.token), row.created_at,
            payload.get("kept", {}),
        )
        for row, payload in found
    )  # fmt: skip


def tidy(tx: Transaction) -> Tidied:
    """Forget the answers to commands with a key after 30 days."""
    old = t.answer.c.at < tx.now - _ANSWERS_KEPT
    return Tidied(tx.store.remove(t.answer, old))


def waiting(tx: Transaction) -> tuple[Waiting, ...]:
    """The jobs that are still to be done, with the moment from which a worker takes each.

    What programs outside fetch is not among them.
    """
    ours = (t.job.c.status == "due", t.job.c.topic.is_(None))
    rows = tx.store.rows(t.job, *ours, order=[t.job.c.due_at, t.job.c.id])
    return tuple(
        Waiting(row.kind, max(row.due_at, row.retry_at or row.due_at), row.last_error or "")
        for row in rows
    )

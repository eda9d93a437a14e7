"""Work for programs outside: fetched by topic, held under a lease, answered by a command.

Such a program is an account with the role `external_worker`: it gets works of cases in the offices
where it holds the role, and changes only what it holds itself. Whoever brings an answer too late,
because another has the work or the case has gone on, is told `work_lost`, and nothing changes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands import jobs, operations
from engine.commands.jobs import Extended, Returned
from engine.commands.lines import line
from engine.commands.operations import Answered
from engine.errors import EngineError
from engine.operations import externals
from engine.operations.operation import MOST_ATTEMPTS
from engine.permissions import ADMINISTRATOR, EXTERNAL, SYSTEM
from engine.runtime import execution
from engine.runtime.values import commitments, pack, unpack
from engine.store import queue
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction

MOST = 100  # works of one fetch
LONGEST = 86_400  # seconds of a lease
LARGEST = 500_000  # bytes of a result: a case is not a store
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,79}")
_SHORTEST = 3  # letters of a personal value that a message may not repeat


@dataclass(frozen=True, slots=True)
class Fetched:
    """Works that are held now: the number of each job, with its lease."""

    held: list[list[int]]


@dataclass(frozen=True, slots=True)
class Work:
    """A work with all that is needed to do it; personal inputs are opened.

    `key` is the same at every attempt and for no other work; `attempts` are those that are left
    after this one.
    """

    job: int
    lease: int
    topic: str
    case: str
    element: str
    inputs: dict[str, Any]
    key: str
    attempts: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of a work that got no answer: put off until a moment, or an incident."""

    job: int
    incident: bool
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ended:
    """A case that a business error moved, and the tasks that it opened; or an incident."""

    case: str
    tasks: list[int]
    incident: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A work that waits, or that a program holds (`until`), and what its last attempt failed on."""

    job: int
    topic: str
    case: str
    due: datetime
    attempts: int
    owner: str | None
    until: datetime | None
    error: str


def fetch(
    tx: Transaction, topics: list[str], worker: str, seconds: int, most: int = 1
) -> Fetched:  # fmt: skip
    """Take up to `most` works that are due, for so many seconds, of topics in this order.

    `worker` names who takes them, for whoever looks at what is held. Of a case one work at a time;
    one whose personal inputs were erased becomes an incident.
    """
    _within("seconds", seconds, LONGEST)
    _within("most", most, MOST)
    owner = f"{tx.actor.login} {line('worker', worker, 39)}"
    offices = None if tx.actor.kind == SYSTEM else tx.actor.grants[EXTERNAL]
    held: list[list[int]] = []
    for topic in topics:

        def following(topic: str = topic) -> Record | None:
            return queue.next_of_topic(tx.store, tx.now, topic, offices)

        while len(held) < most and (row := jobs.take(tx, following, owner, seconds)) is not None:
            lease = row.lease + 1
            if operations.lost(tx, row):
                why = EngineError("erased").text()
                operations.put_off(tx, row.id, lease, why, hopeless=True)
            else:
                held.append([row.id, lease])
    return Fetched(held)


def works(tx: Transaction, held: list[list[int]]) -> tuple[Work, ...]:
    """Works with their inputs, those that the actor still holds."""
    rows = (_mine(tx, job, lease) for job, lease in held)
    return tuple(_opened(tx, row) for row in rows if row is not None)


def _opened(tx: Transaction, row: Record) -> Work:
    asked = operations.material(tx, row.id, row.lease)
    case, element = tx.store.case_by_id(row.case_id), unpack(row.payload)["element"]
    return Work(
        row.id, row.lease, row.topic, case.reference, element, asked.inputs, asked.key,
        MOST_ATTEMPTS - row.attempts, row.leased_until,
    )  # fmt: skip


def extend(tx: Transaction, job: int, lease: int, seconds: int) -> Extended:
    """Hold a work for so many seconds from now."""
    _within("seconds", seconds, LONGEST)
    _held(tx, job, lease)
    return jobs.extend(tx, job, lease, seconds)


def complete(tx: Transaction, job: int, lease: int, result: dict[str, Any]) -> Answered:
    """Bring the result of a work: its case goes on."""
    _held(tx, job, lease, lock=True)
    for reason in _unfit(result):
        raise EngineError("bad_value", name="result", value=reason, expected=_EXPECTED)
    return operations.answered(tx, result, job, lease)


def error(tx: Transaction, job: int, lease: int, code: str) -> Ended:
    """Say that a work ended in a business error: to the boundary event that catches this code.

    Where none does a person must look: it is an incident at once.
    """
    row = _held(tx, job, lease, lock=True)
    if not _CODE.fullmatch(code):
        expected = "Write a code as models have it: letters, digits, dots."
        raise EngineError("bad_value", name="code", value=code, expected=expected)
    case = tx.store.case_by_id(row.case_id)
    model = tx.version(case.version_id).model
    if execution.catches(model, case.state, row.token, code):
        done = operations.failed(tx, code, job, lease)
        return Ended(done.case, done.tasks, incident=False)
    why = f"no boundary event catches the error {code}"
    operations.put_off(tx, job, lease, why, hopeless=True)
    return Ended(case.reference, [], incident=True)


def fail(
    tx: Transaction, job: int, lease: int, message: str, after: int = 0, left: int | None = None
) -> Noted:
    """Say that a work could not be done: again later, or an incident after the last attempt.

    `after`: not before so many seconds; `left`: at most so many attempts more, 0 for none. Personal
    inputs that the message repeats are struck out of it.
    """
    row = _held(tx, job, lease, lock=True)
    _within("after", after, LONGEST, 0)
    if not message.strip():
        raise EngineError("reason_missing", act="externals.fail")
    if left is not None:
        _within("left", left, MOST_ATTEMPTS, 0)
        used = max(row.attempts, MOST_ATTEMPTS - left)
        tx.settle_job(job, lease, resting=True, attempts=used)
    told = _struck(message.strip(), _secrets(tx, row))
    raised = operations.put_off(tx, job, lease, told, after=after, hopeless=left == 0)
    return Noted(job, raised, None if raised else tx.store.get(t.job, id=job).retry_at)


def give_back(tx: Transaction, job: int, lease: int) -> Returned:
    """Leave a work that was not begun to whoever fetches next, with all its attempts."""
    _held(tx, job, lease)
    return jobs.give_back(tx, job, lease)


def listing(tx: Transaction, topic: str | None = None) -> tuple[Standing, ...]:
    """The works that are still to be done in the offices that the actor administers, by topic."""
    offices = None if tx.actor.kind == SYSTEM else tx.actor.grants[ADMINISTRATOR]
    return tuple(
        Standing(
            row.id, row.topic, row.reference, max(row.due_at, row.retry_at or row.due_at),
            row.attempts, _holder(row, tx.now), row.leased_until if _holder(row, tx.now) else None,
            row.last_error or "",
        )
        for row in queue.of_topics(tx.store, topic, offices)
    )  # fmt: skip


def _holder(row: Record, now: datetime) -> str | None:
    return row.owner if row.leased_until is not None and row.leased_until >= now else None


def _held(tx: Transaction, job: int, lease: int, *, lock: bool = False) -> Record:
    """A work that the actor holds under this lease; with `lock`, its case is held first."""
    row = _mine(tx, job, lease)
    if row is not None and lock:
        tx.hold_case(row.case_id)
        row = _mine(tx, job, lease)
    if row is None:
        raise EngineError("work_lost", job=job)
    return row


def _mine(tx: Transaction, job: int, lease: int) -> Record | None:
    row = tx.store.one(t.job, id=job, lease=lease, kind=externals.KIND)
    if row is not None and row.status in ("due", "held") and row.leased_until is not None:
        office = tx.store.case_by_id(row.case_id).office_id
        if row.owner.split()[0] == tx.actor.login and tx.actor.holds(EXTERNAL, office):
            return row
    return None


_EXPECTED = (
    f"Give names with values of FEEL (numbers are decimal), {LARGEST:,} bytes of them at most."
)


def _unfit(result: Any) -> Iterator[str]:
    """Why a case cannot take a result, in a word."""
    if not isinstance(result, dict):
        yield type(result).__name__
        return
    try:
        size = len(pack(result))
    except (TypeError, ValueError, OverflowError) as error:
        yield type(error).__name__
        return
    if any(commitments(result)):
        yield "sealed"
    if size > LARGEST:
        yield f"{size:,} bytes"
    yield from _foreign(result)


def _foreign(value: Any) -> Iterator[str]:
    """The kinds of value inside that FEEL does not know."""
    match value:
        case dict():
            for name, item in value.items():
                yield from _foreign(item) if isinstance(name, str) else (type(name).__name__,)
        case list():
            for item in value:
                yield from _foreign(item)
        case bool():
            return
        case int() | float() | bytes():
            yield type(value).__name__


def _secrets(tx: Transaction, row: Record) -> Iterator[str]:
    """The texts of the personal inputs of a work."""
    kept = unpack(row.payload)["inputs"]
    sealed = {name: value for name, value in kept.items() if any(commitments(value))}
    yield from _texts(tx.unseal(row.case_id, sealed))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)
        case None | bool():
            return
        case _:
            yield str(value)


def _struck(message: str, secrets: Iterator[str]) -> str:
    """A message without the personal values that it repeats, in whatever case of letters."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            message = re.sub(re.escape(secret), "…", message, flags=re.IGNORECASE)
    return message


def _within(name: str, value: int, most: int, least: int = 1) -> None:
    if not least <= value <= most:
        expected = f"Write a number from {least} to {most:,}."
        raise EngineError("bad_value", name=name, value=value, expected=expected)

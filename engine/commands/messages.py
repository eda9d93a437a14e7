"""Messages: handed to the case that waits for this name with this key, or to one they begin.

Where there is neither, a message can be kept until somebody waits for it (letterbox.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands import answering, cases, duties, letterbox, procedures
from engine.errors import EngineError
from engine.operations.messages import KEEP
from engine.runtime.values import Sealed, unpack
from engine.store import kept
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version


@dataclass(frozen=True, slots=True)
class Delivered:
    """The case that a message reached, and the tasks that it opened.

    No case where the message is kept, `until` when then.
    """

    case: str | None
    tasks: list[int]
    until: datetime | None = None


def send(
    tx: Transaction, name: str, key: str, values: dict[str, Any], office: str | None = None,
    keep: str = "P0D",
) -> Delivered:  # fmt: skip
    """Hand a message to the case that waits for it, or begin the case that starts with it.

    `values` are checked by the form of the event that waits, or by the start form; `office` is
    where a new case begins; `keep`, an ISO 8601 duration, how long it is kept where it reaches
    nobody.
    """
    over = letterbox.until(tx, keep)
    while (waiting := _waiting(tx, name, key)) is None:
        found = procedures.begun_by(tx, name)
        if found is not None:
            return _begun(tx, found, values, office)
        if over is None:
            raise EngineError("nobody_waits", name=name)
        with tx.store.savepoint() as part:
            letterbox.from_outside(tx, name, key, values, office, over)
            if not _subscribed(tx, name, key):
                return Delivered(None, [], over)
            part.rollback()  # somebody has begun to wait meanwhile; the name and key are free
    case, row = waiting
    if not tx.actor.sees(case.office_id):
        raise EngineError("nobody_waits", name=name)
    duties.works_on(tx, case)
    tx.awake(case)
    version = tx.version(case.version_id)
    form = version.model.elements[row.element].attributes.get("form")
    if form is not None:
        clean = answering.clean(tx, version.form(form), values)
        seal = tx.sealer(case.id, case.person_id, version.form(form).indexed)
        values = version.form(form).seal(clean, seal)
    elif values:
        expected = "The message has no form; send it without values."
        raise EngineError("bad_value", name="values", value=", ".join(values), expected=expected)
    return Delivered(case.reference, letterbox.received(tx, case, row, values))


def deliver(
    tx: Transaction, name: str, key: str, payload: dict[str, Any] | Sealed, origin: int | None,
    job: int, lease: int,
) -> Delivered:  # fmt: skip
    """Deliver what a case sent, as its payload was made there; fenced by the job's lease.

    What was personal there is sealed anew, as of this case. At the door of a suspended case the
    message is kept, as work of that case, until it goes on. Where nobody waits it is kept as long
    as its model says; once that is over, it is refused.
    """
    early = tx.store.one(t.message, job_id=job)
    while (waiting := _waiting(tx, name, key)) is None:
        procedure = procedures.begun_by(tx, name)
        if procedure is not None or early is not None or origin is None:
            break
        with tx.store.savepoint() as part:
            laid = _laid_down(tx, name, key, origin, job, lease)
            if laid is None:
                break
            if not _subscribed(tx, name, key):
                return laid
            part.rollback()
    if waiting is not None and waiting[0].status == "suspended":
        return _held(tx, waiting[0], job, lease)
    given = unpack(tx.finish_job(job, lease).payload)
    if waiting is None:
        return _begun_late(tx, name, procedure, given, early)
    case, row = waiting
    if early is not None:
        letterbox.end(tx, early, "delivered", case.id)
    if early is not None and early.outside:
        version = tx.version(case.version_id)
        values = letterbox.of_person(tx, case, version, row.element, given)
    else:
        values = letterbox.of_case(tx, case, payload, given["from"])
    sent = early.sent_at if early is not None else None
    return Delivered(case.reference, letterbox.received(tx, case, row, values, sent))


def _begun_late(
    tx: Transaction, name: str, found: tuple[Version, str] | None, given: dict[str, Any],
    early: Record | None,
) -> Delivered:  # fmt: skip
    """Begin a case with what a job brings, where no case waits for it."""
    if found is None:
        raise EngineError("nobody_waits", name=name)
    brings, office = given["payload"], given.get("office")
    if given["from"] is not None:
        brings = tx.unseal(given["from"], {"": brings})[""]
        office = office or tx.store.case_by_id(given["from"]).short
    done = _begun(tx, found, brings or {}, office)
    if early is not None:
        letterbox.end(tx, early, "delivered", tx.store.get(t.case, reference=done.case).id)
    return done


def _laid_down(
    tx: Transaction, name: str, key: str, origin: int, job: int, lease: int
) -> Delivered | None:
    """Keep what a case sent, as long as it says; None where it is not to be kept."""
    row = tx.held_job(job, lease)
    over = letterbox.until(tx, unpack(row.payload).get("keep", KEEP))
    if over is None:
        return None
    kept.alone(tx.store, name, key)
    tx.settle_job(
        job, lease, due_at=over, leased_until=None, owner=None, attempts=0, lease=lease + 1
    )
    letterbox.lay_down(tx, name, key, over, job, origin, outside=False)
    return Delivered(None, [], over)


def _held(tx: Transaction, case: Record, job: int, lease: int) -> Delivered:
    """Keep a message at the door of a suspended case."""
    attempts = tx.held_job(job, lease).attempts - 1
    tx.settle_job(
        job, lease, case_id=case.id, status="held", leased_until=None, owner=None,
        attempts=attempts, lease=lease + 1,  # who comes twice comes too late
    )  # fmt: skip
    return Delivered(case.reference, [])


def _begun(
    tx: Transaction, found: tuple[Version, str], values: dict[str, Any], office: str | None
) -> Delivered:
    """A case of the procedure in effect that starts with this message."""
    version, element = found
    if office is None:
        expected = f"The message begins a case of {version.procedure}; say in which office."
        raise EngineError("bad_value", name="office", value="", expected=expected)
    started = cases.begun(tx, version, office, values, element)
    return Delivered(started.reference, started.tasks)


def _subscribed(tx: Transaction, name: str, key: str) -> list[Record]:
    """The subscriptions under a name and key, the oldest first."""
    found = tx.store.all(t.subscription, name=name, key=key, kind="message")
    return sorted(found, key=lambda row: row.id)


def _waiting(tx: Transaction, name: str, key: str) -> tuple[Record, Record] | None:
    """The case, held, and its subscription read after the lock; None where no case waits."""
    found = _subscribed(tx, name, key)
    if not found:
        return None
    if len({row.case_id for row in found}) > 1:
        expected = "Several cases wait with this key; make it say which one."
        raise EngineError("bad_value", name="key", value=key, expected=expected)
    case = tx.hold_case(found[0].case_id)
    row = tx.store.one(t.subscription, id=found[0].id)
    if row is None:
        raise EngineError("nobody_waits", name=name)
    return case, row

"""Messages: handed to the case that waits for this name with this key, or to one they begin."""

from dataclasses import dataclass
from typing import Any

from engine.commands import answering, cases, duties, procedures, steps
from engine.commands.surroundings import Surroundings
from engine.errors import EngineError
from engine.runtime import execution
from engine.runtime.values import Sealed
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Delivered:
    """The case that a message reached, and the tasks that it opened."""

    case: str
    tasks: list[int]


def send(
    tx: Transaction, name: str, key: str, values: dict[str, Any], office: str | None = None
) -> Delivered:
    """Hand a message to the case that waits for it, or begin the case that starts with it.

    `values` are checked by the form of the event that waits, or by the start form; `office` is
    where a new case begins.
    """
    waiting = _waiting(tx, name, key)
    if waiting is None:
        return _begun(tx, name, values, office)
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
    return _received(tx, case, row, values)


def deliver(
    tx: Transaction, name: str, key: str, payload: dict[str, Any] | Sealed, origin: int, job: int,
    lease: int,
) -> Delivered:  # fmt: skip
    """Deliver what a case sent, as its payload was made there; fenced by the job's lease.

    What was personal there is sealed anew, as of this case. At the door of a suspended case the
    message is kept, as work of that case, until it goes on.
    """
    waiting = _waiting(tx, name, key)
    if waiting is not None and waiting[0].status == "suspended":
        return _kept(tx, waiting[0], job, lease)
    tx.finish_job(job, lease)
    opened: dict[str, Any] = tx.unseal(origin, {"": payload})[""] or {}
    if waiting is None:
        return _begun(tx, name, opened, tx.store.case_by_id(origin).short)
    case, row = waiting
    seal = tx.sealer(case.id, case.person_id, frozenset())
    plain = payload if isinstance(payload, dict) else {}
    values = {k: v if k in plain and plain[k] == v else seal(k, v) for k, v in opened.items()}
    return _received(tx, case, row, values)


def _kept(tx: Transaction, case: Record, job: int, lease: int) -> Delivered:
    attempts = tx.held_job(job, lease).attempts - 1
    tx.settle_job(
        job, lease, case_id=case.id, status="held", leased_until=None, owner=None,
        attempts=attempts,
    )  # fmt: skip
    return Delivered(case.reference, [])


def _begun(tx: Transaction, name: str, values: dict[str, Any], office: str | None) -> Delivered:
    """A case of the procedure in effect that starts with this message."""
    procedure = procedures.begun_by(tx, name)
    if procedure is None:
        raise EngineError("nobody_waits", name=name)
    if office is None:
        expected = f"The message begins a case of {procedure}; say in which office."
        raise EngineError("bad_value", name="office", value="", expected=expected)
    started = cases.start(tx, procedure, values, office)
    return Delivered(started.reference, started.tasks)


def _waiting(tx: Transaction, name: str, key: str) -> tuple[Record, Record] | None:
    """The case, held, and its subscription read after the lock; None where no case waits."""
    found = tx.store.all(t.subscription, name=name, key=key)
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


def _received(tx: Transaction, case: Record, row: Record, values: dict[str, Any]) -> Delivered:
    version = tx.version(case.version_id)
    world = Surroundings(tx, case, version)
    step = execution.receive(version.model, case.state, row.token, values, world)
    body = {"message": row.name, "element": row.element, "token": row.token, "values": values}
    opened = steps.apply(tx, case, version, step, "message.received", body)
    return Delivered(case.reference, opened)

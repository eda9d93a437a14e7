"""Outside operations: what a call is made with, and the answer that the worker brings back.

A call that got an answer which its case cannot take (the model fails at it, the case was suspended
meanwhile) keeps the answer, as personal data, for when it can: what was done is not done twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from engine.commands import attachments, jobs, steps
from engine.commands.surroundings import Surroundings
from engine.errors import EngineError
from engine.operations import calls
from engine.operations.operation import Operation, Paper
from engine.operations.registry import OPERATIONS
from engine.runtime import execution
from engine.runtime.values import Sealed, pack, unpack
from engine.runtime.world import Step
from engine.store import tables as t
from engine.store.priorities import USUAL
from engine.store.types import Record
from engine.transaction import Transaction, Version


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call is made with; personal inputs are opened.

    `untold`: an earlier call was begun and nobody told how it ended. `reply` is
    the answer of an earlier attempt that the case could not take: `{"result": …}`,
    `{"code": …}`, or nothing.
    """

    operation: str
    case: int
    inputs: dict[str, Any]
    key: str
    now: datetime
    untold: bool
    reply: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """A case that an answer moved, and the tasks that it opened."""

    case: str
    tasks: list[int]


@dataclass(frozen=True, slots=True)
class Begun:
    """A job whose call is about to be made."""

    job: int


@dataclass(frozen=True, slots=True)
class Used:
    """An operation that a deployed version asks for."""

    operation: str
    procedure: str


def material(tx: Transaction, job: int, lease: int) -> Asked:
    """What to call an operation with; refused once its personal inputs were erased."""
    row = tx.held_job(job, lease)
    case, payload = tx.store.case_by_id(row.case_id), unpack(row.payload)
    kept = {"inputs": payload["inputs"], "reply": payload.get("reply")}
    opened = tx.unseal(case.id, kept)
    if _lost(kept, opened):
        raise EngineError("erased")
    return Asked(
        payload["operation"], case.id, opened["inputs"],
        calls.key(case.reference, row.token, payload["element"]), tx.now,
        payload.get("begun", 0) > payload.get("told", 0), opened["reply"] or {},
    )  # fmt: skip


def lost(tx: Transaction, row: Record) -> bool:
    """Whether personal inputs of a job were erased."""
    kept = unpack(row.payload)["inputs"]
    return _lost(kept, tx.unseal(row.case_id, kept))


def begun(tx: Transaction, job: int, lease: int) -> Begun:
    """Note, before a call that must not be made twice, that it is made under this lease."""
    row = tx.held_job(job, lease)
    tx.settle_job(job, lease, payload=pack(unpack(row.payload) | {"begun": lease}))
    return Begun(job)


def _lost(kept: Any, opened: Any) -> bool:
    """Whether something sealed could not be opened."""
    match kept:
        case Sealed():
            return opened is None
        case dict():
            return any(_lost(kept[name], opened[name]) for name in kept)
        case list():
            return any(map(_lost, kept, opened))
    return False


def paper(tx: Transaction, case: int, key: str) -> Paper:
    """A paper that was brought in, or a certificate that was issued, of this very case."""
    row = tx.store.one(t.attachment, id=key, case_id=case)
    if row is not None:
        suffix = row.media_type.rpartition("/")[2]
        return Paper(f"{row.kind}.{suffix}", row.media_type, attachments.content(tx, key))
    row = tx.store.one(t.certificate, id=key, case_id=case)
    if row is None:
        raise EngineError("unknown_attachment", attachment=key)
    if row.status != "issued":
        raise EngineError("certificate_not_issued", certificate=row.number)
    name = f"{row.number.replace('/', '-')}.pdf"
    return Paper(name, "application/pdf", _certificate(tx, row))


def _certificate(tx: Transaction, row: Record) -> bytes:
    file = tx.files / PurePath("certificates", f"{row.id}.pdf")
    try:
        found = file.read_bytes()
    except FileNotFoundError as error:
        raise EngineError("erased") from error
    if sha256(found).hexdigest() != row.sha256:
        raise EngineError("attachment_invalid", reason="its bytes have changed on the disk")
    return found


def answered(tx: Transaction, result: Any, job: int, lease: int) -> Answered:
    """Take the result of a call: the case goes on. Fenced by the job's lease.

    A result that goes into a variable which the procedure declares personal is sealed whole.
    """
    case = tx.hold_case(tx.store.get(t.job, id=job).case_id)
    if case.status == "suspended":
        return _kept(tx, case, job, lease, {"result": result})
    row = tx.finish_job(job, lease)
    asked = unpack(row.payload)
    version = tx.version(case.version_id)
    variable = version.model.elements[asked["element"]].attributes.get("result", "")
    if variable in version.bundle.procedure.personal:
        result = tx.sealer(case.id, case.person_id, frozenset())(variable, result)
    world = Surroundings(tx, case, version)
    step = execution.answer(version.model, case.state, row.token, result, world)
    return _applied(tx, case, version, row, asked, step, "operation.answered", result=result)


def failed(tx: Transaction, code: str, job: int, lease: int) -> Answered:
    """Take the business error of a call: to the boundary event that catches it."""
    case = tx.hold_case(tx.store.get(t.job, id=job).case_id)
    if case.status == "suspended":
        return _kept(tx, case, job, lease, {"code": code})
    row = tx.finish_job(job, lease)
    asked, version = unpack(row.payload), tx.version(case.version_id)
    world = Surroundings(tx, case, version)
    step = execution.fail(version.model, case.state, row.token, code, asked["operation"], world)
    return _applied(tx, case, version, row, asked, step, "operation.failed", code=code)


def _kept(tx: Transaction, case: Record, job: int, lease: int, reply: dict[str, Any]) -> Answered:
    """Keep the answer to a call that was under way when its case was suspended.

    One that a program outside has brought need not be fetched again: our own worker hands it in.
    """
    row = tx.held_job(job, lease, resting=True)
    tx.settle_job(
        job, lease, resting=True, payload=_with(tx, case, row, lease, reply), leased_until=None,
        owner=None, attempts=row.attempts - 1, kind=calls.KIND, topic=None, priority=USUAL,
    )  # fmt: skip
    return Answered(case.reference, [])


def _with(
    tx: Transaction, case: Record, row: Record, lease: int, reply: dict[str, Any] | None
) -> bytes:
    """What a job says once its call is over, with the answer that its case could not take."""
    payload = unpack(row.payload) | {"told": lease}
    if reply is not None:
        payload["reply"] = tx.sealer(case.id, case.person_id, frozenset())(f"reply/{row.id}", reply)
    return pack(payload)


def _applied(
    tx: Transaction, case: Record, version: Version, row: Record, asked: dict[str, Any],
    step: Step, kind: str, **told: Any,
) -> Answered:  # fmt: skip
    body = {"task": asked["element"], "token": row.token, "operation": asked["operation"], **told}
    return Answered(case.reference, steps.apply(tx, case, version, step, kind, body))


def put_off(
    tx: Transaction, job: int, lease: int, message: str, *, after: int = 0, hopeless: bool = False,
    reply: dict[str, Any] | None = None,
) -> bool:  # fmt: skip
    """Note that a call got no answer: again later, as its operation says, or an incident.

    `after`: not before so many seconds; `hopeless`: an incident at once; `reply`: the answer that
    the case could not take. The result says whether an incident was raised.
    """
    case = tx.hold_case(tx.store.get(t.job, id=job).case_id)
    row = tx.held_job(job, lease, resting=True)
    operation: Operation | None = OPERATIONS.get(unpack(row.payload)["operation"])
    noted: dict[str, Any] = {
        "payload": _with(tx, case, row, lease, reply), "leased_until": None,
        "last_error": message[:2000],
    }  # fmt: skip
    given_up = hopeless or operation is None or row.attempts >= operation.retry.attempts
    if operation is None or given_up:
        noted["status"] = "incident"
    else:
        wait = max(operation.retry.wait(job, row.attempts), timedelta(seconds=after))
        noted["retry_at"] = tx.now + wait
    jobs.attempted(tx, tx.settle_job(job, lease, resting=True, **noted), message)
    if given_up:
        jobs.raise_incident(tx, row, "job_failed", message)
    return given_up


def used(tx: Transaction) -> tuple[Used, ...]:
    """The operations that the versions ask for which are not withdrawn."""
    found: set[tuple[str, str]] = set()
    for row in tx.store.rows(t.version, t.version.c.withdrawn_at.is_(None), limit=10_000):
        for element in tx.version(row.id).model.elements.values():
            if element.kind == "serviceTask" and "operation" in element.attributes:
                found.add((element.attributes["operation"], row.procedure))
    return tuple(Used(*pair) for pair in sorted(found))

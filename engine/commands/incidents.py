"""Incidents: work that needs a person.  Found by cause, tried again, or closed with a word."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from engine.commands import clocks, duties, life, operations
from engine.errors import EngineError
from engine.runtime.values import commitments, pack, unpack
from engine.store import tables as t
from engine.store import trouble
from engine.store.types import Record
from engine.transaction import Transaction

_MANY = 10_000
# What says whose work it is; the rest of a job's input can be corrected.
_IDENTITY = frozenset({"certificate", "element", "from", "keep", "operation"})


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """What went wrong, where, and whether someone has dealt with it.

    `cause` is what the incidents of one fault share; `procedure` names the version, `work` the kind
    of the job that failed, None where a model could not go on.
    """

    id: int
    at: datetime
    case: str | None
    procedure: str | None
    element: str | None
    code: str
    message: str
    resolved_at: datetime | None
    cause: str
    work: str | None


@dataclass(frozen=True, slots=True)
class Cause:
    """Incidents that one fault has caused: how many, since when, until when."""

    cause: str
    count: int
    procedure: str | None
    element: str | None
    work: str | None
    code: str
    message: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """A time at which a job failed, and on what."""

    number: int
    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident with its whole cause.

    `inputs` are what the job was given, as far as they can be changed; `status` is the job's own.
    """

    id: int
    at: datetime
    case: str | None
    procedure: str | None
    element: str | None
    code: str
    message: str
    resolved_at: datetime | None
    resolved_by: str | None
    cause: str
    work: str | None
    status: str | None
    attempts: tuple[Attempt, ...]
    inputs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident, by its id."""

    id: int


def listing(
    tx: Transaction, resolved: bool = False, *, procedure: str | None = None,
    code: str | None = None, case: str | None = None, cause: str | None = None,
) -> tuple[IncidentRow, ...]:  # fmt: skip
    """The incidents that wait for someone, oldest first; with `resolved`, the others too."""
    asked = {"procedure": procedure, "code": code, "case": case, "cause": cause}
    rows = trouble.incidents(tx.store, tx.actor.offices, resolved=resolved, limit=_MANY, **asked)
    return tuple(
        IncidentRow(
            r.id, r.at, r.reference, _named(r), r.element, r.code, r.message, r.resolved_at,
            r.cause, r.work,
        )
        for r in rows
    )  # fmt: skip


def causes(tx: Transaction, resolved: bool = False, **asked: Any) -> tuple[Cause, ...]:
    """The incidents of `listing`, those of one fault together; the most frequent first."""
    rows = sorted(listing(tx, resolved, **asked), key=lambda row: (row.cause, row.id))
    found = [_cause(list(alike)) for _, alike in groupby(rows, key=lambda row: row.cause)]
    return tuple(sorted(found, key=lambda cause: (-cause.count, cause.since)))


def _cause(rows: list[IncidentRow]) -> Cause:
    one = rows[0]
    return Cause(
        one.cause, len(rows), one.procedure, one.element, one.work, one.code, one.message,
        one.at, rows[-1].at,
    )  # fmt: skip


def show(tx: Transaction, incident: int) -> IncidentView:
    """An incident with every attempt of its job; unknown where the actor may not see its case."""
    found = trouble.incidents(tx.store, tx.actor.offices, resolved=True, limit=1, id=incident)
    if not found:
        raise EngineError("unknown_incident", incident=incident)
    [r] = found
    job = tx.store.one(t.job, id=r.job_id) if r.job_id is not None else None
    tried = tx.store.rows(t.attempt, t.attempt.c.job_id == r.job_id) if job is not None else []
    by = tx.store.get(t.actor, id=r.resolved_by).login if r.resolved_by is not None else None
    inputs = dict(_inputs(unpack(job.payload))) if job is not None else {}
    return IncidentView(
        r.id, r.at, r.reference, _named(r), r.element, r.code, r.message, r.resolved_at, by,
        r.cause, r.work, r.job_status, tuple(Attempt(a.number, a.at, a.error) for a in tried),
        inputs,
    )  # fmt: skip


def _named(row: Record) -> str | None:
    return f"{row.procedure} v{row.number}" if row.version_id is not None else None


def retry(tx: Transaction, incident: int, inputs: Mapping[str, Any] | None = None) -> Incident:
    """Put the job of an incident back to work, with all its attempts.

    `inputs` put other values in the place of those that the job was given.
    """
    row = _open(tx, incident)
    if row.case_id is not None:
        tx.awake(tx.store.case_by_id(row.case_id))
    if row.job_id is None:
        expected = "Close it with a word instead; there is no job to try again."
        raise EngineError("bad_value", name="incident", value=incident, expected=expected)
    job = tx.store.get(t.job, id=row.job_id)
    if job.status != "incident":
        expected = "Close it with a word instead; its case has gone on without this work."
        raise EngineError("bad_value", name="incident", value=incident, expected=expected)
    payload = _changed(unpack(job.payload), inputs or {})
    tx.store.change(
        t.job, job.id, status="due", retry_at=None, attempts=0, leased_until=None,
        last_error=None, payload=pack(payload),
    )  # fmt: skip
    tx.store.wake()
    if row.case_id is not None:
        body = {"incident": incident, "work": job.kind, "changed": sorted(inputs or {})}
        tx.record(tx.hold_case(row.case_id), "incident.retried", body)
    return _resolved(tx, row, "tried again")


def _inputs(payload: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What of a job's input can be corrected: nothing that says whose work it is, or who with."""
    given = payload.get("inputs", payload)
    if not any(commitments(dict(payload))):
        yield from ((name, value) for name, value in given.items() if name not in _IDENTITY)


def _changed(payload: dict[str, Any], to: Mapping[str, Any]) -> dict[str, Any]:
    """A job's input with other values; a value keeps its type."""
    known = dict(_inputs(payload))
    for name, value in to.items():
        if name not in known:
            expected = "The job has no such input, or it holds personal values: mend the case."
            raise EngineError("bad_value", name=name, value=value, expected=expected)
        if known[name] is not None and type(value) is not type(known[name]):
            expected = "Write a value of the kind that stands there."
            raise EngineError("bad_value", name=name, value=value, expected=expected)
    if "inputs" in payload:
        return {**payload, "inputs": {**payload["inputs"], **to}}
    return {**payload, **to}


def resolve(tx: Transaction, incident: int, resolution: str) -> Incident:
    """Close an incident that was dealt with otherwise; refused while a token waits for its work.

    What is said about a case may name people: it is kept as personal data, and the row holds its
    commitment, in hexadecimal.
    """
    duties.reasoned(resolution, "incidents.resolve")
    row = _open(tx, incident)
    if row.case_id is not None:
        case = tx.hold_case(row.case_id)
        _nothing_waits(tx, case, row)
        reason = tx.private(case, f"incident/{incident}", resolution)
        tx.record(case, "incident.resolved", {"incident": incident, "reason": reason})
        resolution = reason.commitment.hex()
        if row.job_id is None:  # what could not go on waits for its clock, which has spoken
            clocks.again(tx, tx.store.case_by_id(case.id))
    return _resolved(tx, row, resolution)


def _nothing_waits(tx: Transaction, case: Record, row: Record) -> None:
    """Refuse to close what a token still waits for: its case would wait for nothing."""
    job = tx.store.one(t.job, id=row.job_id) if row.job_id is not None else None
    if job is not None and job.status == "incident" and job.token is not None:
        raise EngineError(
            "token_waits", case=case.reference, incident=row.id, element=row.element or "-"
        )


def skip(tx: Transaction, incident: int, to: str, reason: str) -> Incident:
    """Let a case go on past work that failed, to an element that its model names for that."""
    row, case, job = _stuck(tx, incident)
    duties.reasoned(reason, "incidents.skip")
    elements = tx.version(case.version_id).model.elements
    allowed = elements[row.element].attributes.get("skip", "").split()
    if to not in allowed:
        raise EngineError(
            "cannot_skip", case=case.reference, element=row.element, to=to,
            allowed=", ".join(allowed) or "-",
        )  # fmt: skip
    told = tx.private(case, f"incident/{incident}", reason)
    life.moved(tx, case, str(job.token), to, told)
    return _resolved(tx, row, told.commitment.hex())


def answer(tx: Transaction, incident: int, values: Mapping[str, Any], reason: str) -> Incident:
    """Answer in the place of a service: what it would have given, and how that is known."""
    row, case, job = _stuck(tx, incident)
    duties.reasoned(reason, "incidents.answer")
    told = tx.private(case, f"incident/{incident}", reason)
    operations.by_hand(tx, case, job, values, incident=incident, reason=told)
    return _resolved(tx, row, told.commitment.hex())


def _stuck(tx: Transaction, incident: int) -> tuple[Record, Record, Record]:
    """An open incident, its case, held, and its job, for which a token waits."""
    row = _open(tx, incident)
    job = tx.store.one(t.job, id=row.job_id) if row.job_id is not None else None
    if job is None or job.token is None or job.status != "incident":
        expected = "Close it with a word instead; no case waits for it."
        raise EngineError("bad_value", name="incident", value=incident, expected=expected)
    case = tx.hold_case(row.case_id)
    duties.goes_on(tx, case)
    return row, case, job


def _open(tx: Transaction, incident: int) -> Record:
    """The incident, read after its case was held: of two who deal with it one is first."""
    row = tx.store.one(t.incident, id=incident)
    if row is not None and row.case_id is not None:
        case = tx.hold_case(row.case_id)
        duties.administers(tx, tx.store.get(t.office, id=case.office_id))
        row = tx.store.one(t.incident, id=incident)
    if row is None or row.resolved_at is not None:
        raise EngineError("unknown_incident", incident=incident)
    return row


def _resolved(tx: Transaction, row: Record, resolution: str) -> Incident:
    tx.store.change(
        t.incident, row.id, resolved_at=tx.now, resolved_by=tx.actor.id, resolution=resolution
    )
    return Incident(row.id)

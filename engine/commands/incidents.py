"""Incidents: work that needs a person.  Listed, tried again, or closed with a word."""

from dataclasses import dataclass
from datetime import datetime

from engine.commands import duties
from engine.errors import EngineError
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction

_MANY = 10_000


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """What went wrong, where, and whether someone has dealt with it.

    A job that failed has its case; a model that could not go on has its procedure and version.
    """

    id: int
    at: datetime
    case: str | None
    procedure: str | None
    element: str | None
    code: str
    message: str
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident, by its id."""

    id: int


def listing(tx: Transaction, resolved: bool = False) -> tuple[IncidentRow, ...]:
    """The incidents that wait for someone, oldest first; with `resolved`, the others too."""
    where = [] if resolved else [t.incident.c.resolved_at.is_(None)]
    rows = tx.store.rows(t.incident, *where, limit=_MANY)
    keys = {row.case_id for row in rows if row.case_id is not None}
    cases = {row.id: row for row in tx.store.rows(t.case, t.case.c.id.in_(keys), limit=_MANY)}
    asked = {row.version_id for row in rows if row.version_id is not None}
    versions = {
        row.id: f"{row.procedure} v{row.number}"
        for row in tx.store.rows(t.version, t.version.c.id.in_(asked), limit=_MANY)
    }
    return tuple(
        IncidentRow(
            r.id, r.at, cases[r.case_id].reference if r.case_id else None,
            versions.get(r.version_id), r.element, r.code, r.message, r.resolved_at,
        )
        for r in rows
        if r.case_id is None or tx.actor.sees(cases[r.case_id].office_id)
    )  # fmt: skip


def retry(tx: Transaction, incident: int) -> Incident:
    """Put the job of an incident back to work, with all its attempts."""
    row = _open(tx, incident)
    if row.job_id is None:
        expected = "Close it with a word instead; there is no job to try again."
        raise EngineError("bad_value", name="incident", value=incident, expected=expected)
    if tx.store.get(t.job, id=row.job_id).status != "incident":
        expected = "Close it with a word instead; its case has gone on without this work."
        raise EngineError("bad_value", name="incident", value=incident, expected=expected)
    tx.store.change(t.job, row.job_id, status="due", due_at=tx.now, attempts=0, leased_until=None)
    return _resolved(tx, row, "tried again")


def resolve(tx: Transaction, incident: int, resolution: str) -> Incident:
    """Close an incident that was dealt with otherwise.

    What is said about a case may name people: it is kept as personal data, and the row holds its
    commitment, in hexadecimal.
    """
    if not resolution.strip():
        raise EngineError("reason_missing", act="incidents.resolve")
    row = _open(tx, incident)
    if row.case_id is not None:
        case = tx.store.case_by_id(row.case_id)
        resolution = tx.private(case, f"incident/{incident}", resolution).commitment.hex()
    return _resolved(tx, row, resolution)


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

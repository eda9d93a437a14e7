"""Procedures: deploy a bundle as the next version, list, show, export, withdraw."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from engine.commands import schedules
from engine.deployment import clocks
from engine.deployment.findings import ERROR, DeploymentRefused, Finding
from engine.deployment.preparation import check, closed, prepare
from engine.errors import EngineError
from engine.operations.registry import OPERATIONS
from engine.permissions import HOUSE
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version
from processes.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Deployed:
    """A version that was deployed, or that already held these files."""

    procedure: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A deployed version in a list."""

    procedure: str
    version: int
    digest: str
    effective: date
    deployed_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """A version as people ask after it: what it is, since when, and the form a case starts with."""

    procedure: str
    version: int
    name: str
    digest: str
    effective: date
    deployed_at: datetime
    withdrawn_at: datetime | None
    files: list[str]
    form: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Exported:
    """The files of a version as they were deployed: a zip archive, the same bytes each time."""

    procedure: str
    version: int
    digest: str
    archive: bytes


def examine(bundle: Bundle) -> tuple[Finding, ...]:
    """Every fault and warning of a bundle, errors first; needs no database."""
    found = check(closed(bundle), OPERATIONS)
    return tuple(sorted(found, key=lambda finding: finding.severity != ERROR))


def deploy(tx: Transaction, bundle: Bundle, effective: date | None = None) -> Deployed:
    """Deploy a bundle: check, normalise, number, store.

    The same files again change nothing, unless they were withdrawn since.
    """
    prepared = prepare(bundle, OPERATIONS)
    bundle = prepared.bundle
    key = bundle.procedure.key
    versions = _versions(tx, key)
    newest = versions[-1] if versions else None
    if newest and newest.digest == bundle.digest and newest.withdrawn_at is None:
        return Deployed(key, newest.version, bundle.digest)
    _within_calendar(tx, bundle, effective or tx.today)
    for role in bundle.procedure.roles.values():
        if role.key in HOUSE:
            expected = "It is a role of the house; give the lane a role of its own."
            raise EngineError("bad_value", name="roles", value=role.key, expected=expected)
        if tx.store.one(t.role, key=role.key) is None:
            tx.store.add(t.role, key=role.key, name=role.lane)
    number = versions[-1].version + 1 if versions else 1
    made = tx.store.add(
        t.version, procedure=key, number=number, digest=bundle.digest, bundle=bundle.zip(),
        model=prepared.model, model_digest=sha256(prepared.model).hexdigest(),
        effective=effective or tx.today, note="", deployed_at=tx.now, deployed_by=tx.actor.id,
    )  # fmt: skip
    schedules.deployed(tx, key, int(made))
    return Deployed(key, number, bundle.digest)


def _within_calendar(tx: Transaction, bundle: Bundle, first: date) -> None:
    """Refuse clocks that, begun on the first day, could run beyond what the calendar knows."""
    granted = clocks.clocks(bundle)
    if granted and tx.facts.get("calendar"):
        found = tuple(clocks.horizon(granted, tx.calendar_of(None).last, first))
        if found:
            raise DeploymentRefused(bundle.procedure.key, found)


def listing(tx: Transaction) -> tuple[ProcedureRow, ...]:
    """Every version of every procedure, oldest first."""
    return tuple(_versions(tx, None))


def show(tx: Transaction, procedure: str, version: int | None = None) -> ProcedureView:
    """A version of a procedure; the one in effect where none is named."""
    found, row = _version(tx, procedure, version)
    settings = found.bundle.procedure
    return ProcedureView(
        procedure, found.number, settings.name, found.digest, row.effective,
        row.deployed_at, row.withdrawn_at, sorted(found.bundle.files),
        dict(found.form(settings.start).document),
    )  # fmt: skip


def export(tx: Transaction, procedure: str, version: int | None = None) -> Exported:
    """The files of a version, to read, to keep, or to deploy elsewhere."""
    found, row = _version(tx, procedure, version)
    return Exported(procedure, found.number, found.digest, bytes(row.bundle))


def withdraw(tx: Transaction, procedure: str, version: int, reason: str) -> Deployed:
    """Let no new case begin on a version; cases that run on it go on."""
    row = tx.store.one(t.version, procedure=procedure, number=version)
    if row is None:
        raise EngineError("unknown_version", procedure=procedure, version=version)
    if not reason.strip():
        raise EngineError("reason_missing", act="procedures.withdraw")
    tx.store.change(
        t.version, row.id, withdrawn_at=tx.now, withdrawn_by=tx.actor.id, withdraw_reason=reason
    )
    schedules.align(tx, procedure)
    return Deployed(procedure, version, row.digest)


def in_effect(tx: Transaction, procedure: str) -> Version:
    """The newest version in effect today and not withdrawn."""
    rows = tx.store.rows(t.version, t.version.c.procedure == procedure, order=[t.version.c.number])
    if not rows:
        raise EngineError("unknown_procedure", procedure=procedure)
    fit = [row for row in rows if row.withdrawn_at is None and row.effective <= tx.today]
    if not fit:
        raise EngineError("withdrawn", procedure=procedure)
    return tx.version(fit[-1].id)


def begun_by(tx: Transaction, message: str) -> tuple[Version, str] | None:
    """The version in effect whose cases begin with this message, and the start event."""
    return next(iter(begun_by_event(tx, "message", message)), None)


def begun_by_event(tx: Transaction, kind: str, name: str) -> list[tuple[Version, str]]:
    """Every version in effect that has a start event of this kind and name, and the event."""
    rows = _versions(tx, None)
    current = {r.procedure for r in rows if r.withdrawn_at is None and r.effective <= tx.today}
    return [
        (version, start.element)
        for version in (in_effect(tx, key) for key in sorted(current))
        for start in version.model.starts
        if (start.kind, start.name) == (kind, name)
    ]


def _version(tx: Transaction, procedure: str, number: int | None) -> tuple[Version, Record]:
    if number is None:
        number = in_effect(tx, procedure).number
    row = tx.store.one(t.version, procedure=procedure, number=number)
    if row is None:
        raise EngineError("unknown_version", procedure=procedure, version=number)
    return tx.version(row.id), row


def _versions(tx: Transaction, key: str | None) -> list[ProcedureRow]:
    where = [t.version.c.procedure == key] if key else []
    rows = tx.store.rows(t.version, *where, order=[t.version.c.procedure, t.version.c.number])
    return [
        ProcedureRow(r.procedure, r.number, r.digest, r.effective, r.deployed_at, r.withdrawn_at)
        for r in rows
    ]

"""Certificates: what a worker renders from, the answer it brings back, list, show, verify."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from engine.commands import delays, pages, printing, steps
from engine.commands.surroundings import Surroundings
from engine.errors import EngineError
from engine.runtime import execution
from engine.runtime.values import unpack
from engine.store import finding
from engine.store import tables as t
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate: its number and where it stands."""

    certificate: str
    number: str
    kind: str
    status: str
    case: str
    issued_at: datetime | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Material:
    """All that a rendering needs, personal values opened; never stored anywhere.

    `told` holds the values in each language, `day` is the day of issue in the city.
    """

    certificate: str
    template: str
    files: dict[str, bytes]
    data: dict[str, Any]
    told: dict[str, Any]
    receipt: dict[str, Any]
    signer: dict[str, str]
    number: str
    code: str
    at: datetime
    day: date
    specimen: bool
    case: str
    office: tuple[str, str]
    city: tuple[str, str]
    place: tuple[str, str]
    title: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that was issued."""

    number: str
    case: str


def material(tx: Transaction, certificate: str) -> Material:
    """What to render a certificate from; refused once its personal data was erased."""
    row = _row(tx, certificate)
    case = tx.store.case_by_id(row.case_id)
    version = tx.version(case.version_id)
    frozen = unpack(row.data)
    opened = tx.unseal(case.id, {**frozen["data"], "": frozen["code"]})
    code = opened.pop("")
    if code is None:
        raise EngineError("erased")
    office = tx.store.get(t.office, id=case.office_id)
    city, zone = tx.facts, tx.zone
    at: datetime = frozen["at"]
    return Material(
        certificate=row.id, template=row.template, files=dict(version.bundle.files), data=opened,
        told=printing.told(version, opened),
        receipt=printing.receipt(version, opened, case.started_at.astimezone(zone).date())
        | printing.clock(version, *delays.standing(tx, case, version, at)),
        signer=printing.signer(version, frozen.get("signer", {})),
        number=row.number, code=code, at=at, day=at.astimezone(zone).date(),
        specimen=row.specimen, case=case.reference, office=printing.titles(office, city),
        city=(city.get("city_fr", ""), city.get("city_ar", "")),
        place=(city.get("place_fr", ""), city.get("place_ar", "")),
        title=version.bundle.procedure.certificates[row.kind].title,
    )  # fmt: skip


def issued(
    tx: Transaction, certificate: str, digest: str, pages: int, size: int, job: int, lease: int
) -> Issued:
    """Take a worker's answer: the file lies in its place, the case goes on.

    Fenced by the job's lease: a worker that was thought dead and comes back late changes nothing.
    """
    row = _row(tx, certificate)
    case = tx.hold_case(row.case_id)
    tx.finish_job(job, lease)
    tx.store.change(
        t.certificate, row.id, status="issued", sha256=digest, pages=pages, size=size,
        issued_at=tx.now,
    )  # fmt: skip
    version = tx.version(case.version_id)
    result = {"certificate": row.id, "number": row.number}
    world = Surroundings(tx, case, version)
    step = execution.answer(version.model, case.state, row.token, result, world)
    body = {"token": row.token, "result": result, "what": row.kind, "sha256": digest}
    steps.apply(tx, case, version, step, "certificate.issued", body)
    return Issued(row.number, case.reference)


def listing(tx: Transaction, limit: int = 50) -> tuple[CertificateRow, ...]:
    """The newest certificates of the offices that the actor sees."""
    rows = finding.certificates(tx.store, tx.actor.offices, pages.size(limit))
    return tuple(_view(row, row) for row in rows)


def show(tx: Transaction, number: str) -> CertificateRow:
    """One certificate by its number."""
    row = tx.store.one(t.certificate, number=number)
    case = tx.store.case_by_id(row.case_id) if row else None
    if row is None or case is None or not tx.actor.sees(case.office_id):
        raise EngineError("unknown_certificate", certificate=number)
    return _view(row, case)


def verify(tx: Transaction, content: bytes) -> CertificateRow:
    """Whether this file is, byte for byte, a certificate that was issued here."""
    row = tx.store.one(t.certificate, sha256=sha256(content).hexdigest())
    case = tx.store.case_by_id(row.case_id) if row else None
    if row is None or case is None:
        raise EngineError("unknown_certificate", certificate="with these bytes")
    return _view(row, case)


def _row(tx: Transaction, certificate: str) -> Any:
    row = tx.store.one(t.certificate, id=certificate)
    if row is None:
        raise EngineError("unknown_certificate", certificate=certificate)
    return row


def _view(row: Any, case: Any) -> CertificateRow:
    return CertificateRow(
        row.id, row.number, row.kind, row.status, case.reference, row.issued_at, row.sha256
    )

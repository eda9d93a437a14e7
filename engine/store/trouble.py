"""What the database keeps of commands that were refused: rejections, and faults of a model."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from engine.store import tables as t
from engine.store.store import Store
from engine.store.types import Record

_CODE = "model_failed"


def cause(
    code: str, version: int | None, element: str | None, kind: str | None, message: str
) -> str:
    """What the incidents of one fault share: the same place of one version failed alike."""
    return sha256(repr((code, version, element, kind, message)).encode()).hexdigest()[:8]


def rejected(
    store: Store, *, at: datetime, actor: str, channel: str, command: str, case: int | None,
    kind: str, code: str, fields: Sequence[str],
) -> None:  # fmt: skip
    """A refused command: who, what, why, names of fields and never their values."""
    store.add(
        t.rejection, at=at, actor=actor[:80], channel=channel, command=command, case_id=case,
        kind=kind, code=code, fields=json.dumps(fields),
    )  # fmt: skip


def incident(
    store: Store, *, at: datetime, code: str, version: int | None, case: int | None,
    element: str | None, message: str, work: str | None = None, job: int | None = None,
) -> int:  # fmt: skip
    """Ask a person; the incident's number. `work`: the kind of what failed, where it was work."""
    told = message[:2000]
    return int(
        store.add(
            t.incident, at=at, case_id=case, job_id=job, code=code, version_id=version,
            element=element, message=told, cause=cause(code, version, element, work, told),
        )
    )  # fmt: skip


def failed(
    store: Store, *, at: datetime, version: int, case: int | None, element: str, reason: str
) -> None:
    """A model that could not go on, on its version: once for each element, until it is resolved."""
    known = store.one(
        t.incident, version_id=version, element=element[:120], code=_CODE, resolved_at=None
    )
    if known is None:
        key = incident(
            store, at=at, code=_CODE, version=version, case=case, element=element[:120],
            message=reason,
        )  # fmt: skip
        store.add(t.occasion, topic="incident.raised", case_id=case, incident_id=key, at=at)


def standing(store: Store, case: int | None) -> int | None:
    """The case, if it is there: one that was only begun by a refused command is not."""
    return case if case is not None and store.one(t.case, id=case) is not None else None


_every = (
    select(
        t.incident, t.case.c.reference, t.case.c.office_id, t.version.c.procedure,
        t.version.c.number, t.job.c.kind.label("work"), t.job.c.status.label("job_status"),
    )
    .select_from(
        t.incident.outerjoin(t.case, t.case.c.id == t.incident.c.case_id)
        .outerjoin(t.version, t.version.c.id == t.incident.c.version_id)
        .outerjoin(t.job, t.job.c.id == t.incident.c.job_id)
    )
    .order_by(t.incident.c.id)
)  # fmt: skip
_ASKED = {
    "id": t.incident.c.id, "cause": t.incident.c.cause, "code": t.incident.c.code,
    "procedure": t.version.c.procedure, "case": t.case.c.reference,
}  # fmt: skip


def incidents(
    store: Store, offices: Collection[int] | None, *, resolved: bool, limit: int, **asked: Any
) -> Sequence[Record]:
    """Incidents, oldest first, with the case, the version and the job of each.

    Those of these offices (None: every one) and those of no case; `asked` names columns of _ASKED.
    """
    where: list[Any] = [_ASKED[name] == value for name, value in asked.items() if value is not None]
    if not resolved:
        where.append(t.incident.c.resolved_at.is_(None))
    if offices is not None:
        where.append(t.case.c.id.is_(None) | t.case.c.office_id.in_(sorted(offices)))
    found: Sequence[Record] = store.execute(_every.where(*where).limit(limit)).all()
    return found

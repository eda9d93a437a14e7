"""What the database keeps of commands that were refused: rejections, and faults of a model."""

import json
from collections.abc import Sequence
from datetime import datetime

from engine.store import tables as t
from engine.store.store import Store

_CODE = "model_failed"


def rejected(
    store: Store, *, at: datetime, actor: str, channel: str, command: str, case: int | None,
    kind: str, code: str, fields: Sequence[str],
) -> None:  # fmt: skip
    """A refused command: who, what, why, names of fields and never their values."""
    store.add(
        t.rejection, at=at, actor=actor[:80], channel=channel, command=command, case_id=case,
        kind=kind, code=code, fields=json.dumps(fields),
    )  # fmt: skip


def failed(
    store: Store, *, at: datetime, version: int, case: int | None, element: str, reason: str
) -> None:
    """A model that could not go on, on its version: once for each element, until it is resolved."""
    known = store.one(
        t.incident, version_id=version, element=element[:120], code=_CODE, resolved_at=None
    )
    if known is None:
        store.add(
            t.incident, at=at, version_id=version, case_id=case, element=element[:120], code=_CODE,
            message=reason[:2000],
        )  # fmt: skip


def standing(store: Store, case: int | None) -> int | None:
    """The case, if it is there: one that was only begun by a refused command is not."""
    return case if case is not None and store.one(t.case, id=case) is not None else None

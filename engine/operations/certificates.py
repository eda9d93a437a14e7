"""certificate.issue: the number inside the command, the rendering outside it.

The command that reaches the service task takes the number, freezes what the certificate will say
(with commitments for personal values) and writes a job; the token waits. A worker renders, and
the answer comes back as a command. Rendering is deterministic: a crash in between is mended by
rendering again.
"""

from collections.abc import Mapping
from hashlib import sha256
from secrets import choice, token_hex
from typing import Any

from engine.operations import registers
from engine.operations.place import Place
from engine.runtime.values import pack
from engine.store import delegations
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction

# Crockford's base 32: no letter that is read as another; 14 of them are 70 bits.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def reserve(tx: Transaction, place: Place, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Take the number, freeze the data, write the rendering job; the certificate's id.

    `kind` names a certificate of the procedure; every other input is printed beside the variables
    of the case.
    """
    case, kind = place.case, str(inputs["kind"])
    settings = place.version.bundle.procedure.certificates[kind]
    key, code = token_hex(16), "".join(choice(_LETTERS) for _ in range(14))
    seal = tx.sealer(case.id, case.person_id, frozenset())
    number, _, _ = registers.enter(tx, place, settings.register)
    printed = {**place.data, **{name: v for name, v in inputs.items() if name != "kind"}}
    frozen = {"data": printed, "code": seal(f"certificate/{key}/code", code), "at": tx.now}
    if settings.signer:
        frozen["signer"] = _signer(tx, place, settings.signer)
    tx.store.add(
        t.certificate, id=key, case_id=case.id, token=place.token, kind=kind, number=number,
        status="reserved", specimen=tx.specimen, code_digest=sha256(code.encode()).digest(),
        data=pack(frozen), template=settings.template, reserved_at=tx.now,
    )  # fmt: skip
    tx.store.add(
        t.job, kind="certificate.issue", case_id=case.id, token=place.token,
        payload=pack({"certificate": key}), status="due", due_at=tx.now, attempts=0, lease=0,
        created_at=tx.now,
    )  # fmt: skip
    return {"certificate": key, "number": number}


def _signer(tx: Transaction, place: Place, element: str) -> dict[str, str]:
    """Who did this element last: name, role, the order under which they sign, if it needs one."""
    case, found = place.case, place.version.model.elements[element]
    done = tx.store.rows(
        t.task, t.task.c.case_id == case.id, t.task.c.element == element,
        t.task.c.status == "completed", order=[t.task.c.id.desc()], limit=1,
    )  # fmt: skip
    if done:
        key, at = done[0].closed_by, done[0].closed_at
    else:  # a start event: who began the case
        key, at = _starter(tx, case), case.started_at
    actor = tx.store.get(t.actor, id=key)
    signer = {"name": actor.name, "name_ar": actor.name_ar or "", "role": found.lane or ""}
    if act := found.attributes.get("delegation"):
        day = at.astimezone(tx.zone).date()
        signer["order"] = delegations.order(tx.store, key, act, case, day) or ""
    return signer


def _starter(tx: Transaction, case: Record) -> int:
    first = tx.store.one(t.event, case_id=case.id, seq=1)
    return tx.actor.id if first is None else int(first.actor_id)

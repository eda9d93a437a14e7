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
from engine.store import tables as t
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

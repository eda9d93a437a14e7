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
from engine.runtime.model import Element
from engine.runtime.values import pack
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version

# Crockford's base 32: no letter that is read as another; 14 of them are 70 bits.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def reserve(
    tx: Transaction, case: Record, version: Version, element: Element, token: int,
    data: Mapping[str, Any],
) -> str:  # fmt: skip
    """Take the number, freeze the data, write the rendering job; the certificate's id."""
    kind = element.attributes["certificate"]
    settings = version.bundle.procedure["certificates"][kind]
    key, code = token_hex(16), "".join(choice(_LETTERS) for _ in range(14))
    seal = tx.sealer(case.id, case.person_id, frozenset())
    place = Place(case, version, element.id, token)
    number, _, _ = registers.enter(tx, place, settings["register"])
    frozen = {"data": dict(data), "code": seal(f"certificate/{key}/code", code), "at": tx.now}
    tx.store.add(
        t.certificate, id=key, case_id=case.id, token=token, kind=kind, number=number,
        status="reserved", specimen=tx.specimen, code_digest=sha256(code.encode()).digest(),
        data=pack(frozen), template=settings["template"], reserved_at=tx.now,
    )  # fmt: skip
    tx.store.add(
        t.job, kind="certificate.issue", case_id=case.id, token=token,
        payload=pack({"certificate": key}), status="due", due_at=tx.now, attempts=0, lease=0,
        created_at=tx.now,
    )  # fmt: skip
    return key

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

from sqlalchemy import Row

from engine.runtime.model import Element
from engine.runtime.values import pack
from engine.store import tables as t
from engine.transaction import Transaction, Version

# Crockford's base 32: no letter that is read as another; 14 of them are 70 bits.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def reserve(
    tx: Transaction, case: Row[Any], version: Version, element: Element, token: int,
    data: Mapping[str, Any],
) -> str:  # fmt: skip
    """Take the number, freeze the data, write the rendering job; the certificate's id."""
    kind = element.attributes["certificate"]
    settings = version.bundle.procedure["certificates"][kind]
    key, code = token_hex(16), "".join(choice(_LETTERS) for _ in range(14))
    seal = tx.sealer(case.id, case.person_id, frozenset())
    number = _number(tx, case, settings["register"])
    frozen = {"data": dict(data), "code": seal(f"certificate/{key}/code", code), "at": tx.now}
    tx.store.add(
        t.certificate, id=key, case_id=case.id, token=token, kind=kind, number=number,
        status="reserved", specimen=specimen(tx), code_digest=sha256(code.encode()).digest(),
        data=pack(frozen), template=settings["template"], reserved_at=tx.now,
    )  # fmt: skip
    tx.store.add(
        t.job, kind="certificate.issue", case_id=case.id, token=token,
        payload=pack({"certificate": key}), status="due", due_at=tx.now, attempts=0, lease=0,
        created_at=tx.now,
    )  # fmt: skip
    return key


def specimen(tx: Transaction) -> bool:
    """Whether this database is for training or demonstration: its numbers say so."""
    row = tx.store.one(t.installation, name="specimen")
    return row is not None and row.value == "yes"


def _number(tx: Transaction, case: Row[Any], register: str) -> str:
    office = tx.store.get(t.office, id=case.office_id)
    year = tx.now.year
    number = tx.store.next_number(register, case.office_id, year)
    text = f"{'SPECIMEN/' if specimen(tx) else ''}{register}/{office.short}/{year}/{number:06d}"
    tx.store.add(
        t.register_entry, register=register, office_id=case.office_id, year=year, number=number,
        text=text, case_id=case.id, at=tx.now,
    )  # fmt: skip
    return text

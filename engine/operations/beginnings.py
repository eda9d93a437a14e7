"""case.start: begin a case of another procedure, and go on with its reference.

The work is done by our own worker in one transaction, which moves both cases: ADR 11.
"""

from collections.abc import Mapping
from typing import Any

from engine.operations.place import Place
from engine.operations.signature import Signature
from engine.runtime.values import pack
from engine.store import tables as t
from engine.transaction import Transaction

NAME = KIND = "case.start"
TAKES = Signature({"procedure": "string", "values": "context"}, {"office": "string"})
GIVES = Signature({"reference": "string"})
REFUSED = "case_refused"


def ask(tx: Transaction, place: Place, inputs: Mapping[str, Any]) -> None:
    """Write the job; personal values stay sealed until it is done."""
    payload = {"operation": NAME, "element": place.element, "inputs": dict(inputs)}
    tx.store.add(
        t.job, kind=KIND, case_id=place.case.id, token=place.token, payload=pack(payload),
        status="due", due_at=tx.now, attempts=0, lease=0, created_at=tx.now,
    )  # fmt: skip

"""An outside operation as a job: written with the step that asks for it, called by the worker.

Personal inputs stay sealed in the job until the call.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from engine.operations.place import Place
from engine.runtime.values import pack
from engine.store import tables as t
from engine.transaction import Transaction

KIND = "operation.call"


def ask(tx: Transaction, place: Place, inputs: Mapping[str, Any]) -> None:
    """Write the job that calls the operation of this element."""
    name = place.version.model.elements[place.element].attributes["operation"]
    payload = {"operation": name, "element": place.element, "inputs": dict(inputs)}
    tx.store.add(
        t.job, kind=KIND, case_id=place.case.id, token=place.token, payload=pack(payload),
        status="due", due_at=tx.now, attempts=0, lease=0, created_at=tx.now,
    )  # fmt: skip


def key(reference: str, token: int, element: str) -> str:
    """The idempotency key of a call: the same at every attempt, another for every other call.

    A token has its number once in a case, so a loop that comes back here calls with another key.
    """
    return sha256(f"{reference}\0{token}\0{element}".encode()).hexdigest()

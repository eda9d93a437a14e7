"""external.work: work for a program outside, which fetches it by its topic and brings the answer.

The token waits as for a call; what differs is who works. Our own workers leave this work alone.
"""

from collections.abc import Mapping
from typing import Any

from engine.operations.place import Place
from engine.operations.signature import Signature
from engine.runtime.values import pack
from engine.store import tables as t
from engine.transaction import Transaction

NAME = KIND = "external.work"
TAKES = Signature({"topic": "string"}, open=True)
GIVES = Signature(open=True)


def ask(tx: Transaction, place: Place, inputs: Mapping[str, Any]) -> None:
    """Write the work under its topic; personal inputs stay sealed until it is fetched."""
    given = {name: value for name, value in inputs.items() if name != "topic"}
    payload = {"operation": NAME, "element": place.element, "inputs": given}
    tx.store.add(
        t.job, kind=KIND, topic=str(inputs["topic"]), case_id=place.case.id, token=place.token,
        payload=pack(payload), status="due", due_at=tx.now, attempts=0, lease=0, created_at=tx.now,
    )  # fmt: skip

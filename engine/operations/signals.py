"""signal.send: hands a signal to every other case that waits for it now, and begins cases by it.

Who waits is written down in the sender's transaction; the worker then goes from case to case, as it
does a batch, and each gets the signal once. The cases that it begins are looked for by the worker.
"""

from collections.abc import Mapping
from typing import Any

from engine.operations.place import Place
from engine.permissions import SYSTEM
from engine.runtime.errors import RuntimeRefusal
from engine.runtime.values import Sealed, pack
from engine.store import choosing
from engine.store import tables as t
from engine.store.priorities import BULK
from engine.transaction import Transaction

ACT, BATCH, BEGIN = "signal", "batch.run", "signal.start"


def send(tx: Transaction, place: Place, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Send what a case throws; personal values stay sealed."""
    brings = inputs.get("payload") or {}
    if not isinstance(brings, (dict, Sealed)):
        raise RuntimeRefusal(place.element, "the payload of a signal is a context")
    given = {
        "signal": str(inputs["signal"]), "payload": brings, "from": place.case.id, "office": None,
    }  # fmt: skip
    system = tx.store.get(t.actor, login=SYSTEM)
    broadcast(tx, given, by=system.id)
    return {"sent": True}


def broadcast(tx: Transaction, given: dict[str, Any], by: int) -> tuple[int | None, int]:
    """Order the delivery of a signal: the batch that does it, if any case waits, and how many do.

    `by` does it: who sees which cases is asked again at each of them.
    """
    packed, now = pack(given), tx.now
    batch = tx.store.add(
        t.batch, act=ACT, arguments=packed, status="running", total=0, created_at=now,
        created_by=by,
    )  # fmt: skip
    total = choosing.waiting_for(
        tx.store, batch, given["signal"], besides=given["from"], offices=tx.actor.offices
        if given["from"] is None else None,
    )  # fmt: skip
    begin = {"payload": packed, "status": "due", "due_at": now, "attempts": 0, "lease": 0}
    tx.store.add(t.job, kind=BEGIN, case_id=given["from"], created_at=now, **begin)
    if not total:
        tx.store.remove_at(t.batch, {"id": batch})
        return None, 0
    tx.store.change(t.batch, batch, total=total)
    tx.store.add(
        t.job, **begin | {"payload": pack({"batch": batch})}, kind=BATCH, priority=BULK,
        created_at=now,
    )  # fmt: skip
    return batch, total

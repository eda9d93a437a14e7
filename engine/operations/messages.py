"""message.send: hands a message to the worker, which delivers it as a command of its own.

A delivery moves another case, under that case's lock. Done in the sender's transaction it would
hold two cases at once; as a job it is written with the sender's step and cannot be lost.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from decisions.errors import DecisionError
from engine.operations.place import Place
from engine.runtime.errors import RuntimeRefusal
from engine.runtime.timers import Timer, first_due
from engine.runtime.values import Sealed, pack
from engine.store import tables as t
from engine.transaction import Transaction

# How long a message of a model is kept that says nothing about it.
KEEP = "P7D"


def lasts(keep: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When a message that is sent now has been kept for so long; None where it is no duration."""
    try:
        timer = Timer.read("timeDuration", keep)
    except DecisionError:
        return None
    return first_due(timer, None, now, zone, "") if timer.literal is not None else None


def send(tx: Transaction, place: Place, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Write the delivery of a message with this name and key; personal values stay sealed.

    A payload that was made in one piece from personal values is sealed in one piece.
    """
    brings = inputs.get("payload") or {}
    if not isinstance(brings, (dict, Sealed)):
        raise RuntimeRefusal(place.element, "the payload of a message is a context")
    payload = {
        "message": str(inputs["message"]), "key": str(inputs["key"]),
        "payload": brings, "from": place.case.id,
    }  # fmt: skip
    if keep := place.version.model.keeps.get(payload["message"]):
        payload["keep"] = keep
    tx.store.add(
        t.job, kind="message.deliver", case_id=place.case.id, token=None, payload=pack(payload),
        status="due", due_at=tx.now, attempts=0, lease=0, created_at=tx.now,
    )  # fmt: skip
    return {"sent": True}

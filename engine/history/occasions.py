"""Which events people may be told of: the one place where an event becomes an occasion.

It reads nothing and looks nobody up, so that a command costs hardly more for it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from processes.procedure import TOPICS

# Of whom a topic is told, and at what pace where nobody said otherwise.
ACTORS: Mapping[str, str] = {
    "task.assigned": "at_once", "task.opened": "daily", "task.due": "daily",
    "incident.raised": "at_once", "case.ended": "never",
}  # fmt: skip
PERSONS: Mapping[str, str] = dict.fromkeys(TOPICS, "at_once")
# What moved a clock, of which a person is told: the days of the offices, not an act in the case.
CALENDAR = "calendar"
PACES = ("at_once", "daily", "weekly", "never")


def of_event(kind: str, body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The occasions that an event is, as columns of their rows: all ids."""
    match kind:
        case "task.assigned":
            yield _row(kind, token=body["token"], actor_id=body["to"])
        case "case.started" | "certificate.issued":
            yield _row(kind)
        case "clock.moved" if body["cause"] == CALENDAR:
            yield _row(kind)
        case "incident.raised":
            yield _row(kind, incident_id=body["incident"])
    outcome = body.get("outcome")
    if outcome is None:
        return
    for token, _, waits in outcome["opened"]:
        if waits == "task":
            yield _row("task.opened", token=token)
    if outcome["ended"]:
        yield _row("case.ended")


def _row(topic: str, **columns: Any) -> dict[str, Any]:
    return {"topic": topic, "token": None, "actor_id": None, "incident_id": None, **columns}

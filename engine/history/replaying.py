"""Executing a case again from its history: the same commands, the same moments, the same steps.

Personal values stand in the history as commitments, so a case replays the same after its personal
data was erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.history import chain
from engine.runtime import execution
from engine.runtime.model import Model


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a re-execution found: how many events, and each difference in words."""

    events: int
    differences: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the history is whole and gives the recorded states."""
        return not self.differences


def replay(
    model: Model, reference: str, events: Sequence[tuple[int, bytes, bytes]], head: bytes
) -> Replayed:
    """Check the chain, then run every command of the history and compare the public states."""
    broken = chain.broken(reference, events)
    if broken is not None:
        return Replayed(len(events), (f"event {broken} does not fit the chain",))
    if not events or events[-1][2] != head:
        return Replayed(len(events), ("the history ends before the case does",))
    state, differences = b"", []
    for seq, encoded, _ in events:
        body = chain.decode(encoded)
        step = _again(model, state, body)
        if step is None:
            continue
        state = step.state
        if step.digest.hex() != body["outcome"]["digest"]:
            differences.append(f"event {seq} ({body['kind']}) gives another state")
    return Replayed(len(events), tuple(differences))


def _again(model: Model, state: bytes, body: dict[str, Any]) -> execution.Step | None:
    match body["kind"]:
        case "case.started":
            return execution.start(model, body["values"], body["at"])
        case "task.completed" | "certificate.issued":
            return execution.complete(model, state, body["token"], body["values"], body["at"])
    return None  # acts that move no token: claims, notes, cancellation

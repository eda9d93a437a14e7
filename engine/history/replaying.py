"""Executing a case again from its history: the same commands, the same moments, the same steps.

Nothing is asked of outside: operations answer what they answered, and an evaluation that opened a
personal value gives what it gave. So a case replays the same after its personal data was erased,
and on a machine that never saw it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from decisions.calendars import Calendar
from decisions.clock.law import Clock
from engine.errors import EngineError
from engine.history import chain, clocks
from engine.runtime import execution
from engine.runtime.errors import BusinessError, Erased, Immovable, RuntimeRefusal
from engine.runtime.model import Model
from engine.runtime.values import Sealed
from engine.runtime.world import MISSING, Step

Events = Sequence[tuple[int, bytes, bytes]]
# The clocks of a procedure, and the calendar of a digest as it was known at a moment.
Legal = tuple[Sequence[Clock], Callable[[datetime, str], Calendar]]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a re-execution found: how many events, and each difference in words."""

    events: int
    differences: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the history is whole and gives the recorded states."""
        return not self.differences


class Past:
    """The world of a command as its event recorded it."""

    def __init__(
        self, facts: Mapping[str, Any], zone: ZoneInfo, body: Mapping[str, Any], calendar: Any
    ) -> None:
        outcome = body.get("outcome", {})
        # What a clock of the law set going took place at its own time, not when a worker came.
        self.now: datetime = body["moment"] if body["kind"] == "clock.reached" else body["at"]
        self.case, self.zone, self._calendar = facts, zone, calendar
        self._derived = list(outcome.get("derived", []))
        self._replies = list(outcome.get("replies", []))

    @property
    def calendar(self) -> Any:
        """The calendar as it was known then."""
        return self._calendar(self.now)

    def open(self, sealed: Sealed) -> Any:
        """Nothing is opened: what it gave stands in the history."""
        del sealed
        raise Erased

    def seal(self, name: str, value: Any) -> Sealed:
        """Nothing new is sealed for the same reason."""
        raise Erased

    def recorded(self, element: str, slot: str) -> Any:
        """What the next such evaluation gave."""
        for place, (where, what, value) in enumerate(self._derived):
            if (where, what) == (element, slot):
                del self._derived[place]
                return value
        return MISSING

    def perform(self, operation: str, inputs: Mapping[str, Any], element: str, token: int) -> Any:
        """What the operation answered."""
        del inputs, token
        for place, (where, name, result, error) in enumerate(self._replies):
            if (where, name) == (element, operation):
                del self._replies[place]
                if error:
                    raise BusinessError(error, "")
                return result
        raise RuntimeRefusal(element, f"the history holds no answer of {operation}")

    def is_inside(self, operation: str) -> bool:
        """An operation that was done at once left its answer in the event."""
        return any(name == operation for _, name, _, _ in self._replies)


def replay(
    model: Model, reference: str, events: Events, head: bytes,
    calendar: Callable[[datetime], Any], legal: Legal | None = None,
) -> Replayed:  # fmt: skip
    """Check the chain, then run every command of the history and compare the public states.

    What the clocks of the law said is counted again from the facts, by the days of `legal`.
    """
    broken = chain.broken(reference, events)
    if broken is not None:
        return Replayed(len(events), (f"event {broken} does not fit the chain",))
    if not events or events[-1][2] != head:
        return Replayed(len(events), ("the history ends before the case does",))
    differences: list[str] = []
    for seq, body, step in _steps(model, events, calendar):
        if step is None or step.digest.hex() != body["outcome"]["digest"]:
            differences.append(f"event {seq} ({body['kind']}) gives another state")
            break
        if list(step.flows) != body["outcome"]["flows"]:
            differences.append(f"event {seq} ({body['kind']}) takes another way")
            break
    if legal is not None and legal[0]:
        bodies = (chain.decode(encoded) for _, encoded, _ in events)
        differences += clocks.differences(*legal, bodies)
    return Replayed(len(events), tuple(differences))


def state_before(
    model: Model, events: Events, seq: int, calendar: Callable[[datetime], Any]
) -> bytes:
    """The state of a case as it was before an event, executed anew.

    Refused where the history, executed again, does not give what it gave.
    """
    state = b""
    for number, body, step in _steps(model, events, calendar):
        if number >= seq:
            break
        if step is None or step.digest.hex() != body["outcome"]["digest"]:
            raise EngineError("history_differs", case=body["case"], seq=number)
        state = step.state
    return state


def standing(bodies: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The events of a case that still count, the last first: without what was taken back."""
    seq = len(bodies)
    while seq:
        body = bodies[seq - 1]
        yield body
        taken_back = {"case.restarted": "to", "task.reopened": "of"}.get(body["kind"])
        seq = (body[taken_back] if taken_back else seq) - 1


def _steps(model: Model, events: Events, calendar: Callable[[datetime], Any]) -> Any:
    """Each event that moved the case, with the step that its re-execution gives, or None."""
    states: dict[int, bytes] = {0: b""}
    state, facts, zone = b"", {}, ZoneInfo("UTC")
    for seq, encoded, _ in events:
        body = chain.decode(encoded)
        if body["kind"] == "case.started":
            facts, zone = body["case_facts"], ZoneInfo(body["zone"])
        if "outcome" in body:
            try:
                step = _again(model, state, states, body, Past(facts, zone, body, calendar))
            except (RuntimeRefusal, Immovable):
                yield seq, body, None
                return
            yield seq, body, step
            state = step.state
        states[seq] = state


def _again(
    model: Model, state: bytes, states: Mapping[int, bytes], body: Mapping[str, Any], world: Past
) -> Step:
    match body["kind"]:
        case "case.started":
            return execution.start(model, body["values"], world, body.get("start"))
        case "case.rectified":
            return execution.rectify(model, state, body["name"], body["value"], world)
        case "case.resumed":
            return execution.resume(model, state, body["since"], world)
        case "task.reopened":
            return execution.restore(model, states[body["of"] - 1], state, world)
        case "case.restarted":
            return execution.restore(model, states[body["to"] - 1], state, world)
        case "case.cancelled":
            return execution.cancel(model, state, world)
    return _moved(model, state, body, world)


def _moved(model: Model, state: bytes, body: Mapping[str, Any], world: Past) -> Step:
    """What a token waited for has come."""
    token = body.get("token", 0)
    match body["kind"]:
        case "task.completed":
            return execution.complete(model, state, token, body["values"], world)
        case "message.received":
            return execution.receive(model, state, token, body["values"], world)
        case "signal.received":
            return execution.signal(model, state, token, body["values"], world)
        case "timer.fired":
            return execution.fire(model, state, token, world)
        case "clock.reached":
            return execution.reach(model, state, token, world)
        case "case.moved":
            return execution.move(model, state, token, body["to"], world)
        case "certificate.issued" | "operation.answered" | "operation.supplied":
            return execution.answer(model, state, token, body["result"], world)
        case "operation.failed":
            return execution.fail(model, state, token, body["code"], "", world)
    raise RuntimeRefusal("", f"this program knows no event {body['kind']}")

"""Whether what many clients saw of a case fits one order of its events that respects time.

The event table gives the order of what was done. It must be an order in which each command, done or
refused, takes effect between the moment it was sent and the moment it was answered: what ended
before another began comes before it. Commands that left no event (refusals, questions) are given
the first place at which their answer is right, so that the places of all respect time too. A
command whose answer was lost may have been done or not.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from tests.reliability import lifecycle
from tests.reliability.lifecycle import Answer, Asked, State

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"


@dataclass(frozen=True, slots=True)
class Op:
    """A command that a client gave: when it sent it, when it was answered, what it was told.

    Times are seconds of one monotonic clock; an answer that never came came at the end of time.
    `told` is the code of a refusal, what a question was answered, or the tasks that were opened.
    """

    id: str
    asked: Asked
    sent: float
    answered: float
    outcome: str
    told: object = None


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a case's history: which command wrote it, and of what kind it is."""

    op: str
    kind: str


def anomalies(ops: Sequence[Op], events: Sequence[Event]) -> list[str]:
    """What cannot have happened to one case; `events` begin with the start of the case."""
    known = {op.id: op for op in ops}
    strange = [f"an event {e.kind} of nobody" for e in events if e.op not in known]
    if strange:
        return strange
    done = [known[event.op] for event in events]
    found = [*_once(ops, events), *_in_time(done)]
    states, wrong = _played(done, events)
    return [*found, *wrong, *([] if wrong else _without_event(ops, done, states))]


def _once(ops: Sequence[Op], events: Sequence[Event]) -> Iterator[str]:
    """Each command is done once, and no refused one is."""
    written = Counter(event.op for event in events)
    for op in ops:
        if written[op.id] > 1:
            yield f"{op.id} {op.asked.kind}: done {written[op.id]} times"
        if written[op.id] and op.outcome == REFUSED:
            yield f"{op.id} {op.asked.kind}: refused with {op.told}, and done"


def _in_time(done: Sequence[Op]) -> Iterator[str]:
    """No event comes after one whose command was sent when its own was answered already."""
    latest: Op | None = None
    for op in done:
        if latest is not None and op.answered < latest.sent:
            yield f"{op.id} was answered before {latest.id} was sent, and comes after it"
        if latest is None or op.sent > latest.sent:
            latest = op


def _played(done: Sequence[Op], events: Sequence[Event]) -> tuple[list[State], list[str]]:
    """The states that the model goes through, one after each event, and where it does not go on."""
    states = [State()]
    for op, event in zip(done[1:], events[1:], strict=True):
        given = lifecycle.answer(states[-1], op.asked)
        if event.kind != lifecycle.EVENTS[op.asked.kind]:
            return states, [f"{op.id} {op.asked.kind}: wrote {event.kind}"]
        if given.code is not None or not given.moved:
            return states, [f"{op.id} {op.asked.kind}: done where the answer is {given.code}"]
        if op.outcome == OK and op.told is not None and op.told != _opened(given):
            return states, [f"{op.id} {op.asked.kind}: told {op.told}, opened {_opened(given)}"]
        states.append(given.state)
    return states, []


def _opened(given: Answer) -> tuple[tuple[str, int], ...]:
    return tuple((key, given.state.tasks[key].number) for key in given.opened)


def _without_event(ops: Sequence[Op], done: Sequence[Op], states: Sequence[State]) -> Iterator[str]:
    """Give every answered command without an event its place among the events."""
    written = {op.id for op in done}
    places: list[tuple[float, int]] = []  # when it was answered, the place it was given
    left = [op for op in ops if op.id not in written and op.outcome != UNKNOWN]
    answered = [(op.answered, place) for place, op in enumerate(done)]
    # The earliest moment at which the events up to each place can all have happened.
    reached = list(accumulate((op.sent for op in done), max))
    for op in sorted(left, key=lambda op: op.sent):
        first = max((place for at, place in [*answered, *places] if at < op.sent), default=0)
        last = bisect_left(reached, op.answered)
        place = next((n for n in range(first, last) if _right(states[n], op)), None)
        if place is None:
            yield f"{op.id} {op.asked.kind}: {op.outcome} {op.told}, right at no moment between"
        else:
            places.append((op.answered, place))


def _right(state: State, op: Op) -> bool:
    """Whether an answer that left no event is the right one in this state."""
    given = lifecycle.answer(state, op.asked)
    if op.asked.kind == "look":
        return lifecycle.shown(state) == op.told
    if op.outcome == REFUSED:
        return given.code == op.told
    return given.code is None and not given.moved


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's taking of a job, under a number."""

    job: int
    number: int
    sent: float
    answered: float


def fencing(fired: Op, job: int, number: int, leases: Sequence[Lease]) -> str | None:
    """Why a firing under a lease cannot have been answered so; None where it can."""
    later = [lease for lease in leases if lease.job == job and lease.number > number]
    if fired.outcome == OK and any(lease.answered < fired.sent for lease in later):
        return f"{fired.id}: done under lease {number}, which another had taken over"
    return None


def superseded(fired: Op, job: int, number: int, leases: Sequence[Lease]) -> bool:
    """Whether a firing may have been refused because another had taken its job."""
    return any(
        lease.job == job and lease.number > number and lease.sent < fired.answered
        for lease in leases
    )


def numbers(starts: Sequence[tuple[int, float, float]]) -> list[str]:
    """What is wrong with the numbers of cases: (number, sent, answered), in an order of time."""
    found, latest = [], (0, -math.inf)
    for number, sent, answered in sorted(starts):
        if answered < latest[1]:
            found.append(f"number {number} was answered before {latest[0]} was asked for")
        if sent > latest[1]:
            latest = (number, sent)
    return found

"""Whatever deploys runs in its place: the smallest model of each cell is played to its end.

What an element means is proven by tests of its own; here it is shown that it means the same
wherever it stands: the token comes to it, its event is taken, the case ends.
"""

from typing import Any

import pytest

from engine.deployment import normalising, trees
from engine.runtime.model import Model
from tests.bpmn import cells
from tests.runtime.models import Play, World

RUNS = [cell for cell in cells.cells() if cells.status(cell) == "runs"]
# What only something else can set off: its own tests throw it.
_THROWN = ("error", "escalation", "compensate", "cancel")


class _Decision:
    names: frozenset[str] = frozenset()

    @staticmethod
    def evaluate(context: Any, calendar: Any = None) -> Any:
        class Outcome:
            value, trace, fault = None, {}, ""

        return Outcome


def _played(cell: cells.Cell) -> tuple[Play, set[str]]:
    """The case of a cell's smallest model at its end, and every element that was completed."""
    tree = trees.parse(cells.model(*cell).encode())
    model = Model.read(normalising.normalised([tree], "P"), {"d": _Decision})
    said = {"message_send": None, "signal_send": None}
    play = Play(model, World(**{name: lambda **inputs: None for name in said}))
    done = set(play.step.done)
    for _ in range(20):
        if play.ended:
            break
        _next(play)
        done |= set(play.step.done)
    return play, done


def _next(play: Play) -> None:
    """Take one wait: events before people, so that nothing is passed over."""
    verbs = {"timer": "fire", "message": "receive", "signal": "signal", "operation": "answer",
             "task": "complete", "offer": "choose"}  # fmt: skip
    waits = sorted(play.waits, key=lambda wait: (list(verbs).index(wait.kind), int(wait.token)))
    wait = waits[-1] if waits[0].kind == "offer" else waits[0]
    verb = verbs[wait.kind]
    if wait.kind == "offer" and play.world.now.minute:  # it was chosen once: enough
        verb = "leave"
    elif wait.kind == "offer":
        play.world.later(minutes=1)
    more: tuple[Any, ...] = {"receive": ({},), "signal": ({},), "complete": ({},),
                             "answer": (None,)}.get(verb, ())  # fmt: skip
    call = getattr(play.execution, verb)
    play.step = call(play.model, play.step.state, wait.token, *more, play.world)


@pytest.mark.parametrize("cell", RUNS, ids="-".join)
def test_what_deploys_runs_to_its_end(cell: cells.Cell) -> None:
    play, done = _played(cell)
    assert play.ended == "completed"
    element, event, _ = cell
    if element in ("startEvent", "eventSubProcess", "boundaryEvent") and event in _THROWN:
        return
    assert {"startEvent": "S", "eventSubProcess": "L"}.get(element, "X") in done

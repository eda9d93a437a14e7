"""Boundary events of every kind on every kind of host, interrupting or beside it."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.bpmn.played import play
from tests.runtime.models import Play

KINDS = ("signal", "message", "timer", "conditional", "error", "escalation")
HOSTS = ("task", "subprocess", "call", "many", "transaction")
CELLS = [
    pytest.param(kind, host, marks=pytest.mark.proves(
        "boundaryEvent", event=kind, where=host, section="13.5.3"))
    for kind in KINDS for host in HOSTS
    if (Path(__file__).parent / f"{kind}_{host}.bpmn").exists()
]  # fmt: skip


def happen(case: Play, kind: str) -> Play:
    """Let the event take place."""
    if kind == "signal":
        return case.signal("X", why="alarm")
    if kind == "message":
        return case.receive("X", why="note")
    if kind == "timer":
        return case.fire("X")
    if kind == "conditional":
        return case.complete("Z", n=Decimal(6))
    return case.complete("A")


@pytest.mark.parametrize(("kind", "host"), CELLS)
def test_what_interrupts_ends_its_host(kind: str, host: str) -> None:
    case = play(f"boundaries/{kind}_{host}", n=Decimal(0))
    inside = [element for element in case.open if element in ("A", "W")]
    assert inside
    happen(case, kind)
    assert case.open == ["H"]
    assert case.step.flows[-2:] == ("X", "X_H")
    assert case.complete("H").ended == "completed"


@pytest.mark.parametrize(("kind", "host"), [c for c in CELLS if c.values[0] != "error"])
def test_what_does_not_interrupt_leaves_its_host_alone(kind: str, host: str) -> None:
    case = play(f"boundaries/{kind}_{host}_beside", n=Decimal(0))
    before = [element for element in case.open if element in ("A", "W")]
    happen(case, kind)
    assert case.open.count("H") == 1
    after = [element for element in case.open if element in ("A", "W")]
    assert len(after) == len(before) - (kind == "escalation")
    while case.ended is None:
        case.complete(next(key for key in case.open if key != "X"))
    assert case.ended == "completed"


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.proves("boundaryEvent", event="signal", where="task", section="13.5.3")
def test_a_signal_beside_is_taken_as_often_as_it_comes(host: str) -> None:
    case = play(f"boundaries/signal_{host}_beside")
    for number in range(1, 5):
        case.signal("X")
        assert case.open.count("H") == number


@pytest.mark.proves("boundaryEvent", event="signal", where="task", section="13.5.3")
def test_a_host_that_is_done_hears_no_more() -> None:
    case = play("boundaries/signal_task")
    assert case.complete("A").ended == "completed"


@pytest.mark.proves("boundaryEvent", event="conditional", where="task", section="13.5.3")
def test_a_condition_beside_is_taken_each_time_it_becomes_true() -> None:
    case = play("boundaries/conditional_task_beside", n=Decimal(0))
    for value, taken in ((6, 1), (7, 1), (0, 1), (9, 2)):
        rectify(case, n=Decimal(value))
        assert case.open.count("H") == taken


def rectify(case: Play, **values: object) -> None:
    for name, value in values.items():
        case.step = case.execution.rectify(case.model, case.step.state, name, value, case.world)


@pytest.mark.proves("boundaryEvent", event="compensate", where="many", section="10.7")
def test_each_of_many_is_compensated_for_itself() -> None:
    case = play("boundaries/compensation_many", items=["a", "b"])
    case.complete("A").complete("A").complete("B")
    assert case.open == ["UA"]
    case.complete("UA", undone="second")
    assert case.open == ["UA"]
    assert case.complete("UA").ended == "completed"
    assert case.data == {"items": ["a", "b"], "undone": "second"}

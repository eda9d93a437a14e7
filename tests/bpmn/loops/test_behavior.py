"""What the completions of a multi-instance activity throw (BPMN 2.0.2 §10.3.8, §13.3.7)."""

import pytest

from tests.bpmn.played import deployed
from tests.runtime.models import Play, World


def played(name: str) -> Play:
    world = World(signal_send=lambda **inputs: None)
    return Play(deployed(f"loops/behavior_{name}"), world)


@pytest.mark.proves("multiInstance", event="signal", where="process", section="13.3.7")
@pytest.mark.parametrize(("name", "told"), [("none", 3), ("one", 1), ("all", 0)])
def test_completions_throw_as_the_behaviour_says(name: str, told: int) -> None:
    play = played(name)
    for _ in range(3):
        play.complete("Ask")
    assert play.open == ["Note"] * told + ["Z"]


@pytest.mark.proves("multiInstance", event="escalation", where="process", section="13.3.7")
@pytest.mark.proves("boundaryEvent", event="escalation", where="many", section="13.5.3")
def test_a_condition_may_say_when_and_the_event_may_interrupt_the_whole() -> None:
    play = played("complex").complete("Ask")
    assert play.open.count("Ask") == 2
    assert play.complete("Ask").open == ["Note"]

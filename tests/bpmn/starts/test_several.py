"""Several start events of a process: each begins a case of its own (BPMN 2.0.2 §10.5.2)."""

import pytest

from engine.runtime.errors import ModelError
from tests.bpmn.played import Sent, deployed
from tests.runtime.models import Play


@pytest.mark.parametrize(
    ("at", "task"), [(None, "A"), ("S", "A"), ("SM", "B"), ("SS", "C"), ("ST", "D"), ("SC", "H")]
)
@pytest.mark.proves("startEvent", event="", where="process", section="10.5.2")
@pytest.mark.proves("startEvent", event="message", where="process", section="10.5.2")
@pytest.mark.proves("startEvent", event="signal", where="process", section="10.5.2")
@pytest.mark.proves("startEvent", event="timer", where="process", section="10.5.2")
@pytest.mark.proves("startEvent", event="conditional", where="process", section="10.5.2")
def test_a_case_begins_at_the_start_that_is_meant(at: str | None, task: str) -> None:
    case = Play(deployed("starts/several"), Sent(), at)
    assert case.open == [task]
    assert case.step.flows[0] == (at or "S")


@pytest.mark.proves("startEvent", event="message", where="process", section="10.5.2")
def test_a_start_that_is_not_there_is_refused() -> None:
    with pytest.raises(ModelError, match="not said at which start event"):
        Play(deployed("starts/several"), Sent(), "A")


@pytest.mark.proves("startEvent", event="timer", where="process", section="10.5.2")
def test_a_model_tells_where_a_case_can_begin() -> None:
    starts = deployed("starts/several").starts
    assert [(start.element, start.kind, start.name) for start in starts] == [
        ("S", "none", ""), ("SM", "message", "note"), ("SS", "signal", "alarm"),
        ("ST", "timer", ""), ("SC", "condition", "n > 5"),
    ]  # fmt: skip
    assert starts[3].timer is not None

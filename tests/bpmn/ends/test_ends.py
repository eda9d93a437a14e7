"""End events that throw (BPMN 2.0.2 §10.5.6)."""

import pytest

from tests.bpmn.played import play


@pytest.mark.proves("endEvent", event="signal", where="process", section="13.5.6")
def test_a_signal_end() -> None:
    case = play("ends/signal").complete("A")
    assert case.open == ["B"]
    assert case.complete("B").ended == "completed"


@pytest.mark.proves("endEvent", event="escalation", where="subprocess", section="13.5.6")
def test_an_escalation_end_leaves_by_the_boundary_event() -> None:
    case = play("ends/escalation").complete("A")
    assert case.open == ["H"]


@pytest.mark.proves("endEvent", event="compensate", where="process", section="13.5.6")
def test_a_compensation_end_waits_for_its_handlers() -> None:
    case = play("ends/compensation").complete("A")
    assert case.open == ["UA"]
    assert case.complete("UA").ended == "completed"


@pytest.mark.proves("endEvent", event="terminate", where="subprocess", section="13.5.6")
def test_terminate_ends_its_scope_with_what_listens_in_it() -> None:
    case = play("ends/terminate")
    case.signal("VS").complete("A")
    assert case.open == ["Y"]
    assert case.complete("Y").ended == "completed"

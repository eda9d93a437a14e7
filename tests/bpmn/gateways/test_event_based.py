"""Event-based gateways: the first event wins (BPMN 2.0.2 §10.6.6, §13.4.4)."""

import pytest

from tests.bpmn.played import played

FILE = "gateways/event_based"


@pytest.mark.proves("eventBasedGateway", where="process", section="13.4.4")
@pytest.mark.proves("receiveTask", where="process", section="10.3.3")
def test_a_receive_task_takes_the_message_and_ends_the_other_waits() -> None:
    play = played(FILE)
    assert play.open == ["Answer", "Late", "Refusal", "Soon"]
    assert play.receive("Answer", said="yes").open == ["A"]
    assert play.data == {"said": "yes"}


@pytest.mark.parametrize(("timer", "then"), [("Soon", "C"), ("Late", "D")])
def test_each_of_several_timers_is_its_own(timer: str, then: str) -> None:
    play = played(FILE)
    due = {wait.element: wait.due for wait in play.waits if wait.kind == "timer"}
    assert (due["Late"] - due["Soon"]).days == 2
    assert play.fire(timer).open == [then]


def test_a_message_event_wins_over_the_others() -> None:
    assert played(FILE).receive("Refusal").open == ["B"]

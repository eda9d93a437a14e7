"""Quantities of tokens before and after an activity (BPMN 2.0.2 §13.3.2)."""

import pytest

from tests.bpmn.played import played


@pytest.mark.proves("startQuantity", where="process", section="13.3.2")
@pytest.mark.proves("completionQuantity", where="process", section="13.3.2")
def test_tokens_are_gathered_before_and_scattered_after_an_activity() -> None:
    play = played("activities/quantities").complete("A", a=True)
    assert play.open == ["B"]
    play.complete("B", b=True)
    assert play.open == ["C", "C", "C"]
    assert play.step.flows.count("Together") == 1
    assert play.data == {"a": True, "b": True}
    play.complete("C").complete("C")
    assert play.ended is None
    assert play.complete("C").ended == "completed"

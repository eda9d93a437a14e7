"""Tasks that the engine does itself: without a kind, and scripts (BPMN 2.0.2 §10.3.3, §13.3.3)."""

from decimal import Decimal

import pytest

from tests.bpmn.played import played


@pytest.mark.proves("task", where="process", section="13.3.3")
@pytest.mark.proves("task", where="subprocess", section="13.3.3")
@pytest.mark.proves("task", where="called", section="13.3.3")
def test_a_task_without_a_kind_passes_its_token_on() -> None:
    play = played("activities/task", x=Decimal(1))
    assert play.open == ["A"]
    assert {"Pass", "Inner", "Called"} <= set(play.step.flows)
    assert play.data == {"x": 1}


@pytest.mark.proves("scriptTask", where="process", section="10.3.3")
def test_a_script_is_one_expression_or_a_context() -> None:
    play = played("activities/script", quantity=Decimal(4), price=Decimal(5))
    assert play.ended == "completed"
    assert play.data == {"quantity": 4, "price": 5, "total": 20, "half": 10, "quarter": 5}

"""Transactions: cancelled, they are compensated; an error leaves them as they are (§10.3.5)."""

import pytest

from tests.bpmn.played import play


@pytest.mark.proves("boundaryEvent", event="cancel", where="transaction", section="13.5.3")
@pytest.mark.proves("endEvent", event="cancel", where="transaction", section="13.5.6")
@pytest.mark.proves("transaction", event="", where="process", section="13.3.6")
def test_a_cancelled_transaction_is_compensated_and_left_by_its_boundary_event() -> None:
    case = play("transactions/cancel")
    assert case.open == ["A", "B"]
    case.complete("A", bad=True)
    assert case.open == ["UA"]
    case.complete("UA", undone=True)
    assert case.open == ["H"]
    assert case.data["undone"] is True
    assert case.complete("H").ended == "completed"


@pytest.mark.proves("transaction", event="", where="process", section="13.3.6")
def test_a_transaction_that_succeeds_goes_on() -> None:
    case = play("transactions/cancel").complete("A", bad=False).complete("B")
    assert case.ended == "completed"


@pytest.mark.proves("boundaryEvent", event="error", where="transaction", section="10.3.5")
def test_a_hazard_compensates_nothing() -> None:
    case = play("transactions/hazard").complete("A").complete("B")
    assert case.open == ["H"]

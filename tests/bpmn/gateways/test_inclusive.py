"""Inclusive joins: wait for what can still come, and for nothing else (BPMN 2.0.2 §13.4.3)."""

import pytest

from tests.bpmn.played import played


@pytest.mark.proves("inclusiveGateway", where="process", section="13.4.3")
def test_a_join_waits_for_the_branches_that_were_taken() -> None:
    play = played("gateways/inclusive_dead", a=True, b=True).complete("A")
    assert play.open == ["B"]
    assert play.complete("B", gone=False).open == ["D"]


def test_a_branch_that_ended_elsewhere_is_waited_for_no_more() -> None:
    play = played("gateways/inclusive_dead", a=True, b=True).complete("A")
    assert play.complete("B", gone=True).open == ["D"]
    assert play.complete("D").ended == "completed"


def test_a_branch_that_was_interrupted_is_waited_for_no_more() -> None:
    play = played("gateways/inclusive_interrupted").complete("A")
    assert play.open == ["B", "Late"]
    assert play.fire("Late").open == ["D"]


def test_a_join_in_a_loop_counts_the_tokens_of_its_own_turn() -> None:
    play = played("gateways/inclusive_loop", b=True)
    for turn in range(3):
        assert play.open == ["A", "B"]
        assert play.complete("B").open == ["A"]
        play.complete("A", again=turn < 2)
    assert play.ended == "completed"

"""Standard loops on tasks, subprocesses and calls (BPMN 2.0.2 §13.3.6)."""

from decimal import Decimal

import pytest

from tests.bpmn.played import played


@pytest.mark.proves("standardLoop", where="process", section="13.3.6")
def test_a_task_is_done_again_while_its_condition_is_true() -> None:
    play = played("loops/standard").complete("Ask", done=False)
    assert play.open == ["Ask", "Late"]
    play.complete("Ask", done=True)
    assert play.open == ["A"]
    assert play.data == {"done": True}


def test_the_maximum_ends_a_loop_whose_condition_still_holds() -> None:
    play = played("loops/standard")
    for _ in range(4):
        play.complete("Ask", done=False)
    assert play.open == ["A"]


@pytest.mark.proves("boundaryEvent", event="timer", where="many", section="13.5.3")
def test_a_boundary_event_ends_the_loop_as_a_whole_and_keeps_its_variables() -> None:
    play = played("loops/standard").complete("Ask", done=False, n=Decimal(7))
    assert play.fire("Late").ended == "completed"
    assert play.data == {"done": False, "n": 7}


@pytest.mark.parametrize(("n", "left"), [(0, {"n": 3, "counted": 3}), (3, {"n": 3})])
def test_a_loop_may_ask_before_its_first_run(n: int, left: dict[str, int]) -> None:
    assert played("loops/tested_before", n=Decimal(n)).data == left


@pytest.mark.proves("standardLoop", where="subprocess", section="13.3.6")
@pytest.mark.proves("standardLoop", where="called", section="13.3.6")
def test_subprocesses_and_calls_are_repeated_too() -> None:
    play = played("loops/subprocess").complete("B", again=True)
    assert play.open == ["B", "Late"]
    play.complete("B", again=False)
    assert play.open == ["C"]
    assert play.complete("C").complete("C").ended == "completed"


def test_what_a_run_has_set_is_kept_when_it_is_interrupted() -> None:
    play = played("loops/subprocess").complete("B", again=True).fire("Late")
    assert (play.ended, play.data) == ("completed", {"again": True})

"""Ad-hoc subprocesses: a person picks what is done next (BPMN 2.0.2 §10.3.5, §13.3.5)."""

import pytest

from engine.runtime.errors import ModelError, TaskNotOpen
from tests.bpmn.played import played
from tests.runtime.models import Play


def waits(play: Play) -> list[tuple[str, str]]:
    return sorted((wait.kind, wait.element) for wait in play.waits if wait.kind != "timer")


def choose(play: Play, element: str) -> Play:
    token = next(w.token for w in play.waits if (w.kind, w.element) == ("offer", element))
    play.step = play.execution.choose(play.model, play.step.state, token, play.world)
    return play


def leave(play: Play, element: str) -> Play:
    token = next(w.token for w in play.waits if (w.kind, w.element) == ("offer", element))
    play.step = play.execution.leave(play.model, play.step.state, token, play.world)
    return play


def complete(play: Play, element: str, **values: object) -> Play:
    token = next(w.token for w in play.waits if (w.kind, w.element) == ("task", element))
    play.step = play.execution.complete(play.model, play.step.state, token, values, play.world)
    return play


@pytest.mark.proves("adHocSubProcess", where="process", section="13.3.5")
def test_an_activity_is_begun_as_often_as_somebody_chooses_it() -> None:
    play = played("activities/adhoc_parallel", done=False)
    assert waits(play) == [("offer", "A"), ("offer", "B")]
    choose(choose(play, "A"), "A")
    assert waits(play) == [("offer", "A"), ("offer", "B"), ("task", "A"), ("task", "A")]
    complete(play, "A", a="seen")
    assert play.data == {"done": False, "a": "seen", "marked": "seen"}
    assert waits(play) == [("offer", "A"), ("offer", "B"), ("task", "A")]


def test_its_condition_ends_it_and_what_still_runs() -> None:
    play = choose(choose(played("activities/adhoc_parallel", done=False), "A"), "B")
    assert waits(complete(play, "B", done=True)) == [("task", "Z")]
    assert complete(play, "Z").ended == "completed"


def test_what_activities_have_set_at_the_same_time_is_put_together() -> None:
    play = choose(choose(played("activities/adhoc_parallel", done=False), "A"), "B")
    complete(play, "B", b="b")
    complete(play, "A", a="a")
    assert play.data == {"done": False, "a": "a", "b": "b", "marked": "a"}


@pytest.mark.proves("boundaryEvent", event="timer", where="subprocess", section="13.5.3")
def test_whoever_leaves_it_by_a_boundary_event_takes_along_what_was_set() -> None:
    play = complete(choose(played("activities/adhoc_parallel", done=False), "A"), "A", a="x")
    assert choose(play, "B").fire("Late").ended == "completed"
    assert play.data == {"done": False, "a": "x", "marked": "x"}


def test_what_runs_may_be_waited_for() -> None:
    play = choose(choose(played("activities/adhoc_waits", done=False), "A"), "B")
    assert waits(complete(play, "B", done=True)) == [("task", "A")]
    assert waits(complete(play, "A", a="a")) == [("task", "Z")]
    assert play.data == {"done": True, "a": "a"}


def test_in_sequence_one_runs_at_a_time_and_a_person_ends_it() -> None:
    play = played("activities/adhoc_sequential")
    assert play.data == {"n": 2}
    assert waits(play) == [("offer", "A"), ("offer", "B")]
    assert waits(choose(play, "B")) == [("task", "B")]
    assert waits(complete(play, "B")) == [("offer", "A"), ("offer", "B")]
    assert waits(leave(play, "A")) == [("task", "Z")]


@pytest.mark.proves("adHocSubProcess", where="subprocess", section="13.3.5")
def test_where_nobody_is_concerned_it_ends_when_all_is_done() -> None:
    play = played("activities/adhoc_alone")
    assert waits(play) == [("task", "A")]
    assert waits(complete(play, "A")) == [("task", "Z")]
    assert play.data == {"x": 1}


def test_only_what_is_offered_can_be_chosen_and_a_condition_is_not_passed_over() -> None:
    play = choose(played("activities/adhoc_parallel", done=False), "A")
    with pytest.raises(TaskNotOpen):
        play.execution.choose(play.model, play.step.state, play.token("Late"), play.world)
    with pytest.raises(ModelError, match="it ends by its own condition"):
        leave(play, "B")

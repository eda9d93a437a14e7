"""Delays after a suspension: those that were counted go on, moments that were given stay."""

from datetime import datetime, timedelta

import pytest

from tests.runtime.models import START, Play, World, cycle, duration, ends, flows, model, node, user

DAY = timedelta(days=1)


def moment(text: str) -> str:
    return f"<timerEventDefinition><timeDate>{text}</timeDate></timerEventDefinition>"


def played(timer: str) -> Play:
    boundary = node("boundaryEvent", "T", timer, attachedToRef="A", cancelActivity="false")
    parts = START, user("A", "R"), boundary, ends("E", "F")
    return Play(model(*parts, flows("S > A > E", "T > R > F")))


def due(play: Play, element: str = "T") -> datetime:
    [found] = [wait.due for wait in play.waits if wait.element == element]
    assert found is not None
    return found


def rest(play: Play, **length: float) -> timedelta:
    """Suspend the case now and resume it so much later; how much later."""
    since = play.world.now
    now = play.world.later(**length).now
    play.step = play.execution.resume(play.model, play.step.state, since, play.world)
    return now - since


@pytest.mark.parametrize(
    "timer",
    [
        duration("P2D"), duration('duration("P2D")'), duration("P1M"), cycle("R3/P1D"),
        cycle("R/P1D"),
    ],
)  # fmt: skip
def test_a_delay_that_is_counted_moves_by_the_length_of_the_rest(timer: str) -> None:
    play = played(timer)
    before = due(play)
    play.world.later(hours=5)
    assert due(play) == before
    by = rest(play, days=9)
    assert due(play) == before + by
    assert [(wait.element, wait.kind) for wait in play.step.closed] == [("T", "timer")]
    assert [(wait.element, wait.due) for wait in play.step.opened] == [("T", before + by)]


@pytest.mark.parametrize(
    "timer",
    [
        moment("2026-03-04"), moment("2026-03-04T10:00:00+01:00"), moment("today + @'P2D'"),
        duration("today + @'P2D'"), cycle("R3/2026-03-04T08:00:00+01:00/P7D"),
    ],
)  # fmt: skip
def test_a_moment_that_was_given_stays(timer: str) -> None:
    play = played(timer.replace("'", "&quot;"))
    before = due(play)
    rest(play, days=9)
    assert due(play) == before
    assert (play.step.opened, play.step.closed) == ((), ())


def test_the_later_turns_of_a_cycle_that_began_on_a_given_day_stay_too() -> None:
    play = played(cycle("R3/2026-03-04T08:00:00+01:00/P7D"))
    before = due(play)
    play.world.later(days=2)
    play.fire("T")
    assert due(play) == before + 7 * DAY
    rest(play, days=1)
    assert due(play) == before + 7 * DAY


def test_the_later_turns_of_any_other_cycle_follow_the_one_that_moved() -> None:
    play = played(cycle("R3/P1D"))
    before = due(play)
    by = rest(play, days=4)
    play.fire("T")
    assert due(play) == before + by + DAY


def test_what_was_overdue_when_the_rest_began_does_not_move() -> None:
    play = played(duration("P2D"))
    before = due(play)
    play.world.later(days=3)
    rest(play, days=9)
    assert due(play) == before


def test_the_date_of_a_task_does_not_move() -> None:
    task = node("userTask", "A", mq__due="P2D")
    play = Play(model(START, task, ends("E"), flows("S > A > E")), World())
    before = due(play, "A")
    rest(play, days=9)
    assert due(play, "A") == before

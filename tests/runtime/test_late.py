"""A cycle that is late: its missed turns are taken one by one, or one stands for them all."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from decisions.errors import DecisionError
from engine.runtime import timers
from engine.runtime.timers import Timer
from tests.runtime.models import START, Play, cycle, ends, flows, model, node, user

ZONE = ZoneInfo("Africa/Casablanca")


def played(turns: str, late: str | None) -> Play:
    how = {} if late is None else {"mq__late": late}
    boundary = node(
        "boundaryEvent", "T", cycle(turns), attachedToRef="A", cancelActivity="false", **how
    )
    parts = START, user("A", "R"), boundary, ends("E", "F")
    return Play(model(*parts, flows("S > A > E", "T > R > F")))


def due(play: Play) -> datetime | None:
    return next((wait.due for wait in play.waits if wait.element == "T"), None)


def fired(play: Play) -> int:
    """Fire while the timer is due; how often."""
    times = 0
    while (at := due(play)) is not None and at <= play.world.now:
        play.fire("T")
        times += 1
    return times


@pytest.mark.parametrize(("late", "times"), [(None, 9), ("each", 9), ("once", 1)])
def test_nine_days_late(late: str | None, times: int) -> None:
    play = played("R/P1D", late)
    begun = play.world.now
    play.world.later(days=9, hours=3)
    assert fired(play) == times
    assert play.open.count("R") == times
    assert due(play) == begun + timedelta(days=10)


@pytest.mark.parametrize("late", ["each", "once"])
def test_in_time_both_are_the_same(late: str) -> None:
    play = played("R4/P1D", late)
    begun = play.world.now
    for day in range(1, 5):
        assert due(play) == begun + timedelta(days=day)
        play.world.later(days=1)
        assert fired(play) == 1
    assert due(play) is None


@pytest.mark.parametrize(("days", "left"), [(2, 2), (3, 1), (4, 0), (40, 0)])
def test_missed_turns_are_counted(days: int, left: int) -> None:
    play = played("R4/P1D", "once")
    play.world.later(days=days)
    assert fired(play) == 1
    play.world.later(days=40 * bool(left))
    assert fired(play) == bool(left)
    assert due(play) is None


def test_a_cycle_of_seconds_that_is_weeks_late_costs_nothing() -> None:
    play = played("R/PT1S", "once")
    begun = play.world.now
    play.world.later(days=40, milliseconds=500)
    assert fired(play) == 1
    assert due(play) == begun + timedelta(days=40, seconds=1)


@pytest.mark.parametrize("text", ["R/P1M", "R/P1MT3H", "R/P1D", "R/PT7H", "R/P1Y"])
@pytest.mark.parametrize("late", [0, 1, 3600, 86_400 * 31, 86_400 * 800])
def test_the_turns_left_out_are_those_that_would_have_come(text: str, late: int) -> None:
    timer = Timer.read("timeCycle", text)
    first = datetime(2026, 1, 31, 10, tzinfo=UTC)
    now = first + timedelta(seconds=late)
    at, turns = first, 0
    while at <= now:
        at, turns = timers.next_due(timer, at, ZONE), turns + 1
    assert timers.next_ahead(timer, first, ZONE, now) == (at, turns)


def test_a_cycle_without_length_is_none() -> None:
    with pytest.raises(DecisionError):
        Timer.read("timeCycle", "R/PT0S")

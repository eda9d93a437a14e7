"""A timer names a clock alone, or it is refused."""

import pytest

from decisions.errors import DecisionError
from engine.runtime import clock_timers


@pytest.mark.parametrize(
    "text", ['clock("decision").end', '  clock( "decision" ) . end\n', 'clock("decision").end ']
)
def test_the_end_of_a_clock(text: str) -> None:
    found = clock_timers.read(text)
    assert found is not None
    assert (found.name, found.what, found.reminder, found.each) == ("decision", "end", "", None)


@pytest.mark.parametrize("reminder", ["80%", "3 working_days"])
def test_a_reminder_of_a_clock(reminder: str) -> None:
    found = clock_timers.read(f'clock("decision").reminder("{reminder}")')
    assert found is not None
    assert (found.name, found.what, found.reminder) == ("decision", "reminder", reminder)


def test_a_clock_that_runs_for_each_value_says_for_which() -> None:
    found = clock_timers.read('clock("opinion", service.name).reminder("50%")')
    assert found is not None
    assert found.each is not None
    assert found.each.evaluate({"service": {"name": "fire"}}) == "fire"
    assert found.what == "reminder"


def test_a_value_may_hold_what_looks_like_a_clock() -> None:
    found = clock_timers.read('clock("opinion", "clock(1).end").end')
    assert found is not None
    assert found.each is not None
    assert found.each.evaluate({}) == "clock(1).end"


@pytest.mark.parametrize(
    "text", ["P3D", "2026-11-24", 'filed + duration("P3D")', "clock.end", '"clock(x)"', "clocks(1)"]
)
def test_what_names_no_clock_is_left_to_feel(text: str) -> None:
    assert clock_timers.read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        'clock("decision").end + duration("P1D")',
        'clock("a").end + clock("b").end',
        'clock("a", x).end + clock("b", y).end',
        'if clock("decision").end > now then now else now',
        'clock("decision")',
        'clock("decision").start',
        'clock("decision").reminder()',
        "clock(name).end",
        'clock("opinion", clock("b").end).end',
        'clock("opinion", > >).end',
        'clock("Decision").end',
    ],
)
def test_a_clock_in_anything_longer_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(DecisionError, match="stands alone") as refused:
        clock_timers.read(text)
    assert refused.value.code == "clock-timer"
    assert 'clock("name").end' in refused.value.remedy

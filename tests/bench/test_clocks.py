"""The legal clock costs little: 60 µs of CPU for a clock, here three times that."""

import pytest

from bench import clocks
from decisions.clock.evaluate import evaluate
from decisions.clock.several import evaluate_all

FIGURES = clocks.figures(5)


@pytest.mark.parametrize("name", clocks.CLOCKS)
def test_a_clock_is_dated_in_microseconds(name: str) -> None:
    assert 0 < FIGURES[f"cpu_us_clock_{name}"] < 180


def test_what_is_measured_has_an_end() -> None:
    for clock, facts in clocks.CLOCKS.values():
        assert evaluate(clock, facts, clocks.CALENDAR, clocks.NOW).due is not None
    results = evaluate_all(clocks.SUITE, clocks._STOPPED, clocks.CALENDAR, clocks.NOW)
    assert results[("complement", "")].state == "ended"


def test_a_longer_delay_costs_no_more() -> None:
    clock, facts = clocks.CLOCKS["working_days"]
    longer = clocks._clock(500, "working_days")
    found = clocks.interleaved(
        {
            "short": clocks.repeated(
                lambda: evaluate(clock, facts, clocks.CALENDAR, clocks.NOW), 300
            ),
            "long": clocks.repeated(
                lambda: evaluate(longer, facts, clocks.CALENDAR, clocks.NOW), 300
            ),
        },
        7, clocks.MICROSECONDS,
    )  # fmt: skip
    assert found["long"] < 2 * found["short"]

"""Edges that a second program, walking day by day, has found."""

from datetime import UTC, date, datetime

import pytest

from decisions.calendars import Calendar, Day
from decisions.clock.evaluate import evaluate
from decisions.clock.law import Clock, Fact, Length, Rule, Suspension
from decisions.clock.result import Result

UTC_OFFICE = Calendar(
    "office", frozenset({6, 7}), {date(2026, 6, 16): Day(False, "1er moharram", estimated=True)}
)


def _asked(length: Length, at: datetime, rule: Rule) -> Result:
    clock = Clock("decision", length, ("filed",), rule=rule)
    return evaluate(clock, [Fact("filed", at)], UTC_OFFICE, at)


def test_hours_that_end_at_midnight_are_due_on_the_day_that_is_then_over():
    found = _asked(((5, "hours"),), datetime(2026, 9, 1, 19, tzinfo=UTC), Rule())
    assert found.effect_at == datetime(2026, 9, 2, tzinfo=UTC)
    assert found.due == date(2026, 9, 1)


def test_a_year_where_months_have_thirty_days_has_365():
    filed = datetime(2026, 3, 1, 9, tzinfo=UTC)
    found = _asked(((1, "years"), (1, "months")), filed, Rule(month="thirty"))
    assert found.total == 395
    assert found.due == date(2027, 3, 31)


@pytest.mark.parametrize(("first_day", "estimated"), [("included", True), ("excluded", False)])
def test_an_undecided_first_day_makes_the_end_an_estimate_only_where_it_counts(
    first_day, estimated
):
    filed = datetime(2026, 6, 16, 9, tzinfo=UTC)
    found = _asked(((6, "days"),), filed, Rule(first_day=first_day))
    assert found.estimated is estimated


@pytest.mark.parametrize("step", [1, -1])
def test_a_restart_leaves_behind_what_its_answer_ends_however_the_suspensions_are_written(step):
    both = (
        Suspension("paper.asked", ("answered",), "continue"),
        Suspension("visit.asked", ("answered",), "restart"),
    )
    clock = Clock(
        "decision", ((10, "days"),), ("filed",), rule=Rule(first_day="included"),
        suspensions=both[::step],
    )  # fmt: skip
    days = {"filed": 1, "paper.asked": 3, "visit.asked": 4, "answered": 8}
    facts = [Fact(kind, datetime(2026, 9, day, 9, tzinfo=UTC)) for kind, day in days.items()]
    found = evaluate(clock, facts, UTC_OFFICE, facts[-1].at)
    assert (found.start, found.due) == (date(2026, 9, 8), date(2026, 9, 17))

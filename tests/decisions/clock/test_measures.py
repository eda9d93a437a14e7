"""Legal time and stopped time: counted days that an act took, days that a motive cost."""

from datetime import UTC, date, datetime

from decisions.calendars import Calendar
from decisions.clock import measures, reading
from decisions.clock.evaluate import evaluate
from decisions.clock.law import Fact

CALENDAR = Calendar("office", frozenset({6, 7}), {}, "UTC", date(2026, 1, 1), date(2026, 12, 31))
NOW = datetime(2026, 12, 1, tzinfo=UTC)
STOPS = [
    {"on": "asked", "until": ["answered"]}, {"on": "opened", "until": ["closed"]},
]  # fmt: skip


def dated(unit: str, *happened: tuple[str, int]) -> tuple[object, ...]:
    table = {"length": [[20, unit]], "start": ["filed"], "stop": ["decided"], "suspension": STOPS}
    clock = reading.clock("decision", table, {})
    facts = [
        Fact(kind, datetime(2026, 9, day, 9, tzinfo=UTC), number)
        for number, (kind, day) in enumerate(happened)
    ]
    return clock, evaluate(clock, facts, CALENDAR, NOW)


OVERLAPPING = (
    ("filed", 1), ("asked", 3), ("opened", 5), ("answered", 8), ("closed", 10), ("decided", 15),
)  # fmt: skip


def test_days_that_two_motives_stopped_are_lost_once_and_told_for_each() -> None:
    clock, result = dated("days", *OVERLAPPING)
    assert measures.stopped(result) == 7  # from the 4th to the 10th
    assert measures.stopped_by(result) == {"asked": 5, "opened": 5}
    assert measures.used(clock, result, CALENDAR) == 7  # 14 days on the wall


def test_working_days_are_counted_as_such() -> None:
    clock, result = dated("working_days", *OVERLAPPING)
    assert measures.used(clock, result, CALENDAR) == 5  # 2, 3; 11, 14, 15


def test_what_lapsed_or_runs_in_hours_has_no_days_used() -> None:
    clock, result = dated("days", ("filed", 1))
    assert (result.state, measures.used(clock, result, CALENDAR)) == ("lapsed", None)
    clock, result = dated("hours", ("filed", 1), ("decided", 1))
    assert measures.used(clock, result, CALENDAR) is None


def test_a_stop_that_lasts_costs_days_up_to_the_act_that_ended_the_clock() -> None:
    clock, result = dated("days", ("filed", 1), ("asked", 3), ("decided", 9))
    assert measures.stopped_by(result) == {"asked": 6}
    assert measures.used(clock, result, CALENDAR) == 2

"""Beyond what the calendar knows there is an error, never a guess."""

import pytest

from tests.decisions.clock.cases import Case, days, found

LATE = [("filed", "2027-12-20T09:00")]
EARLY = [("filed", "2025-12-20T09:00")]
BEYOND = {"error": "calendar.horizon"}


def _case(name: str, clock: dict, facts: list, now: str, expected: dict) -> Case:
    return Case(name, clock, facts, now, expected)


CASES = [
    _case("the last day that is known", {"length": days(11)}, LATE, "2027-12-21T10:00",
          {"due": "2027-12-31"}),
    _case("a day after it", {"length": days(12)}, LATE, "2027-12-21T10:00", BEYOND),
    _case("working days", {"length": days(12, "working_days")}, LATE, "2027-12-21T10:00", BEYOND),
    _case("the last working day", {"length": days(9, "working_days")}, LATE, "2027-12-21T10:00",
          {"due": "2027-12-31"}),
    _case("many working days", {"length": days(9000, "working_days")}, LATE, "2027-12-21T10:00",
          BEYOND),
    _case("a full period", {"length": days(11), "rule": {"franc": True}}, LATE,
          "2027-12-21T10:00", BEYOND),
    _case("a roll", {"length": days(12), "rule": {"roll": "next"}}, LATE, "2027-12-21T10:00",
          BEYOND),
    _case("a minimum", {"length": days(1), "rule": {"min_working_days": 12}}, LATE,
          "2027-12-21T10:00", BEYOND),
    _case("hours", {"length": days(24 * 12, "hours")}, LATE, "2027-12-21T10:00", BEYOND),
    _case("office hours", {"length": days(80, "working_hours")}, LATE, "2027-12-21T10:00", BEYOND),
    _case("a stop", {"length": days(10), "suspension": [{"on": "asked", "until": ["answered"]}]},
          [*LATE, ("asked", "2027-12-21T10:00"), ("answered", "2027-12-24T10:00")],
          "2027-12-25T10:00", BEYOND),
    _case("working days from before the calendar", {"length": days(12, "working_days")}, EARLY,
          "2025-12-21T10:00", BEYOND),
    _case("days that no calendar decides", {"length": days(20)}, EARLY, "2025-12-21T10:00",
          {"due": "2026-01-09"}),
    _case("an end before the calendar", {"length": days(2)}, EARLY, "2025-12-21T10:00", BEYOND),
    _case("no end while it is stopped", {"length": days(11), "suspension": [{"on": "asked",
          "until": ["answered"]}]}, [*LATE, ("asked", "2027-12-21T10:00")], "2028-12-25T10:00",
          {"state": "suspended", "remaining": 10}),
    _case("nor when it is extended meanwhile", {"length": days(5, "working_days"), "suspension":
          [{"on": "asked", "until": ["answered"]}], "extension": {"on": "extended", "length":
          days(90, "working_days")}}, [*LATE, ("asked", "2027-12-21T10:00"), ("extended",
          "2027-12-22T10:00")], "2028-12-25T10:00", {"state": "suspended", "remaining": 94}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nothing_is_guessed_beyond_the_calendar(case: Case) -> None:
    assert found(case) == case.expected

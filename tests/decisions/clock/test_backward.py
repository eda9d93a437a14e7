"""Periods that are counted back from an event, as the notice before a meeting is."""

import pytest

from tests.decisions.clock.cases import Case, days, found

CALLED = [("filed", "2026-09-01T09:00", {"day": "2026-10-15"})]  # a Thursday


def _case(name: str, length: list, due: str, calendar: str = "FR", **more) -> Case:
    rule = {"backward": True} | {
        key: more.pop(key) for key in list(more) if key not in ("nominal", "total", "remaining")
    }
    expected = {"start": "2026-10-15", "due": due} | more
    return Case(name, {"length": length, "rule": rule}, CALLED, "2026-09-01T12:00", expected,
                calendar)  # fmt: skip


CASES = [
    _case("days", days(5), "2026-10-10", total=5, remaining=39),
    _case("full days", days(5), "2026-10-09", franc=True, nominal="2026-10-10"),
    _case("an end on a Saturday goes back", days(5), "2026-10-09", roll="previous",
          nominal="2026-10-10"),
    _case("the day of the event counts", days(5), "2026-10-11", first_day="included"),
    _case("weeks", days(2, "weeks"), "2026-10-01"),
    _case("months", days(1, "months"), "2026-09-15", total=30),
    _case("full months", days(1, "months"), "2026-09-14", franc=True),
    _case("months, then days", [[1, "months"], [3, "days"]], "2026-09-12"),
    _case("a month of thirty days", days(1, "months"), "2026-09-15", month="thirty"),
    _case("number of the day before", days(1, "months"), "2026-09-14", month_end="first"),
    _case("working days", days(5, "working_days"), "2026-10-08", remaining=27),
    _case("full working days, rolled", days(4, "working_days"), "2026-10-08", franc=True,
          roll="previous", nominal="2026-10-09"),
    _case("two working days at least", days(1), "2026-10-13", min_working_days=2,
          nominal="2026-10-14"),
    _case("held already", days(2), "2026-10-13", min_working_days=2),
    _case("the day itself", days(0), "2026-10-15"),
]  # fmt: skip
CLOCK = {"length": days(5), "rule": {"backward": True}}
FACTS = [
    Case("counted back from the fact's own day", CLOCK, [("filed", "2026-09-20T09:00")],
         "2026-09-20T12:00", {"start": "2026-09-20", "due": "2026-09-15", "state": "lapsed"}),
    Case("a month without that number", {"length": days(1, "months"), "rule": {"backward": True}},
         [("filed", "2026-09-01T09:00", {"day": "2027-03-31"})], "2026-09-01T12:00",
         {"due": "2027-02-28"}),
    Case("done in time", CLOCK, [*CALLED, ("decided", "2026-10-10T23:59")], "2026-10-20T12:00",
         {"state": "ended", "ended_on": "2026-10-10", "late_by": 0}),
    Case("done too late", CLOCK, [*CALLED, ("decided", "2026-10-12T10:00")], "2026-10-20T12:00",
         {"state": "lapsed", "late_by": 2}),
    Case("done before the event is recorded", CLOCK, [("decided", "2026-09-10T10:00"),
         ("filed", "2026-09-20T09:00")], "2026-09-20T12:00",
         {"state": "ended", "ended_on": "2026-09-10"}),
    Case("not yet", CLOCK, CALLED, "2026-10-10T23:59", {"state": "running", "remaining": 0,
         "effect_at": "2026-10-10T23:00Z", "since": "2026-09-01T08:00Z"}),
    Case("over", CLOCK, CALLED, "2026-10-11T00:00", {"state": "lapsed", "remaining": 0}),
    Case("cancelled", CLOCK, [*CALLED, ("case.cancelled", "2026-09-10T10:00")],
         "2026-10-20T12:00", {"state": "cancelled"}),
    Case("an undecided feast between end and event", CLOCK,
         [("filed", "2026-05-01T09:00", {"day": "2026-06-01"})], "2026-05-02T12:00",
         {"due": "2026-05-27", "estimated": True}, "MA-est"),
    Case("no undecided feast between them", CLOCK,
         [("filed", "2026-05-01T09:00", {"day": "2026-05-27"})], "2026-05-02T12:00",
         {"due": "2026-05-22", "estimated": False}, "MA-est"),
    Case("the event is no date", CLOCK, [("filed", "2026-09-01T09:00", {"day": "soon"})],
         "2026-09-02T12:00", {"error": "clock.event"}),
    Case("before the calendar", CLOCK, [("filed", "2026-01-03T09:00")], "2026-09-02T12:00",
         {"error": "calendar.horizon"}),
    Case("reminded", {"length": days(5), "rule": {"backward": True}, "reminders":
         ["50%", "2 days", "3 working_days"]}, CALLED, "2026-09-02T12:00",
         {"reminders": [("50%", "2026-09-21"), ("3 working_days", "2026-10-07"),
                        ("2 days", "2026-10-08")]}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES + FACTS, ids=str)
def test_an_end_never_moves_towards_the_event(case: Case) -> None:
    assert found(case) == case.expected

"""Months, days, full period, minimum and roll: on which day a clock ends, and at which instant."""

import pytest

from tests.decisions.clock.cases import Case, days, found

FILED, LATER = [("filed", "2026-09-01T09:00")], "2026-09-01T12:00"


def _case(name: str, length: list, start: str, due: str, calendar: str = "FR", **more) -> Case:
    rule = {key: more.pop(key) for key in list(more) if key not in ("nominal", "total")}
    expected = {"state": "running", "due": due} | more
    clock = {"length": length, "rule": rule}
    return Case(name, clock, [("filed", f"{start}T10:00")], f"{start}T12:00", expected, calendar)


CASES = [
    _case("same number of the month", days(2, "months"), "2026-04-15", "2026-06-15", total=61),
    _case("a month without that number", days(2, "months"), "2026-12-31", "2027-02-28"),
    _case("no day before the months", days(2, "months"), "2026-06-30", "2026-08-30"),
    _case("eve of the first day's number", days(2, "months"), "2026-06-30", "2026-08-31",
          month_end="eve"),
    _case("number of the first day, full", days(2, "months"), "2026-03-10", "2026-05-12", "MA",
          month_end="first", franc=True, nominal="2026-05-11"),
    _case("French reading, full, Sunday", days(2, "months"), "2026-03-10", "2026-05-11", "FR",
          franc=True),
    _case("Saturday moved after a full period", days(1, "months"), "2026-08-04", "2026-09-07",
          franc=True, roll="next", nominal="2026-09-04"),
    _case("a month of thirty days", days(1, "months"), "2026-02-02", "2026-03-04", month="thirty"),
    _case("a year of 365 days", days(1, "years"), "2026-02-02", "2027-02-02", month="thirty"),
    _case("the day of the request counts", days(2, "months"), "2026-04-23", "2026-06-22",
          first_day="included", total=61),
    _case("months first, then days", [[15, "days"], [1, "months"]], "2026-02-12", "2026-03-27"),
    _case("a year", days(1, "years"), "2026-02-28", "2027-02-28", total=365),
    _case("a year and a month", [[1, "years"], [1, "months"]], "2026-02-28", "2027-03-28"),
    _case("weeks", days(8, "weeks"), "2026-02-09", "2026-04-06", total=56),
    _case("ten days with the first", days(10), "2026-09-01", "2026-09-10", first_day="included",
          total=10),
    _case("working days with a first one", days(3, "working_days"), "2026-09-07", "2026-09-09",
          first_day="included"),
    _case("working days from a closed first day", days(3, "working_days"), "2026-09-05",
          "2026-09-09", first_day="included"),
    _case("same day", days(0), "2026-09-06", "2026-09-06"),
    _case("same day although it counts", days(0), "2026-09-04", "2026-09-04", first_day="included"),
    _case("same day in working days", days(0, "working_days"), "2026-09-06", "2026-09-06"),
    _case("same day on a Sunday moves", days(0), "2026-09-06", "2026-09-07", roll="next"),
    _case("full period onto a holiday", days(15), "2026-11-02", "2026-11-19", "MA", franc=True,
          roll="next", nominal="2026-11-17", total=15),
    _case("the end may lie on a Sunday", days(5), "2026-09-01", "2026-09-06"),
    _case("back to Friday", days(5), "2026-09-01", "2026-09-04", roll="previous"),
    _case("a Saturday that is worked", days(11), "2026-09-01", "2026-09-12", "MA-sat", roll="next"),
    _case("two working days at least", days(3), "2026-05-13", "2026-05-18", min_working_days=2),
    _case("full before the minimum", days(1), "2026-05-07", "2026-05-12", franc=True,
          min_working_days=2, nominal="2026-05-08"),
    _case("minimum held already", days(3), "2026-09-07", "2026-09-10", min_working_days=2),
    _case("working days over two feasts", days(15, "working_days"), "2026-08-13", "2026-09-08",
          "MA"),
    _case("working days before the feast is announced", days(5, "working_days"), "2026-03-16",
          "2026-03-24", "MA"),
    _case("and after", days(5, "working_days"), "2026-03-16", "2026-03-25", "MA-23"),
    _case("a working Saturday is counted", days(10, "working_days"), "2026-09-01", "2026-09-14",
          "MA-sat"),
    _case("working days from a holiday", days(2, "working_days"), "2026-05-01", "2026-05-05", "MA"),
    _case("the eve of a holiday", days(3, "working_days"), "2026-04-27", "2026-04-30", "MA"),
    _case("the end on a working Saturday", days(9, "working_days"), "2026-09-01", "2026-09-12",
          "MA-sat"),
    _case("full period of working days", days(3, "working_days"), "2026-09-01", "2026-09-07",
          franc=True, roll="next", nominal="2026-09-04"),
]  # fmt: skip

TEN = {"length": days(10)}
INSTANTS = [
    Case("midnight before the hour is changed", TEN, [("filed", "2026-02-04T10:00")],
         "2026-02-05T10:00", {"due": "2026-02-14", "effect_at": "2026-02-14T23:00Z",
                              "remaining": 9}),
    Case("midnight of the day of the change", {"length": days(11)},
         [("filed", "2026-02-04T10:00")], "2026-02-05T10:00",
         {"due": "2026-02-15", "effect_at": "2026-02-16T00:00Z"}),
    Case("a summer night in Paris", TEN, FILED, LATER, {"effect_at": "2026-09-11T22:00Z"}, "FR"),
    Case("an hour before midnight UTC is the next day", TEN, [("filed", "2026-08-31T23:30+00:00")],
         "2026-09-02T00:00+00:00", {"start": "2026-09-01", "due": "2026-09-11",
                                    "since": "2026-08-31T23:30Z"}),
    Case("but not in Ramadan", TEN, [("filed", "2026-02-28T23:30+00:00")],
         "2026-03-01T10:00+00:00", {"start": "2026-02-28", "due": "2026-03-10"}),
    Case("a moment before the end", TEN, FILED, "2026-09-11T23:59:59",
         {"state": "running", "remaining": 0, "late_by": 0}),
    Case("a day before the end", TEN, FILED, "2026-09-10T00:00",
         {"state": "running", "remaining": 1}),
    Case("the end", TEN, FILED, "2026-09-12T00:00",
         {"state": "lapsed", "remaining": 0, "late_by": 0, "ended_on": None}),
    Case("decided in the last minute", TEN, [*FILED, ("decided", "2026-09-11T23:59")],
         "2026-10-01T10:00", {"state": "ended", "ended_on": "2026-09-11", "remaining": None,
                              "ended_at": "2026-09-11T22:59Z", "late_by": 0}),
    Case("decided at midnight", TEN, [*FILED, ("decided", "2026-09-12T00:00")],
         "2026-10-01T10:00", {"state": "lapsed", "late_by": 1, "ended_on": "2026-09-12",
                              "remaining": 0}),
    Case("decided ten days late", TEN, [*FILED, ("decided", "2026-09-21T10:00")],
         "2026-10-01T10:00", {"state": "lapsed", "late_by": 10}),
    Case("the first decision counts", TEN,
         [*FILED, ("decided", "2026-09-05T10:00"), ("decided", "2026-09-15T10:00")],
         "2026-10-01T10:00", {"state": "ended", "ended_on": "2026-09-05"}),
    Case("the second filing starts nothing", TEN, [*FILED, ("filed", "2026-09-05T10:00")],
         "2026-09-06T10:00", {"start": "2026-09-01", "due": "2026-09-11"}),
    Case("what happened before the start", TEN, [("decided", "2026-08-30T10:00"), *FILED], LATER,
         {"state": "running"}),
    Case("not filed", TEN, [("decided", "2026-08-30T10:00")], LATER,
         {"state": "waiting", "start": None, "due": None, "remaining": None}),
    Case("what has not happened yet", TEN, [*FILED, ("decided", "2026-09-03T10:00")],
         "2026-09-02T10:00", {"state": "running", "ended_on": None}),
    Case("what happens now", TEN, [*FILED, ("decided", "2026-09-03T10:00")], "2026-09-03T10:00",
         {"state": "ended"}),
    Case("withdrawn", TEN | {"cancel": ["withdrawn"]}, [*FILED, ("withdrawn", "2026-09-03T10:00")],
         "2026-10-03T10:00", {"state": "cancelled", "ended_on": "2026-09-03", "remaining": None}),
    Case("the case is cancelled", TEN, [*FILED, ("case.cancelled", "2026-09-03T10:00")],
         "2026-10-03T10:00", {"state": "cancelled", "ignored": []}),
    Case("withdrawn when it has lapsed", TEN | {"cancel": ["withdrawn"]},
         [*FILED, ("withdrawn", "2026-09-13T10:00"), ("decided", "2026-09-14T10:00")],
         "2026-10-03T10:00", {"state": "lapsed", "ended_on": "2026-09-14", "late_by": 3,
                              "ignored": [(1, "after_the_end")]}),
    Case("the case is cancelled when it has lapsed", TEN,
         [*FILED, ("case.cancelled", "2026-09-12T00:00")], "2026-10-03T10:00",
         {"state": "lapsed", "ended_on": None, "ignored": []}),
    Case("working days left", {"length": days(10, "working_days")}, FILED, "2026-09-08T10:00",
         {"due": "2026-09-15", "remaining": 5}),
    Case("days left include those an end was moved by", {"length": days(4), "rule":
         {"roll": "next"}}, FILED, LATER, {"due": "2026-09-07", "remaining": 6, "total": 4}),
    Case("an undecided feast lies before the end", {"length": days(15, "working_days")},
         [("filed", "2026-05-18T10:00")], "2026-05-19T10:00",
         {"due": "2026-06-10", "estimated": True}, "MA-est"),
    Case("an undecided feast is the last day", {"length": days(9)}, [("filed", "2026-05-18T10:00")],
         "2026-05-19T10:00", {"due": "2026-05-27", "estimated": True}, "MA-est"),
    Case("an undecided feast is the first day", {"length": days(9)},
         [("filed", "2026-05-28T10:00")], "2026-05-29T10:00", {"estimated": False}, "MA-est"),
    Case("a feast is decided", {"length": days(15, "working_days")}, [("filed",
         "2026-05-18T10:00")], "2026-05-19T10:00", {"estimated": False}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_last_day_is_that_of_the_rule(case: Case) -> None:
    assert found(case) == case.expected


@pytest.mark.parametrize("case", INSTANTS, ids=str)
def test_state_and_remainder_change_at_the_instants_of_the_wall(case: Case) -> None:
    assert found(case) == case.expected

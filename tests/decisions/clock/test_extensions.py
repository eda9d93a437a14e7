"""What enlarges a clock, how often and for which motive."""

import pytest

from tests.decisions.clock.cases import Case, days, found

FILED = ("filed", "2026-09-01T09:00")
MORE = {"on": "extended", "length": days(30), "motives": ["expertise", "public_enquiry"]}
WHY = {"motive": "expertise"}


def _case(name: str, facts: list, now: str, length=None, extension=None, more=None, **expected):
    clock = {"length": length or days(30), "extension": MORE | (extension or {})} | (more or {})
    return Case(name, clock, [FILED, *facts], now, expected)


CASES = [
    _case("once, for a motive", [("extended", "2026-09-20T11:00", WHY)], "2026-09-25T10:00",
          state="running", due="2026-10-31", extended=1, remaining=36, total=60, ignored=[]),
    _case("not twice", [("extended", "2026-09-20T11:00", WHY),
          ("extended", "2026-10-20T11:00", WHY)], "2026-10-25T10:00", due="2026-10-31",
          extended=1, ignored=[(2, "not_allowed_again")]),
    _case("twice where that is allowed", [("extended", "2026-09-20T11:00", WHY),
          ("extended", "2026-10-20T11:00", WHY)], "2026-10-25T10:00", extension={"at_most": 2},
          due="2026-11-30", extended=2),
    _case("not for another motive", [("extended", "2026-09-20T11:00", {"motive": "holidays"})],
          "2026-09-25T10:00", due="2026-10-01", extended=0, ignored=[(1, "motive_not_allowed")]),
    _case("not without a motive", [("extended", "2026-09-20T11:00")], "2026-09-25T10:00",
          due="2026-10-01", ignored=[(1, "motive_not_allowed")]),
    _case("a refused one uses nothing up", [("extended", "2026-09-20T11:00"),
          ("extended", "2026-09-21T11:00", WHY)], "2026-09-25T10:00", due="2026-10-31",
          extended=1),
    _case("any motive", [("extended", "2026-09-20T11:00")], "2026-09-25T10:00",
          extension={"motives": []}, due="2026-10-31"),
    _case("on the last day", [("extended", "2026-10-01T23:59", WHY)], "2026-10-05T10:00",
          state="running", due="2026-10-31"),
    _case("after the last day", [("extended", "2026-10-02T00:00", WHY)], "2026-10-05T10:00",
          state="lapsed", due="2026-10-01", ignored=[(1, "after_the_end")]),
    _case("by as long as the fact says", [("extended", "2026-09-20T11:00", WHY | {"length":
          [[10, "days"]]})], "2026-09-25T10:00", due="2026-10-11"),
    _case("a length that cannot be added", [("extended", "2026-09-20T11:00", WHY | {"length":
          [[10, "hours"]]})], "2026-09-25T10:00", error="clock.length"),
    Case("months are added to months",
         {"length": days(1, "months"), "extension": MORE | {"length": days(1, "months")}},
         [("filed", "2026-01-31T09:00"), ("extended", "2026-02-10T09:00", WHY)],
         "2026-02-20T10:00", {"due": "2026-03-31", "total": 59}, "FR"),
    _case("while it is stopped", [("asked", "2026-09-11T09:00"),
          ("extended", "2026-11-20T11:00", WHY)], "2026-11-25T10:00",
          more={"suspension": [{"on": "asked", "until": ["answered"]}]}, state="suspended",
          remaining=50, extended=1),
    _case("a restart keeps it", [("extended", "2026-09-02T11:00", WHY),
          ("asked", "2026-09-03T09:00"), ("answered", "2026-09-10T09:00")], "2026-09-25T10:00",
          more={"suspension": [{"on": "asked", "until": ["answered"], "then": "restart"}]},
          start="2026-09-10", due="2026-11-09"),
    _case("working days", [("extended", "2026-09-02T11:00", WHY)], "2026-09-03T10:00",
          length=days(5, "working_days"), extension={"length": days(5, "working_days")},
          due="2026-09-15", total=10),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_extension_counts_when_it_is_reasoned_and_in_time(case: Case) -> None:
    assert found(case) == case.expected

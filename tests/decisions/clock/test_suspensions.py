"""What stops a clock, what lets it go on, and what comes too late or again."""

from datetime import timedelta

import pytest

from decisions.clock.evaluate import evaluate
from tests.decisions.clock.cases import (
    Case,
    calendar,
    clocks_of,
    days,
    facts_of,
    found,
    instant,
)

FILED = ("filed", "2026-09-01T09:00")
ASKED, GOT = "complement.requested", "complement.received"
ONCE = {"on": ASKED, "until": [GOT, "clock.complement.lapsed"], "at_most": 1}
OPEN = {"on": ASKED, "until": [GOT]}
ENQUIRY = {"on": "enquiry.opened", "until": ["enquiry.closed"]}


def _case(name: str, length: list, suspensions: list, facts: list, now: str, **expected) -> Case:
    rule = expected.pop("rule", {})
    clock = {"length": length, "suspension": suspensions, "rule": rule}
    return Case(name, clock, [FILED, *facts], now, expected)


NEXT = {"roll": "next"}
CASES = [
    _case("ten days are lost", days(60), [ONCE],
          [(ASKED, "2026-09-10T11:00"), (GOT, "2026-09-20T10:00")], "2026-09-25T10:00",
          state="running", due="2026-11-10", remaining=46, total=60,
          stops=[(ASKED, "2026-09-11", "2026-09-20", "2026-09-10T11:00", "2026-09-20T10:00")]),
    _case("no end while it is stopped", days(60), [ONCE], [(ASKED, "2026-09-10T11:00")],
          "2026-10-20T10:00", state="suspended", due=None, effect_at=None, nominal=None,
          remaining=51, stops=[(ASKED, "2026-09-11", None, "2026-09-10T11:00", None)]),
    _case("the lapse of the citizen's clock lets it go on", days(60), [ONCE],
          [(ASKED, "2026-09-10T11:00"), ("clock.complement.lapsed", "2026-09-20T23:59")],
          "2026-09-25T10:00", state="running", due="2026-11-10"),
    _case("asked and answered on one day", days(60), [ONCE],
          [(ASKED, "2026-09-10T11:00"), (GOT, "2026-09-10T15:00")], "2026-09-25T10:00",
          due="2026-10-31", stops=[]),
    _case("asked and answered on one day that stops itself", days(60), [ONCE | {"stopped_from":
          "same_day"}], [(ASKED, "2026-09-10T11:00"), (GOT, "2026-09-10T15:00")],
          "2026-09-25T10:00", due="2026-11-01"),
    _case("the day of the answer counts", days(60), [ONCE | {"counted_from": "same_day"}],
          [(ASKED, "2026-09-10T11:00"), (GOT, "2026-09-20T10:00")], "2026-09-25T10:00",
          due="2026-11-09"),
    _case("the day of the request does not", days(60), [ONCE | {"stopped_from": "same_day"}],
          [(ASKED, "2026-09-10T11:00"), (GOT, "2026-09-20T10:00")], "2026-09-25T10:00",
          due="2026-11-11"),
    _case("asked on the last day is too late", days(30), [ONCE],
          [(ASKED, "2026-10-01T11:00"), (GOT, "2026-10-12T10:00")], "2026-10-20T10:00",
          state="lapsed", due="2026-10-01", ignored=[(1, "after_the_end")]),
    _case("asked on the last day, which it stops", days(30), [ONCE | {"stopped_from": "same_day"}],
          [(ASKED, "2026-10-01T11:00"), (GOT, "2026-10-12T10:00")], "2026-10-12T12:00",
          state="running", due="2026-10-13", remaining=1, ignored=[]),
    _case("asked the day before the last", days(30), [ONCE], [(ASKED, "2026-09-30T11:00")],
          "2026-10-20T10:00", state="suspended", remaining=1),
    _case("asked when it is over", days(30), [ONCE | {"stopped_from": "same_day"}],
          [(ASKED, "2026-10-02T00:00")], "2026-10-20T10:00", state="lapsed",
          ignored=[(1, "after_the_end")]),
    _case("asked again while it is stopped", days(30), [OPEN],
          [(ASKED, "2026-09-05T11:00"), (ASKED, "2026-09-06T11:00"), (GOT, "2026-09-10T11:00")],
          "2026-09-20T10:00", due="2026-10-06", ignored=[(2, "already_suspended")]),
    _case("asked once more than allowed", days(30), [ONCE],
          [(ASKED, "2026-09-05T11:00"), (GOT, "2026-09-10T11:00"), (ASKED, "2026-09-12T11:00")],
          "2026-09-20T10:00", state="running", due="2026-10-06",
          ignored=[(3, "not_allowed_again")]),
    _case("asked twice where that is allowed", days(30), [ONCE | {"at_most": 2}],
          [(ASKED, "2026-09-05T11:00"), (GOT, "2026-09-10T11:00"), (ASKED, "2026-09-12T11:00"),
           (GOT, "2026-09-13T11:00")], "2026-09-20T10:00", due="2026-10-07", ignored=[]),
    _case("asked as often as one likes", days(30), [OPEN],
          [(ASKED, "2026-09-05T11:00"), (GOT, "2026-09-06T11:00"), (ASKED, "2026-09-07T11:00"),
           (GOT, "2026-09-08T11:00"), (ASKED, "2026-09-09T11:00"), (GOT, "2026-09-10T11:00")],
          "2026-09-20T10:00", due="2026-10-04", ignored=[]),
    _case("asked within a month", days(3, "months"), [ONCE | {"within": days(1, "months")}],
          [(ASKED, "2026-10-01T23:59")], "2026-10-20T10:00", state="suspended"),
    _case("asked after a month", days(3, "months"), [ONCE | {"within": days(1, "months")}],
          [(ASKED, "2026-10-02T00:00")], "2026-10-20T10:00", state="running",
          ignored=[(1, "asked_too_late")]),
    _case("within working days", days(30), [ONCE | {"within": days(4, "working_days")}],
          [(ASKED, "2026-09-07T12:00")], "2026-09-20T10:00", state="suspended"),
    _case("within working days, a day late", days(30), [ONCE | {"within": days(4, "working_days")}],
          [(ASKED, "2026-09-08T12:00")], "2026-09-20T10:00", ignored=[(1, "asked_too_late")]),
    _case("the roll makes no request timely", days(30), [ONCE | {"within": days(4)}],
          [(ASKED, "2026-09-06T12:00")], "2026-09-20T10:00", rule=NEXT | {"franc": True},
          ignored=[(1, "asked_too_late")]),
    _case("two motives cost their union", days(60), [ONCE, ENQUIRY],
          [(ASKED, "2026-09-10T11:00"), ("enquiry.opened", "2026-09-15T10:00"),
           (GOT, "2026-09-20T10:00"), ("enquiry.closed", "2026-09-30T10:00")],
          "2026-10-05T10:00", due="2026-11-20", remaining=46,
          stops=[(ASKED, "2026-09-11", "2026-09-20", "2026-09-10T11:00", "2026-09-20T10:00"),
                 ("enquiry.opened", "2026-09-16", "2026-09-30", "2026-09-15T10:00",
                  "2026-09-30T10:00")]),
    _case("one motive inside another", days(60), [ONCE, ENQUIRY],
          [(ASKED, "2026-09-10T11:00"), ("enquiry.opened", "2026-09-12T10:00"),
           ("enquiry.closed", "2026-09-15T10:00"), (GOT, "2026-09-20T10:00")],
          "2026-10-05T10:00", due="2026-11-10"),
    _case("one motive is left", days(60), [ONCE, ENQUIRY],
          [(ASKED, "2026-09-10T11:00"), ("enquiry.opened", "2026-09-12T10:00"),
           (GOT, "2026-09-20T10:00")], "2026-10-05T10:00", state="suspended", remaining=51),
    _case("one after the other", days(60), [ONCE, ENQUIRY],
          [(ASKED, "2026-09-10T11:00"), (GOT, "2026-09-12T10:00"),
           ("enquiry.opened", "2026-09-14T10:00"), ("enquiry.closed", "2026-09-16T10:00")],
          "2026-10-05T10:00", due="2026-11-04", remaining=30),
    _case("restart", days(3, "months"), [ONCE | {"then": "restart"}],
          [(ASKED, "2026-09-10T11:00"), (GOT, "2026-10-15T10:00")], "2026-11-01T10:00",
          state="running", start="2026-10-15", since="2026-10-15T09:00Z", due="2027-01-15",
          stops=[], total=92),
    _case("restart on the day of the request", days(30), [ONCE | {"then": "restart"}],
          [(ASKED, "2026-09-10T11:00"), (GOT, "2026-09-10T12:00")], "2026-09-20T10:00",
          start="2026-09-10", due="2026-10-10"),
    _case("a restart gives no new time to ask", days(30),
          [OPEN | {"then": "restart", "within": days(1, "weeks")}],
          [(ASKED, "2026-09-05T11:00"), (GOT, "2026-09-10T12:00"), (ASKED, "2026-09-12T11:00")],
          "2026-09-20T10:00", due="2026-10-10", ignored=[(3, "asked_too_late")]),
    _case("restart while the other motive lasts", days(30), [OPEN | {"then": "restart"}, ENQUIRY],
          [("enquiry.opened", "2026-09-03T11:00"), (ASKED, "2026-09-05T11:00"),
           (GOT, "2026-09-10T12:00"), ("enquiry.closed", "2026-09-12T10:00")], "2026-09-20T10:00",
          start="2026-09-10", due="2026-10-12"),
    _case("decided while it is stopped", days(60), [ONCE],
          [(ASKED, "2026-09-10T11:00"), ("decided", "2026-12-10T11:00")], "2026-12-15T10:00",
          state="ended", due=None, ended_on="2026-12-10", remaining=None),
    _case("cancelled while it is stopped", days(60), [ONCE],
          [(ASKED, "2026-09-10T11:00"), ("case.cancelled", "2026-12-10T11:00"),
           (GOT, "2026-12-11T11:00")], "2026-12-15T10:00", state="cancelled", due=None),
    _case("an answer to no question", days(30), [ONCE], [(GOT, "2026-09-10T11:00")],
          "2026-09-15T10:00", state="running", due="2026-10-01", stops=[], ignored=[]),
    _case("stopped while the end is moved", days(4), [ONCE],
          [(ASKED, "2026-09-05T11:00"), (GOT, "2026-09-07T10:00")], "2026-09-07T12:00",
          rule=NEXT, state="running", nominal="2026-09-05", due="2026-09-08"),
    _case("nothing left but the roll", days(4), [ONCE], [(ASKED, "2026-09-06T11:00")],
          "2026-09-07T12:00", rule=NEXT, state="suspended", remaining=0),
    _case("the day of a full period is not a stopped one", days(4), [ONCE],
          [(ASKED, "2026-09-05T11:00"), (GOT, "2026-09-08T10:00")], "2026-09-09T12:00",
          rule={"franc": True}, nominal="2026-09-05", due="2026-09-09"),
    _case("a stopped working day serves in no minimum", days(3), [ONCE],
          [(ASKED, "2026-09-01T11:00"), (GOT, "2026-09-04T10:00")], "2026-09-04T12:00",
          rule={"min_working_days": 2}, nominal="2026-09-07", due="2026-09-08"),
    _case("an end is moved back over a stopped day", days(3), [ONCE],
          [(ASKED, "2026-09-01T11:00"), (GOT, "2026-09-04T10:00")], "2026-09-04T12:00",
          rule={"roll": "previous"}, due="2026-09-07"),
    _case("and not onto one", days(2), [ONCE],
          [(ASKED, "2026-09-02T11:00"), (GOT, "2026-09-04T10:00")], "2026-09-04T12:00",
          rule={"roll": "previous"}, nominal="2026-09-05", due="2026-09-02"),
    _case("months are stopped by days", days(2, "months"), [OPEN],
          [(ASKED, "2026-09-20T15:00"), (GOT, "2026-09-25T12:00")], "2026-09-26T10:00",
          due="2026-11-06"),
    _case("working days are lost, closed ones are not", days(10, "working_days"), [ONCE],
          [(ASKED, "2026-09-02T11:00"), (GOT, "2026-09-08T10:00")], "2026-09-09T10:00",
          due="2026-09-21", remaining=8),
    _case("working days left while it is stopped", days(10, "working_days"), [ONCE],
          [(ASKED, "2026-09-04T11:00")], "2026-10-09T10:00", state="suspended", remaining=7),
    _case("an answer may open the next question", days(30), [OPEN, {"on": GOT, "until": ["seen"]}],
          [(ASKED, "2026-09-05T11:00"), (GOT, "2026-09-08T10:00"), ("seen", "2026-09-10T10:00")],
          "2026-09-11T10:00", due="2026-10-06"),
    _case("recorded in another order than it happened", days(60), [ONCE],
          [(GOT, "2026-09-20T10:00"), (ASKED, "2026-09-10T11:00")], "2026-09-25T10:00",
          due="2026-11-10", ignored=[]),
    _case("a restart forgets what was stopped before", days(30), [OPEN | {"then": "restart"},
          ENQUIRY], [("enquiry.opened", "2026-09-03T11:00"), (ASKED, "2026-09-05T11:00"),
          ("enquiry.closed", "2026-09-10T10:00"), (GOT, "2026-09-10T12:00")], "2026-09-20T10:00",
          start="2026-09-10", due="2026-10-10", stops=[]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_stopped_day_does_not_exist(case: Case) -> None:
    assert found(case) == case.expected


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_order_in_which_facts_are_given_is_indifferent(case: Case) -> None:
    (clock,), facts, known = clocks_of(case), facts_of(case), calendar(case.calendar)
    now = instant(case.now, "Africa/Casablanca")
    assert evaluate(clock, facts[::-1], known, now) == evaluate(clock, facts, known, now)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_moment_of_asking_never_moves_the_end(case: Case) -> None:
    (clock,), facts, known = clocks_of(case), facts_of(case), calendar(case.calendar)
    now = instant(case.now, "Africa/Casablanca")
    later = evaluate(clock, facts, known, now + timedelta(days=300))
    assert later.due == evaluate(clock, facts, known, now).due

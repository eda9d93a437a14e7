"""Clocks that feed each other: lapses, one clock for each value, the law in force at the start."""

from datetime import date

import pytest

from tests.decisions.clock.cases import Case, days, found

DECISION = {
    "length": days(30), "rule": {"roll": "next"}, "stop": ["decision.notified"],
    "cancel": ["clock.complement.lapsed"], "silence": {"effect": "consent", "next": "appeal"},
    "suspension": [{"on": "asked", "until": ["answered"], "at_most": 1}],
}  # fmt: skip
COMPLEMENT = {
    "name": "complement", "length": days(30), "rule": {"roll": "next"}, "start": ["asked"],
    "stop": ["answered"], "obliged": "applicant",
}  # fmt: skip
APPEAL = {
    "name": "appeal", "length": days(30), "rule": {"roll": "next", "franc": True},
    "start": ["decision.notified", "clock.decision.lapsed"], "stop": ["appealed"],
    "obliged": "applicant",
}  # fmt: skip
OPINION = {
    "name": "opinion", "length": days(10, "working_days"), "start": ["opinion.requested"],
    "stop": ["opinion.given"], "each": "service", "obliged": "other",
    "silence": {"effect": "favourable_opinion"},
}  # fmt: skip
ALL = [APPEAL, DECISION, COMPLEMENT]
FILED = ("filed", "2026-09-01T09:00")
FIRE, ROADS = {"service": "fire"}, {"service": "roads"}
ASKED = [("opinion.requested", "2026-09-02T09:00", FIRE),
         ("opinion.requested", "2026-09-03T09:00", ROADS)]  # fmt: skip

CHAINS = [
    Case("the appeal runs from the tacit act", ALL, [FILED], "2026-10-20T10:00",
         {"decision": {"state": "lapsed", "due": "2026-10-01"},
          "appeal": {"state": "running", "start": "2026-10-01", "due": "2026-11-02",
                     "since": "2026-10-01T22:59Z"},
          "complement": {"state": "waiting"}}),
    Case("or from the day after it", [DECISION | {"silence": {"effect": "refusal", "dated":
         "day_after"}}, APPEAL], [FILED], "2026-10-20T10:00",
         {"appeal": {"start": "2026-10-02", "since": "2026-10-01T23:00Z"}}),
    Case("a moment before there is no tacit act", ALL, [FILED], "2026-10-01T23:59:59",
         {"decision": {"state": "running"}, "appeal": {"state": "waiting"}}),
    Case("at midnight there is", ALL, [FILED], "2026-10-02T00:00",
         {"decision": {"state": "lapsed"}, "appeal": {"state": "running"}}),
    Case("the appeal runs from the decision", ALL, [FILED, ("decision.notified",
         "2026-10-01T16:00"), ("appealed", "2026-10-20T10:00")], "2026-12-20T10:00",
         {"decision": {"state": "ended"}, "appeal": {"state": "ended", "start": "2026-10-01"}}),
    Case("the citizen does not answer", ALL, [FILED, ("asked", "2026-09-10T11:00")],
         "2026-10-20T10:00",
         {"complement": {"state": "lapsed", "due": "2026-10-12"},
          "decision": {"state": "cancelled", "due": None, "ended_on": "2026-10-12"},
          "appeal": {"state": "waiting"}}),
    Case("a lapse that is recorded stays", ALL, [FILED, ("clock.decision.lapsed",
         "2026-09-28T23:59:59.999999")], "2026-10-20T10:00",
         {"appeal": {"start": "2026-09-28"}}),
    Case("a recorded lapse is no second one", [DECISION, APPEAL | {"suspension":
         [{"on": "clock.decision.lapsed", "until": ["seen"]}]}],
         [FILED, ("clock.decision.lapsed", "2026-09-28T23:59")], "2026-10-20T10:00",
         {"appeal": {"start": "2026-09-28", "state": "running"}}),
    Case("a circle", [DECISION | {"cancel": ["clock.appeal.lapsed"]}, APPEAL], [FILED],
         "2026-10-20T10:00", {"error": "clock.cycle"}),
    Case("a circle of one", [APPEAL | {"start": ["clock.appeal.lapsed"]}], [], "2026-10-20T10:00",
         {"error": "clock.cycle"}),
    Case("a circle by what is asked", [DECISION | {"suspension": [{"on": "clock.appeal.lapsed",
         "until": ["seen"]}]}, APPEAL], [FILED], "2026-10-20T10:00", {"error": "clock.cycle"}),
    Case("a circle by what extends", [DECISION | {"extension": {"on": "clock.appeal.lapsed",
         "length": days(3)}}, APPEAL], [FILED], "2026-10-20T10:00", {"error": "clock.cycle"}),
]  # fmt: skip

EACH = [
    Case("one for each service", [OPINION], [*ASKED, ("opinion.given", "2026-09-10T10:00", FIRE)],
         "2026-09-11T10:00",
         {"opinion/fire": {"state": "ended", "each": "fire", "start": "2026-09-02"},
          "opinion/roads": {"state": "running", "start": "2026-09-03", "due": "2026-09-17"},
          "opinion": None}),
    Case("none before it is asked", [OPINION], [FILED], "2026-09-11T10:00", {"opinion": None}),
    Case("none without a service", [OPINION], [("opinion.requested", "2026-09-02T09:00")],
         "2026-09-11T10:00", {"opinion": None}),
    Case("what names no service ends all", [OPINION | {"cancel": ["withdrawn"]}],
         [*ASKED, ("withdrawn", "2026-09-10T10:00")], "2026-09-11T10:00",
         {"opinion/fire": {"state": "cancelled"}, "opinion/roads": {"state": "cancelled"}}),
    Case("the lapse says for which", [OPINION, {"name": "hearing", "length": days(5), "start":
         ["clock.opinion.lapsed"], "each": "service"}], ASKED, "2026-09-17T10:00",
         {"opinion/fire": {"state": "lapsed"}, "hearing/fire": {"start": "2026-09-16"},
          "opinion/roads": {"state": "running"}, "hearing/roads": None}),
    Case("numbers are values too", [OPINION], [("opinion.requested", "2026-09-02T09:00",
         {"service": 7})], "2026-09-03T10:00", {"opinion/7": {"state": "running"}}),
]  # fmt: skip

OLD = {"length": days(60), "in_force": {"to": "2026-08-31"}}
NEW = {"length": days(30), "in_force": {"from": "2026-09-01"}}
IN_FORCE = [
    Case("the old law on its last day", [NEW, OLD], [("filed", "2026-08-31T23:59")],
         "2026-09-10T10:00", {"decision": {"total": 60, "start": "2026-08-31"}}),
    Case("the new law on its first day", [OLD, NEW], [("filed", "2026-09-01T00:00")],
         "2026-09-10T10:00", {"decision": {"total": 30}}),
    Case("the day is that of the wall", [OLD, NEW], [("filed", "2026-08-31T23:30+00:00")],
         "2026-09-10T10:00", {"decision": {"total": 30}}),
    Case("the first start decides", [NEW, OLD], [("filed", "2026-08-30T10:00"),
         ("filed", "2026-09-02T10:00")], "2026-09-10T10:00",
         {"decision": {"total": 60, "start": "2026-08-30"}}),
    Case("before all law", [NEW], [("filed", "2026-08-30T10:00")], "2026-09-10T10:00",
         {"decision": {"state": "waiting"}}),
    Case("not started", [NEW, OLD], [], "2026-09-10T10:00", {"decision": {"state": "waiting"}}),
    Case("each by the law of its own start", [OPINION | {"in_force": {"to": "2026-09-02"}},
         OPINION | {"length": days(5), "in_force": {"from": "2026-09-03"}}], ASKED,
         "2026-09-04T10:00", {"opinion/fire": {"due": "2026-09-16"},
                              "opinion/roads": {"due": "2026-09-08"}}),
]  # fmt: skip

APPLICANT = {"length": days(10), "obliged": "applicant"}
PROMISED = [
    Case("the later end was communicated", APPLICANT, [FILED], "2026-09-05T10:00",
         {"due": "2026-09-14", "promised": True, "effect_at": "2026-09-14T23:00Z",
          "nominal": "2026-09-11", "remaining": 9}, not_before=date(2026, 9, 14)),
    Case("what comes before it is in time", APPLICANT, [FILED, ("decided", "2026-09-13T10:00")],
         "2026-09-20T10:00", {"state": "ended"}, not_before=date(2026, 9, 14)),
    Case("an earlier one was communicated", APPLICANT, [FILED], "2026-09-05T10:00",
         {"due": "2026-09-11", "promised": False}, not_before=date(2026, 9, 10)),
    Case("the same one was communicated", APPLICANT, [FILED], "2026-09-05T10:00",
         {"due": "2026-09-11", "promised": False}, not_before=date(2026, 9, 11)),
    Case("the office's own delay is recomputed", {"length": days(10)}, [FILED],
         "2026-09-05T10:00", {"due": "2026-09-11", "promised": False},
         not_before=date(2026, 9, 14)),
    Case("hours were communicated by their day", {"length": days(24, "hours"), "obliged":
         "applicant"}, [FILED], "2026-09-01T10:00", {"due": "2026-09-03", "promised": True,
         "effect_at": "2026-09-03T23:00Z"}, not_before=date(2026, 9, 3)),
    Case("among several", [APPLICANT], [FILED], "2026-09-05T10:00",
         {"decision": {"due": "2026-09-14", "promised": True}},
         not_before={("decision", ""): date(2026, 9, 14)}),
    Case("beyond the calendar", APPLICANT, [FILED], "2026-09-05T10:00",
         {"error": "calendar.horizon"}, not_before=date(2028, 1, 1)),
]  # fmt: skip


@pytest.mark.parametrize("case", CHAINS, ids=str)
def test_the_lapse_of_one_clock_is_a_fact_for_the_next(case: Case) -> None:
    assert found(case) == case.expected


@pytest.mark.parametrize("case", EACH, ids=str)
def test_there_is_one_clock_for_each_value(case: Case) -> None:
    assert found(case) == case.expected


@pytest.mark.parametrize("case", IN_FORCE, ids=str)
def test_the_day_of_the_start_chooses_the_law(case: Case) -> None:
    assert found(case) == case.expected


@pytest.mark.parametrize("case", PROMISED, ids=str)
def test_what_was_communicated_to_a_citizen_is_never_made_earlier(case: Case) -> None:
    assert found(case) == case.expected

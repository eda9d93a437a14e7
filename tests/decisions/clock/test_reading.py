"""A clock is read from a plain table, strictly: what is wrong is named, with a remedy."""

from datetime import date
from typing import Any

import pytest

from decisions.clock import reading
from decisions.clock.law import Clock, Extension, Rule, Silence, Suspension
from decisions.errors import DecisionError

WHOLE = {
    "article": "loi 55-19", "in_force": {"from": date(2023, 7, 13), "to": "2030-01-01"},
    "length": [[30, "days"]], "rule": "ma.default", "obliged": "office", "start": ["case.filed"],
    "stop": ["decision.notified"], "cancel": ["case.withdrawn"],
    "reminders": ["50%", "3 working_days", "1 days"], "each": "service",
    "suspension": [{"on": "asked", "until": ["answered"], "then": "continue", "at_most": 1,
                    "within": [[1, "months"]], "stopped_from": "same_day",
                    "counted_from": "same_day"}],
    "extension": {"on": "extended", "length": [[1, "months"]], "at_most": 2,
                  "motives": ["expertise"]},
    "silence": {"effect": "consent", "certified_by": "wali", "certificate": "attestation",
                "dated": "day_after", "next": "appeal"},
    "on_revision": "never_earlier",
}  # fmt: skip
RULES = {"ma.default": Rule(roll="next")}
PLAIN: dict[str, Any] = {"length": [[30, "days"]], "start": ["filed"]}


def test_every_key_of_a_clock_is_read() -> None:
    assert reading.clock("decision", WHOLE, RULES) == Clock(
        "decision", ((30, "days"),), ("case.filed",), ("decision.notified",), ("case.withdrawn",),
        Rule(roll="next"),
        (Suspension("asked", ("answered",), "continue", 1, ((1, "months"),), "same_day",
                    "same_day"),),
        Extension("extended", ((1, "months"),), 2, ("expertise",)),
        Silence("consent", "wali", "attestation", "day_after", "appeal"),
        "office", ("50%", "3 working_days", "1 days"), "service", "never_earlier", "loi 55-19",
        "ma.default", (date(2023, 7, 13), date(2030, 1, 1)),
    )  # fmt: skip


def test_every_key_of_a_rule_is_read_also_inside_a_clock() -> None:
    table = {
        "month_end": "first", "month": "thirty", "first_day": "included", "franc": True,
        "roll": "previous", "min_working_days": 2, "whole_hours": True, "backward": True,
    }  # fmt: skip
    rule = Rule("first", "thirty", "included", True, "previous", 2, True, True)
    assert reading.rule(table) == rule
    made = reading.clock("notice", PLAIN | {"rule": table}, {})
    assert (made.rule, made.rule_name) == (rule, "")


def test_what_is_left_out_has_its_default() -> None:
    assert reading.clock("decision", PLAIN, {}) == Clock("decision", ((30, "days"),), ("filed",))
    applicant = reading.clock("own", PLAIN | {"obliged": "applicant"}, {})
    assert applicant.on_revision == "never_earlier"
    own = reading.clock("own", PLAIN | {"obliged": "applicant", "on_revision": "recompute"}, {})
    assert own.on_revision == "recompute"


ASK = {"on": "asked", "until": ["answered"]}
EXTEND = {"on": "extended", "length": [[30, "days"]]}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"lenght": []}, "lenght"),
    ({"length": []}, "length"),
    ({"length": 30}, "length"),
    ({"length": "30 days"}, "length"),
    ({"length": [30]}, "length[1]"),
    ({"length": [[30]]}, "length[1]"),
    ({"length": [[30, "days"], ["1", "months"]]}, "length[2][1]"),
    ({"length": [[True, "days"]]}, "length[1][1]"),
    ({"length": [[-1, "days"]]}, "length[1][1]"),
    ({"length": [[1.5, "days"]]}, "length[1][1]"),
    ({"length": [[30, "day"]]}, "length[1][2]"),
    ({"length": [[30, ["days"]]]}, "length[1][2]"),
    ({"length": [[1, "months"], [5, "working_days"]]}, "length"),
    ({"length": [[1, "hours"], [5, "working_hours"]]}, "length"),
    ({"length": [[1, "days"], [5, "hours"]]}, "length"),
    ({"start": []}, "start"),
    ({"start": "filed"}, "start"),
    ({"start": [7]}, "start[1]"),
    ({"start": ["filed", " "]}, "start[2]"),
    ({"stop": None}, "stop"),
    ({"cancel": {"a": 1}}, "cancel"),
    ({"article": 5}, "article"),
    ({"each": ""}, "each"),
    ({"obliged": "citizen"}, "obliged"),
    ({"on_revision": "never"}, "on_revision"),
    ({"reminders": ["0%"]}, "reminders[1]"),
    ({"reminders": ["50%", "100%"]}, "reminders[2]"),
    ({"reminders": ["3 months"]}, "reminders[1]"),
    ({"reminders": ["0 days"]}, "reminders[1]"),
    ({"rule": "ma.full"}, "rule"),
    ({"rule": ["ma.full"]}, "rule"),
    ({"rule": {"rolls": "next"}}, "rule.rolls"),
    ({"rule": {"roll": "forward"}}, "rule.roll"),
    ({"rule": {"franc": "yes"}}, "rule.franc"),
    ({"rule": {"min_working_days": True}}, "rule.min_working_days"),
    ({"rule": {"backward": True, "roll": "next"}}, "rule.roll"),
    ({"rule": {"backward": True}, "suspension": [ASK]}, "rule"),
    ({"rule": {"backward": True}, "extension": EXTEND}, "rule"),
    ({"rule": {"backward": True}, "length": [[3, "hours"]]}, "rule"),
    ({"in_force": "2026-01-01"}, "in_force"),
    ({"in_force": {"from": "2026-13-01"}}, "in_force.from"),
    ({"in_force": {"from": 2026}}, "in_force.from"),
    ({"in_force": {"until": "2026-01-01"}}, "in_force.until"),
    ({"in_force": {"from": "2026-01-02", "to": "2026-01-01"}}, "in_force.to"),
    ({"suspension": ASK}, "suspension"),
    ({"suspension": [ASK, "x"]}, "suspension[2]"),
    ({"suspension": [{"on": "asked"}]}, "suspension[1].until"),
    ({"suspension": [ASK | {"until": []}]}, "suspension[1].until"),
    ({"suspension": [ASK | {"then": "go on"}]}, "suspension[1].then"),
    ({"suspension": [ASK, ASK | {"at_most": 0}]}, "suspension[2].at_most"),
    ({"suspension": [ASK | {"within": [[1, "month"]]}]}, "suspension[1].within[1][2]"),
    ({"suspension": [ASK | {"stopped_from": "today"}]}, "suspension[1].stopped_from"),
    ({"suspension": [ASK | {"then": "restart", "counted_from": "same_day"}]},
     "suspension[1].counted_from"),
    ({"suspension": [ASK | {"stopped_from": "same_day"}], "length": [[8, "hours"]]},
     "suspension[1]"),
    ({"suspension": [ASK], "length": [[0, "days"]]}, "length"),
    ({"extension": EXTEND, "length": [[0, "days"], [0, "months"]]}, "length"),
    ({"extension": {"on": "extended"}}, "extension.length"),
    ({"extension": EXTEND | {"at_most": "once"}}, "extension.at_most"),
    ({"extension": EXTEND | {"motives": "expertise"}}, "extension.motives"),
    ({"extension": EXTEND, "length": [[30, "working_days"]]}, "extension.length"),
    ({"silence": "consent"}, "silence"),
    ({"silence": {}}, "silence.effect"),
    ({"silence": {"effect": "assent"}}, "silence.effect"),
    ({"silence": {"effect": "consent", "dated": "today"}}, "silence.dated"),
    ({"silence": {"effect": "consent", "next": 5}}, "silence.next"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place"), WRONG, ids=[place for _, place in WRONG])
def test_what_is_wrong_is_named_by_its_key(change: dict[str, Any], place: str) -> None:
    with pytest.raises(DecisionError) as caught:
        reading.clock("decision", PLAIN | change, RULES)
    assert (caught.value.code, caught.value.place) == ("clock.invalid", f"clock.decision.{place}")
    assert caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("missing", ["length", "start"])
def test_length_and_start_are_needed(missing: str) -> None:
    table = {key: value for key, value in PLAIN.items() if key != missing}
    with pytest.raises(DecisionError, match=rf"clock\.decision\.{missing}: the key is missing"):
        reading.clock("decision", table, {})


@pytest.mark.parametrize("name", ["", "7th", "de.cision", "clock name"])
def test_a_clock_has_a_name_that_expressions_can_say(name: str) -> None:
    with pytest.raises(DecisionError, match="is no name"):
        reading.clock(name, PLAIN, {})


def test_a_table_is_needed() -> None:
    with pytest.raises(DecisionError, match="a table is needed"):
        reading.clock("decision", [], {})  # type: ignore[arg-type]

"""A scenario is given what comes from outside: results, errors, late answers."""

import json
from typing import Any

import pytest
import yaml

from engine.work import scenarios
from engine.work.scenarios import Result
from tests.engine.commands.house import bundle
from tests.engine.work.test_calling import service
from tests.runtime.models import START, duration, ends, flows, node, user

ERROR = '<error id="e" errorCode="{}"/>'
PAID = {"payment": "P-1", "amount": 50, "currency": "MAD", "paid_at": "2026-03-02T11:00:00Z"}
INPUTS: dict[str, dict[str, str]] = {
    "external.work": {"topic": '"cadastre"'},
    "payment.request": {"amount": "50", "reference": "case.reference", "description": '"x"'},
    "case.start": {"procedure": '"other"', "values": "{ n: 1 }"},
    "http.request": {"method": '"GET"', "url": '"https://x.example/"'},
    "sms.send": {"to": '"0612345678"', "text": '"x"'},
}
GIVES: dict[str, dict[str, Any]] = {
    "external.work": {"area": 240.5}, "payment.request": PAID,
    "case.start": {"reference": "OTH-1"}, "http.request": {"status": 200},
    "sms.send": {"segments": 1},
}  # fmt: skip
CODES = {
    "external.work": "any.code", "payment.request": "payment_refused", "case.start": "case_refused",
    "http.request": "http.404", "sms.send": "sms.refused",
}  # fmt: skip


def play(operation: str, answers: Any, tasks: list[str], *steps: Any, values: Any = None) -> Result:
    inside = '<errorEventDefinition errorRef="e"/>'
    parts = (
        START, service(operation, **INPUTS[operation]),
        node("boundaryEvent", "B", inside, attachedToRef="C"),
        node("boundaryEvent", "T", duration("P2D"), attachedToRef="C"),
        user("A", "L", "R"), ends("E"), flows("S > C > A > E", "B > R > E", "T > L > E"),
    )  # fmt: skip
    story = {
        "title": "essai",
        "given": {"at": "2026-03-02T10:00:00+01:00", "answers": answers},
        "start": {"as": "desk", "with": {"n": 1}},
        "when": list(steps),
        "then": {"tasks": tasks} | ({"values": values} if values else {}),
    }
    files = {"scenarios/a.yaml": yaml.safe_dump(story).encode()}
    found = bundle(*parts, beside=ERROR.format(CODES[operation]), files=files)
    [result] = scenarios.run(found).results
    return result


@pytest.mark.parametrize("operation", INPUTS)
def test_a_result_moves_the_case(operation: str) -> None:
    assert play(operation, {"C": {"gives": GIVES[operation]}}, ["A"]).faults == ()


@pytest.mark.parametrize("operation", INPUTS)
def test_an_error_goes_to_its_boundary_event(operation: str) -> None:
    assert play(operation, {"C": {"error": CODES[operation]}}, ["R"]).faults == ()


@pytest.mark.parametrize("operation", INPUTS)
@pytest.mark.parametrize(("wait", "tasks"), [("PT1H", []), ("PT3H", ["A"]), ("P3D", ["A"])])
def test_an_answer_comes_after_its_time(operation: str, wait: str, tasks: list[str]) -> None:
    answers = {"C": {"gives": GIVES[operation], "after": "PT2H"}}
    assert play(operation, answers, tasks, {"wait": wait}).faults == ()


@pytest.mark.parametrize("operation", INPUTS)
def test_one_that_comes_too_late_finds_the_timer_gone_off(operation: str) -> None:
    answers = {"C": {"gives": GIVES[operation], "after": "P3D"}}
    assert play(operation, answers, ["L"], {"wait": "P4D"}).faults == ()


def test_a_program_that_gives_no_answer_is_waited_for_until_the_timer() -> None:
    assert play("external.work", {}, []).faults == ()
    assert play("external.work", {}, ["L"], {"wait": "P3D"}).faults == ()


def test_a_call_that_is_given_nothing_is_made_and_fails_for_want_of_settings() -> None:
    faults = play("http.request", {}, ["A"]).faults
    assert any("service_hosts" in fault.text for fault in faults)


def test_the_values_are_those_of_the_operation() -> None:
    found = {"found": {"area": 240.5}}
    assert play("external.work", {"C": {"gives": {"area": 240.5}}}, ["A"], values=found).passed
    assert not play("external.work", {"C": {"gives": {"area": 240}}}, ["A"], values=found).passed


@pytest.mark.parametrize(
    ("operation", "answer", "told"),
    [
        ("payment.request", {"gives": {"payment": "P-1"}}, "amount is missing"),
        ("payment.request", {"gives": PAID | {"paid_at": "soon"}}, "Invalid isoformat"),
        ("payment.request", {"error": "payment_lost"}, "never gives payment_lost"),
        ("sms.send", {"gives": {"segments": 1, "more": 1}}, "more is unknown"),
        ("sms.send", {}, "gives a result, or is an error"),
        ("sms.send", {"gives": {}, "error": "x"}, "gives a result, or is an error"),
        ("sms.send", {"gives": {}, "after": "soon"}, "write a duration"),
        ("sms.send", [], "at least one answer"),
        ("sms.send", {"result": {}}, "no key result"),
    ],
)
def test_an_answer_that_cannot_be_is_named(operation: str, answer: Any, told: str) -> None:
    faults = play(operation, {"C": answer}, ["A"]).faults
    assert told in json.dumps([fault.text for fault in faults])


def test_an_element_that_is_not_there_is_named() -> None:
    [fault] = play("sms.send", {"D": {"gives": {"segments": 1}}}, ["A"]).faults
    assert "D" in fault.text

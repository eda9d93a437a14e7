"""Event subprocesses of every kind at every level, interrupting or beside (BPMN 2.0.2 §13.5.4)."""

from decimal import Decimal

import pytest

from tests.bpmn.played import play
from tests.runtime.models import Play

KINDS = ("signal", "message", "timer", "conditional", "error", "escalation")
PLACES = ("process", "subprocess", "called", "event_subprocess", "transaction")
CELLS = [
    pytest.param(kind, place, marks=pytest.mark.proves(
        "eventSubProcess", event=kind, where=place, section="13.5.4"))
    for kind in KINDS for place in PLACES
]  # fmt: skip


def begun(kind: str, place: str, beside: bool = False) -> Play:
    suffix = "_beside" if beside else ""
    case = play(f"event_subprocesses/{kind}_{place}{suffix}", n=Decimal(0))
    if place == "event_subprocess":
        case.receive("OS")
    return case


def happen(case: Play, kind: str) -> Play:
    if kind == "signal":
        return case.signal("VS", why="alarm")
    if kind == "message":
        return case.receive("VS", why="note")
    if kind == "timer":
        return case.fire("VS")
    if kind == "conditional":
        return case.complete("B", n=Decimal(6))
    return case.complete("A")


@pytest.mark.parametrize(("kind", "place"), CELLS)
def test_one_that_interrupts_ends_all_else_of_its_scope(kind: str, place: str) -> None:
    case = begun(kind, place)
    assert {"A", "B"} <= set(case.open)
    happen(case, kind)
    assert case.open == ["VT"]
    assert case.step.flows.count("VS") == 1
    case.complete("VT")
    if place in ("subprocess", "called", "transaction"):
        assert case.open == ["Y"]
        case.complete("Y")
    assert case.ended == "completed"


@pytest.mark.parametrize(("kind", "place"), [c for c in CELLS if c.values[0] != "error"])
def test_one_beside_lets_its_scope_go_on(kind: str, place: str) -> None:
    case = begun(kind, place, beside=True)
    happen(case, kind)
    assert case.open.count("VT") == 1
    assert len({"A", "B"} & set(case.open)) == 2 - (kind in ("conditional", "escalation"))
    while case.ended is None:
        case.complete(next(key for key in case.open if key not in ("VS", "OS")))
    assert case.ended == "completed"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.proves("eventSubProcess", event="message", where="process", section="13.5.4")
def test_a_message_beside_begins_it_as_often_as_it_comes(place: str) -> None:
    case = begun("message", place, beside=True)
    for number in range(1, 5):
        case.receive("VS")
        assert case.open.count("VT") == number
    case.complete("A").complete("B")
    assert "VS" in case.open
    assert case.ended is None
    for _ in range(4):
        case.complete("VT")
    assert "VT" not in case.open
    assert "VS" not in case.open


@pytest.mark.proves("eventSubProcess", event="timer", where="process", section="13.5.4")
def test_a_cycle_begins_it_as_often_as_it_says() -> None:
    case = play("event_subprocesses/cycle")
    case.fire("VS").fire("VS")
    assert case.open == ["A", "VT", "VT"]


@pytest.mark.proves("eventSubProcess", event="signal", where="process", section="13.5.4")
def test_what_listens_alone_does_not_hold_its_scope() -> None:
    case = play("event_subprocesses/stale")
    assert case.complete("A").complete("B").ended == "completed"


@pytest.mark.proves("eventSubProcess", event="signal", where="process", section="13.5.4")
def test_one_beside_does_not_bring_back_old_values() -> None:
    case = play("event_subprocesses/stale", x="0")
    case.complete("A", x="1").signal("VS", why="alarm")
    case.complete("B", x="2")
    assert case.ended is None
    assert case.data["x"] == "2"
    case.complete("VT", y="new")
    assert case.data == {"x": "2", "y": "new", "why": "alarm"}
    assert case.step.conflicts == ()


@pytest.mark.proves("eventSubProcess", event="compensate", where="subprocess", section="10.7")
def test_a_compensation_event_subprocess_undoes_its_completed_scope() -> None:
    case = play("event_subprocesses/compensation")
    case.complete("A")
    assert case.open == ["VT"]
    case.complete("VT")
    assert case.open == ["UA"]
    assert case.complete("UA").ended == "completed"

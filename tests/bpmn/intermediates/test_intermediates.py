"""Intermediate events: links, signals, conditions, escalations, compensations, none (§10.5.4)."""

from decimal import Decimal

import pytest

from tests.bpmn.played import play


@pytest.mark.parametrize(("n", "thrower"), [(2, "T1"), (0, "T2")])
@pytest.mark.proves("intermediateThrowEvent", event="link", where="process", section="10.5.1")
@pytest.mark.proves("intermediateCatchEvent", event="link", where="process", section="10.5.1")
def test_links_are_flows(n: int, thrower: str) -> None:
    case = play("intermediates/link", n=Decimal(n))
    assert case.step.flows[-4:] == (thrower, f"{thrower}.link", "C", "C_A")
    assert case.complete("A").ended == "completed"


@pytest.mark.proves("intermediateThrowEvent", event="", where="process", section="10.5.4")
def test_an_event_without_event_is_a_place_in_the_history() -> None:
    case = play("intermediates/none")
    assert case.step.flows == ("S", "S_N", "N", "N_A")


@pytest.mark.proves("intermediateThrowEvent", event="signal", where="process", section="10.5.1")
@pytest.mark.proves("intermediateCatchEvent", event="signal", where="process", section="10.5.1")
def test_a_signal_reaches_its_own_case_and_the_others() -> None:
    case = play("intermediates/signal")
    assert [wait.name for wait in case.waits if wait.kind == "signal"] == ["alarm"]
    case.complete("A")
    assert case.open == ["B"]
    assert case.data["level"] == 3
    assert case.world.sent == [("alarm", {"level": 3})]  # type: ignore[attr-defined]
    assert [reply.operation for reply in case.step.replies] == ["signal.send"]
    assert case.complete("B").ended == "completed"


@pytest.mark.proves("intermediateCatchEvent", event="signal", where="process", section="10.5.1")
def test_a_signal_of_another_case_comes_by_a_command() -> None:
    case = play("intermediates/signal").signal("C", who="other")
    assert case.open == ["A", "B"]
    assert case.data == {"who": "other"}


@pytest.mark.proves("intermediateCatchEvent", event="conditional", where="process",
                    section="10.5.5")  # fmt: skip
def test_a_condition_is_asked_again_when_a_branch_beside_changes_data() -> None:
    case = play("intermediates/condition", n=Decimal(1))
    assert [wait.kind for wait in case.waits] == ["condition", "task"]
    case.complete("A", n=Decimal(6))
    assert case.open == ["B"]


@pytest.mark.proves("intermediateCatchEvent", event="conditional", where="process",
                    section="10.5.5")  # fmt: skip
def test_a_condition_that_is_true_on_arrival_does_not_wait() -> None:
    assert play("intermediates/condition", n=Decimal(9)).open == ["A", "B"]


@pytest.mark.proves("intermediateThrowEvent", event="escalation", where="subprocess",
                    section="10.5.1")  # fmt: skip
def test_an_escalation_goes_on() -> None:
    case = play("intermediates/escalation")
    assert sorted(set(case.open)) == ["A", "H"]
    assert case.complete("A").complete("H").ended == "completed"


@pytest.mark.parametrize("way", ["signal", "condition", "timer"])
@pytest.mark.proves("eventBasedGateway", event="signal", where="process", section="13.4.4")
def test_the_first_of_several_events_ends_the_others(way: str) -> None:
    case = play("intermediates/gateway", done=False)
    assert case.open == ["C1", "C2", "C3"]
    if way == "signal":
        assert case.signal("C1").complete("A").ended == "completed"
    elif way == "timer":
        assert case.fire("C3").ended == "completed"
    else:
        case.step = case.execution.rectify(case.model, case.step.state, "done", True, case.world)
        assert case.ended == "completed"


@pytest.mark.proves("intermediateThrowEvent", event="compensate", where="process", section="10.7")
def test_compensation_undoes_the_last_first_and_one_by_one() -> None:
    case = play("intermediates/compensation").complete("A").complete("B", x="b")
    assert case.open == ["UB"]
    case.complete("UB", x="undone")
    assert case.open == ["UA"]
    case.complete("UA")
    assert case.open == ["C"]
    assert case.data == {"x": "undone"}
    assert case.complete("C").ended == "completed"


@pytest.mark.proves("intermediateThrowEvent", event="compensate", where="process", section="10.7")
def test_compensation_of_one_activity_leaves_the_others() -> None:
    case = play("intermediates/compensation_one").complete("A").complete("B")
    assert case.open == ["UA"]
    assert case.complete("UA").open == ["C"]


@pytest.mark.proves("intermediateThrowEvent", event="compensate", where="subprocess",
                    section="10.7")  # fmt: skip
def test_what_a_completed_subprocess_did_is_undone_inside_it() -> None:
    case = play("intermediates/compensation_inside")
    case.complete("A").complete("B").complete("Y")
    assert case.open == ["UB"]
    assert case.complete("UB").open == ["UA"]
    assert case.complete("UA").ended == "completed"

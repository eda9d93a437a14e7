"""Events and ad-hoc subprocesses that say too little, or stand where they mean nothing."""

import pytest

from tests.deployment.test_refusals import found, task
from tests.runtime.models import START, ends, flows, node, user


@pytest.mark.parametrize(
    ("event", "code"), [("signal", "signal"), ("conditional", "condition"), ("link", "link")]
)
def test_a_catching_event_that_says_too_little_is_refused(event: str, code: str) -> None:
    inside = f"<{event}EventDefinition/>"
    assert found(*task("intermediateCatchEvent", inside))["X"] == code


@pytest.mark.parametrize("text", ["now &gt; x", "today = x", "n &gt;"])
def test_a_condition_that_changes_unseen_or_is_no_feel_is_refused(text: str) -> None:
    inside = f"<conditionalEventDefinition><condition>{text}</condition>"
    inside += "</conditionalEventDefinition>"
    code = found(*task("intermediateCatchEvent", inside))["X"]
    assert code == ("expression" if text == "n &gt;" else "condition")


def test_a_condition_on_a_personal_value_is_refused() -> None:
    inside = "<conditionalEventDefinition><condition>name = &quot;x&quot;</condition>"
    inside += "</conditionalEventDefinition>"
    assert found(*task("intermediateCatchEvent", inside))["X"] == "personal_shown"


def apart(*inside: str, **how: str) -> tuple[str, ...]:
    event = node("subProcess", "X", "".join(inside), triggeredByEvent="true")
    return START, user("A"), ends("E"), flows("S > A > E"), event


def test_an_event_subprocess_begins_by_an_event_and_no_flow_leads_to_it() -> None:
    inner = ends("E2") + flows("S2 > E2")
    assert found(*apart(node("startEvent", "S2"), inner))["S2"] == "unsupported"
    message = node("startEvent", "S2", '<messageEventDefinition messageRef="m"/>')
    beside = '<message id="m" name="note"/>'
    assert found(*apart(message, inner), beside=beside) == {}
    assert found(*apart(message, inner), flows("A > X"), beside=beside)["X"] == "apart"


def test_a_compensation_handler_belongs_to_one_boundary_event() -> None:
    event = node("boundaryEvent", "C", "<compensateEventDefinition/>", attachedToRef="A")
    undo = node("userTask", "U", isForCompensation="true")
    drawn = node("association", "as", sourceRef="C", targetRef="U")
    thrown = node("endEvent", "E", "<compensateEventDefinition/>")
    parts = START, user("A"), thrown, flows("S > A > E")
    assert found(*parts, event, undo, drawn) == {}
    assert found(*parts, event, undo)["C"] == "handler"
    assert found(*parts, undo)["U"] == "unreachable"
    named = node("endEvent", "E", '<compensateEventDefinition activityRef="Z"/>')
    assert found(START, user("A"), named, flows("S > A > E"))["E"] == "activity"


def test_only_a_transaction_is_cancelled_and_something_follows() -> None:
    cancel = node("endEvent", "C", "<cancelEventDefinition/>")
    assert found(START, user("A"), cancel, flows("S > A > C"))["C"] == "unsupported"
    inner = node("startEvent", "S2") + user("B") + cancel + flows("S2 > B > C")
    whole = node("transaction", "X", inner)
    parts = START, whole, ends("E"), flows("S > X > E")
    assert found(*parts)["C"] == "uncaught"
    event = node("boundaryEvent", "Y", "<cancelEventDefinition/>", attachedToRef="X")
    assert found(*parts, event, ends("E2"), flows("Y > E2")) == {}


def test_an_error_may_be_caught_by_an_event_subprocess() -> None:
    beside = '<error id="e" errorCode="bad"/>'
    thrown = node("endEvent", "E", '<errorEventDefinition errorRef="e"/>')
    start = node("startEvent", "S2", '<errorEventDefinition errorRef="e"/>')
    event = node(
        "subProcess", "X", start + user("B") + ends("E2") + flows("S2 > B > E2"),
        triggeredByEvent="true",
    )  # fmt: skip
    parts = START, user("A"), thrown, flows("S > A > E")
    assert found(*parts, beside=beside)["E"] == "uncaught"
    assert found(*parts, event, beside=beside) == {}


def test_an_adhoc_subprocess_has_activities_and_no_start() -> None:
    def adhoc(*parts: str, **own: str) -> dict[str, str]:
        return found(*task("adHocSubProcess", "".join(parts), **own))

    alone = node("scriptTask", "B", "<script>{ x: 1 }</script>")
    assert adhoc(alone) == {}
    assert adhoc(user("B", "C"))["X"] == "unsupported"  # nobody could pick one of them
    assert adhoc(alone, ordering="Random")["X"] == "unsupported"
    assert adhoc()["X"] == "unsupported"
    assert adhoc(alone, node("startEvent", "S2"), flows("S2 > B"))["S2"] == "unsupported"
    assert adhoc(alone, node("parallelGateway", "G"))["G"] == "unsupported"

"""Where a token can go over the borders of subprocesses, calls and errors."""

from engine.deployment.trees import parse, scopes
from engine.deployment.ways import Ways
from engine.operations.registry import OPERATIONS
from tests.deployment.bundles import OPEN
from tests.runtime.models import START, ends, flows, node, user

ERRORS = '<error id="Bad" errorCode="BAD"/><error id="Worse" errorCode="WORSE"/>'


def thrown(key: str, error: str) -> str:
    return node("endEvent", key, f'<errorEventDefinition errorRef="{error}"/>')


def caught(key: str, error: str, host: str) -> str:
    return node("boundaryEvent", key, f'<errorEventDefinition errorRef="{error}"/>',
                attachedToRef=host)  # fmt: skip


CALLED = "".join(
    [node("startEvent", "S2"), node("exclusiveGateway", "G", default="G_E2"), user("Ask"),
     ends("E2"), thrown("No", "Bad"), flows("S2 > Ask > G > E2", "G > No if n = 1")]
)  # fmt: skip
CALLING = "".join(
    [START, node("callActivity", "C", calledElement="inner"), caught("B", "Bad", "C"),
     caught("W", "Worse", "C"), user("After", "Late"), ends("E", "E3", "E4"),
     node("boundaryEvent", "T", "<timerEventDefinition><timeDuration>P1D</timeDuration>"
          "</timerEventDefinition>", attachedToRef="C"),
     flows("S > C > After > E", "B > E3", "W > E4", "T > Late > E")]
)  # fmt: skip


def ways() -> Ways:
    text = (
        f'{OPEN}{ERRORS}<process id="test">{CALLING}</process>'
        f'<process id="inner">{CALLED}</process></definitions>'
    )
    return Ways(list(scopes("procedure.bpmn", parse(text.encode()))), "test", OPERATIONS)


def test_what_follows_a_call_follows_from_the_end_of_what_it_calls() -> None:
    found = ways()
    assert found.after["C"] >= {"S2", "T"}
    assert "After" not in found.after["C"]
    assert {"Ask", "E2", "After", "E"} <= found.reached(["S"])
    assert "After" not in found.reached(["S"], {"Ask"})


def test_an_error_is_followed_only_by_the_event_that_catches_its_code() -> None:
    found = ways()
    assert {"B", "E3"} <= found.reached(["Ask"])
    assert not {"W", "E4"} & found.reached(["S"])
    assert "B" not in found.reached(["S"], {"No"})


def test_a_timer_can_cut_off_every_step_inside() -> None:
    assert {"T", "Late"} <= ways().reached(["Ask"])
    assert not {"T", "Late"} & ways().reached(["After"])


def test_what_an_activity_holds_is_found_however_deep() -> None:
    assert ways().within("C") == {"S2", "G", "Ask", "E2", "No"}
    assert ways().within("After") == set()


def test_what_comes_before_anything_waits_is_certain() -> None:
    assert ways().starts == {"S"}
    assert ways().certain({"C"})
    assert ways().certain({"Ask"})
    assert not ways().certain({"After"})
    assert not ways().certain({"E2"})

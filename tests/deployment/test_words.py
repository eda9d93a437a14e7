"""Words of ours that say where a case may go on and how a late cycle catches up."""

import pytest

from engine.commands.procedures import examine
from tests.deployment.bundles import bundle
from tests.runtime.models import START, cycle, duration, ends, flows, node, user

CALL = (
    '<extensionElements><mq:input name="url">"https://a.example"</mq:input>'
    '<mq:input name="method">"GET"</mq:input></extensionElements>'
)


def told(*parts: str, **how: str) -> list[tuple[str, str]]:
    """The elements at fault and what is said of each."""
    errors = [f for f in examine(bundle(*parts, **how)) if f.severity == "error"]
    return [(finding.element, finding.message) for finding in errors]


def skipping(to: str) -> tuple[str, ...]:
    inner = node("startEvent", "S2") + user("P") + ends("E2") + flows("S2 > P > E2")
    call = node("serviceTask", "C", CALL, mq__operation="http.request", mq__skip=to)
    bound = node("boundaryEvent", "T", duration("PT1H"), attachedToRef="A")
    gates = node("parallelGateway", "F") + node("parallelGateway", "J")
    race = node("eventBasedGateway", "G") + node("receiveTask", "M", messageRef="m")
    race += node("intermediateCatchEvent", "W", duration("PT1H"))
    return (
        START, call, user("A", "K", "L"), bound, gates, race, node("subProcess", "U", inner),
        ends("E"),
        flows("S > C > A > F > K > J > U > G > M > E", "F > L > J", "G > W > E", "T > E"),
    )  # fmt: skip


@pytest.mark.parametrize("to", ["A", "F", "U", "G", "E", "C", "A E"])
def test_where_a_token_can_be_put_may_be_skipped_to(to: str) -> None:
    assert told(*skipping(to), beside='<message id="m" name="papers"/>') == []


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("Z", "which is no element of its level"),
        ("P", "which is no element of its level"),
        ("S", "a startEvent"),
        ("T", "a boundaryEvent"),
        ("J", "which joins parallel branches"),
        ("M", "which waits beside other events"),
        ("A Z", "which is no element of its level"),
    ],
)
def test_where_none_can_is_refused(to: str, why: str) -> None:
    found = told(*skipping(to), beside='<message id="m" name="papers"/>')
    assert found == [("C", f"mq:skip names {to.split()[-1]}, {why}")]


def late(word: str, timer: str) -> tuple[str, ...]:
    event = node(
        "boundaryEvent", "T", timer, attachedToRef="A", cancelActivity="false", mq__late=word
    )
    return START, user("A", "R"), event, ends("E", "F"), flows("S > A > E", "T > R > F")


@pytest.mark.parametrize("word", ["each", "once"])
def test_a_cycle_says_how_it_catches_up(word: str) -> None:
    assert told(*late(word, cycle("R/P1D"))) == []


def test_by_one_of_two_words_and_of_a_cycle_only() -> None:
    assert told(*late("twice", cycle("R/P1D"))) == [("T", "mq:late cannot be twice")]
    other = "mq:late is said of a timer that is no cycle"
    assert told(*late("once", duration("P1D"))) == [("T", other)]


def test_elsewhere_they_are_words_that_nobody_reads() -> None:
    task = node("userTask", "A", mq__skip="E", mq__late="once")
    found = told(START, task, ends("E"), flows("S > A > E"))
    assert found == [
        ("A", "a userTask does not read mq:late"), ("A", "a userTask does not read mq:skip"),
    ]  # fmt: skip

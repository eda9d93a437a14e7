"""A rehearsal: what runs, what waits, what is refused; every file has an answer."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rehearsal.answers import Answers, Unanswerable, read
from engine.rehearsal.rehearse import Rehearsal, run
from tests.runtime.models import START, cycle, duration, ends, flows, node, process, user

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def file(*parts: str, beside: str = "") -> bytes:
    text = f'<definitions xmlns="{BPMN}" targetNamespace="t">{beside}'
    return (text + "".join(parts) + "</definitions>").encode()


def played(xml: bytes, answers: str = "", **data: Any) -> Rehearsal:
    return run(xml, None, data, read(answers.encode()))


def codes(done: Rehearsal) -> list[str]:
    return [finding.code for finding in done.findings]


def script(key: str, text: str) -> str:
    return node("scriptTask", key, f"<script>{text}</script>")


def test_people_complete_at_once_with_the_values_of_the_answers() -> None:
    model = process(START, user("A", "B"), ends("E"), flows("S > A > B > E"))
    done = played(file(model), "A: {n: 1}\nB: [{n: 2}, {n: 3}]")
    assert (done.result, done.trace) == ("completed", ("S", "A", "B", "E"))
    assert done.data == {"n": Decimal(2)}


def test_a_task_that_nobody_completes_is_waited_for() -> None:
    done = played(file(process(START, user("A"), flows("S > A"))), "leave: [A]")
    assert (done.result, done.trace) == ("waiting", ("S",))
    assert [wait.element for wait in done.waiting] == ["A"]


def test_timers_fire_in_the_order_in_which_they_are_due() -> None:
    model = process(
        START, node("parallelGateway", "G"), ends("X", "Y"),
        node("intermediateCatchEvent", "Late", duration("PT2H")),
        node("intermediateCatchEvent", "Early", duration("PT1H")),
        flows("S > G > Late > X", "G > Early > Y"),
    )  # fmt: skip
    assert played(file(model)).trace == ("S", "G", "Early", "Y", "Late", "X")


def test_an_endless_cycle_comes_to_an_end() -> None:
    boundary = node(
        "boundaryEvent", "T", cycle("R/PT1H"), attachedToRef="A", cancelActivity="false"
    )
    model = process(START, user("A"), boundary, ends("E", "F"), flows("S > A > E", "T > F"))
    done = played(file(model), "leave: [A]")
    assert done.result == "waiting"
    assert done.trace.count("T") == 100
    assert "limit" in codes(done)


def test_a_loop_without_a_wait_is_a_fault() -> None:
    model = process(
        START, node("exclusiveGateway", "G", default="G_A"), script("A", "{ x: 1 }"), ends("E"),
        flows("S > G > A > G", "G > E if x = 2"),
    )  # fmt: skip
    done = played(file(model))
    assert (done.result, done.trace[:4]) == ("fault", ("S", "G", "A", "G"))


def test_a_process_that_cannot_end_is_refused() -> None:
    done = played(file(process(START, node("exclusiveGateway", "G"), flows("S > G > G"))))
    assert (done.result, "flow" in codes(done)) == ("refused", True)


def test_a_script_that_is_no_feel_does_nothing_and_is_told() -> None:
    done = played(file(process(START, script("A", "SCRIPT_task1"), flows("S > A"))))
    assert done.trace == ("S", "A")
    assert codes(done) == ["script"]


def test_the_answers_speak_for_a_script_in_another_language() -> None:
    task = node("scriptTask", "A", "<script>x++</script>", scriptFormat="javascript")
    model = file(process(START, task, flows("S > A")))
    assert (played(model).result, codes(played(model))) == ("refused", ["script"])
    assert played(model, "A: {x: 1}").data == {"x": Decimal(1)}


def test_conditions_of_other_engines_are_read_and_told() -> None:
    model = process(
        START, node("exclusiveGateway", "G", default="G_B"), user("A", "B"),
        flows("S > G", 'G > A if ${t.contains("a") &amp;&amp; n == 1}', "G > B"),
    )  # fmt: skip
    assert played(file(model), t="xay", n=Decimal(1)).trace == ("S", "G", "A")
    assert played(file(model), t="xay", n=Decimal(2)).trace == ("S", "G", "B")


def test_operations_answer_or_fail_as_they_are_told() -> None:
    error = '<error id="e" errorCode="NO"/>'
    caught = '<errorEventDefinition errorRef="e"/>'
    model = file(
        process(
            START, node("serviceTask", "A"), ends("E", "F"), flows("S > A > E", "B > F"),
            node("boundaryEvent", "B", caught, attachedToRef="A"),
        ),
        beside=error,
    )  # fmt: skip
    assert played(model).trace == ("S", "A", "E")
    assert "unanswered" in codes(played(model))
    assert played(model, "services: {A: {error: NO}}").trace == ("S", "B", "F")


def test_a_message_is_given_to_whoever_waits_for_it() -> None:
    model = file(
        process(START, node("receiveTask", "R", messageRef="m"), flows("S > R")),
        beside='<message id="m" name="paid"/>',
    )
    assert played(model).result == "waiting"
    done = played(model, "messages: [{name: paid, payload: {sum: 20}}]")
    assert (done.result, done.data) == ("completed", {"sum": Decimal(20)})


def test_pools_send_to_each_other_and_are_begun_by_messages() -> None:
    asked = '<messageEventDefinition messageRef="ask"/>'
    told = '<messageEventDefinition messageRef="tell"/>'
    one = process(
        START, node("sendTask", "Ask", messageRef="ask"),
        node("receiveTask", "Hear", messageRef="tell"), flows("S > Ask > Hear"),
    )  # fmt: skip
    other = process(
        node("startEvent", "S2", asked), node("endEvent", "Tell", told), flows("S2 > Tell"),
        key="Q",
    )  # fmt: skip
    roots = '<message id="ask" name="ask"/><message id="tell" name="tell"/>'
    done = played(file(one, other, beside=roots))
    assert (done.result, done.trace) == ("completed", ("S", "Ask", "S2", "Tell", "Hear"))


def test_an_event_definition_may_stand_at_the_root() -> None:
    root = '<timerEventDefinition id="t"><timeDuration>PT1H</timeDuration></timerEventDefinition>'
    catch = node("intermediateCatchEvent", "C", "<eventDefinitionRef>t</eventDefinitionRef>")
    done = played(file(process(START, catch, flows("S > C")), beside=root))
    assert (done.result, done.trace) == ("completed", ("S", "C"))


@pytest.mark.parametrize("xml", [b"", b"no xml", b"<a/>", file(), b"<!DOCTYPE a><a/>"])
def test_what_is_no_model_is_refused(xml: bytes) -> None:
    assert played(xml).result == "refused"


def test_an_unknown_process_is_refused() -> None:
    assert run(file(process(START)), "Q", {}, Answers()).result == "refused"


def test_answers_that_are_none_are_refused() -> None:
    with pytest.raises(Unanswerable):
        read(b"- 1")


KINDS = ("userTask", "exclusiveGateway", "parallelGateway", "subProcess", "endEvent", "startEvent",
         "boundaryEvent", "intermediateCatchEvent", "callActivity", "textAnnotation")  # fmt: skip
NODES = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from("ABCD'\"")), max_size=6)


@given(NODES, st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("ABCD")), max_size=6))
@settings(max_examples=100, deadline=None)
def test_every_file_has_an_answer(
    nodes: list[tuple[str, str]], arrows: list[tuple[str, str]]
) -> None:
    from xml.sax.saxutils import quoteattr

    inside = "".join(f"<{kind} id={quoteattr(key)}/>" for kind, key in nodes)
    inside += "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(arrows)
    )
    done = played(file(process(START, inside)))
    assert done.result in ("completed", "waiting", "refused", "fault")
    assert done.result == "completed" or done.findings or done.waiting


def test_a_condition_without_its_braces_is_read_too() -> None:
    model = process(
        START, node("exclusiveGateway", "G", default="G_B"), user("A", "B"),
        flows("S > G", 'G > A if t.contains("a")', "G > B"),
    )  # fmt: skip
    assert played(file(model), t="xay").trace == ("S", "G", "A")


def test_a_pool_that_needs_nobody_to_begin_runs_beside() -> None:
    one = process(START, node("sendTask", "Ask", messageRef="ask"), flows("S > Ask"))
    hears = node("receiveTask", "Hear", messageRef="ask")
    other = process(node("startEvent", "S2"), hears, flows("S2 > Hear"), key="Q")
    done = played(file(one, other, beside='<message id="ask" name="ask"/>'))
    assert (done.result, done.trace) == ("completed", ("S2", "S", "Ask", "Hear"))


MESSAGES = '<message id="a" name="a"/><message id="b" name="b"/>'
BOTH = "".join(f'<messageEventDefinition messageRef="{key}"/>' for key in "ab")


@pytest.mark.parametrize("name", ["a", "b"])
def test_an_event_that_catches_several_takes_the_first_that_comes(name: str) -> None:
    catch = node("intermediateCatchEvent", "C", BOTH)
    model = file(process(START, catch, ends("E"), flows("S > C > E")), beside=MESSAGES)
    done = played(model, f"messages: [{name}]")
    assert (done.result, done.trace) == ("completed", ("S", "C", "E"))


def test_an_event_that_throws_several_throws_each() -> None:
    throw = node("intermediateThrowEvent", "T", BOTH)
    hears = "".join(node("receiveTask", f"R{key}", messageRef=key) for key in "ab")
    model = process(
        START, node("parallelGateway", "G"), throw, hears, flows("S > G > T", "G > Ra", "G > Rb")
    )
    done = played(file(model, beside=MESSAGES))
    assert done.result == "completed"
    assert sorted(done.trace) == ["G", "Ra", "Rb", "S", "T"]


@pytest.mark.parametrize("name", ["a", "b"])
def test_a_boundary_event_with_several_is_taken_by_each(name: str) -> None:
    event = node("boundaryEvent", "B", BOTH, attachedToRef="A")
    model = process(START, user("A"), event, ends("E", "F"), flows("S > A > E", "B > F"))
    done = played(file(model, beside=MESSAGES), f"messages: [{name}]")
    assert done.trace == ("S", "B", "F")


def test_flows_with_and_without_conditions_may_leave_one_node() -> None:
    model = process(
        START, node("userTask", "A", default="A_D"), user("B", "C", "D"),
        flows("S > A > D", "A > B if x = 1", "A > C"),
    )  # fmt: skip
    assert sorted(played(file(model), x=Decimal(1)).trace) == ["A", "B", "C", "S"]
    assert sorted(played(file(model), x=Decimal(2)).trace) == ["A", "C", "D", "S"]
    bare = process(START, user("A", "B", "C"), flows("S > A", "A > B if x = 1", "A > C"))
    assert played(file(bare), x=Decimal(2)).trace == ("S", "A", "C")


def test_a_global_task_is_called() -> None:
    task = node("globalScriptTask", "T", "<script>{ x: 1 }</script>")
    model = process(START, node("callActivity", "C", calledElement="T"), flows("S > C"))
    done = played(file(task, model))
    assert (done.trace, done.data) == (("S", "T", "C"), {"x": Decimal(1)})


def test_what_repeats_is_in_the_trace_once_for_each_run() -> None:
    many = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    task = node("userTask", "A", f"{many}</multiInstanceLoopCharacteristics>")
    loop = '<standardLoopCharacteristics loopMaximum="2"><loopCondition>true</loopCondition>'
    again = node("userTask", "B", f"{loop}</standardLoopCharacteristics>")
    done = played(file(process(START, task, again, flows("S > A > B"))))
    assert done.trace == ("S", "A", "A", "B", "B")


def test_a_scope_without_a_start_event_begins_where_nothing_leads_to() -> None:
    sub = node("subProcess", "Sub", user("B", "C"))
    done = played(file(process(user("A"), sub, flows("A > Sub"))))
    assert done.trace == ("A", "B", "C", "Sub")


def test_a_receive_task_may_begin_a_process() -> None:
    one = process(START, node("sendTask", "Ask", messageRef="ask"), flows("S > Ask"))
    begins = node("receiveTask", "R", messageRef="ask", instantiate="true")
    other = process(begins, user("A"), flows("R > A"), key="Q")
    done = played(file(one, other, beside='<message id="ask" name="ask"/>'))
    assert (done.result, done.trace) == ("completed", ("S", "Ask", "R", "A"))


def test_a_parallel_gateway_that_begins_a_process_is_refused() -> None:
    gateway = node("eventBasedGateway", "G", instantiate="true", eventGatewayType="Parallel")
    hears = "".join(node("receiveTask", f"R{key}", messageRef=key) for key in "ab")
    model = process(gateway, hears, flows("G > Ra", "G > Rb"))
    assert played(file(model, beside=MESSAGES)).result == "refused"

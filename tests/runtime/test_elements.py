"""Each element does what BPMN says, with the case loaded and saved between any two steps."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from engine.runtime.errors import LoopWithoutWait, ModelError, TaskNotOpen
from tests.runtime.models import (
    START,
    Play,
    World,
    cycle,
    duration,
    ends,
    failing,
    flows,
    model,
    node,
    process,
    user,
)


def test_a_path_of_tasks_ends_the_case() -> None:
    play = Play(model(START, user("A", "B"), ends("E"), flows("S > A > B > E")), x=Decimal(1))
    assert play.open == ["A"]
    play.complete("A", y=Decimal(2))
    assert play.step.flows == ("A", "A_B")
    play.complete("B")
    assert play.ended == "completed"
    assert play.data == {"x": 1, "y": 2}
    assert play.step.flows == ("B", "B_E", "E")


def test_a_manual_task_waits_for_a_person() -> None:
    play = Play(model(START, node("manualTask", "M"), ends("E"), flows("S > M > E")))
    assert play.open == ["M"]
    assert play.complete("M").ended == "completed"


def test_a_task_is_not_completed_twice() -> None:
    play = Play(model(START, user("A", "B"), ends("E"), flows("S > A > B > E")))
    token, state = play.token("A"), play.complete("A").step.state
    with pytest.raises(TaskNotOpen):
        play.execution.complete(play.model, state, token, {}, play.world)


EXCLUSIVE = (START, node("exclusiveGateway", "G", default="G_C"), user("A", "B", "C"), ends("E"))
EXCLUSIVE_FLOWS = flows("S > G", "G > A if n > 10", "G > B if n > 5", "G > C")
EXCLUSIVE_FLOWS += flows("A > E", "B > E", "C > E")


@pytest.mark.parametrize(("n", "taken"), [(20, "A"), (7, "B"), (1, "C")])
def test_an_exclusive_gateway_takes_the_first_true_flow(n: int, taken: str) -> None:
    play = Play(model(*EXCLUSIVE, EXCLUSIVE_FLOWS), n=Decimal(n))
    assert play.open == [taken]
    assert play.step.flows == ("S", "S_G", "G", f"G_{taken}")


def test_a_condition_that_is_neither_true_nor_false_refuses_the_step() -> None:
    with pytest.raises(ModelError, match="G: the condition n > 10 is neither true nor false"):
        Play(model(*EXCLUSIVE, EXCLUSIVE_FLOWS), n="ten")


def test_no_flow_that_is_true_and_no_default_refuses_the_step() -> None:
    parts = START, node("exclusiveGateway", "G"), user("A"), ends("E")
    with pytest.raises(ModelError, match="G"):
        Play(model(*parts, flows("S > G", "G > A if n > 1", "A > E")), n=Decimal(0))


def test_a_script_assigns_variables_in_order() -> None:
    script = '<script>{ total: quantity * 2, label: string(total) + " DH" }</script>'
    play = Play(
        model(START, node("scriptTask", "T", script), ends("E"), flows("S > T > E")),
        quantity=Decimal(3),
    )
    assert play.data == {"quantity": 3, "total": 6, "label": "6 DH"}


def test_a_parallel_gateway_joins_what_each_branch_changed() -> None:
    parts = START, *(node("parallelGateway", g) for g in "FJ"), user("A", "B", "C"), ends("E")
    play = Play(model(*parts, flows("S > F > A > J > C > E", "F > B > J")), n="initial", m="m")
    assert play.open == ["A", "B"]
    play.complete("A", n="changed")
    assert play.open == ["B"]
    play.complete("B", m="other")
    assert play.open == ["C"]
    assert play.data == {"n": "changed", "m": "other"}
    assert play.step.conflicts == ()


def test_branches_that_disagree_are_named() -> None:
    parts = START, *(node("parallelGateway", g) for g in "FJ"), user("A", "B"), ends("E")
    play = Play(model(*parts, flows("S > F > A > J > E", "F > B > J")), n="0")
    play.complete("B", n="b").complete("A", n="a")
    assert play.step.conflicts == ("J: n",)


def test_a_parallel_block_in_a_loop_joins_each_turn() -> None:
    """The raw library fires the join of turn 2 after one branch (reference: join order)."""
    gates = (
        *(node("parallelGateway", g) for g in "FJ"),
        node("exclusiveGateway", "X", default="X_E"),
    )
    arrows = flows("S > M > F > A > J > X", "F > B > J", "X > M if again", "X > E")
    play = Play(
        model(START, node("exclusiveGateway", "M"), *gates, user("A", "B"), ends("E"), arrows)
    )
    for turn in range(6):
        order = ("A", "B") if turn % 2 else ("B", "A")
        play.complete(order[0], again=True)
        assert play.open == [order[1]]
        play.complete(order[1], again=turn < 5)
    assert play.ended == "completed"


@pytest.mark.parametrize(
    ("a", "b", "taken"), [(True, True, ["A", "B"]), (True, False, ["A"]), (False, False, ["C"])]
)
def test_an_inclusive_gateway_waits_for_the_branches_that_began(
    a: bool, b: bool, taken: list[str]
) -> None:
    parts = (
        START, node("inclusiveGateway", "F", default="F_C"), node("inclusiveGateway", "J"),
        user("A", "B", "C", "D"), ends("E"),
    )  # fmt: skip
    arrows = flows("S > F", "F > A if a", "F > B if b", "F > C", "A > J", "B > J", "C > J > D > E")
    play = Play(model(*parts, arrows), a=a, b=b)
    assert play.open == taken
    for task in taken:
        assert play.open != ["D"]
        play.complete(task)
    assert play.open == ["D"]
    assert play.complete("D").ended == "completed"


def test_several_end_events_end_the_case_together() -> None:
    parts = START, node("parallelGateway", "F"), user("A", "B"), ends("E1", "E2")
    play = Play(model(*parts, flows("S > F > A > E1", "F > B > E2")))
    assert play.complete("A").ended is None
    assert play.complete("B").ended == "completed"


def test_a_terminate_event_ends_every_branch() -> None:
    parts = (
        START, node("parallelGateway", "F"), user("A", "B"), ends("E1"),
        node("endEvent", "E2", "<terminateEventDefinition/>"),
    )  # fmt: skip
    play = Play(model(*parts, flows("S > F > A > E1", "F > B > E2")))
    play.complete("B", why="enough")
    assert play.ended == "completed"
    assert play.data == {"why": "enough"}
    assert [wait.element for wait in play.step.closed] == ["A", "B"]


def test_an_intermediate_timer_is_due_by_the_calendar() -> None:
    timer = node("intermediateCatchEvent", "T", duration("P1M"))
    world = World()
    world.now = datetime(2026, 1, 31, 9, tzinfo=UTC)
    play = Play(model(START, timer, ends("E"), flows("S > T > E")), world)
    # 10:00 in Casablanca both days: UTC+1 in January, UTC in Ramadan.
    assert play.waits[0].due == datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert play.fire("T").ended == "completed"


def test_a_timer_may_be_an_expression() -> None:
    timer = node(
        "intermediateCatchEvent", "T", duration("duration(&quot;PT&quot; + h + &quot;H&quot;)")
    )
    play = Play(model(START, timer, ends("E"), flows("S > T > E")), h="48")
    assert play.waits[0].due == World().now + timedelta(hours=48)


def boundary(key: str, inside: str, interrupts: bool = True, to: str = "A") -> str:
    cancel = "true" if interrupts else "false"
    return node("boundaryEvent", key, inside, attachedToRef=to, cancelActivity=cancel)


def test_a_boundary_timer_interrupts_its_task() -> None:
    parts = START, user("A", "B"), boundary("T", duration("P2D")), ends("E", "E2")
    play = Play(model(*parts, flows("S > A > E", "T > B > E2")))
    assert play.open == ["A", "T"]
    play.fire("T")
    assert play.open == ["B"]
    assert play.complete("B").ended == "completed"


def test_a_completed_task_disarms_its_boundary_timer() -> None:
    parts = START, user("A", "B"), boundary("T", duration("P2D")), ends("E", "E2")
    play = Play(model(*parts, flows("S > A > E", "T > B > E2")))
    assert play.complete("A").ended == "completed"


def test_a_cycle_that_does_not_interrupt_fires_as_often_as_it_says() -> None:
    parts = START, user("A", "H"), boundary("T", cycle("R3/P1D"), False), ends("E", "E2")
    play = Play(model(*parts, flows("S > A > E", "T > H > E2")))
    due = []
    while "T" in play.open:
        due += [wait.due for wait in play.waits if wait.element == "T"]
        play.world.later(days=5)
        play.fire("T")
    assert [moment - due[0] for moment in due] == [timedelta(days=d) for d in (0, 1, 2)]
    assert play.open == ["A", "H", "H", "H"]


MESSAGE = '<message id="m" name="papers"/>'
CATCHES = '<messageEventDefinition messageRef="m"/>'


def test_a_message_is_waited_for_by_name_and_key() -> None:
    catch = node("intermediateCatchEvent", "M", CATCHES, mq__key="number")
    play = Play(model(START, catch, ends("E"), flows("S > M > E"), beside=MESSAGE), number="K7")
    assert (play.waits[0].name, play.waits[0].key) == ("papers", "K7")
    assert play.receive("M", ok=True).data == {"number": "K7", "ok": True}


def test_a_receive_task_waits_for_the_case_s_own_reference() -> None:
    receive = node("receiveTask", "M", messageRef="m")
    play = Play(model(START, receive, ends("E"), flows("S > M > E"), beside=MESSAGE))
    assert (play.waits[0].name, play.waits[0].key) == ("papers", "T-1")
    assert play.receive("M").ended == "completed"


def test_a_boundary_message_that_does_not_interrupt_comes_again() -> None:
    """In the raw library it comes once, and the second sender is told that nobody waits."""
    parts = START, user("A", "H"), boundary("M", CATCHES, False), ends("E", "E2")
    play = Play(model(*parts, flows("S > A > E", "M > H > E2"), beside=MESSAGE))
    play.receive("M").receive("M")
    assert play.open == ["A", "H", "H", "M"]


def test_an_event_gateway_takes_the_first_event() -> None:
    parts = (
        START, node("eventBasedGateway", "G"), ends("E"), user("A", "B"),
        node("intermediateCatchEvent", "M", CATCHES),
        node("intermediateCatchEvent", "T1", duration("P1D")),
        node("intermediateCatchEvent", "T2", duration("P3D")),
    )  # fmt: skip
    arrows = flows("S > G > M > A > E", "G > T1 > B > E", "G > T2 > B")
    play = Play(model(*parts, arrows, beside=MESSAGE))
    dues = {wait.element: wait.due for wait in play.waits}
    assert dues["T2"] - dues["T1"] == timedelta(days=2)
    play.receive("M")
    assert play.open == ["A"]


def test_a_thrown_message_asks_for_the_operation() -> None:
    sent = []
    world = World(message_send=lambda **given: sent.append(given))
    throw = node(
        "intermediateThrowEvent", "M",
        CATCHES + '<extensionElements><mq:input name="n">1 + 1</mq:input></extensionElements>',
        mq__key="to",
    )  # fmt: skip
    play = Play(model(START, throw, ends("E"), flows("S > M > E"), beside=MESSAGE), world, to="K")
    assert play.ended == "completed"
    assert sent == [{"message": "papers", "key": "K", "payload": {"n": 2}}]


SERVICE = node(
    "serviceTask", "O",
    '<extensionElements><mq:input name="n">n + 1</mq:input></extensionElements>',
    mq__operation="op.do", mq__result="r",
)  # fmt: skip


def test_an_inside_operation_is_done_at_once() -> None:
    play = Play(
        model(START, SERVICE, ends("E"), flows("S > O > E")), World(op_do=lambda n: n * 2),
        n=Decimal(1),
    )  # fmt: skip
    assert play.data == {"n": 1, "r": 4}
    assert play.step.replies[0].result == 4


def test_an_outside_operation_is_waited_for() -> None:
    play = Play(model(START, SERVICE, ends("E"), flows("S > O > E")), n=Decimal(1))
    [wait] = play.waits
    assert (wait.kind, wait.name, wait.inputs) == ("operation", "op.do", {"n": 2})
    assert play.answer("O", "fine").data == {"n": 1, "r": "fine"}
    assert play.ended == "completed"


ERROR = '<error id="e" errorCode="full"/><error id="o" errorCode="other"/>'


def on_error(key: str, reference: str = "e", to: str = "O") -> str:
    return boundary(key, f'<errorEventDefinition errorRef="{reference}"/>', to=to)


FAILING = START, SERVICE, user("A", "B"), ends("E", "E2")
FAILING_FLOWS = flows("S > O > B > E", "X > A > E2")


def test_an_operation_s_business_error_reaches_its_boundary_event() -> None:
    played = model(*FAILING, on_error("X"), FAILING_FLOWS, beside=ERROR)
    inside = Play(played, World(op_do=failing("full")), n=Decimal(1))
    assert inside.open == ["A"]
    outside = Play(played, n=Decimal(1)).fail("O", "full")
    assert outside.open == ["A"]
    assert outside.complete("A").ended == "completed"


def test_an_error_that_nobody_catches_refuses_the_step() -> None:
    played = model(*FAILING, on_error("X", "o"), FAILING_FLOWS, beside=ERROR)
    with pytest.raises(ModelError, match="O: no boundary event catches the error full"):
        Play(played, World(op_do=failing("full")), n=Decimal(1))


def inner(*parts: str, key: str = "Sub") -> str:
    return node("subProcess", key, "".join(parts))


INNER = inner(node("startEvent", "S2"), user("A"), ends("E2"), flows("S2 > A > E2"))


def test_a_subprocess_shares_the_variables_of_its_case() -> None:
    play = Play(model(START, INNER, user("B"), ends("E"), flows("S > Sub > B > E")), x="1")
    assert play.open == ["A"]
    play.complete("A", y="2")
    assert play.open == ["B"]
    assert play.data == {"x": "1", "y": "2"}
    assert play.complete("B").ended == "completed"


def test_a_boundary_timer_interrupts_all_inside_a_subprocess() -> None:
    parts = START, INNER, boundary("T", duration("P1D"), to="Sub"), user("B"), ends("E", "E3")
    play = Play(model(*parts, flows("S > Sub > E", "T > B > E3")))
    assert play.open == ["A", "T"]
    play.fire("T")
    assert play.open == ["B"]
    assert play.complete("B").ended == "completed"


def test_an_error_end_leaves_its_subprocess_by_the_boundary() -> None:
    thrown = node("endEvent", "E2", '<errorEventDefinition errorRef="e"/>')
    sub = inner(
        node("startEvent", "S2"), node("parallelGateway", "F"), user("A", "C"), thrown, ends("E4"),
        flows("S2 > F > A > E2", "F > C > E4"),
    )  # fmt: skip
    parts = START, sub, on_error("X", to="Sub"), user("B"), ends("E", "E3")
    play = Play(model(*parts, flows("S > Sub > E", "X > B > E3"), beside=ERROR))
    assert play.open == ["A", "C"]
    play.complete("A", motive="blank")
    assert play.open == ["B"]
    assert play.data == {"motive": "blank"}


def test_an_interrupted_subprocess_leaves_what_its_steps_have_set() -> None:
    deep = inner(
        node("startEvent", "S3"), user("A2"), ends("E5"), flows("S3 > A2 > E5"), key="Deep"
    )
    sub = inner(
        node("startEvent", "S2"), node("parallelGateway", "F"), user("A", "C"), deep, ends("E4"),
        flows("S2 > F > A > Deep > E4", "F > C > E4"),
    )  # fmt: skip
    parts = START, sub, boundary("T", duration("P1D"), to="Sub"), user("B"), ends("E", "E3")
    play = Play(model(*parts, flows("S > Sub > E", "T > B > E3")), x="1")
    play.complete("A", y="2").complete("C", z="3").fire("T")
    assert play.open == ["B"]
    assert play.data == {"x": "1", "y": "2", "z": "3"}


def test_a_called_process_runs_in_its_place() -> None:
    called = process(node("startEvent", "S2"), user("A"), ends("E2"), flows("S2 > A > E2"), key="Q")
    call = node("callActivity", "C", calledElement="Q")
    play = Play(model(START, call, ends("E"), flows("S > C > E"), beside=called), x="1")
    assert play.open == ["A"]
    assert play.complete("A", y="2").data == {"x": "1", "y": "2"}
    assert play.ended == "completed"


def many(how: str, sequential: bool = False) -> str:
    value = "true" if sequential else "false"
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="{value}">{how}'
        "</multiInstanceLoopCharacteristics>"
    )
    return node("userTask", "A", loop)


EACH = (
    "<loopDataInputRef>names</loopDataInputRef><loopDataOutputRef>answers</loopDataOutputRef>"
    '<inputDataItem name="person"/><outputDataItem name="said"/>'
)


def test_parallel_instances_collect_in_the_order_of_their_items() -> None:
    play = Play(
        model(START, many(EACH), user("B"), ends("E"), flows("S > A > B > E")),
        names=["x", "y", "z"],
    )
    assert play.open == ["A", "A", "A"]
    play.complete("A", 2, said="3").complete("A", 0, said="1").complete("A", 0, said="2")
    assert play.open == ["B"]
    assert play.data == {"names": ["x", "y", "z"], "answers": ["1", "2", "3"]}


def test_sequential_instances_come_one_by_one() -> None:
    play = Play(model(START, many(EACH, True), ends("E"), flows("S > A > E")), names=["x", "y"])
    assert play.open == ["A"]
    assert play.complete("A", said="1").open == ["A"]
    play.complete("A", said="2")
    assert (play.ended, play.data["answers"]) == ("completed", ["1", "2"])


def test_a_number_of_instances_and_a_condition_to_stop() -> None:
    how = (
        "<loopCardinality>n</loopCardinality>"
        "<completionCondition>numberOfCompletedInstances >= 2</completionCondition>"
    )
    play = Play(model(START, many(how), ends("E"), flows("S > A > E")), n=Decimal(3))
    assert play.open == ["A", "A", "A"]
    assert play.complete("A").complete("A").ended == "completed"


def test_no_item_means_no_instance() -> None:
    play = Play(model(START, many(EACH), ends("E"), flows("S > A > E")), names=[])
    assert (play.ended, play.data["answers"]) == ("completed", [])


def test_instances_of_a_subprocess_each_have_their_own_values() -> None:
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="false"><loopDataInputRef>names'
        '</loopDataInputRef><inputDataItem name="person"/></multiInstanceLoopCharacteristics>'
    )
    sub = inner(
        loop, node("startEvent", "S2"), user("A", "C"), ends("E2"), flows("S2 > A > C > E2")
    )
    play = Play(model(START, sub, ends("E"), flows("S > Sub > E")), names=["x", "y"])
    assert play.complete("A", 1, note="second").open == ["A", "C"]
    play.complete("A").complete("C").complete("C")
    assert (play.ended, "note" in play.data) == ("completed", False)


def test_a_loop_without_a_wait_is_refused_with_its_element() -> None:
    parts = (
        START, node("exclusiveGateway", "G", default="G_E"), ends("E"),
        node("scriptTask", "T", "<script>{ n: n + 1 }</script>"),
    )  # fmt: skip
    with pytest.raises(LoopWithoutWait) as caught:
        Play(model(*parts, flows("S > G", "G > T if n > 0", "T > G", "G > E")), n=Decimal(1))
    assert caught.value.element in ("G", "T")


def test_tokens_that_never_meet_are_refused_and_not_left_silent() -> None:
    parts = START, node("exclusiveGateway", "G", default="G_J"), node("parallelGateway", "J")
    with pytest.raises(ModelError, match="J: the case would wait for nothing"):
        Play(model(*parts, user("A"), ends("E"), flows("S > G > J > E", "G > A if false", "A > J")))

"""Events of every kind on real cases: waits are rows, histories replay, the check is clean."""

import pytest

from engine.commands import cases, checks, messages, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import rows
from tests.reliability.invariants import broken
from tests.runtime.models import START, duration, ends, flows, node, user

ROOTS = (
    '<message id="m" name="piece"/><signal id="s" name="alerte"/>'
    '<error id="e" errorCode="refus"/><escalation id="c" escalationCode="chef"/>'
)
MESSAGE = '<messageEventDefinition messageRef="m"/>'


def sound(engine: Engine) -> None:
    assert engine.survey(SYSTEM, checks.house, checks.Depth(replay=True)).violations == ()
    assert broken(engine) == []


def apart(key: str, event: str, *, interrupts: bool, done: str) -> str:
    """An event subprocess with one task."""
    begun = node("startEvent", f"{key}S", event, isInterrupting=str(interrupts).lower())
    inner = begun + user(done) + ends(f"{key}E") + flows(f"{key}S > {done} > {key}E")
    return node("subProcess", key, inner, triggeredByEvent="true")


def opened(engine: Engine, by: By, reference: str) -> dict[str, int]:
    return {task: key for key, task, _ in engine.read(by, cases.show, reference).tasks}


def finish(engine: Engine, by: By, reference: str, task: str) -> None:
    engine.run(by, tasks.complete, opened(engine, by, reference)[task], {})


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, key="autre", code="AUT")  # its roles are those of the others
    return hire("nadia", "desk")


def test_messages_begin_an_event_subprocess_as_often_as_they_come(engine: Engine, desk: By) -> None:
    beside = apart("L", MESSAGE, interrupts=False, done="N")
    deploy(engine, START, user("A"), ends("E"), flows("S > A > E"), beside, beside=ROOTS)
    reference = start(engine, desk).reference
    for _ in range(2):
        engine.run(desk, messages.send, "piece", reference, {})
        sound(engine)
    names = [name for _, name, _ in engine.read(desk, cases.show, reference).tasks]
    assert sorted(names) == ["A", "N", "N"]
    finish(engine, desk, reference, "A")
    assert len(rows(engine, t.subscription)) == 1  # it listens while something of its level runs
    for _ in range(2):
        finish(engine, desk, reference, "N")
    assert engine.read(desk, cases.show, reference).status == "completed"
    assert rows(engine, t.subscription) == []
    sound(engine)


def test_a_timer_that_interrupts_ends_what_people_do(
    engine: Engine, desk: By, clock: Clock
) -> None:
    beside = apart("L", duration("P2D"), interrupts=True, done="N")
    deploy(engine, START, user("A", "B"), ends("E"), flows("S > A > B > E"), beside, beside=ROOTS)
    reference = start(engine, desk).reference
    finish(engine, desk, reference, "A")
    clock.move(days=3)
    assert work(engine).finished == 1
    assert list(opened(engine, desk, reference)) == ["N"]
    sound(engine)
    finish(engine, desk, reference, "N")
    assert engine.read(desk, cases.show, reference).status == "completed"
    sound(engine)


def test_a_cancelled_transaction_undoes_what_was_done(engine: Engine, desk: By) -> None:
    undo = node("userTask", "U", isForCompensation="true")
    caught = node("boundaryEvent", "C", "<compensateEventDefinition/>", attachedToRef="A")
    drawn = '<association id="CU" sourceRef="C" targetRef="U"/>'
    inner = node("startEvent", "S2") + user("A") + undo + caught + drawn
    inner += node("endEvent", "X", "<cancelEventDefinition/>") + flows("S2 > A > X")
    left = node("boundaryEvent", "Y", "<cancelEventDefinition/>", attachedToRef="T")
    deploy(
        engine, START, node("transaction", "T", inner), left, user("B"), ends("E", "F"),
        flows("S > T > E", "Y > B > F"), beside=ROOTS,
    )  # fmt: skip
    reference = start(engine, desk).reference
    finish(engine, desk, reference, "A")
    assert list(opened(engine, desk, reference)) == ["U"]
    sound(engine)
    finish(engine, desk, reference, "U")
    assert list(opened(engine, desk, reference)) == ["B"]
    finish(engine, desk, reference, "B")
    sound(engine)


def test_a_condition_is_met_by_what_a_colleague_answers(engine: Engine, desk: By) -> None:
    condition = "<conditionalEventDefinition><condition>copies &gt; 5</condition>"
    waits = node("intermediateCatchEvent", "H", f"{condition}</conditionalEventDefinition>")
    deploy(
        engine, START, node("parallelGateway", "G"), user("A", "B"), waits, ends("E", "F"),
        node("scriptTask", "K", "<script>{ copies: 9 }</script>"),
        flows("S > G > A > K > E", "G > H > B > F"), beside=ROOTS,
    )  # fmt: skip
    reference = start(engine, desk).reference
    [waiting] = engine.read(desk, cases.show, reference).expected
    assert (waiting.kind, waiting.element) == ("condition", "H")
    sound(engine)
    finish(engine, desk, reference, "A")
    assert list(opened(engine, desk, reference)) == ["B"]
    sound(engine)

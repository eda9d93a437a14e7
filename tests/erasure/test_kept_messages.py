"""What is personal in a message that came early goes with its person, before it has arrived."""

from pathlib import Path

import pytest

from engine.commands import cases, checks, messages, signals, tasks
from engine.engine import Engine
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.erasure import erasing, searching
from tests.runtime.models import START, ends, flows, node, user

PAPERS = '<message id="m" name="papers"/><signal id="s" name="alerte"/>'
SECRET, SAID = "Leïla Chraïbi", "deux actes de la grand-mère"
HEARS = node("receiveTask", "M", messageRef="m", mq__form="forms/answers.json")
OTHER = node("receiveTask", "M", messageRef="m", mq__key="string(n)")
INPUTS = '<extensionElements><mq:input name="said">name</mq:input></extensionElements>'
SENDS = node("sendTask", "G", INPUTS, messageRef="m", mq__key="string(n)")
THROWS = node(
    "intermediateThrowEvent", "T", INPUTS + '<signalEventDefinition signalRef="s"/>'
)  # fmt: skip


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    del clock
    for key, code, hears in (("essai", "TST", HEARS), ("autre", "AUT", OTHER)):
        parts = (START, user("W"), hears, user("A"), ends("E"), flows("S > W > M > A > E"))
        deploy(engine, *parts, key=key, code=code, beside=PAPERS)
    sends = (START, SENDS, THROWS, user("A"), ends("E"), flows("S > G > T > A > E"))
    deploy(engine, *sends, key="envoi", code="ENV", beside=PAPERS)
    hears = node("intermediateCatchEvent", "H", '<signalEventDefinition signalRef="s"/>')
    parts = (START, hears, user("A"), ends("E"), flows("S > H > A > E"))
    deploy(engine, *parts, key="ecoute", code="ECO", beside=PAPERS)
    return hire("nadia", "desk")


def test_it_goes_with_its_person_and_what_arrives_later_is_empty(
    engine: Engine, desk: By, tmp_path: Path
) -> None:
    mine = start(engine, desk)
    engine.run(desk, messages.send, "papers", mine.reference, {"remark": SAID}, keep="P7D")
    waits = start(engine, desk, "autre", n=7)
    hears = start(engine, desk, "ecoute").reference
    sender = start(engine, desk, "envoi", n=7, name=SECRET).reference
    work(engine, kinds=("message.deliver",))
    assert searching.found(engine, tmp_path, [SECRET, SAID]).keys() == {SECRET, SAID}
    erasing.erase(engine, "nobody", mine.reference, sender)
    assert searching.found(engine, tmp_path, [SECRET, SAID]) == {}
    work(engine)
    for task in (mine.tasks[0], waits.tasks[0]):
        engine.run(desk, tasks.complete, task, {})
    assert engine.read(desk, cases.show, waits.reference).values["said"] is None
    assert engine.read(desk, cases.show, hears).values["said"] is None
    assert engine.read(desk, cases.show, mine.reference).tasks
    for case in (mine.reference, waits.reference, hears, sender):
        assert engine.read(desk, cases.replay, case).ok
    assert engine.survey(SYSTEM, checks.house, checks.Depth()).violations == ()
    assert engine.run(desk, signals.send, "alerte", {}).cases == 0

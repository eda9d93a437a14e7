"""A message and the token that will wait for it, at the same moment: it arrives, and once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from engine.commands import cases, checks, letterbox, messages, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import rows
from tests.reliability.invariants import broken
from tests.runtime.models import START, ends, flows, node, user

PAPERS = '<message id="m" name="papers"/>'
HEARS = node("receiveTask", "M", messageRef="m", mq__form="forms/answers.json")
ROUNDS, SENDERS = 25, 3


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    parts = (START, user("W"), HEARS, user("A"), ends("E"), flows("S > W > M > A > E"))
    deploy(engine, *parts, beside=PAPERS)
    return hire("nadia", "desk")


def _sound(engine: Engine) -> None:
    assert engine.survey(SYSTEM, checks.house, checks.Depth(replay=True)).violations == ()
    assert broken(engine) == []


def test_a_message_sent_while_its_case_begins_to_wait_arrives_once(
    engine: Engine, desk: By
) -> None:
    told: Counter[str] = Counter()
    for _ in range(ROUNDS):
        begun = start(engine, desk)
        ready = Barrier(SENDERS + 1)

        def send(number: int, key: str = begun.reference, ready: Barrier = ready) -> str:
            ready.wait()
            try:
                given = {"remark": str(number)}
                done = engine.run(desk, messages.send, "papers", key, given, keep="P7D")
            except EngineError as error:
                return error.code
            return "delivered" if done.case else "kept"

        def wait(task: int = begun.tasks[0], ready: Barrier = ready) -> None:
            ready.wait()
            engine.run(desk, tasks.complete, task, {})

        with ThreadPoolExecutor(SENDERS + 1) as pool:
            sent = [pool.submit(send, number) for number in range(SENDERS)]
            pool.submit(wait).result()
            told.update(future.result() for future in sent)
        history = engine.read(desk, cases.history, begun.reference)
        assert [e.kind for e in history].count("message.received") == 1
        assert engine.read(desk, cases.show, begun.reference).tasks
    kept = [row for row in rows(engine, t.message) if row.status == "kept"]
    assert told["kept"] + told["delivered"] + told["nobody_waits"] == ROUNDS * SENDERS, told
    assert told["kept"] + told["delivered"] - ROUNDS == len(kept), "each is kept, or has arrived"
    _sound(engine)


def test_one_message_and_two_who_begin_to_wait(engine: Engine, hire: Hire) -> None:
    hears = node("receiveTask", "M", messageRef="m", mq__key="string(n)")
    parts = (START, user("W"), hears, user("A"), ends("E"), flows("S > W > M > A > E"))
    deploy(engine, *parts, beside=PAPERS)
    desk = hire("nadia", "desk")
    for _ in range(ROUNDS):
        both = [start(engine, desk, n=4), start(engine, desk, n=4)]
        engine.run(desk, messages.send, "papers", "4", {}, keep="P7D")
        ready = Barrier(2)

        def wait(task: int, ready: Barrier = ready) -> None:
            ready.wait()
            engine.run(desk, tasks.complete, task, {})

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(wait, [begun.tasks[0] for begun in both]))
        open_tasks = [len(engine.read(desk, cases.show, c.reference).tasks) for c in both]
        assert sorted(open_tasks) == [0, 1]
        for begun in both:
            engine.run(desk, cases.cancel, begun.reference, "fini")
    _sound(engine)


def test_a_message_is_taken_back_or_arrives(engine: Engine, desk: By) -> None:
    told: Counter[str] = Counter()
    for _ in range(ROUNDS):
        begun = start(engine, desk)
        engine.run(desk, messages.send, "papers", begun.reference, {}, keep="P7D")
        [row] = engine.read(desk, letterbox.listing).items
        ready = Barrier(2)

        def wait(task: int = begun.tasks[0], ready: Barrier = ready) -> None:
            ready.wait()
            engine.run(desk, tasks.complete, task, {})

        def withdraw(key: int = row.id, ready: Barrier = ready) -> str:
            ready.wait()
            try:
                engine.run(desk, letterbox.withdraw, key, "doublon")
            except EngineError as error:
                return error.code
            return "withdrawn"

        with ThreadPoolExecutor(2) as pool:
            done, taken = pool.submit(wait), pool.submit(withdraw)
            done.result()
            told[taken.result()] += 1
        arrived = bool(engine.read(desk, cases.show, begun.reference).tasks)
        [status] = {r.status for r in rows(engine, t.message) if r.id == row.id}
        assert status == ("delivered" if arrived else "withdrawn")
    assert told["withdrawn"] + told["unknown_message"] == ROUNDS
    _sound(engine)

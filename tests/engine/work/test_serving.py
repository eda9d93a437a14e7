"""Waiting for work: PostgreSQL rings when work is committed, the clock and SQLite do not."""

import time
from threading import Event, Thread

import pytest

from engine.commands import tasks
from engine.engine import Engine
from engine.store.waking import Bell
from engine.transaction import By
from engine.work import worker
from engine.work.serving import How, serve
from engine.work.worker import Done
from tests.conftest import deploy
from tests.engine.test_engine import SIGNED, Hire, start
from tests.engine.work.test_worker import finish, raising


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, "attestation")
    return hire("nadia", "guichet", "legalisateur")


def sign(engine: Engine, desk: By) -> None:
    engine.run(desk, tasks.complete, start(engine, desk).tasks[0], SIGNED)


def rings(engine: Engine) -> bool:
    return engine._database.dialect.name == "postgresql"


def test_it_rings_when_due_work_is_committed(engine: Engine, desk: By) -> None:
    bell = Bell(engine.settings.database)
    bell.wait(0.01)
    begun = start(engine, desk)
    assert not bell.wait(0.2)
    engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    assert bell.wait(2 if rings(engine) else 0.1) is rings(engine)
    assert not bell.wait(0.05)
    bell.close()


def test_without_the_server_it_waits_all_the_same() -> None:
    bell, begun = Bell("postgresql://nobody@127.0.0.1:1/nothing"), time.monotonic()
    assert not bell.wait(0.2)
    assert time.monotonic() - begun >= 0.2


def test_a_worker_that_waits_does_new_work_when_it_is_told(
    engine: Engine, desk: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL long before the next look; on SQLite at the next look."""
    monkeypatch.setitem(worker._KINDS, "certificate.issue", finish)
    stop, told = Event(), []
    idle = 60.0 if rings(engine) else 0.3
    serving = Thread(target=serve, args=(engine, How(idle=idle), stop, told.append))
    serving.start()
    time.sleep(0.6)
    sign(engine, desk)
    for _ in range(100):
        time.sleep(0.05)
        if told:
            break
    stop.set()
    serving.join(10)
    assert not serving.is_alive()
    assert told == [Done(1, 0, 0)]


def test_once_does_all_that_is_due_and_tells_of_it(
    engine: Engine, desk: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(worker._KINDS, "certificate.issue", finish)
    for _ in range(3):
        sign(engine, desk)
    seen: list[Done] = []
    done = serve(engine, How(once=True), Event(), lambda _: None, seen.append)
    assert done == Done(3, 0, 0)
    assert seen == [Done(1, 0, 0), Done(2, 0, 0), Done(3, 0, 0)]


def test_a_stop_in_the_middle_of_a_round_leaves_the_rest(
    engine: Engine, desk: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Event()

    def last(engine: Engine, job: object) -> None:
        stop.set()
        finish(engine, job)  # type: ignore[arg-type]

    monkeypatch.setitem(worker._KINDS, "certificate.issue", last)
    for _ in range(2):
        sign(engine, desk)
    assert serve(engine, How(), stop, lambda _: None) == Done(1, 0, 0)
    monkeypatch.setitem(worker._KINDS, "certificate.issue", raising(OSError("later")))
    assert serve(engine, How(once=True), Event(), lambda _: None) == Done(0, 1, 0)

"""A copy that streams from its primary answers what may be old, and nothing that is too old."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from engine.commands import cases, tasks
from engine.engine import Engine
from engine.permissions import MAY_BE_OLD, RULES
from engine.transaction import By, Transaction
from tests.conftest import Clock, Server, deploy, hiring, made_engine, server_of_its_own
from tests.engine.test_engine import start


@pytest.fixture(scope="module")
def primary() -> Iterator[Server]:
    with server_of_its_own() as server:
        yield server


@pytest.fixture(scope="module")
def copy(primary: Server) -> Iterator[Server]:
    with primary.copied() as server:
        server.configure(wal_retrieve_retry_interval="100ms")
        yield server


def _engine(primary: Server, replica: str, folder: object, clock: Clock) -> Iterator[Engine]:
    name = f"t{time.monotonic_ns()}"
    primary.execute(f"CREATE DATABASE {name}")
    more = {"database_replica": f"{replica}/{name}", "database_replica_seconds": "2"}
    with made_engine(f"{primary.address}/{name}", folder, clock, **more) as made:
        deploy(made, "attestation")
        yield made


@contextmanager
def _made(
    primary: Server, other: Server, folder: object, clock: Clock
) -> Iterator[tuple[Engine, By]]:
    for engine in _engine(primary, other.address, folder, clock):
        yield engine, hiring(engine)("nadia", "guichet", "legalisateur")


@pytest.fixture
def engine(primary: Server, copy: Server, tmp_path: object, clock: Clock) -> Iterator[Engine]:
    yield from _engine(primary, copy.address, tmp_path, clock)


@pytest.fixture
def desk(engine: Engine) -> By:
    return hiring(engine)("nadia", "guichet", "legalisateur")


@pytest.fixture
def chief(engine: Engine) -> By:
    return hiring(engine)("samira", "guichet")


@pytest.fixture
def paused(copy: Server) -> Iterator[Callable[[], None]]:
    """A function that stops the replay of the copy, until the test's end."""
    yield lambda: copy.execute("SELECT pg_wal_replay_pause()") and None
    copy.execute("SELECT pg_wal_replay_resume()")


def asked(engine: Engine, by: By, name: str = "listing") -> int:
    """Which port answered a question that is called so."""

    def question(tx: Transaction) -> int:
        return int(tx.store.execute(text("SELECT current_setting('port')::int")).scalar_one())

    question.__module__, question.__name__ = "engine.commands.cases", name
    return engine.read(by, question)


def soon(engine: Engine, by: By, port: int, seconds: float = 15.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if asked(engine, by) == port:
            return True
        time.sleep(0.05)
    return False


def test_what_may_be_old_is_asked_of_the_copy_and_the_rest_of_the_primary(
    engine: Engine, desk: By, primary: Server, copy: Server
) -> None:
    assert soon(engine, desk, copy.port)
    assert asked(engine, desk, "show") == primary.port
    assert asked(engine, desk, "replay") == copy.port


def test_nothing_that_changes_or_is_acted_upon_may_be_old() -> None:
    assert RULES.keys() >= MAY_BE_OLD
    assert not {"tasks.worklist", "tasks.show", "cases.show", "jobs.claim"} & MAY_BE_OLD


def test_who_wrote_sees_it_at_once_while_the_copy_stands_still(
    engine: Engine, desk: By, chief: By, primary: Server, copy: Server, paused: Callable[[], None]
) -> None:
    start(engine, desk)
    assert soon(engine, chief, copy.port)
    paused()
    reference = start(engine, desk).reference
    assert reference in [row.reference for row in engine.read(desk, cases.listing).items]
    assert asked(engine, desk) == primary.port
    assert asked(engine, chief) == copy.port, "for another, it is within the limit"
    assert len(engine.read(chief, cases.listing).items) == 1
    time.sleep(2.1)
    assert asked(engine, chief) == primary.port, "the copy is too old for all"
    assert len(engine.read(chief, cases.listing).items) == 2


def test_a_copy_that_catches_up_answers_again(
    engine: Engine, desk: By, copy: Server, paused: Callable[[], None]
) -> None:
    paused()
    start(engine, desk)
    assert not soon(engine, desk, copy.port, 0.5)
    copy.execute("SELECT pg_wal_replay_resume()")
    assert soon(engine, desk, copy.port)


def test_a_copy_cut_off_from_its_primary_does_not_believe_itself_new(
    engine: Engine, desk: By, chief: By, primary: Server, copy: Server
) -> None:
    assert soon(engine, chief, copy.port)
    [[before]] = copy.execute("SHOW primary_conninfo")
    copy.configure(primary_conninfo="port=1")
    try:
        start(engine, desk)
        time.sleep(2.1)
        assert asked(engine, chief) == primary.port
        assert len(engine.read(chief, cases.listing).items) == 1
    finally:
        copy.configure(primary_conninfo=before.replace("'", "''"))


def test_what_the_copy_does_not_know_yet_is_not_refused(
    engine: Engine, desk: By, chief: By, copy: Server, paused: Callable[[], None]
) -> None:
    assert soon(engine, chief, copy.port)
    paused()
    begun = start(engine, desk)
    assert asked(engine, chief) == copy.port
    assert [event.kind for event in engine.read(chief, cases.history, begun.reference)]


def test_a_copy_that_was_promoted_is_not_asked(
    primary: Server, tmp_path: object, clock: Clock
) -> None:
    with primary.copied() as other, _made(primary, other, tmp_path, clock) as (engine, desk):
        assert soon(engine, desk, other.port)
        other.execute("SELECT pg_promote()")
        assert asked(engine, desk) == primary.port


def test_a_copy_that_is_gone_is_left_alone_and_found_again(
    primary: Server, tmp_path: object, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.store.replicas._REST", 1.0)
    with primary.copied() as other, _made(primary, other, tmp_path, clock) as (engine, desk):
        assert soon(engine, desk, other.port)
        other.stop()
        assert asked(engine, desk) == primary.port
        begun = time.monotonic()
        assert [asked(engine, desk) for _ in range(20)] == [primary.port] * 20
        assert time.monotonic() - begun < 1
        other.start()
        assert soon(engine, desk, other.port)


def test_a_task_of_ones_own_is_worked_on_the_primary(engine: Engine, desk: By) -> None:
    [task] = start(engine, desk).tasks
    assert [row.task for row in engine.read(desk, tasks.worklist).items] == [task]

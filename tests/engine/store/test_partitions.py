"""Histories on PostgreSQL lie in parts, and no case finds none."""

import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.commands import cases
from engine.engine import Engine
from engine.store import partitions, schema
from engine.store.database import connect
from engine.store.store import Store
from engine.transaction import By
from engine.work import checking
from tests.conftest import Clock, deploy, hiring, made_engine
from tests.engine.test_engine import start

_CASES = (
    "INSERT INTO office (id, code, short, path, name_fr, name_ar, source) "
    "VALUES (1, 'x', 'X', '/1/', 'x', 'x', 'x')",
    "INSERT INTO version (id, procedure, number, digest, bundle, model, model_digest, effective, "
    "note, deployed_at, deployed_by) VALUES (1, 'p', 1, '', '', '', '', now(), '', now(), 1)",
    'INSERT INTO "case" (id, reference, procedure, version_id, office_id, status, state, seq, head,'
    " started_at, last_at) SELECT n, n::text, 'p', 1, 1, 'open', '', 1, '', now(), now() "
    "FROM (VALUES (1), (99999), (100000), (250000)) AS v (n)",
    "INSERT INTO event (case_id, seq, kind, at, actor_id, body, hash) "
    "SELECT id, 1, 'case.started', now(), 1, 'x', 'y' FROM \"case\"",
)

_PARTS = (
    "SELECT inhrelid::regclass::text FROM pg_inherits "
    "WHERE inhparent = 'event'::regclass ORDER BY 1"
)


@pytest.fixture
def address(postgresql: str) -> str:
    name = f"t{uuid4().hex}"
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{postgresql}/{name}"


@pytest.fixture
def engine(address: str, tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    with made_engine(address, tmp_path, clock) as made:
        deploy(made, "attestation")
        yield made


@pytest.fixture
def desk(engine: Engine) -> By:
    return hiring(engine)("nadia", "guichet", "legalisateur")


def parts(engine: Engine) -> dict[str, int]:
    """Each part with the number of its events."""
    with engine._database.connect() as connection:
        names = connection.execute(text(_PARTS)).scalars()
        return {n: connection.execute(text(f"SELECT count(*) FROM {n}")).scalar() for n in names}


def jump(engine: Engine, to: int) -> None:
    """Let the next case have the id after this one."""
    with engine._database.begin() as connection:
        connection.execute(text("SELECT setval('case_id_seq', :to)"), {"to": to})


def test_a_table_that_is_there_becomes_the_first_part_with_all_its_rows(address: str) -> None:
    made = connect(address)
    schema.upgrade(made, "0003")
    with made.begin() as connection:
        for statement in _CASES:
            connection.execute(text(statement))
        rows = connection.execute(text("SELECT * FROM event ORDER BY case_id")).all()
    schema.upgrade(made)
    assert schema.status(made, drift=True).ok
    with made.begin() as connection:
        assert connection.execute(text("SELECT * FROM event ORDER BY case_id")).all() == rows
        first = connection.execute(text("SELECT DISTINCT tableoid::regclass::text FROM event"))
        assert first.scalars().all() == ["event_p2"]
        partitions.room(Store(connection), 150_000)  # a wider part holds it
    for act in ("UPDATE event SET kind = 'x'", "DELETE FROM event_p2", "TRUNCATE event_p2",
                "TRUNCATE event", "UPDATE event_p2 SET seq = 2"):  # fmt: skip
        with made.connect() as connection, pytest.raises(DBAPIError, match="only ever appended"):
            connection.execute(text(act))
    made.dispose()


def test_a_case_past_the_last_part_finds_one(engine: Engine, desk: By) -> None:
    assert parts(engine) == {"event_p0": 0, "event_p1": 0}
    jump(engine, 99_998)
    for _ in range(3):
        start(engine, desk)
    assert parts(engine) == {"event_p0": 1, "event_p1": 2}
    jump(engine, 700_000)
    begun = start(engine, desk)
    assert parts(engine)["event_p7"] == 1
    assert engine.read(desk, cases.replay, begun.reference).ok
    with engine._database.connect() as connection:
        assert schema.status(engine._database, drift=True).ok
        for act in ("TRUNCATE event_p7", "DELETE FROM event_p7", "DELETE FROM event"):
            with pytest.raises(DBAPIError, match="only ever appended"):
                connection.execute(text(act))
            connection.rollback()


def test_eight_that_need_a_part_at_once_all_begin(engine: Engine, desk: By) -> None:
    jump(engine, 299_996)
    ready, failed = threading.Barrier(8), []

    def begin() -> None:
        ready.wait()
        try:
            start(engine, desk)
        except Exception as error:  # noqa: BLE001 (told below)
            failed.append(error)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    found = parts(engine)
    assert found["event_p2"] + found["event_p3"] == 8
    assert found["event_p3"] >= 4


def test_the_next_part_is_made_ahead(engine: Engine, desk: By) -> None:
    jump(engine, 400_000)
    start(engine, desk)
    with engine._database.begin() as connection:
        partitions.prepare(Store(connection))
        partitions.prepare(Store(connection))
    assert parts(engine).keys() == {"event_p0", "event_p1", "event_p4", "event_p5"}


def test_a_guard_that_is_off_in_one_part_is_seen(engine: Engine, desk: By) -> None:
    start(engine, desk)
    assert checking.surveyed(engine).violations == ()
    with engine._database.begin() as connection:
        connection.execute(text("ALTER TABLE event_p1 DISABLE TRIGGER event_only_appended"))
    [found] = checking.surveyed(engine).violations
    assert (found.code, found.details["trigger"]) == (
        "trigger_missing", "event_only_appended on event_p1",
    )  # fmt: skip

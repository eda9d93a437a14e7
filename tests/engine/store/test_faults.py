"""Connections that break, before, in and after a commit: nothing is lost, nothing is done twice."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.commands import cases, tasks
from engine.engine import Engine
from engine.store import database, faults
from engine.store import tables as t
from engine.transaction import By, Transaction
from tests.conftest import Clock, deploy, hiring, made_engine, server_of_its_own
from tests.engine.test_engine import APPLICATION, SIGNED, refused, rows, start
from tests.proxy import Proxy, proxied

KEYED = By("nadia", key="k1", channel="test")


@pytest.fixture
def proxy(postgresql: str) -> Iterator[Proxy]:
    with proxied(postgresql) as made:
        yield made


@pytest.fixture
def address(postgresql: str) -> str:
    name = f"t{uuid4().hex}"
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return name


@pytest.fixture
def engine(proxy: Proxy, address: str, tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    """An engine that reaches PostgreSQL through the proxy."""
    with made_engine(f"{proxy.address}/{address}", tmp_path, clock) as made:
        yield made


@pytest.fixture
def desk(engine: Engine) -> By:
    deploy(engine, "attestation")
    return hiring(engine)("nadia", "guichet", "legalisateur")


def begin(engine: Engine, by: By) -> cases.Started:
    return engine.run(by, cases.start, "attestation", APPLICATION, "MAR")


# -- a commit whose answer never came --


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
def test_without_a_key_nobody_knows_and_nothing_is_repeated(
    engine: Engine, desk: By, proxy: Proxy, when: str, there: int
) -> None:
    proxy.cut(when)
    error = refused("outcome_unknown", lambda: start(engine, desk))
    assert error.kind.value == "unavailable"
    assert proxy.cuts == 1
    assert len(rows(engine, t.case)) == there
    assert rows(engine, t.rejection) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_with_a_key_it_is_done_once_and_answered(
    engine: Engine, desk: By, proxy: Proxy, when: str
) -> None:
    proxy.cut(when, times=2)
    done = begin(engine, KEYED)
    assert proxy.cuts == 2
    assert [row.reference for row in rows(engine, t.case)] == [done.reference]
    assert begin(engine, KEYED) == done


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_task_that_its_own_lost_commit_completed_is_no_conflict(
    engine: Engine, desk: By, proxy: Proxy, when: str
) -> None:
    [task] = start(engine, desk).tasks
    proxy.cut(when)
    done = engine.run(KEYED, tasks.complete, task, SIGNED)
    assert len(rows(engine, t.register_entry)) == 1
    assert engine.run(KEYED, tasks.complete, task, SIGNED) == done
    assert rows(engine, t.rejection) == []


def test_a_key_cut_for_longer_than_the_limit_is_unknown_and_safe_to_repeat(
    proxy: Proxy, address: str, tmp_path: Path, clock: Clock
) -> None:
    with made_engine(
        f"{proxy.address}/{address}", tmp_path, clock, database_retry_seconds="1"
    ) as engine:
        deploy(engine, "attestation")
        hiring(engine)("nadia", "guichet")
        proxy.cut("after", times=100)
        refused("outcome_unknown", lambda: begin(engine, KEYED))
        proxy._armed.clear()
        done = begin(engine, KEYED)
        assert [row.reference for row in rows(engine, t.case)] == [done.reference]


def test_two_of_one_key_complete_one_task_and_both_are_answered(engine: Engine, desk: By) -> None:
    """The second waits for the case, finds the task completed, and its twin's answer."""
    [task] = start(engine, desk).tasks
    ready, answers = threading.Barrier(8), []

    def complete() -> None:
        ready.wait()
        answers.append(engine.run(KEYED, tasks.complete, task, SIGNED))

    threads = [threading.Thread(target=complete) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert all(answer == answers[0] for answer in answers)
    assert len(rows(engine, t.register_entry)) == 1


# -- before the commit, nothing was written --


def test_a_server_that_came_back_is_no_error_for_the_next_command(
    engine: Engine, desk: By, proxy: Proxy
) -> None:
    start(engine, desk)
    proxy.drop()
    assert start(engine, desk).reference.endswith("2")
    proxy.drop()
    assert len(engine.read(desk, cases.listing).items) == 2


def test_a_connection_ended_in_the_middle_of_a_command_is_tried_anew(
    engine: Engine, desk: By, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[int] = []
    record = Transaction.record

    def broken(tx: Transaction, *arguments: object, **columns: object) -> None:
        if not ended:
            pid = tx.store.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            ended.append(pid)
        record(tx, *arguments, **columns)

    monkeypatch.setattr(Transaction, "record", broken)
    assert start(engine, desk).reference.endswith("000001")
    assert len(ended) == 1
    assert len(rows(engine, t.case)) == 1


def test_a_command_waits_for_a_server_that_is_away_for_a_moment(
    engine: Engine, desk: By, proxy: Proxy
) -> None:
    proxy.refuse()
    timer = threading.Timer(0.7, proxy.accept)
    timer.start()
    begun = time.monotonic()
    start(engine, desk)
    assert time.monotonic() - begun > 0.6
    timer.join()


def test_a_server_that_stays_away_is_said_after_the_limit(
    proxy: Proxy, address: str, tmp_path: Path, clock: Clock
) -> None:
    with made_engine(
        f"{proxy.address}/{address}", tmp_path, clock, database_retry_seconds="1"
    ) as engine:
        deploy(engine, "attestation")
        desk = hiring(engine)("nadia", "guichet")
        proxy.refuse()
        begun = time.monotonic()
        refused("database_unreachable", lambda: engine.read(desk, cases.listing))
        refused("database_unreachable", lambda: start(engine, desk))
        assert 0.5 < time.monotonic() - begun < 5
        proxy.accept()
        assert engine.read(desk, cases.listing).items == ()


def test_a_restarted_server_is_no_error_for_the_next_command(tmp_path: Path, clock: Clock) -> None:
    with (
        server_of_its_own() as server,
        made_engine(f"{server.address}/postgres", tmp_path, clock) as engine,
    ):
        deploy(engine, "attestation")
        desk = hiring(engine)("nadia", "guichet")
        start(engine, desk)
        server.stop()
        restarted = threading.Timer(0.5, server.start)
        restarted.start()
        assert start(engine, desk).reference.endswith("000002")
        restarted.join()


# -- limits --


def test_a_statement_over_its_time_is_stopped_and_said(engine: Engine) -> None:
    limits = database.Limits.of(engine.settings)
    made = database.connect(engine.settings.database, replace(limits, statement=1))
    with made.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("SELECT pg_sleep(5)"))
    made.dispose()
    error = refused("too_slow", lambda: faults.Tries(30, repeatable=True).again(caught.value))
    assert error.kind.value == "unavailable"


def test_a_survey_has_a_limit_of_its_own(engine: Engine, desk: By) -> None:
    def limit(tx: Transaction) -> str:
        return str(tx.store.execute(text("SHOW statement_timeout")).scalar_one())

    limit.__module__, limit.__name__ = cases.__name__, "listing"
    assert engine.read(desk, limit) == "30s"
    assert engine.survey(desk, limit) == "1h"
    assert engine.read(desk, limit) == "30s"


def test_a_case_held_for_long_is_busy_and_nothing_waits_for_ever(
    proxy: Proxy, address: str, tmp_path: Path, clock: Clock
) -> None:
    with made_engine(
        f"{proxy.address}/{address}", tmp_path, clock, database_lock_seconds="1"
    ) as engine:
        deploy(engine, "attestation")
        desk = hiring(engine)("nadia", "guichet")
        reference = start(engine, desk).reference
        with engine._database.connect() as other, other.begin():
            other.execute(text('SELECT id FROM "case" FOR UPDATE'))
            refused("busy", lambda: engine.run(desk, cases.note, reference, "vu"))
        engine.run(desk, cases.note, reference, "vu")


def test_no_connection_free_in_time_is_said(
    proxy: Proxy, address: str, tmp_path: Path, clock: Clock
) -> None:
    small = {"database_pool": "1", "database_overflow": "0", "database_pool_seconds": "1"}
    with made_engine(f"{proxy.address}/{address}", tmp_path, clock, **small) as engine:
        deploy(engine, "attestation")
        desk = hiring(engine)("nadia", "guichet")
        with engine._database.connect():
            refused("overloaded", lambda: engine.read(desk, cases.listing))


def test_a_server_that_became_a_standby_is_left(engine: Engine, desk: By) -> None:
    """Its sessions are turned read-only; new ones are not, as on the new leader."""
    with engine._database.connect() as connection:
        connection.execute(text("SET default_transaction_read_only = on"))
        connection.commit()
        assert connection.execute(text("SHOW transaction_read_only")).scalar() == "on"
    assert start(engine, desk).reference.endswith("000001")


def test_a_commit_that_gave_up_waiting_for_its_standby_is_not_acknowledged(
    tmp_path: Path, clock: Clock
) -> None:
    with (
        server_of_its_own() as server,
        made_engine(f"{server.address}/postgres", tmp_path, clock) as engine,
    ):
        deploy(engine, "attestation")
        desk = hiring(engine)("nadia", "guichet")
        server.configure(synchronous_standby_names="nobody")
        impatient = threading.Thread(target=server.cancel_waiting)
        impatient.start()
        refused("outcome_unknown", lambda: start(engine, desk))
        impatient.join()
        server.configure(synchronous_standby_names="")
        assert len(rows(engine, t.case)) == 1

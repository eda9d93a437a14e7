"""Each invariant of the house: sound, it is not spoken of; damaged by hand, it is named.

The damage is done in a transaction that is checked from inside and then undone.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from engine.commands import attachments, cases, checks, tasks
from engine.engine import Engine
from engine.history.violations import Violation
from engine.runtime.values import pack, unpack
from engine.settings import load
from engine.store import database
from engine.transaction import By
from engine.work.checking import SYSTEM, surveyed
from engine.work.founding import found
from engine.work.worker import certificate_file
from processes.catalogue import city
from tests.conftest import Clock, hiring
from tests.engine.commands import house as models
from tests.engine.test_engine import APPLICATION, SIGNED
from tests.erasure import playing
from tests.runtime.models import START, duration, ends, flows, node

FOREVER = datetime(2099, 1, 1, tzinfo=UTC)
FILES = checks.Depth(certificate_file)
SHALLOW = checks.Depth()
REPLAY = checks.Depth(replay=True)


@dataclass(frozen=True, slots=True)
class House:
    """A database in which everything has happened, and cases that wait for each kind of row.

    Case `done` has ended with a certificate and an attachment, `signed` waits for the worker,
    `begun` for two tasks, `heard` for a message, `timed` for a timer.
    """

    engine: Engine
    done: str
    signed: str
    begun: str
    heard: str
    timed: str


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    address = f"sqlite:///{folder}/test.db"
    if request.param == "postgresql":
        import psycopg

        server, name = request.getfixturevalue("postgresql"), f"t{uuid4().hex}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        address = f"{server}/{name}"
    settings = load(environ={"MOUQATAA_DATA": str(folder), "MOUQATAA_DATABASE": address})
    found(settings, city("casablanca"), "admin", specimen=False)
    clock = Clock()
    engine = Engine(settings, clock)
    yield _played(engine, clock)
    engine.close()


def _played(engine: Engine, clock: Clock) -> House:
    played = playing.play(engine, hiring(engine), clock)
    desk = By("nadia", channel="test")
    heard = playing.begun_again(engine, desk)
    playing._heard(engine, desk, heard)
    begun = playing.begun_again(engine, desk)
    models.deploy(engine, START, node("intermediateCatchEvent", "T", duration("P1D")),
                  ends("E"), flows("S > T > E"))  # fmt: skip
    timed = models.start(engine, desk).reference
    return House(engine, played.first, _signed(engine, desk), begun, heard, timed)


def _signed(engine: Engine, desk: By) -> str:
    """A case whose certificate waits for the worker."""
    begun = engine.run(desk, cases.start, "attestation", APPLICATION, "MAR")
    engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    return begun.reference


@contextmanager
def damaged(engine: Engine, act: str, **values: Any) -> Iterator[Connection]:
    """A connection that sees the database after this statement; then it is undone."""
    with database.writing(engine._database.connect()) as connection:
        transaction = connection.begin()
        after = list(_unguarded(connection, act))
        done = connection.execute(text(act), values)
        assert done.rowcount != 0, "nothing was damaged"
        for statement in after:
            connection.exec_driver_sql(statement)
        yield connection
        transaction.rollback()


def _unguarded(connection: Connection, act: str) -> Iterator[str]:
    """Take out of the way what stands against damage; what puts it back."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    if " event " in act:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        for name, made in connection.execute(text(query)).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
            yield made


def seen(
    engine: Engine, connection: Connection, depth: checks.Depth, reference: str | None = None
) -> list[Violation]:
    """What a check from inside this transaction finds, but what is known of the sound house."""
    if reference is not None:
        tx = engine._transaction(connection, SYSTEM, "checks.case")
        return list(checks.case(tx, reference, depth).violations)
    tx = engine._transaction(connection, SYSTEM, "checks.house")
    return list(checks.house(tx, depth).violations)


# A case's rows, by its reference.
OWN = 'case_id = (SELECT id FROM "case" WHERE reference = :case)'
CASE = '"case" SET {} WHERE reference = :case'
# Which case, what is done to it, how deep one looks, and what is found.
CASES: Mapping[str, tuple[str, str, checks.Depth, set[str]]] = {
    "an event is changed": (
        "heard", f"UPDATE event SET body = '{{}}' WHERE seq = 2 AND {OWN}", SHALLOW,
        {"chain_broken"},
    ),
    "an event is gone from the middle": (
        "heard", f"DELETE FROM event WHERE seq = 2 AND {OWN}", SHALLOW, {"chain_broken"},
    ),
    "the last event is gone": (
        "heard", f"DELETE FROM event WHERE {OWN} AND seq = "
        f"(SELECT max(seq) FROM event AS e WHERE e.{OWN})", SHALLOW, {"head_differs"},
    ),
    "every event is gone": ("begun", f"DELETE FROM event WHERE {OWN}", SHALLOW, {"head_differs"}),
    "an event is ascribed to another": (
        "heard", f"UPDATE event SET actor_id = 1 WHERE seq = 1 AND {OWN}", SHALLOW,
        {"event_differs"},
    ),
    "an event is called otherwise": (
        "heard", f"UPDATE event SET kind = 'case.noted' WHERE seq = 1 AND {OWN}", SHALLOW,
        {"event_differs"},
    ),
    "a case says more than its history": (
        "begun", f"UPDATE {CASE.format('seq = seq + 1')}", SHALLOW, {"head_differs"},
    ),
    "a state is no document": (
        "begun", f"UPDATE {CASE.format('state = :bytes')}", SHALLOW, {"case_unreadable"},
    ),
    "an ended case is called open": (
        "done", f"UPDATE {CASE.format(chr(39).join(('status = ', 'open', '')))}", SHALLOW,
        {"state_differs", "silent_stop"},
    ),
    "one of two tasks is gone": (
        "begun", f"DELETE FROM task WHERE {OWN} AND token = 13", SHALLOW, {"row_missing"},
    ),
    "all tasks are gone": ("begun", f"DELETE FROM task WHERE {OWN}", SHALLOW, {"silent_stop"}),
    "a task says another element": (
        "begun", f"UPDATE task SET element = 'Sign' WHERE {OWN} AND token = 13", SHALLOW,
        {"row_differs"},
    ),
    "a finished task is open again": (
        "done", f"UPDATE task SET status = 'open' WHERE {OWN} AND element = 'Sign'", SHALLOW,
        {"row_left"},
    ),
    "a subscription is gone": (
        "heard", f"DELETE FROM subscription WHERE {OWN}", SHALLOW, {"silent_stop"},
    ),
    "a subscription has another key": (
        "heard", f"UPDATE subscription SET key = 'x' WHERE {OWN}", SHALLOW, {"row_differs"},
    ),
    "a timer is gone": ("timed", f"DELETE FROM job WHERE {OWN}", SHALLOW, {"silent_stop"}),
    "a timer would fire before its time": (
        "timed", f"UPDATE job SET due_at = created_at WHERE {OWN}", SHALLOW, {"row_differs"},
    ),
    "a job is called done": (
        "signed", f"UPDATE job SET status = 'completed' WHERE {OWN}", SHALLOW, {"silent_stop"},
    ),
    "a job has failed and no incident shows it": (
        "signed", f"UPDATE job SET status = 'incident' WHERE {OWN}", SHALLOW, {"silent_stop"},
    ),
    "a job is due for a case that has ended": (
        "done", f"UPDATE job SET status = 'due' WHERE {OWN} AND token IS NOT NULL", SHALLOW,
        {"row_left"},
    ),
    "a job is held for ever": (
        "signed", f"UPDATE job SET leased_until = :forever WHERE {OWN}", SHALLOW, {"job_held"},
    ),
    "a personal value is gone": (
        "begun", f"DELETE FROM personal WHERE {OWN} AND name LIKE '%remark'", SHALLOW,
        {"personal_missing"},
    ),
    "a personal value is changed": (
        "begun", f"UPDATE personal SET value = :bytes WHERE {OWN} AND name LIKE '%remark'",
        SHALLOW, {"personal_differs"},
    ),
    "a certificate has another digest": (
        "done", f"UPDATE certificate SET sha256 = '0' WHERE {OWN}", SHALLOW,
        {"certificate_differs"},
    ),
    "a certificate was issued at no time": (
        "done", f"UPDATE certificate SET issued_at = NULL WHERE {OWN}", SHALLOW,
        {"certificate_differs"},
    ),
    "a certificate has a number of its own": (
        "done", f"UPDATE certificate SET number = '1' WHERE {OWN}", SHALLOW,
        {"certificate_unentered"},
    ),
    "an attachment has another digest": (
        "done", f"UPDATE attachment SET digest = :bytes WHERE {OWN}", SHALLOW,
        {"attachment_differs"},
    ),
    "the state holds another value": (
        "timed", f"UPDATE {CASE.format('state = :other')}", SHALLOW, {"state_differs"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", CASES)
def test_a_damaged_case_is_named(house: House, damage: str) -> None:
    name, act, depth, codes = CASES[damage]
    reference = getattr(house, name)
    given = {"case": reference, "bytes": b"x", "forever": FOREVER, "other": b""}
    if ":other" in act:
        given["other"] = _other(house, reference)
    if house.engine._database.dialect.name == "sqlite":
        given["forever"] = FOREVER.replace(tzinfo=None).isoformat(" ")
    used = {key: value for key, value in given.items() if f":{key}" in act}
    with damaged(house.engine, act, **used) as connection:
        for chosen in (reference, None):
            found = seen(house.engine, connection, depth, chosen)
            assert {(one.code, one.where) for one in found} == {(c, reference) for c in codes}


def _other(house: House, reference: str) -> bytes:
    """The state of a case with one of its values changed."""
    with house.engine._database.connect() as connection:
        query = text('SELECT state FROM "case" WHERE reference = :case')
        state = unpack(bytes(connection.execute(query, {"case": reference}).scalar_one()))
    for row in state[4]:
        row[5]["forged"] = True
    return pack(state)


HOUSE: Mapping[str, tuple[str, str, str]] = {
    "a register is ahead of its numbers": (
        "UPDATE register SET last = last + 1 WHERE register = 'household'",
        "register_gap", "household/MAR/2026",
    ),
    "a number is gone": (
        "DELETE FROM register_entry WHERE register = 'household' AND number = 2",
        "register_gap", "household/MAR/2026",
    ),
    "a register is gone": (
        "DELETE FROM register WHERE register = 'household'", "register_gap", "household/MAR/2026",
    ),
    "the register of references is behind": (
        "UPDATE register SET last = last - 1 WHERE register = 'case:HSH'",
        "register_gap", "case:HSH/MAR/2026",
    ),
    "the register of references is gone": (
        "DELETE FROM register WHERE register = 'case:HSH'", "register_gap", "HSH-MAR-2026",
    ),
    "answers are kept too long": (
        "UPDATE answer SET at = '2025-01-01 00:00:00'", "answers_old", "answer",
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", HOUSE)
def test_what_belongs_to_no_case_is_named(house: House, damage: str) -> None:
    act, code, where = HOUSE[damage]
    with damaged(house.engine, act) as connection:
        found = [one for one in seen(house.engine, connection, SHALLOW) if one.where == where]
        assert [one.code for one in found] == [code]


def test_a_number_that_is_written_twice_is_named(house: House) -> None:
    act = (
        "UPDATE register_entry SET text = (SELECT text FROM register_entry WHERE "
        "register = 'household' AND number = 1) WHERE register = 'household' AND number = 2"
    )
    with damaged(house.engine, act) as connection:
        found = seen(house.engine, connection, SHALLOW)
        assert "register_duplicate" in {one.code for one in found}


def test_triggers_that_are_gone_are_named(house: House) -> None:
    sqlite = house.engine._database.dialect.name == "sqlite"
    act = "DROP TRIGGER event_no_delete"
    with house.engine._database.connect() as connection:
        transaction = connection.begin()
        connection.execute(text(act if sqlite else "ALTER TABLE event DISABLE TRIGGER ALL"))
        tx = house.engine._transaction(connection, SYSTEM, "checks.house")
        found = checks.house(tx, SHALLOW).violations
        assert {(one.code, one.where) for one in found} == {("trigger_missing", "event")}
        # Two on the table, and what follows them on each of its two parts.
        assert len(found) == (1 if sqlite else 4)
        transaction.rollback()


def test_a_sound_house_gives_nothing_and_says_what_was_looked_at(house: House) -> None:
    for files, replay in ((False, False), (True, True)):
        done = surveyed(house.engine, files=files, replay=replay)
        assert (done.violations, done.complete) == ((), True)
        assert done.checked["case"] == 9
        assert done.checked["event"] > 40
        assert (done.checked.get("file", 0) > 0) == files


def test_one_case_is_checked_alone(house: House) -> None:
    done = surveyed(house.engine, house.begun)
    assert (done.violations, done.checked["case"], done.checked["task"]) == ((), 1, 2)


def test_an_incident_that_is_open_is_a_reason_to_wait(house: House) -> None:
    act = f"UPDATE job SET status = 'incident' WHERE {OWN}"
    add = (
        "INSERT INTO incident (at, case_id, job_id, code, message) SELECT created_at, case_id, "
        f"id, 'job_failed', '' FROM job WHERE {OWN}"
    )
    with damaged(house.engine, act, case=house.signed) as connection:
        connection.execute(text(add), {"case": house.signed})
        assert seen(house.engine, connection, SHALLOW) == []


def test_the_check_looks_at_every_batch(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "BATCH", 2)
    assert surveyed(house.engine).violations == ()
    act = f"DELETE FROM task WHERE {OWN}"
    with damaged(house.engine, act, case=house.begun) as connection:
        assert [one.where for one in seen(house.engine, connection, SHALLOW)] == [house.begun]


def test_the_check_ends_once_it_has_found_enough(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "MOST", 2)
    with damaged(house.engine, 'UPDATE "case" SET seq = seq + 1') as connection:
        tx = house.engine._transaction(connection, SYSTEM, "checks.house")
        done = checks.house(tx, SHALLOW)
        assert (len(done.violations), done.complete) == (2, False)


def test_a_history_that_was_forged_whole_does_not_replay(house: House) -> None:
    """Whoever rewrites the chain, the head and the state is found by executing it again."""
    act = f"UPDATE {CASE.format('version_id = 1')}"
    with house.engine._database.connect() as connection:
        query = text("SELECT id FROM version WHERE procedure = 'attestation'")
        other = connection.execute(query).scalar_one()
    act = f"UPDATE {CASE.format(f'version_id = {other}')}"
    with damaged(house.engine, act, case=house.done) as connection:
        assert "replay_differs" in {one.code for one in seen(house.engine, connection, REPLAY)}


@pytest.mark.parametrize("spoil", ["gone", "changed"])
@pytest.mark.parametrize("kind", ["certificates", "attachments"])
def test_the_file_of_a_paper_that_is_gone_or_changed_is_named(
    house: House, kind: str, spoil: str
) -> None:
    """A certificate and an attachment: their files are looked at where it is asked for."""
    query = text(f"SELECT id FROM {kind[:-1]} WHERE {OWN}")
    with house.engine._database.connect() as connection:
        key = connection.execute(query, {"case": house.done}).scalar_one()
    files = house.engine.settings.files
    place = certificate_file if kind == "certificates" else attachments.file
    file = place(files, key)
    before = file.read_bytes()
    try:
        if spoil == "gone":
            file.unlink()
        else:
            file.write_bytes(before + b" ")
        assert surveyed(house.engine).violations == ()
        [one] = surveyed(house.engine, files=True).violations
        code = "file_unreadable" if spoil == "gone" else "file_differs"
        assert (one.code, one.where) == (code, house.done)
        assert one.details["file"] == str(file.relative_to(files))
    finally:
        file.write_bytes(before)

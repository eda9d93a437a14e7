"""Histories that have had their time lie in files, and everything that reads them goes on."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.commands import cases, decisions, histories, jobs, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.history import archives
from engine.store import tables as t
from engine.transaction import By
from engine.work import archiving
from engine.work.backup import backup, restore
from engine.work.checking import surveyed
from engine.work.worker import SYSTEM, tidy, work
from tests.conftest import Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.engine.work.test_backup import elsewhere as elsewhere
from tests.erasure.erasing import erase

KEPT = """
[retention]
history = "P2Y"
source = "test"
read = 2026-01-01
"""


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, toml=KEPT)
    return hire("nadia", "desk")


@pytest.fixture
def ended(engine: Engine, desk: By) -> str:
    """A case that has ended."""
    reference = start(engine, desk).reference
    engine.run(desk, cases.note, reference, "rappelé")
    [task] = engine.read(desk, cases.show, reference).tasks
    engine.run(desk, tasks.complete, task[0], {})
    return reference


@pytest.fixture
def archived(engine: Engine, desk: By, ended: str, clock: Clock) -> str:
    """The same, two years later."""
    clock.move(days=732)
    assert archiving.retain(engine) == archiving.Moved(1, 3)
    return ended


def path(engine: Engine, reference: str) -> Path:
    [row] = [row for row in rows(engine, t.case) if row.reference == reference]
    return archives.file(engine.settings.files, row)


def found(engine: Engine, **depth: Any) -> list[str]:
    return [one.code for one in surveyed(engine, **depth).violations]


def test_the_worker_moves_what_is_due_and_nothing_before(
    engine: Engine, desk: By, ended: str, clock: Clock
) -> None:
    open_still = start(engine, desk).reference
    clock.move(days=729)
    tidy(engine)
    assert rows(engine, t.job) == []
    clock.move(days=3)
    tidy(engine)
    tidy(engine)
    [job] = rows(engine, t.job)
    assert (job.kind, job.priority) == ("history.archive", 90)
    assert work(engine).finished == 1
    kept = {row.reference: row.archived_seq for row in rows(engine, t.case)}
    assert kept == {ended: 3, open_still: None}
    assert len(rows(engine, t.event)) == 1
    tidy(engine)
    assert [row.status for row in rows(engine, t.job)] == ["completed"]


def test_what_is_due_is_told_and_nothing_is_done(engine: Engine, ended: str, clock: Clock) -> None:
    clock.move(days=732)
    [row] = engine.read(By("admin"), histories.due)
    assert (row.procedure, row.version, row.cases) == ("essai", 1, 1)
    assert len(rows(engine, t.event)) == 3


def test_an_archived_history_reads_replays_and_explains_as_before(
    engine: Engine, desk: By, ended: str, clock: Clock
) -> None:
    before = engine.read(desk, cases.history, ended)
    clock.move(days=732)
    archiving.retain(engine)
    assert rows(engine, t.event) == []
    assert engine.read(desk, cases.history, ended) == before
    assert engine.read(desk, cases.replay, ended).ok
    assert engine.read(desk, decisions.explain, ended) == ()
    assert engine.read(desk, cases.listing, "completed").items[0].reference == ended


def test_a_few_lines_of_another_program_follow_the_chain(engine: Engine, archived: str) -> None:
    head, *bodies = path(engine, archived).read_bytes().splitlines()
    told = json.loads(head)
    chained = sha256(b"\x03" + told["case"].encode()).digest()
    for body in bodies:
        chained = sha256(b"\x02" + chained + sha256(body).digest()).digest()
    assert (len(bodies), chained.hex()) == (told["events"], told["head"])
    [row] = rows(engine, t.case)
    assert (row.head, row.seq) == (chained, 3)
    assert b"Fatima" not in path(engine, archived).read_bytes()


def test_the_lines_of_the_guide_tell_a_whole_file_from_a_changed_one(
    engine: Engine, archived: str
) -> None:
    guide = Path("docs/how-to/keep-and-archive.md").read_text(encoding="utf-8")
    lines = guide.partition("```python\n")[2].partition("```")[0]
    file = path(engine, archived)

    def said() -> str:
        command = [sys.executable, "-c", lines, str(file)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert said() == "True"
    file.write_bytes(file.read_bytes().replace(b"case.noted", b"case.nOted"))
    assert said() == "False"


def test_what_happens_later_is_added_to_the_same_chain(
    engine: Engine, desk: By, archived: str
) -> None:
    engine.run(desk, cases.note, archived, "consulté")
    assert [row.seq for row in rows(engine, t.event)] == [4]
    assert [e.seq for e in engine.read(desk, cases.history, archived)] == [1, 2, 3, 4]
    assert engine.read(desk, cases.replay, archived).ok
    assert found(engine, files=True, replay=True) == []


def test_the_check_reads_the_file_where_it_is_asked_to(engine: Engine, archived: str) -> None:
    assert found(engine) == []
    assert found(engine, files=True, replay=True) == []
    file = path(engine, archived)
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"case.noted", b"case.nOted"))
    assert found(engine, files=True) == ["file_differs"]
    error = refused("history_unreadable", lambda: engine.read(SYSTEM, cases.history, archived))
    assert error.details["file"] == file.name
    file.unlink()
    assert found(engine, files=True) == ["file_unreadable"]
    refused("history_unreadable", lambda: engine.read(SYSTEM, cases.replay, archived))
    file.write_bytes(whole)
    assert found(engine, files=True) == []


def test_a_backup_takes_histories_along(
    engine: Engine, desk: By, archived: str, elsewhere: Any, tmp_path: Path, clock: Clock
) -> None:
    backup(engine.settings, tmp_path / "b.tar")
    restore(elsewhere, tmp_path / "b.tar")
    there = Engine(elsewhere, clock)
    try:
        assert there.read(desk, cases.replay, archived).ok
        assert found(there, files=True) == []
    finally:
        there.close()


def test_whoever_is_erased_is_erased_from_an_archived_case_too(
    engine: Engine, desk: By, archived: str
) -> None:
    noted = engine.read(desk, cases.history, archived)[1].body
    assert noted["text"] == "rappelé"
    erase(engine, "nobody", archived)
    assert engine.read(desk, cases.history, archived)[1].body["text"] is None
    assert engine.read(desk, cases.replay, archived).ok
    assert found(engine, files=True) == []


# -- only what stands in a file may be deleted --


@pytest.mark.parametrize(
    "act",
    ["DELETE FROM event", "UPDATE event SET kind = 'x'", "DELETE FROM event WHERE seq > 3"],
)
def test_the_database_lets_go_of_nothing_else(
    engine: Engine, desk: By, archived: str, act: str
) -> None:
    engine.run(desk, cases.note, archived, "consulté")
    with (
        engine._database.connect() as connection,
        pytest.raises(DBAPIError, match="only ever appended"),
    ):
        connection.execute(text(act))


def test_a_case_with_work_left_stays(engine: Engine, desk: By, ended: str, clock: Clock) -> None:
    clock.move(days=732)
    with engine._begin(writes=True) as connection:
        tx = engine._transaction(connection, SYSTEM, "jobs.tidy")
        [case] = [row.id for row in rows_of(tx, t.case)]
        tx.store.add(t.job, kind="mail", case_id=case, payload=b"", status="due", due_at=tx.now,
                     attempts=0, lease=0, created_at=tx.now)  # fmt: skip
    assert archiving.retain(engine) == archiving.Moved(0, 0)


def rows_of(tx: Any, table: Any) -> list[Any]:
    return list(tx.store.rows(table))


def test_a_broken_chain_is_not_moved_and_holds_nobody_up(
    engine: Engine, desk: By, ended: str, clock: Clock
) -> None:
    other = start(engine, desk).reference
    [task] = engine.read(desk, cases.show, other).tasks
    engine.run(desk, tasks.complete, task[0], {})
    clock.move(days=732)
    with engine._begin(writes=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER event_no_update"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE event SET hash = body WHERE case_id = 1 AND seq = 1"))
    assert archiving.retain(engine).cases == 1
    assert {row.reference for row in rows(engine, t.case) if row.archived_at} == {other}
    assert "chain_broken" in found(engine)


# -- a crash at any point --


def test_a_crash_before_the_transaction_leaves_all_in_the_database(
    engine: Engine, desk: By, ended: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move(days=732)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(archiving, "_noted", crash)
        with pytest.raises(KeyboardInterrupt):
            archiving.retain(engine)
    [written] = (engine.settings.files / "histories").iterdir()
    assert len(rows(engine, t.event)) == 3
    assert found(engine, files=True) == []
    before = written.read_bytes()
    assert archiving.retain(engine).cases == 1
    assert written.read_bytes() == before


def test_a_file_that_nothing_names_goes_after_a_day(
    engine: Engine, archived: str, clock: Clock
) -> None:
    kept = path(engine, archived)
    stray = kept.with_name("TST-MAR-2026-000009-3.jsonl")
    stray.write_bytes(b"x")
    for hours, there in ((23, True), (25, False)):
        written = (clock.now - timedelta(hours=hours)).timestamp()
        for file in (kept, stray):
            if file.exists():
                os.utime(file, (written, written))
        engine.run(SYSTEM, histories.tidy)
        assert (stray.exists(), kept.exists()) == (there, True)


def test_a_file_that_is_gone_is_not_named(engine: Engine, ended: str, clock: Clock) -> None:
    clock.move(days=732)
    [case] = engine.read(SYSTEM, histories.next_cases, 0, 9)
    made = engine.read(SYSTEM, histories.material, case)
    assert made is not None
    digest = sha256(made.content).digest()
    refused("busy", lambda: engine.run(SYSTEM, histories.archived, case, made.seq, digest))
    assert len(rows(engine, t.event)) == 3


def test_a_case_changed_after_its_file_was_written_stays(
    engine: Engine, desk: By, ended: str, clock: Clock
) -> None:
    clock.move(days=732)
    [case] = engine.read(SYSTEM, histories.next_cases, 0, 9)
    made = engine.read(SYSTEM, histories.material, case)
    assert made is not None
    file = engine.settings.files / "histories" / archives.name(ended, made.seq)
    file.parent.mkdir()
    file.write_bytes(made.content)
    engine.run(desk, cases.note, ended, "consulté")
    digest = sha256(made.content).digest()
    refused("busy", lambda: engine.run(SYSTEM, histories.archived, case, made.seq, digest))
    assert len(rows(engine, t.event)) == 4


def test_a_slice_of_a_worker_that_lost_its_lease_is_done_by_the_next(
    engine: Engine, ended: str, clock: Clock
) -> None:
    clock.move(days=732)
    engine.run(SYSTEM, histories.plan)
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    clock.move(minutes=5)
    assert work(engine).finished == 1
    with pytest.raises(EngineError) as caught:
        archiving.work(engine, job)
    assert caught.value.code == "busy"
    assert [row.archived_seq for row in rows(engine, t.case)] == [3]


def test_slices_follow_one_another(
    engine: Engine, desk: By, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiving, "SLICE", 2)
    for _ in range(5):
        reference = start(engine, desk).reference
        [task] = engine.read(desk, cases.show, reference).tasks
        engine.run(desk, tasks.complete, task[0], {})
    clock.move(days=732)
    engine.run(SYSTEM, histories.plan)
    assert work(engine).finished == 3
    assert rows(engine, t.event) == []
    assert found(engine, files=True, replay=True) == []


# -- parts of the table, on PostgreSQL --


def test_a_part_without_events_is_dropped_and_grows_again_in_need(
    engine: Engine, desk: By, ended: str, clock: Clock, parts: Callable[[], list[str]]
) -> None:
    with engine._database.begin() as connection:
        connection.execute(text("SELECT setval('case_id_seq', 150000)"))
    start(engine, desk)
    clock.move(days=732)
    archiving.retain(engine)
    archiving.tidy(engine)
    assert "event_p0" in parts()
    clock.move(days=2)
    archiving.tidy(engine)
    assert parts() == ["event_p1", "event_p2"]
    assert engine.read(desk, cases.replay, ended).ok
    engine.run(desk, cases.note, ended, "consulté")
    assert parts() == ["event_p0", "event_p1", "event_p2"]
    archiving.tidy(engine)
    assert "event_p0" in parts()
    assert found(engine, files=True, replay=True) == []


@pytest.fixture
def parts(engine: Engine) -> Callable[[], list[str]]:
    if engine._database.dialect.name == "sqlite":
        pytest.skip("SQLite keeps one table")

    def names() -> list[str]:
        with engine._database.connect() as connection:
            query = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = "
                         "'event'::regclass ORDER BY 1")  # fmt: skip
            return list(connection.execute(query).scalars())

    return names

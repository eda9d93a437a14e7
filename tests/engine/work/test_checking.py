"""A check of a database that lives: while others write, after an erasure, without a schema."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from sqlalchemy import text

from engine.commands import incidents, jobs, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.settings import Settings
from engine.transaction import By
from engine.work import worker
from engine.work.checking import check, surveyed
from engine.work.worker import work
from tests.conftest import ADMIN, Clock, deploy
from tests.engine.test_engine import SIGNED, Hire, start
from tests.erasure import erasing, playing


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, "attestation")
    return hire("nadia", "guichet", "legalisateur")


@pytest.mark.slow
def test_nothing_is_found_while_others_write(engine: Engine, desk: By) -> None:
    over, faults = Event(), []

    def write() -> None:
        try:
            while not over.is_set():
                task = start(engine, desk).tasks[0]
                engine.run(desk, tasks.complete, task, SIGNED)
        except Exception as error:  # noqa: BLE001 - told by the test
            faults.append(error)

    writers = [Thread(target=write) for _ in range(2)]
    for thread in writers:
        thread.start()
    try:
        while not faults and (done := surveyed(engine)).checked.get("case", 0) < 40:
            assert done.violations == ()
    finally:
        over.set()
        for thread in writers:
            thread.join()
    assert faults == []
    assert surveyed(engine, replay=True).violations == ()


@pytest.mark.slow
def test_what_was_erased_is_not_missed(
    engine: Engine, hire: Callable[..., By], clock: Clock
) -> None:
    played = playing.play(engine, hire, clock)
    assert surveyed(engine, files=True).violations == ()
    erasing.erase(engine, playing.CIN, played.plain)
    assert surveyed(engine, files=True, replay=True).violations == ()


def test_an_incident_cannot_be_closed_over_a_waiting_token_and_one_that_was_is_a_silent_stop(
    engine: Engine, desk: By, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no such printer")

    monkeypatch.setitem(worker._KINDS, "certificate.issue", broken)
    begun = start(engine, desk)
    engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    for _ in range(jobs.ATTEMPTS):
        work(engine)
        clock.move(hours=1)
    assert surveyed(engine).violations == ()
    [incident] = engine.read(ADMIN, incidents.listing)
    with pytest.raises(EngineError) as caught:
        engine.run(ADMIN, incidents.resolve, incident.id, "écrit à la main")
    assert caught.value.code == "token_waits"
    assert surveyed(engine).violations == ()
    with engine._database.begin() as connection:
        connection.execute(text("UPDATE incident SET resolved_at = at"))
    [one] = surveyed(engine).violations
    assert (one.code, one.where) == ("silent_stop", begun.reference)


def test_a_case_that_is_not_there_is_refused(engine: Engine) -> None:
    with pytest.raises(EngineError) as caught:
        surveyed(engine, "ATT-MAR-2026-000009")
    assert caught.value.code == "unknown_case"


def test_where_the_schema_is_not_right_nothing_else_is_asked(
    sqlite: Engine, settings: Settings
) -> None:
    assert check(settings).ok
    with sqlite._database.begin() as connection:
        connection.execute(text("ALTER TABLE incident DROP COLUMN element"))
    found = check(settings)
    assert (found.ok, found.complete, found.checked) == (False, False, {})
    assert "element" in str(found.drift)


def test_a_file_that_is_not_there_is_not_made(settings: Settings) -> None:
    with pytest.raises(EngineError) as caught:
        check(settings)
    assert caught.value.code == "database_missing"
    assert not (settings.data / "mouqataa.db").exists()

"""The worker: the fault of one job does not stop the others, and none is lost."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.commands import attachments, incidents, jobs, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from engine.work import worker
from engine.work.worker import SYSTEM, Done, work
from tests.conftest import Clock, deploy
from tests.engine.test_engine import SIGNED, Hire, rows, start


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, "attestation")
    return hire("nadia", "guichet", "legalisateur")


@pytest.fixture
def rendering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Any]], None]:
    """A function that puts another in the place of the rendering of certificates."""

    def put(run: Callable[..., Any]) -> None:
        monkeypatch.setitem(worker._KINDS, "certificate.issue", run)

    return put


def signed(engine: Engine, desk: By) -> str:
    """A case whose certificate waits for the worker."""
    begun = start(engine, desk)
    engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    return begun.reference


def raising(error: BaseException) -> Callable[..., Any]:
    def run(*_: Any) -> None:
        raise error

    return run


def finish(engine: Engine, job: jobs.Job) -> None:
    """Finish a job without rendering anything."""
    with engine._database.begin() as connection:
        connection.execute(t.job.update().where(t.job.c.id == job.id).values(status="completed"))


def test_a_bug_puts_its_job_off_and_the_next_is_done(
    engine: Engine, desk: By, rendering: Callable[..., None]
) -> None:
    signed(engine, desk)
    signed(engine, desk)
    seen: list[int] = []

    def first_fails(engine: Engine, job: jobs.Job) -> None:
        seen.append(job.id)
        if len(seen) == 1:
            raise ZeroDivisionError("a bug that quotes Bennani")
        finish(engine, job)

    rendering(first_fails)
    assert work(engine) == Done(finished=1, put_off=1, incidents=0)
    assert len(set(seen)) == 2


def test_a_bug_is_named_by_its_type_and_place_and_quotes_no_value(
    engine: Engine, desk: By, rendering: Callable[..., None]
) -> None:
    signed(engine, desk)
    rendering(raising(ValueError("Bennani is not a number")))
    work(engine)
    [job] = rows(engine, t.job)
    assert job.last_error.startswith("ValueError in run (test_worker.py:")
    assert "Bennani" not in job.last_error


def test_a_bug_that_stays_becomes_an_incident_of_its_case(
    engine: Engine, desk: By, clock: Clock, rendering: Callable[..., None]
) -> None:
    reference = signed(engine, desk)
    rendering(raising(RuntimeError()))
    done = Done(0, 0, 0)
    for _ in range(jobs.ATTEMPTS):
        done = work(engine)
        clock.move(hours=1)
    assert done == Done(finished=0, put_off=0, incidents=1)
    assert work(engine) == Done(0, 0, 0)
    [row] = engine.read(SYSTEM, incidents.listing)
    assert (row.case, row.code) == (reference, "job_failed")
    assert row.message.startswith("RuntimeError in run")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), MemoryError()])
def test_what_ends_the_process_ends_the_worker_and_the_job_stays_due(
    engine: Engine, desk: By, rendering: Callable[..., None], error: BaseException
) -> None:
    signed(engine, desk)
    rendering(raising(error))
    with pytest.raises(type(error)):
        work(engine)
    [job] = rows(engine, t.job)
    assert (job.status, job.last_error) == ("due", None)


def test_a_job_that_kills_every_worker_does_not_stand_before_the_others(
    engine: Engine, desk: By, clock: Clock, rendering: Callable[..., None]
) -> None:
    signed(engine, desk)
    rendering(raising(MemoryError()))
    for _ in range(jobs.ATTEMPTS):
        with pytest.raises(MemoryError):
            work(engine)
        clock.move(hours=1)
    signed(engine, desk)
    rendering(finish)
    assert work(engine) == Done(finished=1, put_off=0, incidents=0)
    [row] = engine.read(SYSTEM, incidents.listing)
    assert "at every attempt" in row.message


def test_a_job_of_an_unknown_kind_is_a_failure_like_any_other(engine: Engine, desk: By) -> None:
    signed(engine, desk)
    with engine._database.begin() as connection:
        connection.execute(t.job.update().values(kind="nobody.knows"))
    assert work(engine) == Done(finished=0, put_off=1, incidents=0)


def test_a_failure_that_comes_after_the_lease_is_left_to_the_new_holder(
    engine: Engine, desk: By, clock: Clock, rendering: Callable[..., None]
) -> None:
    signed(engine, desk)

    def overtaken(engine: Engine, job: jobs.Job) -> None:
        clock.move(seconds=engine.settings.lease_seconds + 1)
        assert engine.run(SYSTEM, jobs.claim, "another", 600) is not None
        raise OSError("the disk is gone")

    rendering(overtaken)
    assert work(engine) == Done(0, 0, 0)
    [job] = rows(engine, t.job)
    assert (job.owner, job.last_error) == ("another", None)


def test_a_fault_of_the_database_is_not_taken_for_one_of_the_job(
    engine: Engine, desk: By, rendering: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(engine, desk)
    gone = EngineError("database_unreachable", reason="OperationalError")
    rendering(raising(gone))
    monkeypatch.setattr(jobs, "failed", raising(gone))
    monkeypatch.setattr(jobs.failed, "__module__", "engine.commands.jobs")
    monkeypatch.setattr(jobs.failed, "__name__", "failed")
    with pytest.raises(EngineError) as caught:
        work(engine)
    assert caught.value.code == "database_unreachable"


def test_what_has_had_its_time_is_thrown_away(engine: Engine, desk: By, clock: Clock) -> None:
    start(engine, By(desk.actor, key="once", channel="test"))
    lost = attachments.file(engine.settings.files, "lost")
    lost.parent.mkdir(parents=True, exist_ok=True)
    lost.write_bytes(b"%PDF-")
    os.utime(lost, (clock.now.timestamp(), clock.now.timestamp()))
    worker.tidy(engine)
    assert lost.exists()
    assert len(rows(engine, t.answer)) == 1
    clock.move(days=31)
    worker.tidy(engine)
    assert not lost.exists()
    assert rows(engine, t.answer) == []


def test_the_lease_of_a_job_that_takes_long_is_kept(
    engine: Engine, desk: By, clock: Clock, rendering: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    signed(engine, desk)
    monkeypatch.setattr(worker, "_BEATS", 600)  # a beat each tenth of a second
    held: list[Any] = []

    def long(engine: Engine, job: jobs.Job) -> None:
        clock.move(seconds=50)
        until = clock.now + timedelta(seconds=engine.settings.lease_seconds)
        for _ in range(100):
            time.sleep(0.05)
            if rows(engine, t.job)[0].leased_until == until:
                break
        clock.move(seconds=50)
        held.append(engine.run(SYSTEM, jobs.claim, "another", 60))
        finish(engine, job)

    rendering(long)
    assert work(engine) == Done(finished=1, put_off=0, incidents=0)
    assert held == [None]


def test_a_worker_that_is_asked_to_stop_gives_back_what_it_has_not_begun(
    engine: Engine, desk: By, rendering: Callable[..., None]
) -> None:
    signed(engine, desk)
    rendering(raising(AssertionError("begun")))
    assert work(engine, stopped=lambda: True) == Done(0, 0, 0)
    [job] = rows(engine, t.job)
    assert (job.status, job.attempts, job.leased_until) == ("due", 0, None)
    rendering(finish)
    assert work(engine).finished == 1


def test_only_the_kinds_that_were_named_are_done(
    engine: Engine, desk: By, rendering: Callable[..., None]
) -> None:
    signed(engine, desk)
    rendering(finish)
    assert work(engine, kinds=("timer.fire",)) == Done(0, 0, 0)
    assert work(engine, kinds=("timer.fire", "certificate.issue")).finished == 1

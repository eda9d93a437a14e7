"""Jobs: one holder each, a late one changes nothing; what fails is put off, then shown."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from engine.commands import cases, incidents, jobs, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By, Transaction
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.runtime.models import START, duration, ends, flows, node, user

WAITS = (
    START, node("intermediateCatchEvent", "T", duration("PT1H")), user("A"), ends("E"),
    flows("S > T > A > E"),
)  # fmt: skip


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *WAITS)
    return hire("nadia", "desk")


def take(engine: Engine, owner: str = "w1", seconds: int = 60) -> jobs.Job:
    job = engine.run(SYSTEM, jobs.claim, owner, seconds)
    assert job is not None
    return job


# -- leases --


def test_nothing_is_due_before_its_time(engine: Engine, desk: By, clock: Clock) -> None:
    start(engine, desk)
    clock.move(minutes=59)
    assert engine.run(SYSTEM, jobs.claim, "w1", 60) is None
    clock.move(minutes=1)
    assert take(engine).kind == "timer.fire"


def test_two_workers_take_two_different_jobs(engine: Engine, desk: By, clock: Clock) -> None:
    for _ in range(2):
        start(engine, desk)
    clock.move(hours=2)
    assert take(engine, "w1").id != take(engine, "w2").id
    assert engine.run(SYSTEM, jobs.claim, "w3", 60) is None


def test_many_workers_at_once_take_each_job_once(engine: Engine, desk: By, clock: Clock) -> None:
    for _ in range(12):
        start(engine, desk)
    clock.move(hours=2)
    ready = Barrier(4)

    def worker(name: int) -> list[int]:
        ready.wait()
        taken = []
        while job := engine.run(SYSTEM, jobs.claim, f"w{name}", 60):
            taken.append(job.id)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [key for keys in pool.map(worker, range(4)) for key in keys]
    assert sorted(taken) == sorted(row.id for row in rows(engine, t.job))


def test_the_oldest_is_taken_first(engine: Engine, desk: By, clock: Clock) -> None:
    first = start(engine, desk)
    clock.move(minutes=5)
    start(engine, desk)
    clock.move(hours=2)
    job = take(engine)
    assert engine.run(SYSTEM, jobs.fire, job.id, job.lease).case == first.reference


def test_a_lease_that_ran_out_is_taken_over_and_the_late_worker_changes_nothing(
    engine: Engine, desk: By, clock: Clock
) -> None:
    reference = start(engine, desk).reference
    clock.move(hours=2)
    late = take(engine, "w1", 60)
    clock.move(seconds=59)
    assert engine.run(SYSTEM, jobs.claim, "w2", 60) is None
    clock.move(seconds=2)
    new = take(engine, "w2", 60)
    assert (new.id, new.lease) == (late.id, late.lease + 1)
    before = rows(engine, t.job), rows(engine, t.event), rows(engine, t.task)
    refused("busy", lambda: engine.run(SYSTEM, jobs.fire, late.id, late.lease))
    refused("busy", lambda: engine.run(SYSTEM, jobs.failed, late.id, late.lease, "x"))
    assert (rows(engine, t.job), rows(engine, t.event), rows(engine, t.task)) == before
    assert engine.run(SYSTEM, jobs.fire, new.id, new.lease).case == reference
    refused("busy", lambda: engine.run(SYSTEM, jobs.fire, new.id, new.lease))
    assert engine.read(desk, cases.replay, reference).ok


def test_a_job_that_is_not_there_is_not_held(engine: Engine) -> None:
    refused("busy", lambda: engine.run(SYSTEM, jobs.failed, 99, 1, "x"))


def test_a_timer_fires_with_the_moment_at_which_it_was_due(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    due = clock.now + timedelta(hours=1)
    clock.move(days=3)
    job = take(engine)
    [task] = engine.run(SYSTEM, jobs.fire, job.id, job.lease).tasks
    event = engine.read(desk, cases.history, begun.reference)[-1]
    assert (event.kind, event.body["due"], event.body["timer"]) == ("timer.fired", due, "T")
    assert engine.run(desk, tasks.complete, task, {}).ended == "completed"


# -- failures --


def test_each_failure_waits_twice_as_long_and_the_last_is_an_incident(
    engine: Engine, desk: By, clock: Clock
) -> None:
    reference = start(engine, desk).reference
    clock.move(hours=2)
    waits = []
    for attempt in range(1, jobs.ATTEMPTS + 1):
        job = take(engine)
        raised = engine.run(SYSTEM, jobs.failed, job.id, job.lease, "en panne")
        assert raised is (attempt == jobs.ATTEMPTS)
        [row] = rows(engine, t.job)
        if not raised:
            waits.append(row.retry_at - clock.now)
            assert engine.run(SYSTEM, jobs.claim, "w", 60) is None
            clock.now = row.retry_at
    assert waits == [jobs.put_off(row.id, n) for n in range(1, jobs.ATTEMPTS)]
    assert all(
        least <= wait.total_seconds() <= least * 1.25
        for least, wait in zip((20, 40, 80, 160), waits, strict=True)
    )
    assert (row.status, row.last_error) == ("incident", "en panne")
    [listed] = engine.read(ADMIN, incidents.listing)
    assert (listed.case, listed.code, listed.message) == (reference, "job_failed", "en panne")
    event = engine.read(desk, cases.history, reference)[-1]
    assert (event.kind, event.body["work"]) == ("incident.raised", "timer.fire")
    assert "en panne" not in str(event.body)
    assert engine.read(desk, cases.replay, reference).ok


def test_what_waits_is_told(engine: Engine, desk: By, clock: Clock) -> None:
    start(engine, desk)
    due = clock.now + timedelta(hours=1)
    assert engine.read(SYSTEM, jobs.waiting) == (jobs.Waiting("timer.fire", due, ""),)
    clock.move(hours=2)
    work(engine)
    assert engine.read(SYSTEM, jobs.waiting) == ()


def test_answers_with_a_key_are_forgotten_after_thirty_days(
    engine: Engine, desk: By, clock: Clock
) -> None:
    once = By(desk.actor, key="k1", channel="test")
    start(engine, once)
    clock.move(days=30)
    assert engine.run(SYSTEM, jobs.tidy) == jobs.Tidied(0)
    clock.move(minutes=1)
    assert engine.run(SYSTEM, jobs.tidy) == jobs.Tidied(1)
    assert start(engine, once).reference == "TST-MAR-2026-000002"


@pytest.mark.parametrize("act", ["fire", "failed"])
def test_a_lease_is_looked_at_again_when_the_job_is_changed(
    engine: Engine, desk: By, clock: Clock, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker overtaken between its reading and its writing changes nothing."""
    if engine._database.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: nobody overtakes it")
    start(engine, desk)
    clock.move(hours=2)
    late = take(engine, "w1", 60)
    clock.move(minutes=2)
    read, overtaken = Transaction.held_job, []

    def held(tx: Transaction, key: int, lease: int, **how: Any) -> Any:
        row = read(tx, key, lease, **how)
        if not overtaken:
            overtaken.append(take(engine, "w2", 600))
        return row

    monkeypatch.setattr(Transaction, "held_job", held)
    given = (late.id, late.lease) + (("en panne",) if act == "failed" else ())
    refused("busy", lambda: engine.run(SYSTEM, getattr(jobs, act), *given))
    [job] = rows(engine, t.job)
    assert (job.status, job.owner, job.last_error) == ("due", "w2", None)
    assert engine.run(SYSTEM, jobs.fire, overtaken[0].id, overtaken[0].lease).tasks


# -- one job of a case at a time --

MANY = (
    START, node("parallelGateway", "P"),
    *(node("intermediateCatchEvent", f"T{n}", duration(f"PT{5 - n}H")) for n in range(5)),
    node("parallelGateway", "J"), user("A"), ends("E"),
    flows("S > P > T0 > J > A > E", *(f"P > T{n} > J" for n in range(1, 5))),
)  # fmt: skip


@pytest.fixture
def branching(engine: Engine, hire: Hire) -> By:
    """Cases in which five timers run beside each other, the last drawn due first."""
    deploy(engine, *MANY)
    return hire("nadia", "desk")


def test_a_case_whose_job_is_held_lets_the_others_pass(
    engine: Engine, branching: By, clock: Clock
) -> None:
    first, second = start(engine, branching).reference, start(engine, branching).reference
    clock.move(hours=9)
    held = take(engine, "w1", 60)
    other = take(engine, "w2", 60)
    assert engine.run(SYSTEM, jobs.claim, "w3", 60) is None
    assert engine.run(SYSTEM, jobs.fire, other.id, other.lease).case == second
    assert take(engine, "w2", 60).id != held.id
    clock.move(seconds=61)
    assert take(engine, "w3", 60).id == held.id
    assert engine.read(branching, cases.replay, first).ok


def test_late_timers_of_a_case_catch_up_in_the_order_in_which_they_were_due(
    engine: Engine, branching: By, clock: Clock
) -> None:
    begun = start(engine, branching)
    due = [clock.now + timedelta(hours=hour) for hour in range(1, 6)]
    clock.move(days=40)
    assert work(engine).finished == 5
    fired = [e.body for e in engine.read(branching, cases.history, begun.reference)[1:]]
    assert [(b["timer"], b["due"]) for b in fired] == [
        (f"T{4 - n}", moment) for n, moment in enumerate(due)
    ]


def test_many_workers_hold_never_two_jobs_of_a_case(
    engine: Engine, branching: By, clock: Clock
) -> None:
    for _ in range(3):
        start(engine, branching)
    clock.move(hours=9)
    ready = Barrier(4)

    def worker(name: int) -> list[jobs.Job]:
        ready.wait()
        taken = []
        while job := engine.run(SYSTEM, jobs.claim, f"w{name}", 60):
            taken.append(job)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [job.id for held in pool.map(worker, range(4)) for job in held]
    of = {row.id: row.case_id for row in rows(engine, t.job)}
    assert sorted(of[key] for key in taken) == sorted(set(of.values()))


def test_a_timer_that_failed_keeps_the_moment_at_which_it_was_due(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    due = clock.now + timedelta(hours=1)
    clock.move(hours=2)
    job = take(engine)
    engine.run(SYSTEM, jobs.failed, job.id, job.lease, "en panne")
    clock.move(hours=1)
    assert work(engine).finished == 1
    assert engine.read(desk, cases.history, begun.reference)[-1].body["due"] == due


# -- order, kinds, leases that are kept or given back --


def _kind(engine: Engine, kind: str, priority: int) -> None:
    """Make the newest job one of another kind."""
    newest = max(row.id for row in rows(engine, t.job))
    with engine._database.begin() as connection:
        values = {"kind": kind, "priority": priority}
        connection.execute(t.job.update().where(t.job.c.id == newest).values(**values))


def test_what_people_wait_for_goes_before_what_was_due_earlier(
    engine: Engine, desk: By, clock: Clock
) -> None:
    for kind, priority in (("bulk", 90), ("usual", 50), ("pressing", 10)):
        start(engine, desk)
        _kind(engine, kind, priority)
        clock.move(minutes=1)
    clock.move(hours=2)
    assert [take(engine).kind for _ in range(3)] == ["pressing", "usual", "bulk"]


def test_a_worker_takes_the_kinds_that_it_was_given(engine: Engine, desk: By, clock: Clock) -> None:
    start(engine, desk)
    start(engine, desk)
    _kind(engine, "other", 50)
    clock.move(hours=2)
    assert engine.run(SYSTEM, jobs.claim, "w", 60, ("nothing",)) is None
    found = engine.run(SYSTEM, jobs.claim, "w", 60, ("other", "nothing"))
    assert found is not None
    assert found.kind == "other"
    assert engine.run(SYSTEM, jobs.claim, "w", 60, ("other",)) is None


def test_a_lease_is_extended_by_who_holds_it(engine: Engine, desk: By, clock: Clock) -> None:
    start(engine, desk)
    clock.move(hours=2)
    job = take(engine, "w1", 60)
    clock.move(seconds=50)
    assert engine.run(SYSTEM, jobs.extend, job.id, job.lease, 60).until == (
        clock.now + timedelta(seconds=60)
    )
    clock.move(seconds=50)
    assert engine.run(SYSTEM, jobs.claim, "w2", 60) is None
    clock.move(seconds=11)
    take(engine, "w2", 60)
    refused("busy", lambda: engine.run(SYSTEM, jobs.extend, job.id, job.lease, 60))


def test_what_was_taken_and_not_begun_is_given_back_whole(
    engine: Engine, desk: By, clock: Clock
) -> None:
    start(engine, desk)
    clock.move(hours=2)
    job = take(engine, "w1", 60)
    engine.run(SYSTEM, jobs.give_back, job.id, job.lease)
    again = take(engine, "w2", 60)
    assert (again.id, again.lease) == (job.id, job.lease + 1)
    assert rows(engine, t.job)[0].attempts == 1
    refused("busy", lambda: engine.run(SYSTEM, jobs.give_back, job.id, job.lease))


def test_a_worker_that_ended_is_an_attempt_that_failed(
    engine: Engine, desk: By, clock: Clock
) -> None:
    start(engine, desk)
    clock.move(hours=2)
    take(engine, "w1", 60)
    clock.move(minutes=2)
    take(engine, "w2", 60)
    [attempt] = rows(engine, t.attempt)
    assert (attempt.number, attempt.owner) == (1, "w1")
    assert "the worker ended" in attempt.error

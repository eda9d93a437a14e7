"""Clocks that jump: timers are neither lost nor early nor double, and no history runs backwards.

An injected clock for one process, libfaketime for whole ones. MOUQATAA_JUMPS says how many jumps.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.commands import checks, incidents, jobs, tasks
from engine.engine import Engine
from engine.history import chain
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.reliability.invariants import broken
from tests.runtime.models import START, duration, ends, flows, node, user

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
JUMPS = int(os.environ.get("MOUQATAA_JUMPS", "60"))
ROOT = Path(__file__).parents[2]
# One by the clock, one by the calendar: a month after, at the same hour of the city.
PARTS = (
    START, node("intermediateCatchEvent", "H", duration("PT1H")),
    node("intermediateCatchEvent", "M", duration("P1M")), user("A"), ends("E"),
    flows("S > H > M > A > E"),
)  # fmt: skip
# In 2026 the clocks of Morocco go back for Ramadan on 15 February and forward on 22 March.
BEFORE_RAMADAN = datetime(2026, 2, 14, 12, 0, tzinfo=UTC)
FIRST_DAY = BEFORE_RAMADAN - timedelta(days=400)
LEAPS = (
    timedelta(hours=-1), timedelta(days=40), timedelta(days=-40), timedelta(minutes=20),
    timedelta(hours=2), timedelta(days=9), timedelta(days=-2),
)  # fmt: skip


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    clock.now = FIRST_DAY
    deploy(engine, *PARTS)  # in effect wherever the clock jumps to
    clock.now = BEFORE_RAMADAN
    return hire("nadia", "desk")


def test_timers_under_a_clock_that_jumps_are_neither_lost_nor_early_nor_double(
    engine: Engine, desk: By, clock: Clock
) -> None:
    """A worker dies now and then with a job in hand, whatever the clock says then."""
    chance = random.Random(20260215)
    for _ in range(JUMPS):
        start(engine, desk)
        clock.now = max(clock.now + chance.choice(LEAPS), FIRST_DAY)
        if chance.random() < 0.3:
            engine.run(SYSTEM, jobs.claim, "dies", 60)
        _work_checked(engine, clock, chance.randint(0, 5))
    clock.now = max(row.due_at for row in rows(engine, t.job)) + timedelta(days=20)
    _work_all(engine, clock)
    for row in rows(engine, t.incident):  # five workers died with it in hand: a person says again
        engine.run(SYSTEM, incidents.retry, row.id)
    _work_all(engine, clock)
    fired = Counter(row.case_id for row in rows(engine, t.event) if row.kind == "timer.fired")
    assert fired == {row.id: 2 for row in rows(engine, t.case)}
    assert all(row.resolved_at is not None for row in rows(engine, t.incident))
    _check_histories(engine)


def _work_all(engine: Engine, clock: Clock) -> None:
    """Work until nothing is due any more, a month at a time."""
    while any(row.status == "due" for row in rows(engine, t.job)):
        clock.move(days=32)
        _work_checked(engine, clock, 10_000)


def _work_checked(engine: Engine, clock: Clock, limit: int) -> None:
    """Work, and see that nothing is done before its time."""
    before = {row.id for row in rows(engine, t.job) if row.status == "completed"}
    work(engine, limit=limit)
    for row in rows(engine, t.job):
        if row.status == "completed" and row.id not in before:
            assert row.due_at <= clock.now, "a timer was early"


def _check_histories(engine: Engine) -> None:
    last: dict[int, datetime] = {}
    for row in sorted(rows(engine, t.event), key=lambda row: (row.case_id, row.seq)):
        assert row.at >= last.get(row.case_id, row.at), "a history ran backwards"
        last[row.case_id] = row.at
    assert engine.survey(SYSTEM, checks.house, checks.Depth(replay=True)).violations == ()
    assert broken(engine) == []


@pytest.mark.parametrize(
    ("begun", "due"),
    [
        (datetime(2026, 2, 1, 9, 0, tzinfo=UTC), datetime(2026, 3, 1, 10, 0, tzinfo=UTC)),
        (datetime(2026, 3, 1, 10, 0, tzinfo=UTC), datetime(2026, 4, 1, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_month_over_the_change_of_ramadan_keeps_the_hour_of_the_city(
    engine: Engine, desk: By, clock: Clock, begun: datetime, due: datetime
) -> None:
    """Ten in the morning stays ten in the morning, an hour of the clock stays an hour."""
    clock.now = begun - timedelta(hours=1)
    start(engine, desk)
    clock.now = begun
    assert work(engine).finished == 1
    [job] = [row for row in rows(engine, t.job) if row.status == "due"]
    assert job.due_at == due
    clock.now = due - timedelta(seconds=1)
    assert work(engine).finished == 0
    clock.now = due
    assert work(engine).finished == 1


def test_a_lease_of_a_clock_that_was_wrong_holds_nobody_up(
    engine: Engine, desk: By, clock: Clock
) -> None:
    """Its worker, if it lives, comes too late."""
    start(engine, desk)
    clock.move(days=40)
    late = engine.run(SYSTEM, jobs.claim, "w1", 60)
    assert late is not None
    clock.move(days=-40, hours=2)
    assert work(engine).finished == 1
    refused("busy", lambda: engine.run(SYSTEM, jobs.fire, late.id, late.lease))


# -- the clock of a whole process --


@pytest.fixture
def today(engine: Engine, desk: By, clock: Clock) -> By:
    if shutil.which("faketime") is None:
        pytest.skip("no faketime here")
    clock.now = datetime.now(UTC)
    return desk


@contextmanager
def worker(
    database: str, folder: Path, offset: Path, *args: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """`mouqataa work` with the clock that a file says ("+40d"), which may change under it."""
    [library] = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    environ = {**os.environ, "MOUQATAA_DATA": str(folder), "MOUQATAA_DATABASE": database,
               "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(offset),
               "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}  # fmt: skip
    command = [sys.executable, str(ROOT / "cli.py"), "work", *args]
    process = subprocess.Popen(command, env=environ, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(60) in (0, -15)


def until(what: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def fired(engine: Engine) -> Counter[int]:
    return Counter(row.case_id for row in rows(engine, t.event) if row.kind == "timer.fired")


def test_a_worker_forty_days_ahead_fires_what_is_due_then_and_the_case_goes_on_after_it(
    engine: Engine, today: By, clock: Clock, database: str, tmp_path: Path
) -> None:
    offset = tmp_path / "offset"
    offset.write_text("+40d")
    start(engine, today)
    [case] = rows(engine, t.case)
    with worker(database, tmp_path, offset, "--once") as process:
        assert process.wait(60) == 0
    assert fired(engine)[case.id] == 1, "the month is counted from where that clock stood"
    [due] = [row.due_at for row in rows(engine, t.job) if row.status == "due"]
    assert due > clock.now + timedelta(days=60)
    clock.now = due
    assert work(engine).finished == 1
    [task] = [row for row in rows(engine, t.task) if row.status == "open"]
    clock.now = datetime.now(UTC)
    engine.run(today, tasks.complete, task.id, {})
    _check_histories(engine)
    told = [chain.decode(row.body)["due"] for row in rows(engine, t.event)
            if row.kind == "timer.fired"]  # fmt: skip
    assert told[0] == case.started_at + timedelta(hours=1)


def test_a_worker_whose_clock_jumps_back_is_not_early(
    engine: Engine, today: By, clock: Clock, database: str, tmp_path: Path
) -> None:
    if database.startswith("sqlite"):
        pytest.skip("libfaketime breaks Python's sleep when its clock is changed under it")
    offset = tmp_path / "offset"
    offset.write_text("+2h")
    start(engine, today)
    with worker(database, tmp_path, offset, "--idle", "0.1"):
        until(lambda: sum(fired(engine).values()) == 1)
        offset.write_text("-1h")
        start(engine, today)
        time.sleep(1.5)
        assert sum(fired(engine).values()) == 1, "a timer was early"
        offset.write_text("+2h")
        until(lambda: sum(fired(engine).values()) == 2)
    assert set(fired(engine).values()) == {1}
    _check_histories(engine)

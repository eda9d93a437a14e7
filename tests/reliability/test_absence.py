"""Forty days of absence: what fell due is done in order, once, while people are answered.

Four hundred timers on each database; MOUQATAA_TIMERS says another number. The figures are printed
(`pytest -rP`).
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from engine.commands import checks, tasks
from engine.engine import Engine
from engine.history import chain
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM
from tests.conftest import Clock
from tests.engine.commands.house import ONE, Hire, deploy, start
from tests.engine.test_engine import rows
from tests.reliability.absence import ABSENT, AFTER, BEGUN, PARTS, begin, catch_up

pytestmark = [pytest.mark.slow, pytest.mark.timeout(14_400)]
TIMERS = int(os.environ.get("MOUQATAA_TIMERS", "400"))
CASES, WORKERS, IDLE = TIMERS // len(AFTER), 2, 100


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    clock.now = BEGUN
    deploy(engine, *PARTS)
    deploy(engine, *ONE, key="guichet", code="GUI")
    return hire("nadia", "desk")


@pytest.mark.parametrize("workers", [1, WORKERS])
def test_what_fell_due_in_forty_days_is_done_in_order_while_people_are_answered(
    engine: Engine, desk: By, clock: Clock, workers: int
) -> None:
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        begun = [pool.submit(begin, engine.settings, n, WORKERS, CASES) for n in range(WORKERS)]
        assert sum(future.result() for future in begun) == CASES
        clock.now = BEGUN + ABSENT
        idle = _answered(engine, desk, lambda number: number < IDLE)
        working = [pool.submit(catch_up, engine.settings) for _ in range(workers)]
        busy = _answered(engine, desk, lambda _: not all(w.done() for w in working))
        caught = [future.result() for future in working]
    _check_order(engine, [one.fired for one in caught])
    _check_each_once(engine)
    assert _share(busy, 0.99) < 2, "people waited for the catching up"
    assert engine.survey(SYSTEM, checks.house, checks.Depth()).violations == ()
    rate = len(AFTER) * CASES / max(one.seconds for one in caught)
    sys.stdout.write(
        f"{engine._database.dialect.name}, {workers} worker(s): {len(AFTER) * CASES} timers, "
        f"{rate:.0f}/s; a completion p50/p99 {_told(idle)} idle, {_told(busy)} meanwhile\n"
    )


def _answered(engine: Engine, desk: By, goes_on: Callable[[int], bool]) -> list[float]:
    """Begin and complete cases at the desk; how long each completion took, in seconds."""
    found: list[float] = []
    while goes_on(len(found)):
        [task] = start(engine, desk, "guichet").tasks
        begun = time.monotonic()
        engine.run(desk, tasks.complete, task, {})
        found.append(time.monotonic() - begun)
        time.sleep(0.02)
    return found


def _share(times: list[float], part: float) -> float:
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


def _told(times: list[float]) -> str:
    return f"{_share(times, 0.5) * 1000:.1f}/{_share(times, 0.99) * 1000:.1f} ms"


def _check_order(engine: Engine, workers: list[list[int]]) -> None:
    """Each worker took what was due the longest, and each case had its timers one after the other;
    among several workers a case may hold up one of its own."""
    due = {row.id: row.due_at for row in rows(engine, t.job)}
    if len(workers) == 1:
        [fired] = workers
        assert [due[job] for job in fired] == sorted(due[job] for job in fired)
    assert Counter(job for fired in workers for job in fired) == dict.fromkeys(due, 1)


def _check_each_once(engine: Engine) -> None:
    """Every timer fired once, for when it was due, and no history runs backwards."""
    started = {row.id: row.started_at for row in rows(engine, t.case)}
    fired: dict[int, list[object]] = {}
    last: dict[int, object] = {}
    for row in sorted(rows(engine, t.event), key=lambda row: (row.case_id, row.seq)):
        assert row.at >= last.get(row.case_id, row.at)
        last[row.case_id] = row.at
        if row.kind == "timer.fired":
            fired.setdefault(row.case_id, []).append(chain.decode(row.body)["due"])
    assert len(fired) == CASES
    for case, moments in fired.items():
        assert moments == [started[case] + after for after in AFTER]

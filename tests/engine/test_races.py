"""Many at once: of each race one wins, and the others are told what happened."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from engine.commands import cases, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from tests.conftest import deploy
from tests.engine.test_engine import SIGNED, Hire, rows, start
from tests.reliability.invariants import broken

THREADS, TASKS = 8, 20


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, "attestation")
    return hire("nadia", "guichet", "legalisateur")


def test_eight_threads_complete_twenty_tasks_once_each(engine: Engine, desk: By) -> None:
    todo = [start(engine, desk).tasks[0] for _ in range(TASKS)]
    told: Counter[str] = Counter()
    ready = Barrier(THREADS)

    def race(seed: int) -> None:
        mine = random.Random(seed).sample(todo, len(todo))
        ready.wait()
        for task in mine:
            try:
                engine.run(desk, tasks.complete, task, SIGNED)
                told["completed"] += 1
            except EngineError as error:
                told[error.code] += 1

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(race, range(THREADS)))
    assert told == {"completed": TASKS, "already_completed": (THREADS - 1) * TASKS}
    numbers = sorted(row.number for row in rows(engine, t.register_entry))
    assert numbers == list(range(1, TASKS + 1))
    for row in rows(engine, t.case):
        assert engine.read(desk, cases.replay, row.reference).ok


CLIENTS, ROUNDS = 50, int(os.environ.get("MOUQATAA_ROUNDS", "3"))


@pytest.mark.timeout(3600)
def test_of_fifty_clients_that_complete_one_task_one_does_and_each_is_told(
    engine: Engine, desk: By
) -> None:
    """Three rounds; MOUQATAA_ROUNDS says another number."""
    for number in range(ROUNDS):
        [task] = start(engine, desk).tasks
        ready = Barrier(CLIENTS)

        def complete(_: int, task: int = task, ready: Barrier = ready) -> str:
            ready.wait()
            try:
                engine.run(desk, tasks.complete, task, SIGNED)
            except EngineError as error:
                return error.code
            return "completed"

        with ThreadPoolExecutor(CLIENTS) as pool:
            told = Counter(pool.map(complete, range(CLIENTS)))
        assert told == {"completed": 1, "already_completed": CLIENTS - 1}
        assert len(rows(engine, t.register_entry)) == number + 1
    assert broken(engine) == []


def test_one_key_from_many_threads_does_its_work_once(engine: Engine, desk: By) -> None:
    once = By(desk.actor, key="the same", channel="test")
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda _: start(engine, once), range(THREADS)))
    assert len({answer.reference for answer in answers}) == 1
    assert len(rows(engine, t.case)) == 1


_VICTIM = """
import sys
from engine.commands import cases, tasks
from engine.engine import Engine
from engine.settings import load
from engine.transaction import By
from tests.engine.test_engine import APPLICATION, SIGNED

engine, desk = Engine(load()), By("nadia", channel="test")
engine.run(desk, cases.start, "attestation", APPLICATION, "MAR")  # connections, compiled queries
print("ready", flush=True)
while True:
    begun = engine.run(desk, cases.start, "attestation", APPLICATION, "MAR")
    print("started", begun.tasks[0], begun.reference, flush=True)
    engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    print("completed", begun.tasks[0], begun.reference, flush=True)
"""
KILLS = 100


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_hundred_kills_lose_nothing_and_do_nothing_twice(
    engine: Engine, desk: By, tmp_path: Path, database: str
) -> None:
    """SIGKILL at random moments; what was acknowledged is there, and every case goes on."""
    environ = {**os.environ, "MOUQATAA_DATA": str(tmp_path), "MOUQATAA_DATABASE": database}
    environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    acknowledged: list[list[str]] = []
    chance = random.Random(20260302)
    for _ in range(KILLS):
        acknowledged += _killed_after(chance.uniform(0.0, 0.06), environ)
    assert sum(line[0] == "completed" for line in acknowledged) > KILLS / 2
    _check_nothing_lost(engine, desk, acknowledged)


def _killed_after(seconds: float, environ: dict[str, str]) -> list[list[str]]:
    victim = subprocess.Popen(
        [sys.executable, "-c", _VICTIM], env=environ, stdout=subprocess.PIPE, text=True
    )
    assert victim.stdout is not None
    assert victim.stdout.readline() == "ready\n"
    time.sleep(seconds)
    os.kill(victim.pid, signal.SIGKILL)
    lines = victim.stdout.read().splitlines(keepends=True)
    victim.stdout.close()
    victim.wait()
    return [line.split() for line in lines if line.endswith("\n")]


def _check_nothing_lost(engine: Engine, desk: By, acknowledged: list[list[str]]) -> None:
    found = {row.reference: row for row in rows(engine, t.case)}
    closed = {row.id for row in rows(engine, t.task) if row.status == "completed"}
    for what, task, reference in acknowledged:
        assert reference in found
        if what == "completed":
            assert int(task) in closed
    numbers = sorted(int(reference[-6:]) for reference in found)
    assert numbers == list(range(1, len(found) + 1)), "a gap among the references"
    given = sorted(row.number for row in rows(engine, t.register_entry))
    assert given == list(range(1, len(given) + 1)), "a gap in the register"
    assert len(given) == len(closed), "one certificate for each completed task"
    for row in [r for r in rows(engine, t.task) if r.status == "open"]:
        engine.run(desk, tasks.complete, row.id, SIGNED)
    for reference in found:
        assert engine.read(desk, cases.replay, reference).ok

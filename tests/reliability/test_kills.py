"""SIGKILL at random points of clients and workers: nothing lost, nothing twice, nothing stuck.

Ten kills of each sort of process on each database; MOUQATAA_KILLS says another number.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.commands import cases, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import work
from tests.conftest import Clock
from tests.engine.commands.house import APPLICATION, Hire, deploy
from tests.engine.test_engine import rows
from tests.reliability.invariants import broken
from tests.runtime.models import START, duration, ends, flows, node, user

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]
KILLS = int(os.environ.get("MOUQATAA_KILLS", "10"))
LEASE = 2
# A person, a timer that is due at once, a number of a register inside the timer's step, a person.
TAKE = '<extensionElements><mq:input name="register">"acts"</mq:input></extensionElements>'
PARTS = (
    START, user("A"), node("intermediateCatchEvent", "T", duration("PT0S")),
    node("serviceTask", "R", TAKE, mq__operation="register.take", mq__result="entry"),
    user("B"), ends("E"), flows("S > A > T > R > B > E"),
)  # fmt: skip
TOML = '[registers.acts]\nname = "Registre"\n'
CLIENT = """
import sys
from engine.commands import cases, tasks
from engine.engine import Engine
from engine.settings import load
from engine.transaction import By
from tests.engine.commands.house import APPLICATION

engine, name, number = Engine(load()), sys.argv[1], 0
print("ready", flush=True)
while True:
    number += 1
    key = f"{name}-{number}"
    print("start", key, flush=True)
    begun = engine.run(By("nadia", key=key, channel="test"), cases.start, "essai", APPLICATION,
                       "MAR")
    print("started", key, begun.reference, begun.tasks[0], flush=True)
    engine.run(By("nadia", key=key + "-done", channel="test"), tasks.complete, begun.tasks[0], {})
    print("completed", key, begun.reference, begun.tasks[0], flush=True)
"""
WORKER = """
import time
from engine.engine import Engine
from engine.settings import load
from engine.work.worker import work

engine = Engine(load())
print("ready", flush=True)
while True:
    if not work(engine, limit=1).finished:
        time.sleep(0.01)
"""


@dataclass
class Fleet:
    """Processes that are killed and begun again, and what they said before."""

    folder: Path
    environ: dict[str, str]
    said: list[Path] = field(default_factory=list)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def begin(self, sort: str) -> None:
        name = f"{sort}{len(self.said)}"
        self.said.append(self.folder / f"{name}.txt")
        code = CLIENT if sort == "client" else WORKER
        with self.said[-1].open("wb") as out:
            self.running[sort] = subprocess.Popen(
                [sys.executable, "-c", code, name], env=self.environ, stdout=out
            )
        end = time.monotonic() + 60
        while not self.said[-1].read_text():
            assert time.monotonic() < end, "it did not begin"
            time.sleep(0.02)

    def kill(self, sort: str) -> None:
        process = self.running.pop(sort)
        assert process.poll() is None, "it ended by itself"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    def lines(self) -> list[list[str]]:
        """The whole lines that clients said; the last one of a killed process may be torn."""
        whole = [path.read_text() for path in self.said if path.name.startswith("client")]
        found = [line.split() for text in whole for line in text.splitlines(keepends=True)
                 if line.endswith("\n")]  # fmt: skip
        return [line for line in found if line != ["ready"]]


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    clock.now = datetime.now(UTC)
    deploy(engine, *PARTS, toml=TOML)
    return hire("nadia", "desk")


def test_kills_lose_nothing_do_nothing_twice_and_leave_nothing_stuck(
    engine: Engine, desk: By, clock: Clock, tmp_path: Path, database: str
) -> None:
    environ = {**os.environ, "MOUQATAA_DATA": str(tmp_path), "MOUQATAA_DATABASE": database,
               "MOUQATAA_LEASE_SECONDS": str(LEASE),
               "PYTHONPATH": str(Path(__file__).parents[2])}  # fmt: skip
    fleet, chance = Fleet(tmp_path, environ), random.Random(20260302)
    slowest = 0.0
    try:
        for _ in range(KILLS):
            for sort in ("client", "worker"):
                if sort not in fleet.running:
                    fleet.begin(sort)
            time.sleep(chance.uniform(0.0, 0.4))
            for sort in chance.choice((["client"], ["worker"], ["client", "worker"])):
                fleet.kill(sort)
            slowest = max(slowest, _completes_one(engine, desk, clock))
    finally:
        for sort in list(fleet.running):
            fleet.kill(sort)
    _check_the_acknowledged(engine, fleet.lines())
    _repeat_the_unknown(engine, clock, fleet.lines())
    _drain(engine, clock)
    assert broken(engine) == []
    _check_each_step_once(engine)
    _check_nothing_is_stuck(engine, desk)
    assert slowest < 5, "a person waited for a process that was killed"


def _completes_one(engine: Engine, desk: By, clock: Clock) -> float:
    """Complete an open task that no client has in hand; how many seconds it took."""
    clock.now = datetime.now(UTC)
    found = [row for row in rows(engine, t.task) if (row.status, row.element) == ("open", "B")]
    begun = time.monotonic()
    if found:
        engine.run(desk, tasks.complete, found[-1].id, {})
    return time.monotonic() - begun


def _check_the_acknowledged(engine: Engine, lines: list[list[str]]) -> None:
    found = {row.reference for row in rows(engine, t.case)}
    done = {row.id for row in rows(engine, t.task) if row.status == "completed"}
    told = Counter(line[0] for line in lines)
    assert told["completed"] >= KILLS / 2, "the clients did next to nothing"
    for what, _, *rest in lines:
        if what == "started":
            assert rest[0] in found
        if what == "completed":
            assert int(rest[1]) in done


def _repeat_the_unknown(engine: Engine, clock: Clock, lines: list[list[str]]) -> None:
    """Every command once more with its key: the same answers, and each case once."""
    clock.now = datetime.now(UTC)
    answers = {line[1]: line[2] for line in lines if line[0] == "started"}
    sent = [line[1] for line in lines if line[0] == "start"]
    for key in sent:
        by = By("nadia", key=key, channel="test")
        begun = engine.run(by, cases.start, "essai", APPLICATION, "MAR")
        assert answers.get(key, begun.reference) == begun.reference
        by = By("nadia", key=f"{key}-done", channel="test")
        engine.run(by, tasks.complete, begun.tasks[0], {})
    assert len(rows(engine, t.case)) == len(sent)


def _drain(engine: Engine, clock: Clock) -> None:
    """Do what is left, the leases of the dead run out first."""
    clock.now = datetime.now(UTC)
    clock.move(seconds=LEASE + 1)
    for _ in range(3):
        work(engine, limit=100_000)
        clock.move(minutes=10)
    assert {row.status for row in rows(engine, t.job)} == {"completed"}
    assert rows(engine, t.incident) == []


def _check_each_step_once(engine: Engine) -> None:
    fired = Counter(row.case_id for row in rows(engine, t.event) if row.kind == "timer.fired")
    entered = Counter(row.case_id for row in rows(engine, t.register_entry))
    every = {row.id: 1 for row in rows(engine, t.case)}
    assert fired == entered == every


def _check_nothing_is_stuck(engine: Engine, desk: By) -> None:
    for row in rows(engine, t.task):
        if row.status == "open":
            engine.run(desk, tasks.complete, row.id, {})
    assert {row.status for row in rows(engine, t.case)} == {"completed"}
    assert broken(engine) == []

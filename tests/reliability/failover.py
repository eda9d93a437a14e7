"""SIGKILL to the leader of three PostgreSQL servers, under load: nothing lost, nothing twice.

`python -m tests.reliability.failover --times 10`. Clients give the engine's own commands with keys
through an address of all three servers; the leader and its Patroni are killed, another server takes
over, the killed one is begun again and follows. Needs Patroni and etcd (`tests/reliability/
cluster.py`).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from engine.commands import cases, tasks
from engine.engine import Engine
from engine.settings import Settings, load
from engine.store import tables as t
from engine.transaction import By
from engine.work.checking import check
from engine.work.founding import found
from engine.work.worker import work
from processes.catalogue import city
from tests.conftest import hiring
from tests.engine.commands.house import APPLICATION, deploy
from tests.engine.test_engine import rows
from tests.reliability.cluster import ETCD, PATRONI, Cluster, made, until
from tests.reliability.test_kills import PARTS, TOML

ROOT = Path(__file__).parents[2]
CLIENTS, WORKERS = 4, 1
PAUSE = 0.05  # seconds between two cases of a client
STEADY = 3.0  # seconds of load before each kill


@dataclass
class Load:
    """Processes at work on a database, and what they write down."""

    folder: Path
    environ: dict[str, str]
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def begin(self, sort: str, number: int, pause: float = PAUSE) -> None:
        """Begin a client or a worker; returns when it is ready."""
        name = f"{sort}{number}"
        file = self.folder / f"{name}.txt"
        with file.open("wb") as out, (self.folder / f"{name}.err").open("wb") as err:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.clients", sort, name, str(pause)],
                env=self.environ, stdout=out, stderr=err, cwd=ROOT,
            )  # fmt: skip
        until(lambda: bool(file.read_text()), f"{name} did not begin")

    def end(self) -> None:
        """Let each finish what it has in hand; none of them has failed."""
        for process in self.running.values():
            process.terminate()
        for name, process in self.running.items():
            status = process.wait(120)
            assert status == 0, (self.folder / f"{name}.err").read_text()[-2000:]
        self.running.clear()

    def lines(self) -> list[list[str]]:
        """The whole lines of all clients."""
        found = [
            line.split()
            for path in sorted(self.folder.glob("client*.txt"))
            for line in path.read_text().splitlines(keepends=True)
            if line.endswith("\n")
        ]
        return [line for line in found if line[0] != "ready"]

    def answered(self) -> list[float]:
        """When answers came, in order."""
        return sorted(float(line[-1]) for line in self.lines() if line[0] in _ANSWERS)


_ANSWERS = ("started", "completed")


def prepared(settings: Settings) -> Engine:
    """A founded database with a procedure and a clerk."""
    found(settings, city("casablanca"), "admin", specimen=False)
    engine = Engine(settings)
    deploy(engine, *PARTS, toml=TOML)
    hiring(engine)("nadia", "desk")
    return engine


def failover(cluster: Cluster, load_: Load) -> float:
    """Kill the leader once and bring it back; seconds in which nobody was answered."""
    until(cluster.whole, "not all servers follow")
    time.sleep(STEADY)
    old = cluster.leader()
    assert old is not None
    killed = time.monotonic()
    cluster.kill(old)
    until(lambda: cluster.leader() not in (None, old), "no other server took over")
    before = len(load_.answered())
    until(lambda: len(load_.answered()) > before + CLIENTS, "nobody is answered")
    cluster.begin(old)
    until(cluster.whole, f"server {old} did not come back")
    times = [at for at in load_.answered() if at > killed - 1]
    return max(later - earlier for earlier, later in pairwise(times))


def audit(engine: Engine, lines: list[list[str]]) -> None:
    """Every answer holds, every command with a key was done once, and all is well."""
    references = {row.reference for row in rows(engine, t.case)}
    done = {row.id for row in rows(engine, t.task) if row.status == "completed"}
    for what, _, *rest in lines:
        if what == "started":
            assert rest[0] in references, f"acknowledged and lost: {rest[0]}"
        if what == "completed":
            assert int(rest[1]) in done, f"acknowledged and lost: task {rest[1]} of {rest[0]}"
    _repeat(engine, lines)
    while work(engine, limit=1_000).finished:
        pass
    every = {row.id: 1 for row in rows(engine, t.case)}
    fired = Counter(row.case_id for row in rows(engine, t.event) if row.kind == "timer.fired")
    entered = Counter(row.case_id for row in rows(engine, t.register_entry))
    assert fired == entered == every, "a step was done twice, or not at all"
    report = check(engine.settings, replay=True)
    assert report.ok, report


def _repeat(engine: Engine, lines: list[list[str]]) -> None:
    """What was ever not answered, and what was answered last, once more: the same answers."""
    sent = {line[1] for line in lines if line[0] == "start"}
    told = {line[1]: line[2] for line in lines if line[0] == "started"}
    doubtful = {line[1].removesuffix("-done") for line in lines if line[0] == "unanswered"}
    again = sorted(doubtful | (sent - told.keys()) | set(sorted(told)[-200:]))
    for key in again:
        by = By("nadia", key=key, channel="test")
        begun = engine.run(by, cases.start, "essai", APPLICATION, "MAR")
        assert told.get(key, begun.reference) == begun.reference, f"{key} was done twice"
        by = By("nadia", key=f"{key}-done", channel="test")
        engine.run(by, tasks.complete, begun.tasks[0], {})
    assert len(rows(engine, t.case)) == len(sent), "more cases than were asked for"


def run(times: int, folder: Path) -> list[float]:
    """So many failovers under load; the seconds of each outage. Raises AssertionError."""
    cluster = made()
    try:
        cluster.start()
        environ = {"MOUQATAA_DATA": str(folder), "MOUQATAA_DATABASE": cluster.address,
                   "MOUQATAA_DATABASE_RETRY_SECONDS": "5", "MOUQATAA_LEASE_SECONDS": "5",
                   "MOUQATAA_DATABASE_CONNECT_SECONDS": "2"}  # fmt: skip
        engine = prepared(load(environ=environ))
        load_ = Load(folder, {**os.environ, **environ, "PYTHONPATH": str(ROOT)})
        try:
            for number in range(CLIENTS):
                load_.begin("client", number)
            for number in range(WORKERS):
                load_.begin("worker", number)
            outages = [_told(n, failover(cluster, load_)) for n in range(1, times + 1)]
        finally:
            load_.end()
        lines = load_.lines()
        engine.close()  # its connections are of the first leader; new ones are made
        audit(engine, lines)
        engine.close()
        _say(f"{_counts(lines)}; lost 0, done twice 0")
    finally:
        cluster.stop()
    return outages


def _told(number: int, seconds: float) -> float:
    _say(f"failover {number}: nobody was answered for {seconds:.1f} s")
    return seconds


def _counts(lines: list[list[str]]) -> str:
    many = Counter(line[0] for line in lines)
    codes = Counter(line[2] for line in lines if line[0] == "unanswered")
    answers = many["started"] + many["completed"]
    return f"{answers} commands acknowledged, {dict(codes)} not answered at once and repeated"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    asked = parser.parse_args()
    if PATRONI is None or ETCD is None:
        _say("left out: Patroni and etcd are not both here (MOUQATAA_PATRONI names the program)")
        return 1
    with tempfile.TemporaryDirectory(prefix="mouqataa-failover-") as folder:
        outages = sorted(run(asked.times, Path(folder)))
    middle = outages[len(outages) // 2]
    _say(f"{len(outages)} failovers; seconds without an answer: median {middle:.1f}, "
         f"shortest {outages[0]:.1f}, longest {outages[-1]:.1f}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())

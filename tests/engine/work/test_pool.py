"""Several workers in processes of their own: watched, started again, ended softly or at once."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.commands import tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from tests.conftest import Clock, deploy
from tests.engine.test_engine import SIGNED, Hire, rows, start

ROOT = Path(__file__).parents[3]
Begin = Callable[..., "subprocess.Popen[str]"]
pytestmark = pytest.mark.slow


@pytest.fixture
def begin(engine: Engine, tmp_path: Path, database: str) -> Iterator[Begin]:
    """A function that begins `mouqataa work` in a process of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MOUQATAA")}
    environ = {**kept, "MOUQATAA_DATA": str(tmp_path), "MOUQATAA_DATABASE": database,
               "MOUQATAA_LANGUAGE": "en"}  # fmt: skip
    begun: list[subprocess.Popen[str]] = []

    def begin(*args: str) -> "subprocess.Popen[str]":
        command = [sys.executable, str(ROOT / "cli.py"), "work", *args]
        begun.append(
            subprocess.Popen(
                command,
                env=environ,
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return begun[-1]

    yield begin
    for process in begun:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def signed(engine: Engine, hire: Hire, clock: Clock) -> Callable[[int], None]:
    """A function that makes cases whose certificates wait for a worker."""
    clock.now = datetime.now(UTC)
    deploy(engine, "attestation")
    desk: By = hire("nadia", "guichet", "legalisateur")

    def signed(count: int) -> None:
        for _ in range(count):
            engine.run(desk, tasks.complete, start(engine, desk).tasks[0], SIGNED)

    return signed


def children(process: "subprocess.Popen[str]") -> list[int]:
    """The workers of a pool: its children but for the helper of multiprocessing."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    found = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in listed}
    return [pid for pid, line in found.items() if b"spawn_main" in line]


def until(what: Callable[[], object], seconds: float = 30) -> object:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen")


def gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def issued(engine: Engine) -> int:
    return sum(row.status == "issued" for row in rows(engine, t.certificate))


def test_what_is_due_is_done_once_by_two_and_told_in_one_answer(
    engine: Engine, begin: Begin, signed: Callable[[int], None]
) -> None:
    signed(6)
    working = begin("--once", "--processes", "2", "--json")
    told, wrong = working.communicate(timeout=120)
    assert (working.returncode, wrong) == (0, "")
    assert json.loads(told) == {"finished": 6, "put_off": 0, "incidents": 0}
    assert issued(engine) == 6


def test_a_worker_that_dies_is_started_again_and_all_end_softly(
    engine: Engine, begin: Begin, signed: Callable[[int], None]
) -> None:
    working = begin("--processes", "2", "--json", "--idle", "0.2")
    first: list[int] = until(lambda: len(children(working)) == 2 and children(working))  # type: ignore[assignment]
    time.sleep(3)
    os.kill(first[0], signal.SIGKILL)
    until(lambda: len(set(children(working)) - {first[0]}) == 2)
    signed(2)
    until(lambda: issued(engine) == 2, 60)
    time.sleep(3)
    working.send_signal(signal.SIGTERM)
    told, wrong = working.communicate(timeout=30)
    assert (working.returncode, wrong) == (0, "")
    lines = [json.loads(line) for line in told.splitlines()]
    died = [line for line in lines if "status" in line]
    assert [(line["status"], line["again_in"]) for line in died] == [(-9, 1.0)]
    assert sum(line.get("finished", 0) for line in lines) == 2


def test_workers_end_when_their_parent_is_gone(begin: Begin) -> None:
    working = begin("--processes", "2", "--idle", "0.2")
    left: list[int] = until(lambda: len(children(working)) == 2 and children(working))  # type: ignore[assignment]
    time.sleep(3)
    working.kill()
    working.wait()
    until(lambda: all(gone(pid) for pid in left))


@pytest.mark.parametrize("processes", [1, 2])
def test_a_second_signal_ends_at_once(
    begin: Begin, signed: Callable[[int], None], processes: int
) -> None:
    """While a job is in hand the first one waits; the second does not."""
    working = begin("--processes", str(processes), "--idle", "0.2")
    time.sleep(4)
    left = children(working)
    assert len(left) == (processes if processes > 1 else 0)
    for pid in left:
        os.kill(pid, signal.SIGSTOP)  # a job that does not end
    if not left:
        signed(8)
        time.sleep(0.3)
    begun = time.monotonic()
    working.send_signal(signal.SIGTERM)
    time.sleep(0.1)
    working.send_signal(signal.SIGTERM)
    working.communicate(timeout=10)
    assert time.monotonic() - begun < 5
    assert working.returncode in (0, -signal.SIGTERM)
    assert not left or working.returncode == -signal.SIGTERM
    assert all(gone(pid) for pid in left)


def test_an_unknown_kind_of_job_is_refused_with_those_that_are(begin: Begin) -> None:
    working = begin("--once", "--kinds", "timer.fire,nothing")
    _, wrong = working.communicate(timeout=30)
    assert working.returncode == 2
    assert "timer.fire" in wrong

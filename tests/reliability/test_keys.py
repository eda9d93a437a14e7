"""A key repeated a thousand times from several processes, while the first is still running: once.

Fifty repetitions on each database; MOUQATAA_KEYS says another number.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.commands import checks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM
from tests.conftest import deploy
from tests.engine.test_engine import Hire, rows, start
from tests.reliability.invariants import broken

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
TIMES = int(os.environ.get("MOUQATAA_KEYS", "50"))
PROCESSES, THREADS = 4, 2
# Each sender waits for the same moment, then sends the same command again and again; what it is
# told goes out as one line of JSON. The first to arrive is slowed down before its commit.
SENDER = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from sqlalchemy import event
from engine.commands import cases, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.settings import load
from engine.transaction import By
from tests.engine.test_engine import APPLICATION, SIGNED

what, key, times, threads, at = sys.argv[1], sys.argv[2], *map(float, sys.argv[3:])
engine = Engine(load())
event.listen(engine._database, "commit", lambda _: time.sleep(0.02))
by = By("nadia", key=key, channel="test")
args = {"start": (cases.start, "attestation", APPLICATION, "MAR")}
args |= {"complete": (tasks.complete, int(what), SIGNED)} if what.isdigit() else {}
command, *given = args["complete" if what.isdigit() else what]

def told(_):
    try:
        return asdict(engine.run(by, command, *given))
    except EngineError as error:
        return error.code

print("ready", flush=True)
time.sleep(max(at - time.time(), 0))
with ThreadPoolExecutor(int(threads)) as pool:
    print(json.dumps(list(pool.map(told, range(int(times))))))
"""


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, "attestation")
    return hire("nadia", "guichet", "legalisateur")


def _sent(what: str, key: str, environ: dict[str, str]) -> list[object]:
    """What all the senders were told together."""
    at = time.time() + 4
    given = [what, key, str(-(-TIMES // PROCESSES)), str(THREADS), str(at)]
    senders = [
        subprocess.Popen(
            [sys.executable, "-c", SENDER, *given], env=environ, stdout=subprocess.PIPE, text=True
        )
        for _ in range(PROCESSES)
    ]
    found: list[object] = []
    for sender in senders:
        said, _ = sender.communicate(timeout=1800)
        assert sender.returncode == 0
        found += json.loads(said.removeprefix("ready\n"))
    return found


def _same(answers: list[object]) -> object:
    """The one answer that all were given."""
    assert len(answers) >= TIMES
    assert answers.count(answers[0]) == len(answers), answers
    return answers[0]


def test_a_key_that_many_repeat_has_one_effect_and_one_answer(
    engine: Engine, desk: By, tmp_path: Path, database: str
) -> None:
    environ = {**os.environ, "MOUQATAA_DATA": str(tmp_path), "MOUQATAA_DATABASE": database,
               "PYTHONPATH": str(Path(__file__).parents[2])}  # fmt: skip
    begun = _same(_sent("start", "k1", environ))
    [case] = rows(engine, t.case)
    assert begun == {"reference": case.reference, "tasks": [1]}
    done = _same(_sent("1", "k2", environ))
    assert isinstance(done, dict)
    assert done["case"] == case.reference
    [entry] = rows(engine, t.register_entry)
    assert entry.number == 1
    assert len(rows(engine, t.answer)) == 2
    assert rows(engine, t.rejection) == []
    assert set(_sent("2", "k1", environ)) == {"key_reused"}
    assert len(rows(engine, t.case)) == 1
    assert engine.survey(SYSTEM, checks.house, checks.Depth()).violations == ()
    assert broken(engine) == []


def test_keys_of_two_people_are_two_keys(engine: Engine, desk: By, hire: Hire) -> None:
    other = hire("karim", "guichet")
    once = [start(engine, By(by.actor, key="the same", channel="test")) for by in (desk, other)]
    assert once[0].reference != once[1].reference
    assert len(rows(engine, t.case)) == 2

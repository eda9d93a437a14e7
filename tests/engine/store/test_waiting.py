"""Who waits for SQLite's one writer comes to write while others write without a pause."""

import subprocess
import sys
import time
from pathlib import Path

from engine.store import database

_GREEDY = """
import sys
from engine.store import database
engine = database.connect(sys.argv[1])
print("ready", flush=True)
while True:
    with database.writing(engine.connect()) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE ledger SET n = n + 1")
"""
_TIMES, _LONGEST = 40, 1.5


def test_a_writer_has_its_turn_between_two_that_write_without_a_pause(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/turns.db"
    engine = database.connect(url)
    with database.writing(engine.connect()) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE ledger (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO ledger VALUES (0)")
    greedy = [_greedy(url) for _ in range(2)]
    try:
        waits = []
        for _ in range(_TIMES):
            begun = time.monotonic()
            with database.writing(engine.connect()) as connection, connection.begin():
                waits.append(time.monotonic() - begun)
                before = connection.exec_driver_sql("SELECT n FROM ledger").scalar_one()
            time.sleep(0.01)
    finally:
        for process in greedy:
            process.kill()
            process.communicate()
        engine.dispose()
    assert before > _TIMES, "the others did not write"
    assert max(waits) < _LONGEST


def _greedy(url: str) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", _GREEDY, url], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process

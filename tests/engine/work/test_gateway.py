"""The gateway for trying: as strict as a bank's, as tiresome as one, and a process of its own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from engine.engine import Engine, present
from engine.work import noticing
from engine.work.gateway import Gateway
from engine.work.worker import work
from tests.conftest import Clock
from tests.engine.commands.house import Hire, start
from tests.engine.operations import servers
from tests.engine.work.test_calling import open_tasks
from tests.engine.work.test_payments import DESK, answering, known, paying, point
from tests.engine.work.test_payments import gateway as gateway


def test_the_same_key_with_another_order_is_refused_by_the_gateway(gateway: Gateway) -> None:
    order = {"amount": 50, "currency": "MAD", "order": "x", "expires": "2027-01-01T00:00:00Z"}
    body = json.dumps(order).encode()
    first = gateway.create("k", body)
    assert gateway.create("k", body) == (200, first[1])
    assert gateway.create("k", body + b" ") == (409, first[1])


@pytest.mark.parametrize("amount", ["50.01", "50.03"])
def test_notices_come_as_often_as_the_gateway_likes(
    engine: Engine, hire: Hire, gateway: Gateway, amount: str
) -> None:
    with servers.web() as web, answering(engine, gateway):
        web.answers["/notice"] = 200, {}, b""
        gateway.notify = f"http://{web.host}/notice"
        paying(engine, amount)
        start(engine, hire("nadia", "desk"))
        work(engine)
        wanted = 3 if amount.endswith("3") else 1
        for _ in range(500):
            if len(web.seen) >= wanted:
                break
            time.sleep(0.01)
        assert len(web.seen) == wanted
        for seen in web.seen:
            assert not noticing.take(engine, seen.body, seen.headers["signature"]).woken


def test_the_gateway_for_trying_runs_as_a_process(
    engine: Engine, hire: Hire, tmp_path: Path, clock: Clock
) -> None:
    root = Path(__file__).parents[3]
    point(engine, "127.0.0.1:1")
    around = {**os.environ, "MOUQATAA_DATA": str(tmp_path)}
    command = [sys.executable, "cli.py", "payment", "simulate", "--port", "0", "--json"]
    process = subprocess.Popen(command, cwd=root, env=around, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        text = ""
        while not text.endswith("}\n"):
            text += process.stdout.readline()
        url = json.loads(text)["url"]
        point(engine, url.removeprefix("http://"))
        clock.now = present()
        paying(engine, "50.01")
        case = start(engine, hire("nadia", "desk")).reference
        work(engine)
        assert open_tasks(engine, DESK, case) == ["A"]
        paying(engine, "50")
        case = start(engine, DESK).reference
        work(engine)
        page = known(engine, case)["page"]
        with urlopen(page) as answer:
            assert "50" in answer.read().decode()
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()

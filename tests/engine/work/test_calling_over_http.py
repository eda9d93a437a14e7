"""A service task that asks a real server: the answer decides where the case goes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.commands import cases, operations
from engine.engine import Engine
from engine.work.worker import SYSTEM, work
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.operations import servers
from tests.engine.operations.servers import Web
from tests.engine.work.test_calling import open_tasks, service
from tests.runtime.models import START, ends, flows, node, user


@pytest.fixture
def web() -> Iterator[Web]:
    with servers.web() as told:
        yield told


def test_a_service_is_asked_over_http_and_its_answer_decides(
    engine: Engine, hire: Hire, web: Web
) -> None:
    web.answers["/parcels/7"] = 200, {"Content-Type": "application/json"}, b'{"area": 12.5}'
    engine.settings = replace(engine.settings, private_hosts=(web.host,))
    asked = service("http.request", method='"GET"', url=f'"http://{web.host}/parcels/" + string(n)')
    arrows = flows("S > C > G", "G > A if found.json.area > 10", "A > E")
    gate = node("exclusiveGateway", "G", default="G_E")
    deploy(engine, START, asked, gate, user("A"), ends("E"), arrows, flows("G > E"))
    desk = hire("nadia", "desk")
    case = start(engine, desk, n=7).reference
    work(engine)
    assert open_tasks(engine, desk, case) == ["A"]
    assert engine.read(desk, cases.replay, case).ok
    [used] = engine.read(SYSTEM, operations.used)
    assert used.operation == "http.request"

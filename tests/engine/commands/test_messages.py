"""Messages: to the one case that waits, checked by its form, from people or from another case."""

import pytest

from engine.commands import cases, jobs, messages, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.runtime.models import START, ends, flows, node, user

PAPERS = '<message id="m" name="papers" mq:keep="P0D"/>'
HEARS = node("receiveTask", "M", messageRef="m", mq__form="forms/answers.json")
WAITS = (START, HEARS, user("A"), ends("E"), flows("S > M > A > E"))


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *WAITS, beside=PAPERS)
    return hire("nadia", "desk")


def test_the_case_that_waits_goes_on_with_what_came(engine: Engine, desk: By) -> None:
    case, other = start(engine, desk).reference, start(engine, desk).reference
    done = engine.run(desk, messages.send, "papers", case, {"ok": True, "remark": "deux actes"})
    assert done.case == case
    shown = engine.read(desk, cases.show, case)
    assert (shown.values["ok"], shown.values["remark"]) == (True, "deux actes")
    assert [task for task, _, _ in shown.tasks] == done.tasks
    assert engine.read(desk, cases.show, other).tasks == ()
    assert not [row for row in rows(engine, t.event) if b"deux actes" in row.body]
    assert engine.read(desk, cases.replay, case).ok


def test_it_comes_once(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    engine.run(desk, messages.send, "papers", case, {})
    refused("nobody_waits", lambda: engine.run(desk, messages.send, "papers", case, {}))


@pytest.mark.parametrize(("name", "key"), [("other", None), ("papers", "TST-MAR-2026-000009")])
def test_nobody_waits_for_another_name_or_key(
    engine: Engine, desk: By, name: str, key: str | None
) -> None:
    case = start(engine, desk).reference
    refused("nobody_waits", lambda: engine.run(desk, messages.send, name, key or case, {}))


def test_false_values_leave_the_case_waiting(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    refused("form_invalid", lambda: engine.run(desk, messages.send, "papers", case, {"ok": 3}))
    assert len(rows(engine, t.subscription)) == 1
    assert rows(engine, t.case)[0].seq == 1


def test_a_message_without_a_form_brings_nothing(engine: Engine, hire: Hire) -> None:
    bare = node("receiveTask", "M", messageRef="m")
    deploy(engine, START, bare, ends("E"), flows("S > M > E"), beside=PAPERS)
    desk = hire("nadia", "desk")
    case = start(engine, desk).reference
    refused("bad_value", lambda: engine.run(desk, messages.send, "papers", case, {"ok": True}))
    assert engine.run(desk, messages.send, "papers", case, {}).case == case
    assert engine.read(desk, cases.show, case).status == "completed"


def test_another_office_reaches_no_case_here(engine: Engine, desk: By, hire: Hire) -> None:
    case = start(engine, desk).reference
    anfa = hire("anas", "desk", office="ANF")
    refused("unknown_case", lambda: engine.run(anfa, messages.send, "papers", case, {}))
    assert len(rows(engine, t.subscription)) == 1


def test_a_key_that_two_cases_wait_with_reaches_neither(engine: Engine, hire: Hire) -> None:
    both = node("receiveTask", "M", messageRef="m", mq__key="string(n)")
    deploy(engine, START, both, ends("E"), flows("S > M > E"), beside=PAPERS)
    desk = hire("nadia", "desk")
    start(engine, desk, n=4), start(engine, desk, n=4)
    one = start(engine, desk, n=5).reference
    refused("bad_value", lambda: engine.run(desk, messages.send, "papers", "4", {}))
    assert engine.run(desk, messages.send, "papers", "5", {}).case == one


# -- from one case to another --


def given(**values: str) -> str:
    inputs = "".join(f'<mq:input name="{k}">{v}</mq:input>' for k, v in values.items())
    return f"<extensionElements>{inputs}</extensionElements>"


PAYLOAD = {"said": "name", "ok": "n &gt; 1"}
# In one piece, by a service task; entry by entry, by a send task.
WHOLE = given(message='"papers"', key="string(n)", payload="{ said: name, ok: n &gt; 1 }")
SENDERS = {
    "service task": node("serviceTask", "G", WHOLE, mq__operation="message.send"),
    "send task": node("sendTask", "G", given(**PAYLOAD), messageRef="m", mq__key="string(n)"),
}


@pytest.fixture(params=SENDERS)
def pair(engine: Engine, hire: Hire, request: pytest.FixtureRequest) -> tuple[By, str, list[int]]:
    """A case that waits, another whose next task sends to it."""
    hears = node("receiveTask", "M", messageRef="m", mq__key="string(n)")
    deploy(engine, START, hears, user("A"), ends("E"), flows("S > M > A > E"), beside=PAPERS)
    sends = (START, user("W"), SENDERS[request.param], ends("E"), flows("S > W > G > E"))
    deploy(engine, *sends, key="autre", code="AUT", beside=PAPERS)
    desk = hire("nadia", "desk")
    waits = start(engine, desk, n=7).reference
    return desk, waits, start(engine, desk, "autre", n=7, name="Leïla Chraïbi").tasks


def test_what_one_case_sends_the_other_gets_and_personal_values_stay_sealed(
    engine: Engine, pair: tuple[By, str, list[int]]
) -> None:
    desk, waits, [task] = pair
    engine.run(desk, tasks.complete, task, {})
    [job] = rows(engine, t.job)
    assert "Chraïbi".encode() not in job.payload
    assert work(engine).finished == 1
    values = engine.read(desk, cases.show, waits).values
    assert (values["said"], values["ok"]) == ("Leïla Chraïbi", True)
    assert not [row for row in rows(engine, t.event) if "Chraïbi".encode() in row.body]
    for row in rows(engine, t.case):
        assert engine.read(desk, cases.replay, row.reference).ok


def test_a_delivery_under_an_old_lease_changes_nothing(
    engine: Engine, pair: tuple[By, str, list[int]], clock: Clock
) -> None:
    desk, waits, [task] = pair
    engine.run(desk, tasks.complete, task, {})
    late = engine.run(SYSTEM, jobs.claim, "w1", 60)
    assert late is not None
    clock.move(minutes=2)
    assert engine.run(SYSTEM, jobs.claim, "w2", 60) is not None
    what = late.payload
    late_one = (what["message"], what["key"], what["payload"], what["from"], late.id, late.lease)
    refused("busy", lambda: engine.run(SYSTEM, messages.deliver, *late_one))
    assert engine.read(desk, cases.show, waits).tasks == ()


def test_a_message_that_nobody_waits_for_is_tried_again_and_then_shown(
    engine: Engine, pair: tuple[By, str, list[int]], clock: Clock
) -> None:
    desk, waits, [task] = pair
    engine.run(desk, cases.cancel, waits, "désistement")
    engine.run(desk, tasks.complete, task, {})
    found = []
    for _ in range(jobs.ATTEMPTS):
        done = work(engine)
        found.append((done.put_off, done.incidents))
        clock.move(hours=1)
    assert found == [(1, 0)] * 4 + [(0, 1)]

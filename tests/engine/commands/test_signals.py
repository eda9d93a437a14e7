"""Signals across cases: to every case that waits, each once; at the door of those that rest."""

import pytest

from engine.commands import batches, cases, checks, jobs, life, procedures, signals, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import APPLICATION, Hire, bundle, deploy, start
from tests.engine.test_engine import refused, rows
from tests.reliability.invariants import broken
from tests.runtime.models import START, ends, flows, node, user

SIGNAL = '<signal id="s" name="alerte"/>'
EVENT = '<signalEventDefinition signalRef="s"/>'
HEARS = node("intermediateCatchEvent", "H", EVENT, mq__form="forms/answers.json")
WAITS = (START, HEARS, user("A"), ends("E"), flows("S > H > A > E"))
SAID = '<extensionElements><mq:input name="remark">name</mq:input></extensionElements>'
THROWS = (
    START, user("W"), node("intermediateThrowEvent", "T", SAID + EVENT), user("B"), ends("E"),
    flows("S > W > T > B > E"),
)  # fmt: skip


def sound(engine: Engine) -> None:
    assert engine.survey(SYSTEM, checks.house, checks.Depth(replay=True)).violations == ()
    assert broken(engine) == []


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *WAITS, beside=SIGNAL)
    return hire("nadia", "desk")


def test_a_person_reaches_every_case_that_waits_and_each_once(engine: Engine, desk: By) -> None:
    waits = [start(engine, desk).reference for _ in range(5)]
    [expected] = engine.read(desk, cases.show, waits[0]).expected
    assert (expected.kind, expected.element, expected.name) == ("signal", "H", "alerte")
    sound(engine)
    sent = engine.run(desk, signals.send, "alerte", {"ok": True})
    assert sent.batch is not None
    assert (sent.cases, engine.read(desk, batches.show, sent.batch).left) == (5, 5)
    assert work(engine).incidents == 0
    shown = engine.read(desk, batches.show, sent.batch)
    assert (shown.status, shown.done, shown.refused) == ("ended", 5, 0)
    for reference in waits:
        case = engine.read(desk, cases.show, reference)
        assert case.values["ok"] is True
        assert [task for _, task, _ in case.tasks] == ["A"]
        kinds = [event.kind for event in engine.read(desk, cases.history, reference)]
        assert kinds.count("signal.received") == 1
    assert rows(engine, t.subscription) == []
    sound(engine)


def test_who_begins_to_wait_later_gets_nothing(engine: Engine, desk: By) -> None:
    sent = engine.run(desk, signals.send, "alerte", {})
    assert (sent.batch, sent.cases) == (None, 0)
    later = start(engine, desk).reference
    work(engine)
    assert engine.read(desk, cases.show, later).tasks == ()


def test_another_name_reaches_nobody(engine: Engine, desk: By) -> None:
    start(engine, desk)
    assert engine.run(desk, signals.send, "autre", {}).cases == 0


def test_what_is_personal_is_not_told_to_many(engine: Engine, desk: By) -> None:
    start(engine, desk)
    refused(
        "personal_value", lambda: engine.run(desk, signals.send, "alerte", {"remark": "Chraïbi"})
    )


def test_a_case_that_waits_no_more_is_told_and_the_others_go_on(engine: Engine, desk: By) -> None:
    gone, waits = start(engine, desk).reference, start(engine, desk).reference
    sent = engine.run(desk, signals.send, "alerte", {})
    assert sent.batch is not None
    engine.run(desk, cases.cancel, gone, "désistement")
    work(engine)
    shown = engine.read(desk, batches.show, sent.batch)
    assert (shown.done, shown.codes) == (1, {"nobody_waits": 1})
    assert engine.read(desk, cases.show, waits).tasks
    sound(engine)


def test_a_suspended_case_gets_it_when_it_goes_on(engine: Engine, desk: By) -> None:
    rests = start(engine, desk).reference
    engine.run(desk, life.suspend, rests, "contesté")
    engine.run(desk, signals.send, "alerte", {"ok": True})
    work(engine)
    assert engine.read(desk, cases.show, rests).tasks == ()
    sound(engine)
    engine.run(desk, life.resume, rests, "jugement")
    work(engine)
    assert engine.read(desk, cases.show, rests).values["ok"] is True
    sound(engine)


def test_a_case_throws_to_the_others_and_what_is_personal_stays_sealed(
    engine: Engine, desk: By
) -> None:
    deploy(engine, *THROWS, key="sonne", code="SON", beside=SIGNAL)
    waits = [start(engine, desk).reference for _ in range(3)]
    thrower = start(engine, desk, "sonne", name="Leïla Chraïbi")
    engine.run(desk, tasks.complete, thrower.tasks[0], {})
    sound(engine)
    work(engine)
    for reference in waits:
        assert engine.read(desk, cases.show, reference).values["remark"] == "Leïla Chraïbi"
    told = "Chraïbi".encode()
    assert not [r for r in rows(engine, t.event) if told in r.body]
    assert not [r for r in rows(engine, t.job) if told in r.payload]
    assert not [r for r in rows(engine, t.batch) if r.arguments and told in r.arguments]
    sound(engine)


def test_a_signal_begins_a_case_where_it_was_thrown(engine: Engine, hire: Hire) -> None:
    begins = (node("startEvent", "S", EVENT), user("A"), ends("E"), flows("S > A > E"))
    engine.run(ADMIN, procedures.deploy, bundle(*begins, beside=SIGNAL))
    given = "".join(f'<mq:input name="{n}">{n}</mq:input>' for n in ("name", "n"))
    throw = node(
        "intermediateThrowEvent", "T", f"<extensionElements>{given}</extensionElements>" + EVENT
    )
    parts = (START, throw, user("B"), ends("E"), flows("S > T > B > E"))
    engine.run(ADMIN, procedures.deploy, bundle(*parts, key="sonne", code="SON", beside=SIGNAL))
    desk = hire("nadia", "desk")
    engine.run(desk, cases.start, "sonne", APPLICATION, "MAR")
    work(engine)
    shown = engine.read(desk, cases.show, "TST-MAR-2026-000001")
    assert shown.values == {"name": "Fatima-Zahra Bennani", "n": 1}
    sound(engine)


def test_a_signal_of_a_person_begins_a_case_in_the_office_that_is_named(
    engine: Engine, hire: Hire
) -> None:
    begins = (node("startEvent", "S", EVENT), user("A"), ends("E"), flows("S > A > E"))
    engine.run(ADMIN, procedures.deploy, bundle(*begins, beside=SIGNAL))
    desk = hire("nadia", "desk")
    refused("bad_value", lambda: engine.run(desk, signals.send, "alerte", {"n": 3}))
    engine.run(desk, signals.send, "alerte", {"n": 3}, "MAR")
    work(engine)
    assert engine.read(desk, cases.show, "TST-MAR-2026-000001").values["n"] == 3
    sound(engine)


def test_under_an_old_lease_nothing_begins_twice(engine: Engine, hire: Hire, clock: Clock) -> None:
    begins = (node("startEvent", "S", EVENT), user("A"), ends("E"), flows("S > A > E"))
    engine.run(ADMIN, procedures.deploy, bundle(*begins, beside=SIGNAL))
    desk = hire("nadia", "desk")
    engine.run(desk, signals.send, "alerte", {"n": 3}, "MAR")
    late = engine.run(SYSTEM, jobs.claim, "w1", 60)
    assert late is not None
    clock.move(minutes=2)
    work(engine)
    refused("busy", lambda: engine.run(SYSTEM, signals.begin, late.id, late.lease))
    assert len(rows(engine, t.case)) == 1

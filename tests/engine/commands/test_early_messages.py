"""Messages that come before anybody waits for them: kept, handed over once, shown when too late."""

import pytest

from engine.commands import cases, checks, incidents, letterbox, messages, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.reliability.invariants import broken
from tests.runtime.models import START, ends, flows, node, user

PAPERS = '<message id="m" name="papers"/>'
HEARS = node("receiveTask", "M", messageRef="m", mq__form="forms/answers.json")
WAITS = (START, user("W"), HEARS, user("A"), ends("E"), flows("S > W > M > A > E"))
GIVEN = {"ok": True, "remark": "deux actes"}


def sound(engine: Engine) -> None:
    assert engine.survey(SYSTEM, checks.house, checks.Depth(replay=True)).violations == ()
    assert broken(engine) == []


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *WAITS, beside=PAPERS)
    return hire("nadia", "desk")


def keep(engine: Engine, by: By, key: str, values: dict[str, object], keep: str = "P7D") -> None:
    done = engine.run(by, messages.send, "papers", key, values, keep=keep)
    assert (done.case, done.tasks) == (None, [])


def test_a_message_that_came_early_is_there_when_its_case_waits(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    keep(engine, desk, begun.reference, GIVEN)
    sound(engine)
    done = engine.run(desk, tasks.complete, begun.tasks[0], {})
    shown = engine.read(desk, cases.show, begun.reference)
    assert (shown.values["ok"], shown.values["remark"]) == (True, "deux actes")
    assert [task for task, _, _ in shown.tasks] == done.opened
    *_, event = engine.read(desk, cases.history, begun.reference)
    assert event.kind == "message.received"
    assert event.body["sent"] < event.at or event.body["sent"] == event.at
    assert rows(engine, t.subscription) == []
    assert [r.status for r in sorted(rows(engine, t.message), key=lambda r: r.id)] == ["delivered"]
    assert [row.status for row in rows(engine, t.job)] == ["completed"]
    sound(engine)


def test_what_is_personal_in_it_lies_where_it_can_be_erased(engine: Engine, desk: By) -> None:
    keep(engine, desk, start(engine, desk).reference, GIVEN)
    [job] = rows(engine, t.job)
    assert b"deux actes" not in job.payload
    assert b"deux actes" in b"".join(row.value for row in rows(engine, t.personal))


def test_the_oldest_comes_first_and_each_once(engine: Engine, hire: Hire) -> None:
    again = node("receiveTask", "N", messageRef="m", mq__form="forms/answers.json")
    parts = (START, user("W"), HEARS, user("A"), again, user("B"), ends("E"))
    deploy(engine, *parts, flows("S > W > M > A > N > B > E"), beside=PAPERS)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    for text in ("un", "deux", "trois"):
        keep(engine, desk, begun.reference, {"remark": text})
    [task] = engine.run(desk, tasks.complete, begun.tasks[0], {}).opened
    assert engine.read(desk, cases.show, begun.reference).values["remark"] == "un"
    engine.run(desk, tasks.complete, task, {})
    assert engine.read(desk, cases.show, begun.reference).values["remark"] == "deux"
    assert [r.status for r in sorted(rows(engine, t.message), key=lambda r: r.id)] == [
        "delivered",
        "delivered",
        "kept",
    ]
    sound(engine)


def test_one_after_the_other_in_one_step(engine: Engine, hire: Hire) -> None:
    again = node("receiveTask", "N", messageRef="m", mq__form="forms/answers.json")
    parts = (START, user("W"), HEARS, again, user("B"), ends("E"), flows("S > W > M > N > B > E"))
    deploy(engine, *parts, beside=PAPERS)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    keep(engine, desk, begun.reference, {"remark": "un"})
    keep(engine, desk, begun.reference, {"ok": True})
    [task] = engine.run(desk, tasks.complete, begun.tasks[0], {}).opened
    shown = engine.read(desk, cases.show, begun.reference)
    assert [key for key, _, _ in shown.tasks] == [task]
    assert (shown.values["remark"], shown.values["ok"]) == ("un", True)
    sound(engine)


@pytest.mark.parametrize("text", ["P0D", ""])
def test_it_is_not_kept_where_nobody_says_so(engine: Engine, desk: By, text: str) -> None:
    reference = start(engine, desk).reference
    named = {"keep": text} if text else {}
    refused(
        "nobody_waits",
        lambda: engine.run(desk, messages.send, "papers", reference, {}, **named),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("name", "key", "values", "span", "code"),
    [
        ("papers", "", {}, "a week", "bad_value"),
        ("papers", "inconnue", GIVEN, "P7D", "bad_value"),
        ("papers", "", {"ok": 3}, "P7D", "form_invalid"),
        ("other", "", {}, "P7D", "nobody_waits"),
    ],
)
def test_what_can_never_arrive_is_refused_at_once(
    engine: Engine, desk: By, name: str, key: str, values: dict[str, object], span: str, code: str
) -> None:
    case = start(engine, desk).reference
    refused(code, lambda: engine.run(desk, messages.send, name, key or case, values, keep=span))
    assert rows(engine, t.message) == rows(engine, t.job) == []


def test_another_key_is_kept_without_values(engine: Engine, desk: By) -> None:
    keep(engine, desk, "plus tard", {})
    [row] = engine.read(desk, letterbox.listing).items
    assert (row.name, row.key, row.status, row.origin, row.by) == (
        "papers", "plus tard", "kept", None, "nadia",
    )  # fmt: skip


def test_who_sent_it_takes_it_back(engine: Engine, desk: By, hire: Hire) -> None:
    begun = start(engine, desk)
    keep(engine, desk, begun.reference, GIVEN)
    [row] = engine.read(desk, letterbox.listing).items
    other = hire("karim", "desk")
    refused(
        "unknown_message", lambda: engine.run(other, letterbox.withdraw, row.id, "mauvais dossier")
    )
    engine.run(desk, letterbox.withdraw, row.id, "mauvais dossier")
    refused(
        "unknown_message", lambda: engine.run(desk, letterbox.withdraw, row.id, "mauvais dossier")
    )
    engine.run(desk, tasks.complete, begun.tasks[0], {})
    assert len(rows(engine, t.subscription)) == 1
    assert engine.read(desk, letterbox.listing).items == ()
    [row] = engine.read(desk, letterbox.listing, ended=True).items
    assert row.status == "withdrawn"
    sound(engine)


def test_when_its_time_is_over_it_does_not_arrive_and_a_person_is_shown(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    keep(engine, desk, begun.reference, {}, "PT2H")
    clock.move(hours=3)
    engine.run(desk, tasks.complete, begun.tasks[0], {})
    [row] = engine.read(desk, letterbox.listing).items
    assert row.status == "expired"
    assert work(engine).finished == 1, "late as it is, somebody waits for it"
    assert [r.status for r in sorted(rows(engine, t.message), key=lambda r: r.id)] == ["delivered"]
    sound(engine)


# -- from one case to another --


def pair(engine: Engine, hire: Hire, beside: str = PAPERS) -> tuple[By, list[int], str, list[int]]:
    """A case that will wait, and one whose next task sends to it."""
    hears = node("receiveTask", "M", messageRef="m", mq__key="string(n)")
    parts = (START, user("W"), hears, user("A"), ends("E"), flows("S > W > M > A > E"))
    deploy(engine, *parts, beside=PAPERS)
    inputs = '<extensionElements><mq:input name="said">name</mq:input></extensionElements>'
    sends = node("sendTask", "G", inputs, messageRef="m", mq__key="string(n)")
    parts = (START, user("W"), sends, ends("E"), flows("S > W > G > E"))
    deploy(engine, *parts, key="autre", code="AUT", beside=beside)
    desk = hire("nadia", "desk")
    waits = start(engine, desk, n=7)
    sender = start(engine, desk, "autre", n=7, name="Leïla Chraïbi")
    return desk, waits.tasks, waits.reference, sender.tasks


def test_what_a_model_sends_is_kept_and_personal_values_stay_sealed(
    engine: Engine, hire: Hire
) -> None:
    desk, [waits], reference, [sends] = pair(engine, hire)
    engine.run(desk, tasks.complete, sends, {})
    assert work(engine).finished == 1
    [row] = engine.read(desk, letterbox.listing).items
    assert (row.status, row.until - row.sent_at) == ("kept", row.until - row.sent_at)
    assert row.origin == "AUT-MAR-2026-000001"
    assert "Chraïbi".encode() not in b"".join(job.payload for job in rows(engine, t.job))
    sound(engine)
    engine.run(desk, tasks.complete, waits, {})
    assert engine.read(desk, cases.show, reference).values["said"] == "Leïla Chraïbi"
    assert not [row for row in rows(engine, t.event) if "Chraïbi".encode() in row.body]
    sound(engine)
    assert work(engine).finished == 0


def test_a_model_says_how_long(engine: Engine, hire: Hire, clock: Clock) -> None:
    papers = PAPERS.replace("/>", ' mq:keep="PT1H"/>')
    desk, _, _, [sends] = pair(engine, hire, papers)
    engine.run(desk, tasks.complete, sends, {})
    work(engine)
    clock.move(hours=2)
    for _ in range(5):
        work(engine)
        clock.move(minutes=10)
    [incident] = engine.read(ADMIN, incidents.listing, case="AUT-MAR-2026-000001")
    assert incident.work == "message.deliver"
    [row] = engine.read(ADMIN, letterbox.listing).items
    assert row.status == "expired"
    sound(engine)


def test_an_administrator_takes_back_what_a_case_sent(engine: Engine, hire: Hire) -> None:
    desk, [waits], _, [sends] = pair(engine, hire)
    engine.run(desk, tasks.complete, sends, {})
    work(engine)
    [row] = engine.read(ADMIN, letterbox.listing).items
    refused("unknown_message", lambda: engine.run(desk, letterbox.withdraw, row.id, "doublon"))
    engine.run(ADMIN, letterbox.withdraw, row.id, "doublon")
    *_, event = engine.read(desk, cases.history, "AUT-MAR-2026-000001")
    assert (event.kind, event.body["reason"]) == ("message.withdrawn", "doublon")
    engine.run(desk, tasks.complete, waits, {})
    assert len(rows(engine, t.subscription)) == 1
    sound(engine)


def test_what_the_model_makes_of_it_does_not_refuse_the_step_that_led_there(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    fails = '<exclusiveGateway id="X" default="X_E"/>'
    parts = (START, user("W"), HEARS, fails, user("A"), ends("E"))
    way = '<sequenceFlow id="X_A" sourceRef="X" targetRef="A">'
    way += "<conditionExpression>n</conditionExpression></sequenceFlow>"
    ways = flows("S > W > M > X > E", "A > E") + way
    deploy(engine, *parts, ways, beside=PAPERS)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    keep(engine, desk, begun.reference, {"ok": True})
    assert engine.run(desk, tasks.complete, begun.tasks[0], {}).opened == []
    assert len(rows(engine, t.subscription)) == 1
    sound(engine)
    for _ in range(5):
        work(engine)
        clock.move(minutes=10)
    assert [row.status for row in rows(engine, t.job)] == ["incident"]
    sound(engine)

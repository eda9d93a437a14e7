"""Several services asked at once by one activity: each fact says what its own token knows."""

from datetime import UTC, date, datetime

from engine.commands import cases, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.work.worker import work
from tests.conftest import Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.commands.lawful import OPINIONS, TOP, at_clock
from tests.engine.test_engine import rows
from tests.reliability.invariants import broken
from tests.runtime.models import START, ends, flows, node, user

FILED = datetime(2026, 9, 1, 9, tzinfo=UTC)
LAPSE = datetime(2026, 9, 15, 23, tzinfo=UTC)  # midnight after ten working days, in Casablanca
_OF = {"mq__fact-with": "service"}
_EACH = (
    "<multiInstanceLoopCharacteristics><loopDataInputRef>services</loopDataInputRef>"
    '<inputDataItem id="service" name="service"/></multiInstanceLoopCharacteristics>'
)
_INSIDE = (
    _EACH, node("startEvent", "S1"),
    node("scriptTask", "ASK", "<script>{ asked: today }</script>", mq__fact="opinion.requested",
         **_OF),
    node("userTask", "GIVE", mq__fact="opinion.given", **_OF),
    node("boundaryEvent", "TACIT", at_clock('clock("opinion", service).end'), attachedToRef="GIVE"),
    ends("E1", "E2"), flows("S1 > ASK > GIVE > E1", "TACIT > E2"),
)  # fmt: skip
MANY = (
    START,
    node("scriptTask", "LIST", '<script>{ services: ["fire", "urban", "water"] }</script>'),
    node("subProcess", "SUB", "".join(_INSIDE)), user("R"), ends("E"),
    flows("S > LIST > SUB > R > E"),
)  # fmt: skip


def test_services_asked_in_one_step_have_a_clock_each_and_one_answer_ends_one(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    clock.now = FILED
    deploy(engine, *MANY, top=TOP, toml=OPINIONS)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    assert {r.each: (r.state, r.due) for r in rows(engine, t.clock)} == dict.fromkeys(
        ("fire", "urban", "water"), ("running", date(2026, 9, 15))
    )
    second = sorted(r.id for r in rows(engine, t.task) if r.status == "open")[1]
    engine.run(desk, tasks.complete, second, {})
    assert {r.each: r.state for r in rows(engine, t.clock)} == {
        "fire": "running", "urban": "ended", "water": "running",
    }  # fmt: skip
    clock.now = LAPSE
    work(engine)
    assert {r.each: r.state for r in rows(engine, t.clock)} == {
        "fire": "lapsed", "urban": "ended", "water": "lapsed",
    }  # fmt: skip
    assert [r.element for r in rows(engine, t.task) if r.status == "open"] == ["R"]
    assert broken(engine) == []
    assert engine.read(desk, cases.replay, begun.reference).ok

"""What has run out is settled before anything else: once, in order, however late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.commands import cases, clocks, incidents, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.history import chain
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.clockwork import FILED, LAPSE, bodies, done, opened, seen
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.commands.lawful import LAW, PARTS, SIMPLE, TOP, at_clock
from tests.engine.test_engine import refused, rows
from tests.reliability.invariants import broken
from tests.runtime.models import START, duration, ends, flows, node, user


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    clock.now = FILED
    deploy(engine, *PARTS, top=TOP, toml=LAW)
    return hire("nadia", "desk", "administrator")


@pytest.mark.parametrize("late", [{}, {"minutes": 5}, {"hours": 30}, {"days": 10}, {"days": 29}])
@pytest.mark.parametrize("how", ["worker", "clerk", "twice"])
def test_a_worker_that_comes_late_changes_nothing_in_law(
    engine: Engine, desk: By, clock: Clock, how: str, late: dict[str, int]
) -> None:
    begun = start(engine, desk)
    clock.now = LAPSE + timedelta(**late)
    if how == "clerk":
        [task] = rows(engine, t.task)
        refused("task_cancelled", lambda: engine.run(desk, tasks.complete, task.id, {}))
    else:
        for _ in range(1 if how == "worker" else 2):
            engine.run(SYSTEM, clocks.settle, rows(engine, t.case)[0].id)
    said = [
        (row.kind, body.get("moment"), body.get("due"), body.get("legal_date"))
        for row in rows(engine, t.event)
        if (body := chain.decode(row.body)) and row.kind.startswith("clock.")
    ]
    half = datetime(2026, 9, 8, 23, tzinfo=UTC)
    most = datetime(2026, 9, 12, 23, tzinfo=UTC)
    assert said == [
        ("clock.started", FILED, "2026-09-16", None),
        ("clock.reminded", half, None, None),
        ("clock.reminded", most, None, None),
        ("clock.reached", most, None, None),
        ("clock.lapsed", LAPSE, "2026-09-16", "2026-09-16"),
        ("clock.started", LAPSE, "2026-10-16", None),
        ("clock.reached", LAPSE, None, None),
    ]
    states = {row.element: row.status for row in rows(engine, t.task)}
    assert states == {"ASK": "cancelled", "ATTEST": "open", "HURRY": "open"}
    assert engine.read(desk, cases.replay, begun.reference).ok
    assert broken(engine) == []


def test_a_lapse_for_which_nobody_waits_is_an_incident(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    clock.now = FILED
    inside = node("startEvent", "S1") + user("A") + ends("E1") + flows("S1 > A > E1")
    parts = (
        START, node("subProcess", "SUB", inside), ends("E", "E2"),
        node("boundaryEvent", "X", at_clock('clock("decision").end'), attachedToRef="SUB"),
        node("userTask", "B", mq__fact="decision.notified"), flows("S > SUB > B > E", "X > E2"),
    )  # fmt: skip
    deploy(engine, *parts, top=TOP, toml=SIMPLE)
    desk = hire("nadia", "desk")
    start(engine, desk)
    done(engine, desk, "A")
    clock.now = LAPSE
    work(engine)
    [found] = engine.read(ADMIN, incidents.listing)
    assert (found.code, found.element) == ("clock_lapsed_unheard", "decision")
    assert broken(engine) == []


def test_a_way_that_cannot_be_gone_does_not_hide_the_lapse_nor_block_the_case(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    clock.now = FILED
    parts = (
        START, node("userTask", "A", mq__fact="decision.notified"),
        node("boundaryEvent", "X", at_clock('clock("decision").end'), attachedToRef="A"),
        node("exclusiveGateway", "G"), ends("E", "E2", "E3"),
        flows("S > A > E", "X > G", "G > E2 if n > 5", "G > E3 if n > 7"),
    )  # fmt: skip
    deploy(engine, *parts, top=TOP, toml=SIMPLE)
    desk = hire("nadia", "desk", "administrator")
    begun = start(engine, desk)
    clock.now = LAPSE
    work(engine)
    [found] = engine.read(ADMIN, incidents.listing)
    assert (found.code, found.element) == ("model_failed", "G")
    assert len(bodies(engine, "clock.lapsed")) == 1
    engine.run(desk, cases.cancel, begun.reference, "cannot be decided")
    assert broken(engine) == []


def test_a_way_that_could_not_be_gone_is_gone_once_the_case_is_mended_and_the_incident_closed(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    clock.now = FILED
    parts = (
        START, node("intermediateCatchEvent", "T", at_clock('clock("decision").end')),
        node("exclusiveGateway", "G"), user("B"), ends("E", "E2"),
        node("userTask", "D", mq__fact="decision.notified"),
        flows("S > T > G", "G > B > E if n > 5", "G > D > E2 if n > 7"),
    )  # fmt: skip
    deploy(engine, *parts, top=TOP, toml=SIMPLE)
    desk = hire("nadia", "desk", "administrator")
    both = [start(engine, desk).reference for _ in range(2)]
    clock.now = LAPSE
    work(engine)
    first, second = engine.read(ADMIN, incidents.listing)
    assert [one.case for one in (first, second)] == both
    engine.run(desk, incidents.resolve, first.id, "nothing was mended")
    work(engine)
    again = [one for one in engine.read(ADMIN, incidents.listing) if one.case == both[0]]
    assert [one.code for one in again] == ["model_failed"]
    engine.run(desk, cases.rectify, both[0], "n", 6, "miscounted")
    engine.run(desk, incidents.resolve, again[0].id, "counted again")
    work(engine)
    assert opened(engine) == {"B"}
    assert [one.case for one in engine.read(ADMIN, incidents.listing)] == both[1:]
    assert broken(engine) == []


def test_timers_of_the_model_fire_in_their_place_between_the_clocks(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    """A timer due on day 3 records the decision; a worker that comes on day 30 sees no lapse."""
    clock.now = FILED
    timer = node("intermediateCatchEvent", "T", duration("P3D"), mq__fact="decision.notified")
    inside = node("startEvent", "S1") + timer + user("A") + ends("E1") + flows("S1 > T > A > E1")
    parts = (
        START, node("subProcess", "SUB", inside), ends("E", "E2"),
        node("boundaryEvent", "X", at_clock('clock("decision").end'), attachedToRef="SUB"),
        flows("S > SUB > E", "X > E2"),
    )  # fmt: skip
    deploy(engine, *parts, top=TOP, toml=SIMPLE)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    clock.move(days=30)
    work(engine)
    found = seen(engine, desk, begun.reference)
    assert (found.state, found.ended_on) == ("ended", date(2026, 9, 4))
    assert bodies(engine, "clock.lapsed") == []


@pytest.mark.parametrize("how", ["worker", "clerk"])
def test_a_cycle_that_is_weeks_late_is_caught_up_before_the_lapse(
    engine: Engine, hire: Hire, clock: Clock, how: str
) -> None:
    """An hourly cycle: all its turns come before the silence, in more than one transaction."""
    clock.now = FILED
    every = "<timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>"
    parts = (
        START, node("userTask", "A", mq__fact="decision.notified"),
        node("boundaryEvent", "X", at_clock('clock("decision").end'), attachedToRef="A"),
        node("boundaryEvent", "T", every, attachedToRef="A", cancelActivity="false"),
        ends("E", "E2", "E3"), flows("S > A > E", "X > E2", "T > E3"),
    )  # fmt: skip
    law = SIMPLE.replace('[[15, "days"]]', '[[10, "days"]]').replace('["50%", "80%"]', "[]")
    deploy(engine, *parts, top=TOP, toml=law)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    clock.move(days=20)
    if how == "worker":
        work(engine)
    else:
        refused("task_cancelled", lambda: engine.run(desk, tasks.complete, begun.tasks[0], {}))
    kinds = [row.kind for row in rows(engine, t.event)]
    end = kinds.index("clock.lapsed")
    assert set(kinds[2:end]) == {"timer.fired"}
    assert end - 2 == 13 + 9 * 24 + 24  # from eleven o'clock on the first day to the last midnight
    assert "timer.fired" not in kinds[end:]
    assert rows(engine, t.incident) == []


def test_a_rehearsal_settles_what_has_lapsed_before_it_is_taken_back(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    clock.now = LAPSE
    engine.rehearse(desk, cases.cancel, begun.reference, "to see")
    assert len(bodies(engine, "clock.lapsed")) == 1
    assert rows(engine, t.case)[0].status == "open"


def test_decision_and_midnight_race_to_one_outcome(engine: Engine, desk: By, clock: Clock) -> None:
    """Either the decision was first and nothing lapsed, or it meets the silence; never both."""
    for _ in range(6):
        begun = start(engine, desk)
        for element in ("ASK", "GET"):
            done(engine, desk, element)
        [row] = [r for r in rows(engine, t.task) if (r.element, r.status) == ("A", "open")]
        case = next(r for r in rows(engine, t.case) if r.reference == begun.reference)
        end = next(r.effect_at for r in rows(engine, t.clock) if r.case_id == case.id)
        early = Engine(engine.settings, lambda m=end: m - timedelta(microseconds=1))
        late = Engine(engine.settings, lambda m=end: m)
        both = (
            (early, desk, tasks.complete, row.id, {}),
            (late, SYSTEM, clocks.settle, case.id),
        )  # fmt: skip
        with ThreadPoolExecutor(2) as pool:
            answers = [pool.submit(attempted, *one) for one in both]
        decided = answers[0].result() == "done"
        early.close()
        late.close()
        own = [r.kind for r in rows(engine, t.event) if r.case_id == case.id]
        assert ("clock.lapsed" in own) is not decided
        state = next(r.state for r in rows(engine, t.clock)
                     if (r.case_id, r.name) == (case.id, "decision"))  # fmt: skip
        assert state == ("ended" if decided else "lapsed")
    assert broken(engine) == []


def attempted(engine: Engine, by: By, *command: Any) -> str:
    try:
        engine.run(by, *command)
    except EngineError as error:
        return error.code
    return "done"

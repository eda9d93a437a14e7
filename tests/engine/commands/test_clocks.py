"""The clocks of the law on running cases: dated on facts, shown, checked, counted again."""

from datetime import date, timedelta
from functools import partial

import pytest

from engine.commands import cases, checks, delays, life, tasks
from engine.engine import Engine
from engine.history import chain
from engine.history.clocks import differences
from engine.store import tables as t
from engine.store.calendars import read
from engine.store.store import Store
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import Clock
from tests.engine.commands.clockwork import FILED, LAPSE, bodies, done, opened, seen, told
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.commands.lawful import ASKING, LAW, OPINIONS, PARTS, TOP
from tests.engine.test_engine import refused, rows
from tests.reliability.invariants import broken


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    clock.now = FILED
    deploy(engine, *PARTS, top=TOP, toml=LAW)
    return hire("nadia", "desk", "administrator")


def test_a_case_starts_its_clock_and_its_task_is_due_when_the_clock_is(
    engine: Engine, desk: By
) -> None:
    begun = start(engine, desk)
    found = seen(engine, desk, begun.reference)
    assert (found.state, found.due, found.remaining) == ("running", date(2026, 9, 16), 15)
    [task] = rows(engine, t.task)
    assert (task.due_at, task.rank_at) == (None, LAPSE)
    [job] = [r for r in rows(engine, t.job) if r.kind == "clock.settle"]
    assert job.due_at < LAPSE  # the reminders come first
    assert told(engine) == ["clock.started"]


def test_silence_takes_effect_at_midnight_once_and_the_next_clock_starts_from_there(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    clock.now = LAPSE
    work(engine)
    work(engine)
    [lapse] = bodies(engine, "clock.lapsed")
    assert (lapse["legal_date"], lapse["effect_at"]) == ("2026-09-16", LAPSE)
    assert (lapse["silence"], lapse["article"]) == ("consent", "CPC 641")
    assert opened(engine) == {"ATTEST", "HURRY"}
    appeal = seen(engine, desk, begun.reference, "appeal")
    assert (appeal.start, appeal.due) == (date(2026, 9, 16), date(2026, 10, 16))
    assert broken(engine) == []


def test_a_decision_of_the_last_minute_is_in_time_and_one_of_midnight_meets_the_silence(
    engine: Engine, desk: By, clock: Clock
) -> None:
    for _ in range(2):
        start(engine, desk)
    first, second = [r.id for r in rows(engine, t.task)]
    for task, moment in ((first, LAPSE - timedelta(seconds=1)), (second, LAPSE)):
        clock.now = moment
        if moment == LAPSE:
            refused("task_cancelled", lambda t=task: engine.run(desk, tasks.complete, t, {}))
        else:
            engine.run(desk, tasks.complete, task, {})
            done(engine, desk, "GET")
            done(engine, desk, "A")
    states = {(r.case_id, r.name): r.state for r in rows(engine, t.clock)}
    assert states[1, "decision"] == "ended"
    assert states[2, "decision"] == "lapsed"


def test_a_complement_stops_the_clock_and_its_answer_moves_the_end(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    clock.move(days=2)
    done(engine, desk, "ASK")
    stopped = seen(engine, desk, begun.reference)
    assert (stopped.state, stopped.due, stopped.remaining) == ("suspended", None, 13)
    [task] = [r for r in rows(engine, t.task) if r.status == "open"]
    assert task.rank_at.year == 9999  # nothing presses
    clock.move(days=20)
    done(engine, desk, "GET")
    again = seen(engine, desk, begun.reference)
    assert (again.state, again.due) == ("running", date(2026, 10, 6))
    assert told(engine) == ["clock.started", "clock.suspended", "clock.resumed"]


def test_a_case_that_rests_does_not_stop_the_law_and_moves_when_it_goes_on(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    engine.run(desk, life.suspend, begun.reference, "archives flooded")
    clock.now = LAPSE + timedelta(days=3)
    work(engine)
    assert len(bodies(engine, "clock.lapsed")) == 1
    assert opened(engine) == set()
    assert broken(engine) == []
    engine.run(desk, life.resume, begun.reference, "dry again")
    work(engine)
    assert opened(engine) == {"ATTEST"}
    assert broken(engine) == []


def test_cancelling_a_case_ends_its_clocks_and_undoing_that_lets_them_run(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    clock.move(days=1)
    engine.run(desk, cases.cancel, begun.reference, "filed twice")
    assert seen(engine, desk, begun.reference).state == "cancelled"
    [seq] = [r.seq for r in rows(engine, t.event) if r.kind == "case.cancelled"]
    engine.run(desk, life.restart, begun.reference, seq, "filed once after all")
    found = seen(engine, desk, begun.reference)
    assert (found.state, found.due) == ("running", date(2026, 9, 16))
    assert [r.state for r in rows(engine, t.clock)] == ["running"]


def test_each_service_has_a_clock_of_its_own(engine: Engine, hire: Hire, clock: Clock) -> None:
    clock.now = FILED
    deploy(engine, *ASKING, top=TOP, toml=OPINIONS)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    done(engine, desk, "ASKP")
    clock.move(days=1)
    done(engine, desk, "ASKQ")
    clock.move(days=1)
    done(engine, desk, "P")
    states = {r.each: (r.state, r.due) for r in rows(engine, t.clock)}
    assert states == {
        "fire": ("ended", date(2026, 9, 15)), "urban": ("running", date(2026, 9, 16)),
    }  # fmt: skip
    clock.now = LAPSE
    work(engine)
    assert {r.each: r.state for r in rows(engine, t.clock)}["urban"] == "lapsed"
    assert opened(engine) == {"R"}
    assert broken(engine) == []
    assert engine.read(desk, cases.replay, begun.reference).ok


def test_what_was_known_on_a_day_is_shown_as_of_that_day(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    clock.move(days=2)
    done(engine, desk, "ASK")
    clock.move(days=1)
    view = engine.read(desk, delays.show, begun.reference, FILED + timedelta(days=1))
    assert (view.clocks[0].clock, view.clocks[0].state) == ("decision", "running")
    assert [one.fact for one in view.facts] == ["case.filed"]


def test_clocks_that_lapse_next_come_first(engine: Engine, desk: By, clock: Clock) -> None:
    first = start(engine, desk)
    clock.move(days=1)
    start(engine, desk)
    found = engine.read(desk, delays.lapsing)
    assert found[0].case == first.reference
    assert len(found) == 2
    assert engine.read(desk, delays.lapsing, date(2026, 9, 16))[0].case == first.reference


def spoil(engine: Engine, statement: str) -> set[str]:
    with engine._database.begin() as connection:
        connection.exec_driver_sql(statement)
    return {one.code for one in engine.survey(SYSTEM, checks.house, checks.Depth()).violations}


def test_a_check_finds_a_clock_that_was_written_past_the_program(
    engine: Engine, desk: By, clock: Clock
) -> None:
    start(engine, desk)
    assert spoil(engine, "SELECT 1") == set()
    assert "clock_asleep" in spoil(engine, "UPDATE job SET status = 'completed'")
    found = spoil(engine, "UPDATE fact SET at = '2026-08-20 09:00:00.000000+00:00'")
    assert "clock_differs" in found


def test_a_replay_counts_every_clock_event_again(engine: Engine, desk: By, clock: Clock) -> None:
    start(engine, desk)
    done(engine, desk, "ASK")
    clock.move(days=3)
    done(engine, desk, "GET")
    clock.move(days=40)
    work(engine)
    told = [chain.decode(row.body) for row in rows(engine, t.event)]
    with engine._database.connect() as connection:
        version = engine._version(Store(connection), 1)
        days = read(Store(connection), "morocco", clock.now)
    again = partial(differences, version.clocks, lambda *_: days)
    assert list(again(told)) == []
    for number, body in enumerate(told):
        if body["kind"].startswith("clock.") and body.get("due"):
            wrong = [*told]
            wrong[number] = {**body, "due": "2026-09-17"}
            assert len(list(again(wrong))) == 1

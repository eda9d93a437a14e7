"""The clocks of the law on running cases: dated on facts, settled before acts, lapsed once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from engine.commands import attachments, cases, checks, clocks, delays, incidents, life, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.history import chain
from engine.history.clocks import differences
from engine.store import tables as t
from engine.store.calendars import read
from engine.store.store import Store
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.commands.lawful import ASKING, LAW, OPINIONS, PARTS, SIMPLE, TOP, at_clock
from tests.engine.test_engine import refused, rows
from tests.reliability.invariants import broken
from tests.runtime.models import START, duration, ends, flows, node, user

FILED = datetime(2026, 9, 1, 9, tzinfo=UTC)  # ten o'clock in Casablanca
LAPSE = datetime(2026, 9, 16, 23, tzinfo=UTC)  # midnight there, fifteen days later
PAPER = b"%PDF-1.7\n% A slip that bears a date.\n"


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    clock.now = FILED
    deploy(engine, *PARTS, top=TOP, toml=LAW)
    return hire("nadia", "desk", "administrator")


def done(engine: Engine, by: By, element: str) -> None:
    """Complete the open task of an element."""
    [task] = [r for r in rows(engine, t.task) if (r.element, r.status) == (element, "open")]
    engine.run(by, tasks.complete, task.id, {})


def told(engine: Engine) -> list[str]:
    return [row.kind for row in rows(engine, t.event) if row.kind.startswith("clock.")]


def bodies(engine: Engine, kind: str) -> list[dict[str, Any]]:
    return [chain.decode(row.body) for row in rows(engine, t.event) if row.kind == kind]


def seen(engine: Engine, by: By, reference: str, name: str = "decision") -> delays.ClockView:
    view = engine.read(by, delays.show, reference)
    [found] = [one for one in view.clocks if one.clock == name]
    return found


def opened(engine: Engine) -> set[str]:
    return {row.element for row in rows(engine, t.task) if row.status == "open"}


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


def test_a_fact_that_happened_earlier_needs_a_paper_and_dates_everything_anew(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    clock.move(days=1)
    monday = datetime(2026, 8, 31, 9, tzinfo=UTC)

    def back(proof: str | None) -> clocks.Recorded:
        return engine.run(desk, clocks.record, begun.reference, "case.filed", "stamped on Monday",
                          at=monday, proof=proof)  # fmt: skip

    refused("fact_unproven", lambda: back(None))
    kept = engine.run(desk, attachments.add, begun.reference, "deed", PAPER)
    back(kept.attachment)
    assert seen(engine, desk, begun.reference).due == date(2026, 9, 15)
    [moved] = bodies(engine, "clock.moved")
    assert (moved["from"], moved["due"], moved["cause"]) == ("2026-09-16", "2026-09-15", "fact")


def test_a_fact_that_no_clock_reads_or_that_is_still_to_come_is_refused(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    call = engine.run
    refused("unknown_fact_kind", lambda: call(desk, clocks.record, begun.reference, "rain", "so"))
    ahead = clock.now + timedelta(days=1)
    refused("bad_value", lambda: call(desk, clocks.record, begun.reference, "decision.notified",
                                      "so", at=ahead))  # fmt: skip


def test_a_fact_that_was_none_is_withdrawn_and_the_clock_runs_again(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    clock.move(days=1)
    kept = engine.run(desk, clocks.record, begun.reference, "decision.notified", "by post")
    assert seen(engine, desk, begun.reference).state == "ended"
    engine.run(desk, clocks.withdraw, begun.reference, kept.seq, "the letter came back")
    assert seen(engine, desk, begun.reference).state == "running"
    assert seen(engine, desk, begun.reference, "appeal").state == "waiting"
    refused("unknown_fact", lambda: engine.run(desk, clocks.withdraw, begun.reference, kept.seq,
                                               "twice"))  # fmt: skip


def test_what_has_lapsed_is_not_undone_by_a_decision_that_was_dated_back(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    kept = engine.run(desk, attachments.add, begun.reference, "deed", PAPER)
    clock.now = LAPSE + timedelta(minutes=2)
    work(engine)
    at = LAPSE - timedelta(minutes=2)
    refused("clock_lapsed", lambda: engine.run(
        desk, clocks.record, begun.reference, "decision.notified", "signed at 23:58", at=at,
        proof=kept.attachment,
    ))  # fmt: skip
    assert len(bodies(engine, "clock.lapsed")) == 1


def test_an_act_after_the_silence_is_kept_as_late(engine: Engine, desk: By, clock: Clock) -> None:
    begun = start(engine, desk)
    clock.now = LAPSE + timedelta(days=4)
    engine.run(desk, clocks.record, begun.reference, "decision.notified", "signed all the same")
    found = seen(engine, desk, begun.reference)
    assert (found.state, found.late_by, found.ended_on) == ("lapsed", 5, date(2026, 9, 21))
    [row] = engine.read(desk, delays.report, date(2026, 9, 1), date(2026, 9, 30))
    assert (row.clock, row.closed, row.in_time, row.late, row.lapsed) == ("decision", 1, 0, 1, 0)


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


def test_an_extension_counts_once_and_only_for_a_motive_of_the_law(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    for motive in ("holidays", "expertise", "expertise"):
        clock.move(hours=1)
        engine.run(desk, clocks.record, begun.reference, "delay.extended", "see the letter",
                   data={"motive": motive})  # fmt: skip
    found = seen(engine, desk, begun.reference)
    assert found.due == date(2026, 10, 1)
    assert [reason for _, _, reason in found.ignored] == [
        "motive_not_allowed", "not_allowed_again",
    ]  # fmt: skip


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


def test_a_rehearsal_settles_what_has_lapsed_before_it_is_taken_back(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    clock.now = LAPSE
    engine.rehearse(desk, cases.cancel, begun.reference, "to see")
    assert len(bodies(engine, "clock.lapsed")) == 1
    assert rows(engine, t.case)[0].status == "open"


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


def test_what_is_told_of_a_fact_is_a_word_of_the_procedure(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    for data in ({"motive": "M. Alaoui est malade"}, {"remark": "expertise"}):
        refused("bad_value", lambda d=data: engine.run(
            desk, clocks.record, begun.reference, "delay.extended", "courrier", data=d
        ))  # fmt: skip


def test_a_completion_that_happened_in_law_is_not_taken_back(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    [task] = begun.tasks
    done(engine, desk, "ASK")
    refused("cannot_reopen", lambda: engine.run(desk, tasks.reopen, task, "mauvaise case"))


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

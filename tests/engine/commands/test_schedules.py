"""Start events with a timer: cases that begin by themselves, each moment once, in their offices."""

from datetime import timedelta

import pytest

from engine.commands import cases, checks, jobs, procedures, schedules
from engine.engine import Engine
from engine.store import tables as t
from engine.work.worker import SYSTEM, work
from processes.bundle import Bundle
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import Hire, bundle
from tests.engine.test_engine import refused, rows
from tests.reliability.invariants import broken
from tests.runtime.models import ends, flows, node, user

OFFICES = '[schedule]\noffices = ["MAR", "ANF"]\n'
ONE = '[schedule]\noffices = ["MAR"]\n'


def timed(kind: str, text: str, *, toml: str = ONE, task: str = "A", **words: str) -> Bundle:
    event = f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"
    begins = (node("startEvent", "S", event, **words), user(task), ends("E"))
    return bundle(*begins, flows(f"S > {task} > E"), toml=toml)


def install(engine: Engine, kind: str, text: str, **more: str) -> None:
    engine.run(ADMIN, procedures.deploy, timed(kind, text, **more))


def begun(engine: Engine) -> list[str]:
    return sorted(row.reference for row in rows(engine, t.case))


def sound(engine: Engine) -> None:
    assert engine.survey(SYSTEM, checks.house, checks.Depth(replay=True)).violations == ()
    assert [said for said in broken(engine) if "references" not in said] == []  # two offices


@pytest.fixture(autouse=True)
def desk(hire: Hire, engine: Engine) -> None:
    del hire, engine


def test_a_duration_counts_from_when_the_version_comes_into_effect(
    engine: Engine, clock: Clock
) -> None:
    install(engine, "timeDuration", "P2D", toml=OFFICES)
    clock.move(days=1)
    work(engine)
    assert begun(engine) == []
    sound(engine)
    clock.move(days=1)
    work(engine)
    assert begun(engine) == ["TST-ANF-2026-000001", "TST-MAR-2026-000001"]
    clock.move(days=5)
    work(engine)
    assert len(begun(engine)) == 2
    sound(engine)


def test_its_history_tells_when_it_was_due(engine: Engine, clock: Clock) -> None:
    install(engine, "timeDuration", "P2D")
    [row] = rows(engine, t.schedule)
    clock.move(days=3)
    work(engine)
    [event] = engine.read(SYSTEM, cases.history, "TST-MAR-2026-000001")
    assert (event.kind, event.body["due"], event.actor) == ("case.started", row.due_at, "system")
    assert engine.read(SYSTEM, cases.replay, "TST-MAR-2026-000001").ok


def test_a_cycle_begins_a_case_at_each_turn(engine: Engine, clock: Clock) -> None:
    install(engine, "timeCycle", "R3/P1D")
    for expected in (1, 2, 3, 3):
        clock.move(days=1)
        work(engine)
        assert len(begun(engine)) == expected
    sound(engine)


@pytest.mark.parametrize(("words", "many"), [({}, 4), ({"mq__late": "once"}, 1)])
def test_a_worker_that_comes_late_catches_up_each_or_once(
    engine: Engine, clock: Clock, words: dict[str, str], many: int
) -> None:
    install(engine, "timeCycle", "R/P1D", **words)
    clock.move(days=4, minutes=5)
    work(engine)
    assert len(begun(engine)) == many
    [row] = engine.read(ADMIN, schedules.listing)
    assert row.due is not None
    assert row.due - clock.now == timedelta(days=1) - timedelta(minutes=5)
    sound(engine)


def test_a_new_version_takes_over_and_a_withdrawn_one_stops(engine: Engine, clock: Clock) -> None:
    install(engine, "timeCycle", "R/P2D")
    clock.move(days=1)
    install(engine, "timeCycle", "R/P2D", task="B")
    [row] = engine.read(ADMIN, schedules.listing)
    assert (row.version, row.due) == (2, clock.now + timedelta(days=1))
    clock.move(days=1)
    work(engine)
    [case] = rows(engine, t.case)
    assert engine.read(SYSTEM, cases.show, case.reference).version == 2
    engine.run(ADMIN, procedures.withdraw, "essai", 2, "erreur")
    [row] = engine.read(ADMIN, schedules.listing)
    assert row.version == 1
    engine.run(ADMIN, procedures.withdraw, "essai", 1, "erreur")
    assert engine.read(ADMIN, schedules.listing) == ()
    clock.move(days=9)
    work(engine)
    assert len(begun(engine)) == 1
    sound(engine)


def test_a_version_of_tomorrow_begins_tomorrow(engine: Engine, clock: Clock) -> None:
    tomorrow = (clock.now + timedelta(days=1)).date()
    engine.run(ADMIN, procedures.deploy, timed("timeDuration", "PT1H"), tomorrow)
    assert engine.read(ADMIN, schedules.listing) == ()
    clock.move(days=1)
    work(engine)
    assert len(engine.read(ADMIN, schedules.listing)) == 1
    sound(engine)


def test_a_date_that_has_passed_begins_nothing(engine: Engine, clock: Clock) -> None:
    install(engine, "timeDate", "2020-01-01")
    clock.move(days=1)
    work(engine)
    assert (begun(engine), engine.read(ADMIN, schedules.listing)) == ([], ())


def test_a_moment_can_be_reckoned(engine: Engine, clock: Clock) -> None:
    install(engine, "timeDate", 'date(today) + duration("P3D")')
    clock.move(days=4)
    work(engine)
    assert len(begun(engine)) == 1


def test_under_an_old_lease_nothing_begins(engine: Engine, clock: Clock) -> None:
    install(engine, "timeCycle", "R/P1D")
    clock.move(days=1)
    late = engine.run(SYSTEM, jobs.claim, "w1", 60)
    assert late is not None
    clock.move(minutes=2)
    work(engine)
    refused("busy", lambda: engine.run(SYSTEM, schedules.fire, late.id, late.lease))
    assert len(begun(engine)) == 1

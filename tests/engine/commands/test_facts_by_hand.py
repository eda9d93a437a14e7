"""Facts that a person records or takes back, and what has lapsed all the same."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.commands import attachments, clocks, delays, tasks
from engine.engine import Engine
from engine.transaction import By
from engine.work.worker import work
from tests.conftest import Clock
from tests.engine.commands.clockwork import FILED, LAPSE, bodies, done, seen
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.commands.lawful import LAW, PARTS, TOP
from tests.engine.test_engine import refused

PAPER = b"%PDF-1.7\n% A slip that bears a date.\n"


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    clock.now = FILED
    deploy(engine, *PARTS, top=TOP, toml=LAW)
    return hire("nadia", "desk", "administrator")


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

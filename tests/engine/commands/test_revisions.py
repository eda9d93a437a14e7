"""Days that become other days: running clocks are dated anew, what has taken effect stays."""

from datetime import UTC, date, datetime

import pytest

from engine.commands import calendars, cases, delays, incidents, tasks
from engine.engine import Engine
from engine.history import chain
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.commands.lawful import OPINIONS, SIMPLE, TOP, at_clock
from tests.engine.test_engine import rows
from tests.reliability.invariants import broken
from tests.runtime.models import START, ends, flows, node

FILED = datetime(2026, 9, 1, 10, tzinfo=UTC)
FEAST = date(2026, 9, 14)
SAID = {"kind": "closed", "label": "Jour exceptionnel", "source": "communiqué"}
PARTS = (
    START, node("userTask", "A", mq__fact="decision.notified"),
    node("boundaryEvent", "X", at_clock('clock("decision").end'), attachedToRef="A"),
    ends("E", "E2"), flows("S > A > E", "X > E2"),
)  # fmt: skip
# Fifteen days on which offices are open: up to 22 September, if nothing comes between.
LAW = SIMPLE.replace('[[15, "days"]]', '[[15, "working_days"]]')


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    clock.now = FILED
    deploy(engine, *PARTS, top=TOP, toml=LAW)
    return hire("nadia", "desk")


def close(engine: Engine, day: date = FEAST) -> None:
    engine.run(ADMIN, calendars.add, "morocco", day, **SAID)


def due(engine: Engine) -> list[tuple[str, str, date | None]]:
    return [(r.name, r.state, r.due) for r in rows(engine, t.clock) if r.state != "waiting"]


def test_a_day_that_is_closed_late_moves_the_clocks_that_count_it(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    assert due(engine) == [("decision", "running", date(2026, 9, 22))]
    clock.move(days=3)
    close(engine)
    assert due(engine) == [("decision", "running", date(2026, 9, 22))]  # a worker does it
    work(engine)
    assert due(engine) == [("decision", "running", date(2026, 9, 23))]
    moved = [chain.decode(r.body) for r in rows(engine, t.event) if r.kind == "clock.moved"]
    assert [(b["from"], b["due"], b["cause"]) for b in moved] == [
        ("2026-09-22", "2026-09-23", "calendar"),
    ]  # fmt: skip
    assert engine.read(desk, cases.replay, begun.reference).ok
    assert broken(engine) == []


def test_what_would_move_is_told_before_anything_is_written(
    engine: Engine, desk: By, clock: Clock
) -> None:
    for _ in range(3):
        start(engine, desk)
    [told] = engine.read(ADMIN, calendars.diff, "morocco", FEAST, kind="closed")
    assert (told.days, told.cases, told.moved) == ((FEAST,), 3, 3)
    [told] = engine.read(ADMIN, calendars.diff, "morocco", date(2026, 12, 1), kind="closed")
    assert (told.cases, told.moved) == (0, 0)
    assert [r.day for r in rows(engine, t.calendar_day) if r.day == FEAST] == []


def test_only_cases_that_count_the_day_are_touched_and_each_once(
    engine: Engine, desk: By, clock: Clock
) -> None:
    start(engine, desk)
    clock.now = datetime(2026, 9, 15, 10, tzinfo=UTC)
    late = start(engine, desk).reference
    close(engine)
    work(engine)
    work(engine)
    kinds = {r.reference: 0 for r in rows(engine, t.case)}
    for row in rows(engine, t.event):
        if row.kind == "clock.moved":
            kinds[chain.decode(row.body)["case"]] += 1
    assert sorted(kinds.values()) == [0, 1]
    assert kinds[late] == 0


def test_a_lapse_that_the_new_days_would_not_have_seen_stays_and_a_person_is_asked(
    engine: Engine, desk: By, clock: Clock
) -> None:
    start(engine, desk)
    clock.now = datetime(2026, 9, 23, 9, tzinfo=UTC)
    work(engine)
    close(engine)
    for _ in range(2):
        work(engine)
    assert due(engine)[0] == ("decision", "lapsed", date(2026, 9, 22))
    found = engine.read(ADMIN, incidents.listing)
    assert [(one.code, one.element) for one in found] == [("clock_lapse_disputed", "decision")]


def test_the_applicant_never_loses_a_day_that_was_promised(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    """A feast is withdrawn: the office's own delay shortens, the applicant's does not."""
    clock.now = datetime(2026, 7, 27, 10, tzinfo=UTC)
    law = OPINIONS.replace('each = "service"', "").replace('obliged = "other"', 'obliged = "{}"')
    law = law.replace("[clock.opinion.silence]", "").replace('effect = "favourable_opinion"', "")
    law = law.replace('start = ["opinion.requested"]', 'start = ["case.filed"]')
    law = law.replace('stop = ["opinion.given"]', 'stop = ["decision.notified"]')
    theirs = law.format("applicant").replace("clock.opinion", "clock.theirs")
    parts = (START, node("userTask", "A", mq__fact="decision.notified"), ends("E"),
             flows("S > A > E"))  # fmt: skip
    deploy(engine, *parts, top=TOP, toml=law.format("office") + theirs)
    start(engine, hire("nadia", "desk"))
    before = {name: day for name, _, day in due(engine)}
    feast = date(2026, 7, 30)
    engine.run(ADMIN, calendars.add, "morocco", feast, **(SAID | {"kind": "regular"}))
    work(engine)
    after = {name: day for name, _, day in due(engine)}
    assert after["theirs"] == before["theirs"]
    view = engine.read(ADMIN, delays.show, "TST-MAR-2026-000001")
    assert {one.clock: one.due for one in view.clocks} == after
    assert engine.read(ADMIN, cases.replay, "TST-MAR-2026-000001").ok
    assert after["opinion"] < before["opinion"]


def test_a_clock_that_was_kept_is_shown_as_it_was_whatever_became_of_the_days(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    clock.move(days=1)
    engine.run(desk, tasks.complete, begun.tasks[0], {})
    clock.move(days=1)
    close(engine)
    work(engine)
    view = engine.read(desk, delays.show, begun.reference)
    shown = {one.clock: (one.state, one.due) for one in view.clocks}
    assert shown["decision"] == ("ended", date(2026, 9, 22))
    assert due(engine)[0] == ("decision", "ended", date(2026, 9, 22))

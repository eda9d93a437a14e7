"""Calendars: what was known when, days set by hand, years that a later load brings."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from decisions.calendars import Calendar
from engine.commands import calendars, cases, years
from engine.engine import Engine
from engine.store import calendars as stored
from engine.store import tables as t
from engine.store.store import Store
from engine.work.founding import FOUNDER
from processes.holidays import calendar
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import deploy, start
from tests.engine.test_engine import Hire, refused, rows
from tests.runtime.models import START, ends, flows, node

EID = date(2026, 3, 20)  # a Friday


def known(engine: Engine, *moment: int) -> Calendar:
    """The calendar as it was known at a moment."""
    with engine._database.connect() as connection:
        return stored.read(Store(connection), "morocco", datetime(*moment, tzinfo=UTC))  # type: ignore[misc]


def put(engine: Engine, day: date, kind: str, label: str = "Essai", source: str = "avis") -> Any:
    set_day = calendars.add
    return engine.run(ADMIN, set_day, "morocco", day, kind=kind, label=label, source=source)


def test_founding_brings_the_holidays_of_the_year(engine: Engine) -> None:
    shown = engine.read(ADMIN, calendars.show, "morocco", 2026)
    assert shown.rest_days == "6 7"
    days = {row.day: row for row in shown.days}
    assert len(days) == 18  # the Monday of 23 March is decided on the 19th
    assert days[date(2026, 7, 30)].label_ar == "عيد العرش"
    assert (days[EID].status, days[EID].hijri) == ("estimated", "1447-10-01")


def test_a_calendar_is_shown_for_this_year_where_none_is_named(engine: Engine) -> None:
    assert engine.read(ADMIN, calendars.show) == engine.read(ADMIN, calendars.show, "morocco", 2026)


def test_working_days_go_over_a_weekend_and_a_feast(engine: Engine) -> None:
    week = known(engine, 2026, 3, 2)
    # Thursday the 19th; the 20th and 21st are the feast, the 22nd is a Sunday.
    assert week.add_working_days(date(2026, 3, 19), 1) == date(2026, 3, 23)
    assert week.add_working_days(date(2026, 3, 19), 5) == date(2026, 3, 27)
    assert week.working_days_between(date(2026, 3, 19), date(2026, 3, 29)) == 5
    assert week.add_working_days(date(2026, 5, 26), 2) == date(2026, 6, 1)


def test_a_day_that_is_set_later_does_not_change_an_earlier_computation(
    engine: Engine, clock: Clock
) -> None:
    assert known(engine, 2026, 3, 2).is_working_day(date(2026, 3, 3))
    clock.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    put(engine, date(2026, 3, 3), "closed")
    assert known(engine, 2026, 3, 2, 11).is_working_day(date(2026, 3, 3))
    assert not known(engine, 2026, 3, 2, 12).is_working_day(date(2026, 3, 3))


def test_the_last_word_counts_and_what_stood_before_stays(engine: Engine, clock: Clock) -> None:
    day = date(2026, 3, 24)
    put(engine, day, "closed", "Fermé")
    clock.move(hours=1)
    put(engine, day, "regular", "Ouvert après tout")
    assert known(engine, 2026, 3, 2, 10).is_working_day(day)
    assert not known(engine, 2026, 3, 2, 9, 30).is_working_day(day)
    [shown] = [row for row in engine.read(ADMIN, calendars.show).days if row.day == day]
    assert (shown.kind, shown.label_fr) == ("regular", "Ouvert après tout")
    assert len([row for row in rows(engine, t.calendar_day) if row.day == day]) == 2


def test_a_feast_a_day_later_frees_the_day_that_was_estimated(engine: Engine) -> None:
    put(engine, date(2026, 6, 16), "regular", "Lune vue un jour plus tard")
    put(engine, date(2026, 6, 17), "closed", "1er Moharram")
    week = known(engine, 2026, 3, 3)
    assert week.add_working_days(date(2026, 6, 15), 1) == date(2026, 6, 16)
    assert week.holiday(date(2026, 6, 17)) == "1er Moharram"


def test_a_saturday_may_be_worked_and_be_a_saturday_again(engine: Engine, clock: Clock) -> None:
    saturday = date(2026, 3, 7)
    put(engine, saturday, "open")
    assert known(engine, 2026, 3, 2, 10).is_working_day(saturday)
    clock.move(hours=2)
    put(engine, saturday, "regular")
    assert not known(engine, 2026, 3, 2, 12).is_working_day(saturday)


def test_what_cannot_be_set_is_refused(engine: Engine) -> None:
    set_day, day = calendars.add, date(2026, 3, 24)
    said = {"kind": "closed", "label": "x", "source": "y"}
    refused("unknown_calendar", lambda: engine.run(ADMIN, set_day, "mars", day, **said))
    refused("bad_value", lambda: put(engine, day, "half"))
    refused("reason_missing", lambda: put(engine, day, "closed", source="  "))
    refused("reason_missing", lambda: put(engine, day, "closed", label=""))
    refused("unknown_calendar", lambda: engine.read(ADMIN, calendars.show, "mars"))
    assert day not in {row.day for row in engine.read(ADMIN, calendars.show).days}


def test_a_later_load_brings_later_years_and_touches_no_other(engine: Engine, clock: Clock) -> None:
    put(engine, date(2029, 1, 14), "regular", "Jour travaillé")
    before = rows(engine, t.calendar_day)
    clock.move(days=300)
    newer = calendar("morocco") | {"last": date(2029, 12, 31)}
    for day in (date(2026, 2, 2), date(2029, 1, 1), date(2029, 1, 14)):
        newer["days"].append(newer["days"][0] | {"day": day})
    engine.run(FOUNDER, years.load, newer)
    [added] = [row for row in rows(engine, t.calendar_day) if row not in before]
    assert (added.day, added.recorded_at) == (date(2029, 1, 1), clock.now)
    assert known(engine, 2026, 3, 3).last == date(2028, 12, 31)
    assert known(engine, 2027, 3, 3).last == date(2029, 12, 31)


DUE = (
    '<intermediateCatchEvent id="T"><timerEventDefinition>'
    "<timeDate>working days after(date(case.started), 3)</timeDate>"
    "</timerEventDefinition></intermediateCatchEvent>"
)


@pytest.mark.parametrize(("closed", "due"), [(False, date(2026, 3, 23)), (True, date(2026, 3, 24))])
def test_a_timer_of_a_case_goes_by_what_was_known_and_replays_by_it(
    engine: Engine, clock: Clock, hire: Hire, closed: bool, due: date
) -> None:
    """Begun on the Tuesday before the feast, before or after the Monday was declared closed."""
    clock.now = datetime(2026, 3, 17, 9, tzinfo=UTC)
    deploy(engine, START, DUE, node("userTask", "A"), ends("E"), flows("S > T > A > E"))
    if closed:
        put(engine, date(2026, 3, 23), "closed", "Fermé")
        clock.move(minutes=1)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    [job] = rows(engine, t.job)
    assert job.due_at.astimezone(ZoneInfo("Africa/Casablanca")).date() == due
    clock.move(hours=1)
    put(engine, due, "closed", "Décidé plus tard")
    assert engine.read(desk, cases.replay, begun.reference).ok

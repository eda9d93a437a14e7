"""Calendars before one another, years that are proposed and decided, the end of what is known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from decisions.calendars import Calendar
from engine.commands import calendars, cases, years
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import calendars as stored
from engine.store import tables as t
from engine.store.store import Store
from engine.transaction import Transaction
from processes import packaged
from processes.holidays import calendar
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import deploy, start
from tests.engine.commands.test_calendars import DUE, put
from tests.engine.test_engine import Hire, refused, rows
from tests.runtime.models import START, ends, flows, node

THRONE = date(2026, 7, 30)  # a Thursday


def layer(engine: Engine, name: str = "anfa", parent: str = "morocco", **more: Any) -> None:
    engine.run(ADMIN, calendars.create, name, parent, source="arrêté", **more)


def say(engine: Engine, name: str, day: date, kind: str) -> None:
    engine.run(ADMIN, calendars.add, name, day, kind=kind, label="Essai", source="avis")


def known(engine: Engine, name: str, moment: datetime) -> Calendar:
    with engine._database.connect() as connection:
        return stored.read(Store(connection), name, moment)


def test_the_nearest_calendar_wins_and_what_it_withdraws_is_that_of_the_next(
    engine: Engine, clock: Clock
) -> None:
    layer(engine, "casablanca")
    layer(engine, "anfa", "casablanca")
    before = known(engine, "anfa", clock.now)
    assert before.digest == known(engine, "morocco", clock.now).digest
    assert not before.is_working_day(THRONE)
    say(engine, "casablanca", THRONE, "open")
    assert known(engine, "anfa", clock.now).is_working_day(THRONE)
    clock.move(hours=1)
    say(engine, "anfa", THRONE, "closed")
    assert not known(engine, "anfa", clock.now).is_working_day(THRONE)
    assert known(engine, "casablanca", clock.now).is_working_day(THRONE)
    clock.move(hours=1)
    engine.run(ADMIN, calendars.withdraw, "anfa", THRONE, source="erreur")
    assert known(engine, "anfa", clock.now).is_working_day(THRONE)
    assert not known(engine, "anfa", clock.now - timedelta(minutes=30)).is_working_day(THRONE)
    refused(
        "day_not_set",
        lambda: engine.run(ADMIN, calendars.withdraw, "anfa", THRONE, source="encore"),
    )


def test_a_calendar_is_shown_with_the_layer_of_each_day(engine: Engine) -> None:
    layer(engine)
    say(engine, "anfa", date(2026, 3, 24), "closed")
    shown = engine.read(ADMIN, calendars.show, "anfa", 2026)
    layers = {row.day: row.calendar for row in shown.days}
    assert shown.layers == ("anfa", "morocco")
    assert (layers[date(2026, 3, 24)], layers[THRONE]) == ("anfa", "morocco")
    assert (shown.first, shown.last) == (date(2024, 1, 1), date(2028, 12, 31))
    assert [row.name for row in shown.hours] == ["", "ramadan 1447"]


def test_a_calendar_is_shown_as_it_was_known_on_a_day(engine: Engine, clock: Clock) -> None:
    clock.move(days=2)
    put(engine, date(2026, 3, 24), "closed")
    for day, count in ((date(2026, 3, 3), 18), (date(2026, 3, 4), 19)):
        shown = engine.read(ADMIN, calendars.show, "morocco", 2026, day)
        assert len(shown.days) == count


def test_hours_are_those_of_the_week_and_in_ramadan_those_of_the_season(engine: Engine) -> None:
    week = known(engine, "morocco", datetime(2026, 3, 2, tzinfo=UTC))
    zone = ZoneInfo("Africa/Casablanca")

    def told(day: date) -> list[str]:
        return [
            f"{a.astimezone(zone):%H:%M}-{b.astimezone(zone):%H:%M}" for a, b in week.windows(day)
        ]

    assert told(date(2026, 5, 8)) == ["08:30-12:00", "13:30-16:30"]  # a Friday
    assert told(date(2026, 3, 2)) == ["09:00-15:00"]
    assert told(THRONE) == []


@pytest.mark.parametrize(("owner", "due"), [("MAR", 24), ("CAS", 24), ("ANF", 23)])
def test_a_case_goes_by_the_calendar_of_its_office_and_replays_by_that_of_then(
    engine: Engine, clock: Clock, hire: Hire, owner: str, due: int
) -> None:
    clock.now = datetime(2026, 3, 17, 9, tzinfo=UTC)
    layer(engine)
    say(engine, "anfa", date(2026, 3, 23), "closed")
    engine.run(ADMIN, calendars.assign, owner, "anfa")
    clock.move(minutes=1)
    deploy(engine, START, DUE, node("userTask", "A"), ends("E"), flows("S > T > A > E"))
    desk = hire("nadia", "desk")
    begun = start(engine, desk)  # in MAR
    [job] = rows(engine, t.job)
    assert job.due_at.astimezone(ZoneInfo("Africa/Casablanca")).day == due
    clock.move(hours=1)
    engine.run(ADMIN, calendars.assign, owner, "morocco")
    assert engine.read(desk, cases.replay, begun.reference).ok


def test_a_command_reads_the_calendars_anew_only_where_something_was_added(
    engine: Engine, clock: Clock
) -> None:
    def book(tx: Transaction) -> Any:
        return tx.calendars

    book.__module__, book.__name__ = "engine.commands.calendars", "show"
    first = engine.read(ADMIN, book)
    clock.move(days=1)
    assert engine.read(ADMIN, book) is first
    put(engine, THRONE, "open")
    assert engine.read(ADMIN, book) is not first


def test_what_is_planned_tells_its_days_in_every_calendar_that_looks_it_up(engine: Engine) -> None:
    layer(engine)
    layer(engine, "maarif")
    say(engine, "maarif", date(2026, 12, 24), "regular")
    before = rows(engine, t.calendar_day)
    found = engine.read(
        ADMIN, calendars.diff, "morocco", date(2026, 12, 24), kind="closed",
        until=date(2026, 12, 27),
    )  # fmt: skip
    week = (date(2026, 12, 24), date(2026, 12, 25))  # and a weekend, which is closed as it is
    assert [(row.calendar, row.days) for row in found] == [
        ("anfa", week), ("maarif", week[1:]), ("morocco", week),
    ]  # fmt: skip
    assert rows(engine, t.calendar_day) == before


def test_a_year_is_proposed_then_decided_and_what_a_person_set_stays(
    engine: Engine, clock: Clock
) -> None:
    mine = date(2029, 7, 30)
    put(engine, mine, "regular", "Jour travaillé")
    clock.move(hours=1)
    found = packaged.calendar("MA", 2029, date(2026, 3, 2))
    told = engine.read(ADMIN, years.proposal, "morocco", found)
    changes = {row.day: row.change for row in told.rows}
    assert changes.pop(mine) == "kept"
    assert set(changes.values()) == {"new"}
    assert len([row for row in told.rows if row.status == "estimated"]) == 7
    some = {date(2029, 1, 11)}
    assert engine.run(ADMIN, years.decide, "morocco", found, some).days == 1
    assert known(engine, "morocco", clock.now).last == date(2028, 12, 31)
    clock.move(hours=1)
    done = engine.run(ADMIN, years.decide, "morocco", found)
    assert (done.days, done.last) == (len(changes) - 1, date(2029, 12, 31))
    after = known(engine, "morocco", clock.now)
    assert after.is_working_day(mine)
    assert after.days[date(2029, 2, 14)].estimated
    again = engine.read(ADMIN, years.proposal, "morocco", found)
    assert {row.change for row in again.rows} == {"same", "kept"}
    assert again.affected == ()


def test_years_that_leave_a_gap_are_refused(engine: Engine) -> None:
    found = packaged.calendar("MA", 2030, date(2026, 3, 2))
    refused("years_missing", lambda: engine.run(ADMIN, years.decide, "morocco", found))
    assert not [row for row in rows(engine, t.calendar_day) if row.day.year == 2030]


def test_beyond_its_last_year_a_calendar_says_which_to_import(engine: Engine, clock: Clock) -> None:
    def ask(tx: Transaction) -> Any:
        return tx.calendar_of(None).known(date(2029, 2, 1))

    ask.__module__, ask.__name__ = "engine.commands.calendars", "show"
    with pytest.raises(EngineError) as caught:
        engine.read(ADMIN, ask)
    assert caught.value.code == "calendar_horizon"
    assert "2029" in caught.value.remedy()


def test_an_end_less_than_a_year_and_a_half_away_is_told(engine: Engine, clock: Clock) -> None:
    for day, short in ((date(2027, 7, 2), False), (date(2027, 7, 3), True)):
        clock.now = datetime(day.year, day.month, day.day, tzinfo=UTC)
        [found] = engine.read(ADMIN, calendars.horizon)
        assert (found.calendar, found.short) == ("morocco", short)


def test_what_cannot_be_made_is_refused(engine: Engine) -> None:
    layer(engine)
    refused("calendar_exists", lambda: layer(engine))
    refused("unknown_calendar", lambda: layer(engine, "x", "mars"))
    refused("bad_value", lambda: layer(engine, "x", rest_days=[8]))
    refused("unknown_office", lambda: engine.run(ADMIN, calendars.assign, "XXX", "anfa"))
    refused("unknown_calendar", lambda: engine.run(ADMIN, calendars.assign, "MAR", "mars"))


def test_a_file_that_says_the_same_changes_nothing(engine: Engine, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 24, tzinfo=UTC)
    told = engine.read(ADMIN, years.proposal, "morocco", calendar("morocco"))
    assert {row.change for row in told.rows} == {"same"}
    assert told.affected == ()

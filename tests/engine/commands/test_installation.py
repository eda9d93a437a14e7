"""What a database is: founded once, completed when founded again, never turned into another."""

from typing import Any

import pytest

from engine.commands import actors, calendars, installation, offices
from engine.engine import Engine
from engine.store import tables as t
from engine.work.founding import FOUNDER
from processes.catalogue import city
from processes.holidays import calendar
from tests.conftest import ADMIN
from tests.engine.test_engine import rows

CASABLANCA, MOROCCO = city("casablanca"), calendar("morocco")


def found(engine: Engine, specimen: bool = False, **more: Any) -> installation.Initialised:
    days = MOROCCO | more
    return engine.run(FOUNDER, installation.initialise, CASABLANCA, days, "admin", specimen)


def everything(engine: Engine) -> list[list[Any]]:
    tables = (t.installation, t.office, t.role, t.actor, t.actor_role, t.calendar, t.calendar_day)
    return [rows(engine, table) for table in tables]


def test_a_founded_database_says_what_it_is(engine: Engine) -> None:
    status = engine.read(ADMIN, installation.status)
    assert status == installation.Initialised("Commune de Casablanca", 17, specimen=False)
    facts = {row.name: row.value for row in rows(engine, t.installation)}
    assert facts["zone"] == "Africa/Casablanca"
    assert facts["calendar"] == "morocco"


def test_founding_again_changes_nothing(engine: Engine) -> None:
    before = everything(engine)
    assert found(engine).offices == 17
    assert everything(engine) == before


@pytest.mark.parametrize("specimen", [False, True])
def test_a_database_keeps_what_it_is(engine: Engine, specimen: bool) -> None:
    assert found(engine, specimen).specimen is False
    assert engine.read(ADMIN, installation.status).specimen is False


def test_a_database_that_was_founded_without_a_calendar_gets_one(engine: Engine) -> None:
    with engine._database.begin() as connection:
        for table in (t.calendar_day, t.calendar_hours, t.calendar_span):
            connection.execute(table.delete())
        connection.execute(t.calendar.delete())
        connection.execute(t.installation.delete().where(t.installation.c.name == "calendar"))
    found(engine)
    assert engine.read(ADMIN, calendars.show).name == "morocco"


def test_an_account_that_lost_its_role_gets_it_back(engine: Engine) -> None:
    engine.run(FOUNDER, actors.revoke, "admin", "administrator", "CAS")
    found(engine)
    [row] = [row for row in engine.read(ADMIN, actors.listing) if row.login == "admin"]
    assert row.roles == ["administrator@CAS"]


def test_the_administrator_of_the_commune_reaches_every_office(engine: Engine) -> None:
    listed = engine.read(ADMIN, offices.listing)
    assert [row.short for row in listed][:3] == ["CAS", "ANF", "MAR"]
    assert {row.short for row in listed} == {"CAS", *(row[1] for row in city_rows())}


def city_rows() -> list[list[str]]:
    found: list[list[str]] = CASABLANCA["arrondissements"]
    return found

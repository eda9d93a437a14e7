"""Migrations give exactly the tables that the program knows, on both databases."""

import pytest
from sqlalchemy import text

from engine.engine import Engine
from engine.errors import EngineError
from engine.settings import Settings
from engine.store import schema, trouble
from engine.store.database import connect

_JOB = (
    "INSERT INTO job (id, kind, payload, status, due_at, attempts, lease, created_at) VALUES "
    "({}, '{}', '', '{}', '2026-01-01 00:00:00', 0, 0, '2026-01-01 00:00:00')"
)
OLD = (
    _JOB.format(1, "certificate.issue", "due"), _JOB.format(2, "timer.fire", "incident"),
    "INSERT INTO incident (id, at, job_id, code, message) VALUES "
    "(1, '2026-01-01 00:00:00', 2, 'job_failed', 'en panne')",
)  # fmt: skip


def test_the_migrations_make_the_tables(engine: Engine) -> None:
    assert schema.status(engine._database, drift=True).drift == ()


def test_the_program_names_the_newest_migration() -> None:
    assert schema.needed() == schema.REVISION


def test_a_second_upgrade_changes_nothing(engine: Engine) -> None:
    assert schema.upgrade(engine._database).ok


def test_every_released_schema_comes_up_with_what_it_holds(database: str) -> None:
    """From 0001: a job that is due and an incident are there afterwards, completed."""
    made = connect(database)
    schema.upgrade(made, "0001")
    with made.begin() as connection:
        for statement in OLD:
            connection.execute(text(statement))
    assert schema.upgrade(made).ok
    assert schema.status(made, drift=True).drift == ()
    with made.connect() as connection:
        priorities = connection.execute(text("SELECT kind, priority FROM job ORDER BY id")).all()
        causes = connection.execute(text("SELECT cause FROM incident")).scalars().all()
    made.dispose()
    assert [tuple(row) for row in priorities] == [("certificate.issue", 10), ("timer.fire", 50)]
    known = trouble.cause("job_failed", None, None, "timer.fire", "en panne")
    assert causes == [known]


def test_a_database_of_another_time_is_refused(sqlite: Engine, settings: Settings) -> None:
    for revision, code in (("0000", "schema_outdated"), ("9999", "schema_newer")):
        with sqlite._database.begin() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
        with pytest.raises(EngineError) as caught:
            Engine(settings)
        assert caught.value.code == code


def test_no_database_is_said_with_its_remedy(settings: Settings) -> None:
    with pytest.raises(EngineError) as caught:
        Engine(settings)
    assert caught.value.code == "database_missing"
    assert "mouqataa init" in caught.value.remedy()


_CITY = (
    "INSERT INTO actor (id, login, name, kind, created_at) VALUES "
    "(2, 'amina', 'Amina', 'person', '2026-01-01 00:00:00')",
    "INSERT INTO calendar (name, zone, rest_days, source) VALUES ('m', 'UTC', '6 7', 's')",
)
_OLD_DAY = (
    "INSERT INTO calendar_day VALUES ('m', '{}', '{}', 'x', 'x', '{}', '2026-01-01 00:00:00', {})"
)


def test_days_of_the_calendar_come_up_with_their_status_and_the_years_known(database: str) -> None:
    made = connect(database)
    schema.upgrade(made, "0005")
    days = (
        ("2026-03-20", "holiday", "estimé, non confirmé ; s", 1),
        ("2027-08-14", "holiday", "décret · estimé, non confirmé ; s", 1),
        ("2029-01-06", "working", "circulaire", 2),
    )
    with made.begin() as connection:
        for statement in (*_CITY, *(_OLD_DAY.format(*day) for day in days)):
            connection.execute(text(statement))
    assert schema.upgrade(made).ok
    with made.connect() as connection:
        rows = connection.execute(
            text("SELECT kind, status, imported FROM calendar_day ORDER BY day")
        ).all()
        [span] = connection.execute(text("SELECT first, last FROM calendar_span")).all()
    made.dispose()
    assert [(kind, status, bool(imported)) for kind, status, imported in rows] == [
        ("closed", "estimated", True), ("closed", "decided", True), ("open", "decided", False),
    ]  # fmt: skip
    assert [str(day) for day in span] == ["2026-01-01", "2027-12-31"]

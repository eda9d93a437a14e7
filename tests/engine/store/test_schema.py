"""Migrations give exactly the tables that the program knows, on both databases."""

import pytest
from sqlalchemy import text

from engine.engine import Engine
from engine.errors import EngineError
from engine.settings import Settings
from engine.store import schema


def test_the_migrations_make_the_tables(engine: Engine) -> None:
    assert schema.status(engine._database, drift=True).drift == ()


def test_the_program_names_the_newest_migration() -> None:
    assert schema.needed() == schema.REVISION


def test_a_second_upgrade_changes_nothing(engine: Engine) -> None:
    assert schema.upgrade(engine._database).ok


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

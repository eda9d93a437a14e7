"""The database itself refuses to change a history; what gets past it is seen."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.commands import cases
from engine.engine import Engine
from engine.store import database
from engine.transaction import By
from tests.conftest import deploy
from tests.engine.test_engine import Hire, start


@pytest.fixture
def begun(engine: Engine, hire: Hire) -> cases.Started:
    deploy(engine, "attestation")
    return start(engine, hire("nadia", "guichet", "legalisateur"))


@pytest.mark.parametrize("act", ["UPDATE event SET kind = 'x'", "DELETE FROM event"])
def test_the_database_refuses(engine: Engine, begun: cases.Started, act: str) -> None:
    with (
        engine._database.connect() as connection,
        pytest.raises(DBAPIError, match="only ever appended"),
    ):
        connection.execute(text(act))


def test_an_event_changed_under_the_triggers_is_named(
    engine: Engine, begun: cases.Started, tmp_path: Path
) -> None:
    with database.writing(engine._database.connect()) as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER event_no_update"))
        else:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))
        body = connection.execute(text("SELECT body FROM event")).scalar()
        forged = bytes(body).replace(b"guichet", b"hacker!").replace(b'"copies"', b'"copiez"')
        assert forged != bytes(body)
        connection.execute(text("UPDATE event SET body = :body"), {"body": forged})
    found = engine.read(By("nadia"), cases.replay, begun.reference)
    assert not found.ok
    assert found.differences == ("event 1 does not fit the chain",)

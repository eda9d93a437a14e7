"""The checks of the other tests can fail: each thing that could be broken is seen."""

import pytest
from sqlalchemy import text

from engine.commands import tasks
from engine.engine import Engine
from engine.transaction import By
from tests.conftest import deploy
from tests.engine.test_engine import SIGNED, Hire, start
from tests.reliability.invariants import broken


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, "attestation")
    return hire("nadia", "guichet", "legalisateur")


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [
        ("DELETE FROM task WHERE status = 'open'", "its rows wait for"),
        ("UPDATE task SET status = 'open'", "its rows wait for"),
        ("DELETE FROM job", "its rows wait for"),
        ("UPDATE job SET status = 'completed'", "its rows wait for"),
        ("UPDATE \"case\" SET status = 'completed'", "it has ended"),
        ("UPDATE \"case\" SET head = 'x'", "the history ends before"),
        ("DELETE FROM register_entry", "register"),
        ("UPDATE register SET last = last + 1 WHERE register LIKE 'case:%'", "a gap"),
    ],
)
def test_what_is_broken_is_named(engine: Engine, desk: By, spoiled: str, told: str) -> None:
    engine.run(desk, tasks.complete, start(engine, desk).tasks[0], SIGNED)
    start(engine, desk)
    assert broken(engine) == []
    with engine._database.begin() as connection:
        connection.execute(text(spoiled))
    assert any(told in line for line in broken(engine))

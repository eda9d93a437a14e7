"""A fault at every statement of every command: nothing is half done, and the repetition is right.

The n-th statement of a command raises, for each n, and at last its commit. After each fault the
database holds exactly what it held before, the check of the house and the oracle beside it find
nothing, and the same command is sent once more. When it is done, its answer is lost: the repetition
has no second effect.
"""

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, select

from engine.commands import checks
from engine.engine import Engine
from engine.errors import EngineError
from engine.permissions import RULES
from engine.store.metadata import metadata
from engine.transaction import By
from engine.work.worker import SYSTEM
from tests.conftest import Clock
from tests.engine.test_permissions import FOUND
from tests.reliability.acts import ACTS, QUESTIONS, Act, Acting, Again
from tests.reliability.house import House, built
from tests.reliability.invariants import broken

_WRITES = re.compile(
    r"store\.(add|add_all|change\w*|remove\w*|next_number|wake)\(|tx\.(record|finish_job|settle_job|private)\("
)


class Fault(Exception):
    """What is raised in the place of a statement."""


def test_every_command_is_tried_or_asks() -> None:
    """Add a new command that writes to ACTS in tests/reliability/acts.py, others to QUESTIONS."""
    assert set(RULES) == ACTS.keys() | QUESTIONS
    assert not ACTS.keys() & QUESTIONS


def test_what_asks_writes_nothing() -> None:
    sources = {name: inspect.getsource(FOUND[name]) for name in QUESTIONS}
    assert [name for name, text in sources.items() if _WRITES.search(text)] == []


@pytest.fixture
def house(engine: Engine, clock: Clock) -> House:
    return built(engine, clock)


@contextmanager
def failing(engine: Engine, number: int) -> Iterator[list[str]]:
    """Raise at the statement of this number, the commit counted as the last; those seen."""
    seen: list[str] = []

    def reached(statement: str) -> None:
        seen.append(statement)
        if len(seen) == number:
            raise Fault

    def execute(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        reached(statement)

    def commit(_c: Any) -> None:
        reached("COMMIT")

    database = engine._database
    event.listen(database, "before_cursor_execute", execute)
    event.listen(database, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(database, "before_cursor_execute", execute)
        event.remove(database, "commit", commit)


def _contents(engine: Engine) -> dict[str, list[str]]:
    """Every row of every table."""
    with engine._database.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in metadata.sorted_tables
        }


def _sound(house: House, case: str | None, after: str) -> None:
    engine = house.engine
    found = engine.survey(SYSTEM, checks.house, checks.Depth())
    assert (found.violations, found.complete) == ((), True), f"after {after}"
    assert broken(engine, [case] if case else []) == [], f"after {after}"


def _points(house: House, act: Act) -> int:
    """Let a command fail at every point, one after the other, and succeed; how many there were."""
    engine, number = house.engine, 1
    key = house.fresh("k") if act.again is Again.SAME else None
    by = replace(act.by, key=key)
    before = _contents(engine)
    while True:
        with failing(engine, number) as seen:
            try:
                first = _told(engine, by, act)
                break
            except Fault:
                pass
        assert _contents(engine) == before, f"half of it is there after {seen[-1]}"
        _sound(house, act.case, f"a fault at {seen[-1]}")
        number += 1
    assert first not in (None, "busy")
    case = act.case or getattr(first, "reference", None)
    _sound(house, case, "it was done at last")
    _repeated(engine, by, act, first)
    _sound(house, case, "the repetition")
    return number - 1


def _repeated(engine: Engine, by: By, act: Act, first: Any) -> None:
    """Its answer is lost and it is sent once more: there is no second effect."""
    before = _contents(engine)
    told = _told(engine, by, act)
    if act.again is Again.LATE:
        assert told == "busy"
        before["rejection"] = _contents(engine)["rejection"]
    if act.again in (Again.SAME, Again.HARMLESS):
        assert told == first
    assert act.again is Again.NEXT or _contents(engine) == before, "it was done twice"


def _told(engine: Engine, by: By, act: Act) -> Any:
    """The answer of a command, or the code of its refusal."""
    try:
        return engine.run(by, act.command, *act.args, **act.named)
    except EngineError as error:
        return error.code


@pytest.mark.slow
@pytest.mark.parametrize(
    "acting",
    [
        pytest.param(acting, id=f"{name}-{number}")
        for name, each in ACTS.items()
        for number, acting in enumerate(each, 1)
    ],
)
def test_a_command_is_whole_or_not_at_all(house: House, acting: Acting) -> None:
    """Begin, actor, grants, what it writes, commit: at the least four points."""
    assert _points(house, acting(house)) >= 4

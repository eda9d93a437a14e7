"""Each act on many, and how it is taken back where nothing has come between."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine.commands import batches, cases, life, tasks
from engine.commands.selections import Selection
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import work
from tests.conftest import ADMIN
from tests.engine.commands.house import start
from tests.engine.commands.test_batches import REASON, begun, desk, held, order, status
from tests.reliability.invariants import broken

__all__ = ["desk"]  # the fixture


def test_suspending_is_undone_where_nobody_has_touched_it_since(engine: Engine, desk: By) -> None:
    references = begun(engine, desk)
    batch = order(engine, desk, "suspend", *references)
    work(engine)
    engine.run(desk, life.resume, references[0], "urgent")
    undone = engine.run(desk, batches.undo, batch, REASON)
    work(engine)
    assert held(engine, undone.batch) == [("refused", "moved_on"), ("done", None), ("done", None)]
    assert status(engine, desk, references) == ["open"] * 3
    redone = engine.run(desk, batches.undo, undone.batch, REASON)
    work(engine)
    assert held(engine, redone.batch) == [("done", None)] * 2
    assert status(engine, desk, references) == ["open", "suspended", "suspended"]
    assert broken(engine) == []


def test_a_cancelling_is_undone_by_an_administrator_where_it_is_still_what_ended_the_case(
    engine: Engine, desk: By
) -> None:
    references = begun(engine, desk)
    batch = order(engine, desk, "cancel", *references)
    work(engine)
    engine.run(desk, cases.note, references[0], "rappelé")
    engine.run(ADMIN, life.restart, references[1], 2, "erreur")
    with pytest.raises(EngineError) as caught:
        engine.run(desk, batches.undo, batch, REASON)
    assert caught.value.code == "not_permitted"
    undone = engine.run(ADMIN, batches.undo, batch, REASON)
    work(engine)
    assert held(engine, undone.batch) == [("done", None), ("refused", "moved_on"), ("done", None)]
    assert status(engine, desk, references) == ["open"] * 3
    for reference in references:
        assert engine.read(desk, cases.show, reference).tasks
    with pytest.raises(EngineError) as caught:
        order(engine, ADMIN, "restart", *references)
    assert caught.value.code == "bad_value"
    assert broken(engine) == []


def test_resuming_is_undone_only_as_the_last_thing_that_happened(engine: Engine, desk: By) -> None:
    references = begun(engine, desk, 2)
    for reference in references:
        engine.run(desk, life.suspend, reference, "repos")
    batch = order(engine, desk, "resume", *references)
    work(engine)
    engine.run(desk, cases.note, references[0], "vu")
    undone = engine.run(desk, batches.undo, batch, REASON)
    work(engine)
    assert held(engine, undone.batch) == [("refused", "moved_on"), ("done", None)]
    assert status(engine, desk, references) == ["open", "suspended"]


def test_a_value_is_rectified_and_given_back(engine: Engine, desk: By) -> None:
    references = begun(engine, desk)
    engine.run(desk, cases.rectify, references[0], "n", 3, "erreur")
    batch = order(engine, desk, "rectify", *references, name="n", value=5, **REASON)
    work(engine)
    values = [engine.read(desk, cases.show, r).values["n"] for r in references]
    assert values == [5, 5, 5]
    engine.run(desk, cases.rectify, references[2], "n", 7, "encore")
    undone = engine.run(desk, batches.undo, batch, REASON)
    work(engine)
    assert held(engine, undone.batch) == [("done", None), ("done", None), ("refused", "moved_on")]
    values = [engine.read(desk, cases.show, r).values["n"] for r in references]
    assert values == [3, 1, 7]
    assert broken(engine) == []


def test_tasks_are_reassigned_and_given_back_to_whom_they_were(
    engine: Engine, desk: By, hire: Callable[..., By]
) -> None:
    hire("salma", "desk"), hire("omar", "desk")
    todo = [start(engine, desk).tasks[0] for _ in range(3)]
    engine.run(desk, tasks.claim, todo[0])
    every = Selection(procedure="essai")
    batch = engine.run(desk, batches.create, "reassign", every, {"to": "salma"}).batch
    work(engine)
    assert [engine.read(desk, tasks.show, k).assignee for k in todo] == ["salma"] * 3
    engine.run(desk, tasks.assign, todo[2], "omar")
    undone = engine.run(desk, batches.undo, batch, {})
    work(engine)
    assert held(engine, undone.batch) == [("done", None), ("done", None), ("refused", "moved_on")]
    assert [engine.read(desk, tasks.show, k).assignee for k in todo] == ["nadia", None, "omar"]
    of_omar = Selection(holder="omar")
    given = engine.run(desk, batches.create, "reassign", of_omar, {"to": "nadia"})
    assert given.total == 1
    work(engine)
    assert engine.read(desk, tasks.show, todo[2]).assignee == "nadia"
    assert broken(engine) == []


def test_incidents_are_tried_again_and_nothing_takes_that_back(engine: Engine, desk: By) -> None:
    with engine._database.begin() as connection:
        for number in (1, 2):
            job = connection.execute(
                t.job.insert().values(
                    kind="message.deliver",
                    status="incident",
                    payload=b"\x80",
                    attempts=5,
                    lease=5,
                    due_at=engine._clock(),
                    created_at=engine._clock(),
                )
            ).inserted_primary_key[0]
            connection.execute(
                t.incident.insert().values(
                    at=engine._clock(),
                    job_id=job,
                    code="job_failed",
                    message=f"m{number}",
                    cause="aa",
                )
            )
    chosen = Selection(cause="aa")
    with pytest.raises(EngineError) as caught:
        engine.run(desk, batches.create, "retry", chosen, {})
    assert caught.value.code == "not_permitted"
    made = engine.run(ADMIN, batches.create, "retry", chosen, {})
    work(engine, kinds=("batch.run",))
    assert held(engine, made.batch) == [("done", None)] * 2
    with engine._database.connect() as connection:
        query = select(t.job.c.status).where(t.job.c.kind == "message.deliver")
        assert connection.execute(query).scalars().all() == ["due", "due"]
    with pytest.raises(EngineError) as caught:
        engine.run(ADMIN, batches.undo, made.batch, {})
    assert caught.value.code == "cannot_undo"

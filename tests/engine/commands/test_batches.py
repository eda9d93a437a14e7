"""Acts on many: each item whole or not at all, once, and each refusal said where it happened."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands import batches, cases, checks, jobs, life
from engine.commands.selections import Selection
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from engine.work import batching
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import FORMED, deploy, start
from tests.reliability.invariants import broken
from tests.reliability.test_faults import Fault, failing
from tests.runtime.models import START, ends, flows

REASON = {"reason": "fermeture de Fatima"}


@pytest.fixture
def desk(engine: Engine, hire: Callable[..., By]) -> By:
    deploy(engine, START, FORMED, ends("E"), flows("S > A > E"))
    return hire("nadia", "desk")


def begun(engine: Engine, desk: By, count: int = 3) -> tuple[str, ...]:
    return tuple(start(engine, desk).reference for _ in range(count))


def order(engine: Engine, by: By, act: str, *names: Any, **arguments: Any) -> int:
    given = arguments or REASON
    return engine.run(by, batches.create, act, Selection(names), given).batch


def status(engine: Engine, desk: By, references: tuple[str, ...]) -> list[str]:
    return [engine.read(desk, cases.show, reference).status for reference in references]


def held(engine: Engine, batch: int) -> list[tuple[str, str | None]]:
    with engine._database.connect() as connection:
        item = t.batch_item.c
        query = select(item.status, item.code).where(item.batch_id == batch).order_by(item.number)
        return [(row.status, row.code) for row in connection.execute(query)]


def whole(engine: Engine) -> dict[str, list[Any]]:
    with engine._database.connect() as connection:
        return {
            name: sorted(connection.execute(select(table)).all(), key=repr)
            for name, table in t.metadata.tables.items()
        }


def test_cases_are_cancelled_each_by_who_ordered_it_and_the_words_go(
    engine: Engine, desk: By
) -> None:
    references = begun(engine, desk)
    batch = order(engine, desk, "cancel", *references)
    assert status(engine, desk, references) == ["open"] * 3
    work(engine)
    found = engine.read(desk, batches.show, batch)
    assert (found.status, found.total, found.done, found.left) == ("ended", 3, 3, 0)
    assert status(engine, desk, references) == ["cancelled"] * 3
    last = engine.read(desk, cases.history, references[0])[-1]
    assert (last.kind, last.actor, last.body["channel"]) == ("case.cancelled", "nadia", "batch")
    assert last.body["reason"] == REASON["reason"]
    with engine._database.connect() as connection:
        assert connection.execute(select(t.batch.c.arguments)).scalars().all() == [None]
    assert broken(engine) == []


def test_a_refusal_in_the_middle_is_told_and_the_others_go_on(engine: Engine, desk: By) -> None:
    references = begun(engine, desk)
    batch = order(engine, desk, "cancel", *references)
    engine.run(desk, cases.cancel, references[1], "entre-temps")
    work(engine)
    assert held(engine, batch) == [("done", None), ("refused", "case_ended"), ("done", None)]
    found = engine.read(desk, batches.show, batch)
    assert (found.done, found.refused, found.codes) == (2, 1, {"case_ended": 1})
    rows = engine.read(desk, batches.items, batch, "refused").items
    assert [(row.number, row.case, row.code) for row in rows] == [(2, references[1], "case_ended")]


def test_a_fault_of_the_program_at_one_item_is_an_incident_and_stops_no_other(
    engine: Engine, desk: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = begun(engine, desk)
    batch = order(engine, desk, "suspend", *references)
    suspend = life.suspend

    def faulty(tx: Any, reference: str, reason: str) -> Any:
        if reference != references[2]:
            raise RuntimeError(reason)
        return suspend(tx, reference, reason)

    monkeypatch.setattr(life, "suspend", faulty)
    work(engine)
    assert held(engine, batch) == [("refused", "unexpected")] * 2 + [("done", None)]
    with engine._database.connect() as connection:
        [message] = connection.execute(select(t.incident.c.message)).scalars()
    assert message.startswith("RuntimeError in faulty")
    assert "Fatima" not in message
    again = Selection(refused_of=batch)
    monkeypatch.undo()
    assert engine.run(desk, batches.create, "suspend", again, REASON).total == 2
    work(engine)
    assert status(engine, desk, references) == ["suspended"] * 3


@pytest.mark.parametrize(
    "code", ["database_read_only", "database_unreachable", "disk_full", "outcome_unknown",
             "overloaded", "too_slow"],
)  # fmt: skip
def test_a_house_that_cannot_answer_is_no_refusal_of_an_item(
    engine: Engine, desk: By, clock: Clock, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    references = begun(engine, desk)
    batch = order(engine, desk, "suspend", *references)

    def down(tx: Any, reference: str, reason: str) -> Any:
        raise EngineError(code, reason="-")

    monkeypatch.setattr(life, "suspend", down)
    assert work(engine).put_off == 1
    assert held(engine, batch) == [("due", None)] * 3
    monkeypatch.undo()
    clock.move(minutes=5)
    work(engine)
    assert status(engine, desk, references) == ["suspended"] * 3


def test_a_personal_value_is_refused_when_the_batch_is_ordered(engine: Engine, desk: By) -> None:
    references = begun(engine, desk)
    with pytest.raises(EngineError) as caught:
        order(engine, desk, "rectify", *references, name="cin", value="BX000002", **REASON)
    assert caught.value.code == "personal_value"
    assert "BX000002" not in repr(whole(engine))


def test_a_selection_by_words_takes_only_what_all_of_them_leave(
    engine: Engine, desk: By, clock: Clock, hire: Callable[..., By]
) -> None:
    away = hire("karim", "desk", office="ANF")
    first = start(engine, desk).reference
    clock.move(days=1)
    later = start(engine, desk).reference
    elsewhere = start(engine, away, office="ANF").reference
    engine.run(desk, life.suspend, later, "repos")

    def found(by: By, act: str = "cancel", **words: Any) -> list[str | None]:
        pieces = engine.read(by, batches.chosen, act, Selection(**words), REASON)
        return [piece.case for piece in pieces]

    assert found(desk, procedure="essai") == [first, later]
    assert found(SYSTEM, procedure="essai") == [first, later, elsewhere]
    assert found(SYSTEM, office="ANF") == [elsewhere]
    assert found(SYSTEM, since=clock.now) == [later, elsewhere]
    assert found(SYSTEM, until=clock.now) == [first]
    assert found(SYSTEM, status="suspended") == [later]
    assert found(SYSTEM, "suspend", element="A") == [first, elsewhere]
    assert found(SYSTEM, "resume", procedure="essai", version=1) == [later]
    for none in ({"procedure": "essai", "version": 2}, {"element": "B"}, {}):
        with pytest.raises(EngineError) as caught:
            found(SYSTEM, **none)
        assert caught.value.code == "nothing_chosen"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"names": ("TST-MAR-2026-000009",)}, "unknown_items"),
        ({"version": 1}, "bad_value"),
        ({"cause": "aa"}, "bad_value"),
        ({"office": "XXX"}, "unknown_office"),
        ({"names": ("a",), "procedure": "essai"}, "nothing_chosen"),
    ],
)
def test_a_selection_that_cannot_be_is_refused_whole(
    engine: Engine, desk: By, words: dict[str, Any], code: str
) -> None:
    begun(engine, desk, 1)
    with pytest.raises(EngineError) as caught:
        engine.run(desk, batches.create, "cancel", Selection(**words), REASON)
    assert caught.value.code == code
    assert engine.read(desk, batches.listing).items == ()


def test_a_rehearsal_tells_what_would_be_refused_and_changes_nothing(
    engine: Engine, desk: By
) -> None:
    references = begun(engine, desk)
    engine.run(desk, cases.cancel, references[1], "retrait")
    before = whole(engine)
    pieces = engine.read(desk, batches.chosen, "suspend", Selection(references), REASON)
    found = list(batching.preview(engine, desk, "suspend", pieces, REASON))
    assert [(row.case, row.code) for row in found] == [
        (references[0], None), (references[1], "case_ended"), (references[2], None),
    ]  # fmt: skip
    assert whole(engine) == before


def test_a_rehearsed_command_is_refused_as_it_would_be_and_leaves_no_trace(
    engine: Engine, desk: By
) -> None:
    [reference] = begun(engine, desk, 1)
    before = whole(engine)
    keyed = By(desk.actor, key="k", channel="test")
    assert engine.rehearse(keyed, cases.cancel, reference, "retrait").reference == reference
    with pytest.raises(EngineError) as caught:
        engine.rehearse(desk, cases.cancel, reference, " ")
    assert caught.value.code == "reason_missing"
    assert whole(engine) == before
    engine.run(keyed, cases.cancel, reference, "retrait")


def test_a_batch_is_paused_goes_on_and_is_stopped(engine: Engine, desk: By) -> None:
    references = begun(engine, desk)
    batch = order(engine, desk, "cancel", *references)
    assert engine.run(desk, batches.act, batch, 1).done
    engine.run(desk, batches.pause, batch)
    assert engine.run(desk, batches.act, batch, 2) == batches.Acted(False, False)
    work(engine)
    assert engine.read(desk, batches.show, batch).status == "paused"
    engine.run(desk, batches.resume, batch)
    assert engine.run(desk, batches.act, batch, 1) == batches.Acted(False, True)
    assert engine.run(desk, batches.act, batch, 2).done
    engine.run(desk, batches.stop, batch)
    work(engine)
    found = engine.read(desk, batches.show, batch)
    assert (found.status, found.done, found.left) == ("stopped", 2, 1)
    assert status(engine, desk, references) == ["cancelled", "cancelled", "open"]
    with pytest.raises(EngineError) as caught:
        engine.run(desk, batches.resume, batch)
    assert caught.value.code == "batch_status"


def test_a_pause_taken_back_at_once_leaves_one_job(engine: Engine, desk: By) -> None:
    batch = order(engine, desk, "cancel", *begun(engine, desk))
    engine.run(desk, batches.pause, batch)
    engine.run(desk, batches.resume, batch)
    assert work(engine).finished == 1
    assert engine.read(desk, batches.show, batch).status == "ended"


def test_slices_let_other_work_come_between(
    engine: Engine, desk: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = order(engine, desk, "cancel", *begun(engine, desk))
    monkeypatch.setattr(batching, "SLICE", 0.0)
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    batching.run(engine, job)
    assert engine.read(desk, batches.show, batch).status == "running"
    again = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert again is not None
    assert (again.id, again.lease) == (job.id, job.lease + 1)


def test_a_colleague_neither_sees_nor_steers_a_batch_and_an_administrator_does(
    engine: Engine, desk: By, hire: Callable[..., By]
) -> None:
    batch = order(engine, desk, "cancel", *begun(engine, desk))
    other = hire("omar", "desk")
    for command in (batches.show, batches.items, batches.pause, batches.stop):
        with pytest.raises(EngineError) as caught:
            engine.run(other, command, batch)
        assert caught.value.code == "unknown_batch"
    with pytest.raises(EngineError) as caught:
        engine.run(other, batches.act, batch, 1)
    assert caught.value.code == "unknown_batch"
    assert engine.read(other, batches.listing).items == ()
    assert [row.id for row in engine.read(ADMIN, batches.listing).items] == [batch]
    assert engine.run(ADMIN, batches.stop, batch).status == "stopped"


def test_who_may_no_longer_act_is_refused_item_by_item(engine: Engine, desk: By) -> None:
    from engine.commands import actors

    batch = order(engine, desk, "cancel", *begun(engine, desk, 2))
    engine.run(ADMIN, actors.disable, desk.actor)
    work(engine)
    assert held(engine, batch) == [("refused", "actor_disabled")] * 2


def test_a_fault_at_every_statement_of_an_item_leaves_it_whole_or_undone(
    engine: Engine, desk: By
) -> None:
    number, done = 1, False
    while not done:
        references = begun(engine, desk, 1)
        batch = order(engine, desk, "cancel", *references)
        with failing(engine, number) as seen:
            try:
                engine.run(desk, batches.act, batch, 1)
                done = True
            except Fault:
                pass
        state, items = status(engine, desk, references), held(engine, batch)
        assert (state, items) in (
            (["open"], [("due", None)]), (["cancelled"], [("done", None)]),
        ), seen[-1]  # fmt: skip
        work(engine)
        assert status(engine, desk, references) == ["cancelled"]
        assert held(engine, batch) == [("done", None)]
        cancelled = [e for e in engine.read(desk, cases.history, references[0])
                     if e.kind == "case.cancelled"]  # fmt: skip
        assert len(cancelled) == 1
        number += 1
    assert number > 8
    assert broken(engine) == []


def test_a_worker_that_dies_in_the_middle_is_gone_on_from(
    engine: Engine, desk: By, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = begun(engine, desk, 4)
    batch = order(engine, desk, "cancel", *references)
    real, count = batching._done, Counter[str]()

    class Killed(BaseException):
        """What ends a process, caught by nobody."""

    def dies(*args: Any) -> bool:
        count["items"] += 1
        if count["items"] == 3:
            raise Killed
        return real(*args)

    monkeypatch.setattr(batching, "_done", dies)
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    with pytest.raises(Killed):
        batching.run(engine, job)
    monkeypatch.undo()
    assert [state for state, _ in held(engine, batch)] == ["done", "done", "due", "due"]
    assert work(engine).finished == 0, "its lease is not over"
    clock.move(minutes=2)
    assert work(engine).finished == 1
    assert status(engine, desk, references) == ["cancelled"] * 4
    seqs = [engine.read(desk, cases.history, r)[-1].seq for r in references]
    assert len(set(seqs)) == 1, "nothing was done twice"


def test_two_workers_at_one_batch_do_each_item_once(engine: Engine, desk: By) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    references = begun(engine, desk, 20)
    batch, ready = order(engine, desk, "cancel", *references), Barrier(4)

    def worker(_: int) -> list[int]:
        ready.wait()
        return [n for n in range(1, 21) if engine.run(desk, batches.act, batch, n).done]

    with ThreadPoolExecutor(4) as pool:
        done = [number for numbers in pool.map(worker, range(4)) for number in numbers]
    assert sorted(done) == list(range(1, 21))
    for reference in references:
        kinds = [e.kind for e in engine.read(desk, cases.history, reference)]
        assert kinds.count("case.cancelled") == 1
    assert broken(engine) == []


def test_one_key_orders_one_batch(engine: Engine, desk: By) -> None:
    references = begun(engine, desk, 1)
    once = By(desk.actor, key="the same", channel="test")
    made = [engine.run(once, batches.create, "cancel", Selection(references), REASON)] * 2
    made.append(engine.run(once, batches.create, "cancel", Selection(references), REASON))
    assert len(set(made)) == 1
    assert len(engine.read(desk, batches.listing).items) == 1


def test_the_check_tells_a_batch_that_nobody_works_on_or_that_ended_too_early(
    engine: Engine, desk: By
) -> None:
    def wrong() -> list[tuple[str, str]]:
        found = engine.survey(SYSTEM, checks.house, checks.Depth()).violations
        return [(one.code, one.where) for one in found]

    batch = order(engine, desk, "cancel", *begun(engine, desk, 2))
    assert wrong() == []
    with engine._database.begin() as connection:
        connection.execute(t.job.delete().where(t.job.c.kind == "batch.run"))
    assert wrong() == [("batch_differs", str(batch))]
    with engine._database.begin() as connection:
        connection.execute(t.batch.update().values(status="ended"))
    assert wrong() == [("batch_differs", str(batch))]
    with engine._database.begin() as connection:
        connection.execute(t.batch.update().values(status="stopped"))
    assert wrong() == []
    with engine._database.begin() as connection:
        connection.execute(t.batch_item.delete().where(t.batch_item.c.number == 2))
    assert wrong() == [("batch_differs", str(batch))]

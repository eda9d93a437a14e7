"""Timers that are late: caught up in the order in which they were due, once or one by one."""

from collections.abc import Callable

import pytest

from engine.commands import cases
from engine.engine import Engine
from engine.transaction import By
from engine.work.worker import work
from tests.conftest import Clock
from tests.engine.commands.house import deploy, start
from tests.reliability.invariants import broken
from tests.runtime.models import START, cycle, ends, flows, node, user


def turning(turns: str, key: str, code: str, late: str | None) -> dict[str, object]:
    how = {} if late is None else {"mq__late": late}
    again = node(
        "boundaryEvent", "T", cycle(turns), attachedToRef="A", cancelActivity="false", **how
    )
    parts = START, user("A", "R"), again, ends("E", "F"), flows("S > A > E", "T > R > F")
    return {"parts": parts, "key": key, "code": code}


@pytest.fixture
def desk(engine: Engine, hire: Callable[..., By]) -> By:
    for made in (turning("R/P1D", "one", "UNE", None), turning("R/P2D", "two", "DEU", "once"),
                 turning("R3/PT36H", "three", "TRO", "each")):  # fmt: skip
        deploy(engine, *made["parts"], key=made["key"], code=made["code"])  # type: ignore[misc]
    return hire("nadia", "desk")


def test_after_nine_days_all_that_was_missed_comes_in_order(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = [start(engine, desk, key).reference for key in ("one", "two", "three")]
    clock.move(days=9, hours=1)
    assert work(engine).finished == 9 + 1 + 3
    assert work(engine).finished == 0
    fired = [
        (event.body["due"], case, event.seq, event.at)
        for case in begun
        for event in engine.read(desk, cases.history, case)
        if event.kind == "timer.fired"
    ]
    dues = [[due for due, case, _, _ in fired if case == one] for one in begun]
    assert [len(found) for found in dues] == [9, 1, 3]
    assert all(found == sorted(found) for found in dues)
    assert {at for *_, at in fired} == {clock.now}
    assert [row[0].day for row in fired if row[1] == begun[1]] == [4]  # the first that was missed
    clock.move(days=1)
    assert work(engine).finished == 2  # the next day of the first, the next turn of the second
    assert broken(engine) == []
    assert all(engine.read(desk, cases.replay, case).ok for case in begun)


def test_among_cases_the_earliest_due_comes_first(
    engine: Engine, desk: By, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.commands import jobs

    for key in ("three", "two", "one"):
        start(engine, desk, key)
    clock.move(days=9, hours=1)
    seen: list[object] = []
    fire = jobs.fire

    def watched(tx: object, job: int, lease: int) -> object:
        from engine.store import tables as t

        seen.append(tx.store.get(t.job, id=job).due_at)  # type: ignore[attr-defined]
        return fire(tx, job, lease)  # type: ignore[arg-type]

    watched.__module__, watched.__name__ = "engine.commands.jobs", "fire"
    monkeypatch.setattr(jobs, "fire", watched)
    work(engine)
    assert seen == sorted(seen)  # type: ignore[type-var]
    assert len(seen) == 13

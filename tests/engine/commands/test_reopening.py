"""A completion taken back: by who did it, and only while nothing has come of it."""

from collections.abc import Callable

import pytest

from engine.commands import cases, jobs, messages, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM
from tests.conftest import Clock
from tests.engine.commands.house import FORMED, Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.runtime.models import START, duration, ends, flows, node, user

WHY = "mauvaise case"
TAKES = node(
    "serviceTask", "R", '<extensionElements><mq:input name="register">"acts"</mq:input>'
    "</extensionElements>", mq__operation="register.take", mq__result="entry",
)  # fmt: skip
WAITS = node("intermediateCatchEvent", "T", duration("PT1H"))
PAPERS = '<message id="m" name="papers"/>'
HEARS = node("receiveTask", "M", messageRef="m")


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, START, FORMED, user("B"), ends("E"), flows("S > A > B > E"))
    return hire("nadia", "desk")


def done(engine: Engine, by: By) -> tuple[str, int, list[int]]:
    """A case whose first task is completed: its reference, that task, those that it opened."""
    begun = start(engine, by)
    opened = engine.run(by, tasks.complete, begun.tasks[0], {}).opened
    return begun.reference, begun.tasks[0], opened


def only(engine: Engine, by: By) -> list[str]:
    return [row.name for row in engine.read(by, tasks.worklist).items]


def test_the_task_is_open_again_and_what_it_opened_is_not(engine: Engine, desk: By) -> None:
    case, task, opened = done(engine, desk)
    back = engine.run(desk, tasks.reopen, task, WHY)
    assert only(engine, desk) == ["A"]
    assert back.opened not in ([], opened)
    refused("task_cancelled", lambda: engine.run(desk, tasks.complete, opened[0], {}))
    assert engine.read(desk, cases.replay, case).ok


def test_the_number_of_a_task_that_was_taken_back_is_given_to_no_other(
    engine: Engine, hire: Hire
) -> None:
    """SQLite gives the greatest number again once its row is gone."""
    deploy(
        engine, START, node("parallelGateway", "P"), user("A"), user("B"),
        node("parallelGateway", "J"), ends("E"), flows("S > P > A > J > E", "P > B > J"),
    )  # fmt: skip
    desk = hire("nadia", "desk")
    last = max(start(engine, desk).tasks)
    engine.run(desk, tasks.complete, last, {})
    [again] = engine.run(desk, tasks.reopen, last, WHY).opened
    assert again > last
    refused("task_cancelled", lambda: engine.run(desk, tasks.complete, last, {}))


def test_it_is_completed_anew_and_the_case_goes_on_to_its_end(engine: Engine, desk: By) -> None:
    case, task, _ = done(engine, desk)
    for number in range(3):
        [task] = engine.run(desk, tasks.reopen, task, f"{WHY} {number}").opened
        [after] = engine.run(desk, tasks.complete, task, {"ok": True}).opened
    assert engine.run(desk, tasks.complete, after, {}).ended == "completed"
    kinds = [event.kind for event in engine.read(desk, cases.history, case)]
    assert kinds == ["case.started", "task.completed"] + ["task.reopened", "task.completed"] * 3 + [
        "task.completed"
    ]
    assert engine.read(desk, cases.replay, case).ok


def test_the_answers_that_were_taken_back_are_gone(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    task = begun.tasks[0]
    engine.run(desk, tasks.complete, task, {"ok": True, "remark": "vu au guichet"})
    engine.run(desk, tasks.reopen, task, WHY)
    assert "ok" not in engine.read(desk, cases.show, begun.reference).values


def test_the_reason_is_told_where_history_is_and_lies_nowhere_else(
    engine: Engine, desk: By
) -> None:
    case, task, _ = done(engine, desk)
    engine.run(desk, tasks.reopen, task, "Madame Bennani est revenue")
    assert engine.read(desk, cases.history, case)[-1].body["reason"] == "Madame Bennani est revenue"
    assert not [row for row in rows(engine, t.event) if b"revenue" in row.body]


def test_a_reason_is_asked(engine: Engine, desk: By) -> None:
    _, task, _ = done(engine, desk)
    refused("reason_missing", lambda: engine.run(desk, tasks.reopen, task, "  "))


def test_only_whoever_completed_it_takes_it_back(engine: Engine, desk: By, hire: Hire) -> None:
    _, task, _ = done(engine, desk)
    colleague = hire("omar", "desk")
    refused("cannot_reopen", lambda: engine.run(colleague, tasks.reopen, task, WHY))


def test_an_open_task_is_not_reopened(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    refused("cannot_reopen", lambda: engine.run(desk, tasks.reopen, begun.tasks[0], WHY))


def test_not_once_the_next_task_is_done(engine: Engine, desk: By) -> None:
    _, task, opened = done(engine, desk)
    engine.run(desk, tasks.complete, opened[0], {})
    refused("cannot_reopen", lambda: engine.run(desk, tasks.reopen, task, WHY))


def test_not_while_a_colleague_has_begun_on_the_next_task(
    engine: Engine, desk: By, hire: Hire
) -> None:
    _, task, opened = done(engine, desk)
    colleague = hire("omar", "desk")
    engine.run(colleague, tasks.claim, opened[0])
    refused("cannot_reopen", lambda: engine.run(desk, tasks.reopen, task, WHY))
    engine.run(colleague, tasks.release, opened[0])
    assert engine.run(desk, tasks.reopen, task, WHY).opened


def test_what_does_not_move_the_case_does_not_stand_in_the_way(engine: Engine, desk: By) -> None:
    case, task, _ = done(engine, desk)
    engine.run(desk, cases.note, case, "rappeler")
    assert engine.run(desk, tasks.reopen, task, WHY).case == case


def test_a_correction_that_came_after_does(engine: Engine, desk: By) -> None:
    case, task, _ = done(engine, desk)
    engine.run(desk, cases.rectify, case, "n", 2, "erreur")
    refused("cannot_reopen", lambda: engine.run(desk, tasks.reopen, task, WHY))


@pytest.mark.parametrize("after", [TAKES + user("B"), ""])
def test_not_once_a_number_was_taken_or_the_case_has_ended(
    engine: Engine, hire: Hire, after: str
) -> None:
    path = "S > A > R > B > E" if after else "S > A > E"
    register = '[registers.acts]\nname = "Registre"\n'
    deploy(engine, START, user("A"), after, ends("E"), flows(path), toml=register)
    desk = hire("nadia", "desk")
    _, task, _ = done(engine, desk)
    refused("cannot_reopen", lambda: engine.run(desk, tasks.reopen, task, WHY))


def test_a_timer_that_ran_is_stopped_and_runs_anew(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    deploy(engine, START, user("A"), WAITS, user("B"), ends("E"), flows("S > A > T > B > E"))
    desk = hire("nadia", "desk")
    case, task, _ = done(engine, desk)
    [task] = engine.run(desk, tasks.reopen, task, WHY).opened
    clock.move(hours=2)
    assert engine.run(SYSTEM, jobs.claim, "w", 60) is None
    engine.run(desk, tasks.complete, task, {})
    clock.move(hours=2)
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    assert engine.run(SYSTEM, jobs.fire, job.id, job.lease).case == case
    assert sorted(row.status for row in rows(engine, t.job)) == ["cancelled", "completed"]
    assert engine.read(desk, cases.replay, case).ok


def test_a_message_is_waited_for_anew(engine: Engine, hire: Hire) -> None:
    deploy(engine, START, user("A"), HEARS, ends("E"), flows("S > A > M > E"), beside=PAPERS)
    desk = hire("nadia", "desk")
    case, task, _ = done(engine, desk)
    [task] = engine.run(desk, tasks.reopen, task, WHY).opened
    send: Callable[[], object] = lambda: engine.run(desk, messages.send, "papers", case, {})  # noqa: E731
    refused("nobody_waits", send)
    engine.run(desk, tasks.complete, task, {})
    send()
    assert engine.read(desk, cases.show, case).status == "completed"
    assert engine.read(desk, cases.replay, case).ok

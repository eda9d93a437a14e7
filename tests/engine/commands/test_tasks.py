"""Tasks: who takes them, what is kept meanwhile, who may not do two things."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from engine.commands import actors, cases, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import FORMED, Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.runtime.models import START, duration, ends, flows, node, user

TWO = (START, FORMED, user("B"), ends("E"), flows("S > A > B > E"))


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *TWO, chief=("B",))
    return hire("nadia", "desk")


@pytest.fixture
def omar(desk: By, hire: Hire) -> By:
    return hire("omar", "desk")


def begun(engine: Engine, by: By) -> int:
    [task] = start(engine, by).tasks
    return task


def trail(engine: Engine, by: By) -> list[tuple[str, str]]:
    """Who did what in the first case."""
    events = engine.read(by, cases.history, "TST-MAR-2026-000001")
    return [(event.actor, event.kind) for event in events]


def holder(engine: Engine, by: By, task: int) -> str | None:
    return engine.read(by, tasks.show, task).assignee


# -- claim, release, assign --


def test_a_task_is_claimed_by_one_and_given_back(engine: Engine, desk: By, omar: By) -> None:
    task = begun(engine, desk)
    assert engine.run(desk, tasks.claim, task) == tasks.Claimed(task, "nadia")
    assert engine.run(desk, tasks.claim, task) == tasks.Claimed(task, "nadia")
    error = refused("already_claimed", lambda: engine.run(omar, tasks.claim, task))
    assert error.details["assignee"] == "Nadia"
    assert engine.run(desk, tasks.release, task) == tasks.Claimed(task, None)
    assert engine.run(omar, tasks.claim, task).assignee == "omar"
    assert trail(engine, desk)[1:] == [
        ("nadia", "task.claimed"), ("nadia", "task.released"), ("omar", "task.claimed"),
    ]  # fmt: skip


def test_only_the_holder_gives_a_task_back(engine: Engine, desk: By, omar: By) -> None:
    task = begun(engine, desk)
    refused("not_yours", lambda: engine.run(desk, tasks.release, task))
    engine.run(desk, tasks.claim, task)
    refused("not_yours", lambda: engine.run(omar, tasks.release, task))


def test_a_task_is_taken_from_one_and_given_to_another(
    engine: Engine, desk: By, omar: By, hire: Hire
) -> None:
    task = begun(engine, desk)
    engine.run(desk, tasks.claim, task)
    assert engine.run(omar, tasks.assign, task, "omar").assignee == "omar"
    assert holder(engine, desk, task) == "omar"
    refused("claimed_by_other", lambda: engine.run(desk, tasks.complete, task, {}))
    assert trail(engine, desk)[-1] == ("omar", "task.assigned")


def test_a_task_is_given_only_to_who_has_its_role_there(
    engine: Engine, desk: By, hire: Hire
) -> None:
    task = begun(engine, desk)
    hire("chloe", "chief")
    hire("anas", "desk", office="ANF")
    hire("gone", "desk")
    engine.run(ADMIN, actors.disable, "gone")
    refused("not_your_role", lambda: engine.run(desk, tasks.assign, task, "chloe"))
    refused("not_your_role", lambda: engine.run(desk, tasks.assign, task, "anas"))
    refused("unknown_actor", lambda: engine.run(desk, tasks.assign, task, "gone"))
    refused("unknown_actor", lambda: engine.run(desk, tasks.assign, task, "ghost"))
    assert holder(engine, desk, task) is None


ACTS: dict[str, Callable[[int], tuple[Any, ...]]] = {
    "claim": lambda task: (tasks.claim, task),
    "release": lambda task: (tasks.release, task),
    "assign": lambda task: (tasks.assign, task, "nadia"),
    "draft": lambda task: (tasks.save_draft, task, {}),
    "complete": lambda task: (tasks.complete, task, {}),
}


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_with_a_task_that_is_over(engine: Engine, desk: By, act: str) -> None:
    done, gone = start(engine, desk), start(engine, desk)
    engine.run(desk, tasks.complete, done.tasks[0], {})
    engine.run(desk, cases.cancel, gone.reference, "retrait")
    refused("already_completed", lambda: engine.run(desk, *ACTS[act](done.tasks[0])))
    refused("task_cancelled", lambda: engine.run(desk, *ACTS[act](gone.tasks[0])))


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_without_the_role_or_from_elsewhere(
    engine: Engine, desk: By, hire: Hire, act: str
) -> None:
    task = begun(engine, desk)
    chief, anfa = hire("chloe", "chief"), hire("anas", "desk", office="ANF")
    refused("not_your_role", lambda: engine.run(chief, *ACTS[act](task)))
    refused("unknown_task", lambda: engine.run(anfa, *ACTS[act](task)))
    refused("unknown_task", lambda: engine.run(desk, *ACTS[act](9_999)))


def test_of_many_who_claim_at_once_one_has_it_and_each_is_told_by_whom(
    engine: Engine, desk: By, hire: Hire
) -> None:
    people = [hire(f"clerk{n}", "desk") for n in range(6)]
    task, ready = begun(engine, desk), Barrier(6)

    def claim(by: By) -> str | None:
        ready.wait()
        try:
            return engine.run(by, tasks.claim, task).assignee
        except EngineError as error:
            return f"{error.code} {error.details.get('assignee')}"

    with ThreadPoolExecutor(6) as pool:
        told = sorted(str(answer) for answer in pool.map(claim, people))
    [winner] = [answer for answer in told if answer.startswith("clerk")]
    assert told == [f"already_claimed {winner.title()}"] * 5 + [winner]


def test_of_release_assign_and_complete_at_once_each_is_told_right(
    engine: Engine, desk: By, omar: By
) -> None:
    for _ in range(5):
        task, ready = begun(engine, desk), Barrier(3)
        engine.run(desk, tasks.claim, task)
        acts = [(desk, tasks.release, task), (omar, tasks.assign, task, "omar"),
                (desk, tasks.complete, task, {})]  # fmt: skip

        def race(act: Any, ready: Barrier = ready) -> str:
            ready.wait()
            try:
                return type(engine.run(*act)).__name__
            except EngineError as error:
                return error.code

        with ThreadPoolExecutor(3) as pool:
            released, assigned, completed = pool.map(race, acts)
        assert released in ("Claimed", "not_yours", "already_completed")
        assert assigned in ("Claimed", "already_completed")
        assert completed in ("Completed", "claimed_by_other")
        assert "busy" not in (released, assigned, completed)
        case = rows(engine, t.case)[-1].reference
        assert engine.read(desk, cases.replay, case).ok


# -- worklist --


def test_a_worklist_holds_what_one_may_take_and_what_is_due_first(
    engine: Engine, desk: By, hire: Hire, clock: Clock
) -> None:
    first, second = begun(engine, desk), begun(engine, desk)
    [third] = engine.run(desk, tasks.complete, first, {}).opened
    chief, both = hire("chloe", "chief"), hire("rita", "desk", "chief")
    listed = lambda by, **asked: [r.task for r in engine.read(by, tasks.worklist, **asked).items]  # noqa: E731
    assert listed(desk) == [second]
    assert listed(chief) == [third]
    assert listed(both) == [second, third]
    assert listed(both, role="chief") == [third]
    assert listed(both, procedure="essai") == [second, third]
    assert listed(both, procedure="autre") == []
    assert listed(hire("anas", "desk", office="ANF")) == []
    assert listed(hire("cas", "desk", office="CAS")) == [second]


def test_mine_is_what_is_with_me_and_of_the_role_asked_for(
    engine: Engine, desk: By, hire: Hire
) -> None:
    first, second = begun(engine, desk), begun(engine, desk)
    rita = hire("rita", "desk", "chief")
    [third] = engine.run(rita, tasks.complete, first, {}).opened
    engine.run(rita, tasks.claim, third)
    engine.run(rita, tasks.claim, second)
    mine = lambda **asked: [r.task for r in engine.read(rita, tasks.worklist, True, **asked).items]  # noqa: E731
    assert mine() == [second, third]
    assert mine(role="chief") == [third]
    assert mine(procedure="autre") == []


def test_pages_of_a_worklist_follow_one_another(engine: Engine, desk: By) -> None:
    opened = [begun(engine, desk) for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = engine.read(desk, tasks.worklist, cursor=cursor, limit=2)
        seen += [row.task for row in page.items]
        if (cursor := page.next) is None:
            break
    assert seen == opened


@pytest.mark.parametrize("cursor", ["", "x", "!!!", "WzFd", "W10", "WyJhIiwiYiJd", "WzEsMl0", "é"])
def test_a_cursor_that_was_not_given_is_refused(engine: Engine, desk: By, cursor: str) -> None:
    if cursor:
        refused("bad_cursor", lambda: engine.read(desk, tasks.worklist, cursor=cursor))
    else:
        assert engine.read(desk, tasks.worklist, cursor=cursor).items == ()


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_has_a_size(engine: Engine, desk: By, limit: int) -> None:
    refused("bad_value", lambda: engine.read(desk, tasks.worklist, limit=limit))


# -- drafts --

DRAFT = {"ok": True, "remark": "Madame Bennani reviendra"}


def test_a_draft_is_kept_with_the_task_and_read_by_its_holder(engine: Engine, desk: By) -> None:
    task = begun(engine, desk)
    assert engine.run(desk, tasks.save_draft, task, DRAFT).assignee == "nadia"
    assert engine.read(desk, tasks.show, task).draft == DRAFT
    assert engine.run(desk, tasks.save_draft, task, {"remark": "rien"}).assignee == "nadia"
    assert engine.read(desk, tasks.show, task).draft == {"remark": "rien"}


def test_nothing_personal_stands_in_a_draft_and_nothing_is_left_of_an_older_one(
    engine: Engine, desk: By
) -> None:
    task = begun(engine, desk)
    engine.run(desk, tasks.save_draft, task, DRAFT)
    engine.run(desk, tasks.save_draft, task, DRAFT)
    [row] = rows(engine, t.task)
    assert b"Bennani" not in row.draft
    assert len([r for r in rows(engine, t.personal) if r.name.startswith("draft/")]) == 1


@pytest.mark.parametrize("end", ["complete", "cancel", "boundary"])
def test_a_draft_goes_with_its_task(engine: Engine, hire: Hire, clock: Clock, end: str) -> None:
    late = '<boundaryEvent id="L" attachedToRef="A">' + duration("PT1H") + "</boundaryEvent>"
    deploy(engine, START, FORMED, late, ends("E"), flows("S > A > E", "L > E"))
    desk = hire("nadia", "desk")
    opened = start(engine, desk)
    engine.run(desk, tasks.save_draft, opened.tasks[0], DRAFT)
    if end == "complete":
        engine.run(desk, tasks.complete, opened.tasks[0], {})
    elif end == "cancel":
        engine.run(desk, cases.cancel, opened.reference, "retrait")
    else:
        clock.move(hours=2)
        assert work(engine).finished == 1
    assert [row.draft for row in rows(engine, t.task)] == [None]
    assert [row for row in rows(engine, t.personal) if row.name.startswith("draft/")] == []


def test_a_draft_may_be_unfinished_and_not_false(engine: Engine, desk: By, omar: By) -> None:
    task = begun(engine, desk)
    engine.run(desk, tasks.save_draft, task, {})
    refused("form_invalid", lambda: engine.run(desk, tasks.save_draft, task, {"ok": "perhaps"}))
    refused("claimed_by_other", lambda: engine.run(omar, tasks.save_draft, task, {}))


def test_a_draft_takes_the_task_and_history_says_so(engine: Engine, desk: By) -> None:
    task = begun(engine, desk)
    engine.run(desk, tasks.save_draft, task, DRAFT)
    engine.run(desk, tasks.save_draft, task, DRAFT)
    assert [kind for _, kind in trail(engine, desk)] == ["case.started", "task.claimed"]


def test_a_task_without_a_form_has_no_draft_and_takes_no_answers(
    engine: Engine, desk: By, hire: Hire
) -> None:
    chief = hire("chloe", "chief")
    [second] = engine.run(desk, tasks.complete, begun(engine, desk), {}).opened
    refused("bad_value", lambda: engine.run(chief, tasks.save_draft, second, {"ok": True}))
    refused("bad_value", lambda: engine.run(chief, tasks.complete, second, {"ok": True}))
    assert engine.run(chief, tasks.complete, second, {}).ended == "completed"


# -- complete --


def test_a_completion_says_what_it_opened_and_whether_the_case_ended(
    engine: Engine, desk: By, hire: Hire
) -> None:
    first = begun(engine, desk)
    done = engine.run(desk, tasks.complete, first, {"ok": True})
    assert (done.task, done.case, done.ended) == (first, "TST-MAR-2026-000001", None)
    chief = hire("chloe", "chief")
    last = engine.run(chief, tasks.complete, done.opened[0], {})
    assert (last.opened, last.ended) == ([], "completed")
    shown = engine.read(desk, cases.show, done.case)
    assert (shown.status, shown.values["ok"], shown.tasks) == ("completed", True, ())


def test_false_answers_change_nothing(engine: Engine, desk: By) -> None:
    task = begun(engine, desk)
    before = rows(engine, t.case), rows(engine, t.event), rows(engine, t.personal)
    for wrong in ({"ok": 3}, {"unknown": 1}, {"remark": ["a"]}):
        act = partial(engine.run, desk, tasks.complete, task, wrong)
        assert refused("form_invalid", act).details["errors"]
    assert (rows(engine, t.case), rows(engine, t.event), rows(engine, t.personal)) == before


def test_a_task_is_shown_with_its_form_and_who_has_it(engine: Engine, desk: By) -> None:
    task = begun(engine, desk)
    engine.run(desk, tasks.claim, task)
    shown = engine.read(desk, tasks.show, task)
    assert (shown.element, shown.status, shown.role, shown.assignee) == (
        "A", "open", "desk", "nadia",
    )  # fmt: skip
    assert shown.form is not None
    assert set(shown.form["properties"]) == {"ok", "remark"}
    refused("unknown_task", lambda: engine.read(desk, tasks.show, 9_999))


def test_a_task_of_another_office_is_not_shown(engine: Engine, desk: By, hire: Hire) -> None:
    task = begun(engine, desk)
    anfa = hire("anas", "desk", office="ANF")
    refused("unknown_task", lambda: engine.read(anfa, tasks.show, task))


# -- separation of duties --

APART = (START, user("A", "X"), node("userTask", "B", mq__not_by="A").replace("not_by", "not-by"),
         ends("E"), flows("S > A > X > B > E"))  # fmt: skip


def test_who_did_one_task_may_not_do_the_one_kept_apart(engine: Engine, hire: Hire) -> None:
    deploy(engine, *APART)
    nadia, omar = hire("nadia", "desk"), hire("omar", "desk")
    [task] = start(engine, nadia).tasks
    [task] = engine.run(nadia, tasks.complete, task, {}).opened
    [task] = engine.run(omar, tasks.complete, task, {}).opened
    error = refused("separation_of_duties", lambda: engine.run(nadia, tasks.complete, task, {}))
    assert error.details["element"] == "A"
    assert engine.run(omar, tasks.complete, task, {}).ended == "completed"


def test_duties_are_apart_within_a_case_and_not_between_cases(engine: Engine, hire: Hire) -> None:
    deploy(engine, *APART)
    nadia, omar = hire("nadia", "desk"), hire("omar", "desk")
    for one, other in ((nadia, omar), (omar, nadia)):
        [task] = start(engine, one).tasks
        [task] = engine.run(one, tasks.complete, task, {}).opened
        [task] = engine.run(one, tasks.complete, task, {}).opened
        assert engine.run(other, tasks.complete, task, {}).ended == "completed"


def test_a_completion_taken_back_does_not_keep_its_author_apart(engine: Engine, hire: Hire) -> None:
    deploy(engine, *APART)
    nadia, omar = hire("nadia", "desk"), hire("omar", "desk")
    [first] = start(engine, nadia).tasks
    engine.run(nadia, tasks.complete, first, {})
    [again] = engine.run(nadia, tasks.reopen, first, "à un collègue").opened
    [task] = engine.run(omar, tasks.complete, again, {}).opened
    [task] = engine.run(omar, tasks.complete, task, {}).opened
    assert engine.run(nadia, tasks.complete, task, {}).ended == "completed"


def test_answers_as_they_were_sent_stand_in_history_and_personal_ones_sealed(
    engine: Engine, desk: By
) -> None:
    engine.run(desk, tasks.complete, begun(engine, desk), DRAFT)
    body = json.loads(rows(engine, t.event)[-1].body)
    assert body["values"]["ok"] is True
    assert list(body["values"]["remark"]) == ["@sealed"]

"""A case that rests: nobody works on it, its delays stand still, nothing that comes is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from engine.commands import attachments, cases, incidents, jobs, life, messages, operations, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.checking import surveyed
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import FORMED, Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.golden.playing import ANSWER, CALLING, REFUSED
from tests.reliability.invariants import broken
from tests.runtime.models import START, duration, ends, flows, node, user

WHY = "acte contesté au tribunal"
PAPERS = '<message id="m" name="papers"/>'
HOUR = node("boundaryEvent", "T", duration("PT1H"), attachedToRef="A")
PLAIN = (START, FORMED, HOUR, user("B"), ends("E"), flows("S > A > E", "T > B > E"))


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *PLAIN)
    return hire("nadia", "desk")


def resting(engine: Engine, by: By, case: str) -> str:
    engine.run(by, life.suspend, case, WHY)
    return case


def sound(engine: Engine) -> None:
    """Nothing of the house is broken, and every history gives the same again."""
    assert broken(engine) == []
    assert surveyed(engine, replay=True).violations == ()


def taken(engine: Engine) -> jobs.Job:
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    return job


# -- people --


def test_nobody_works_on_it_and_everybody_is_told_since_when(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    case, [task] = begun.reference, begun.tasks
    engine.run(desk, tasks.save_draft, task, {"ok": True})
    resting(engine, desk, case)
    acts: list[Callable[[], Any]] = [
        lambda: engine.run(desk, tasks.claim, task),
        lambda: engine.run(desk, tasks.release, task),
        lambda: engine.run(desk, tasks.assign, task, "nadia"),
        lambda: engine.run(desk, tasks.save_draft, task, {}),
        lambda: engine.run(desk, tasks.complete, task, {}),
        lambda: engine.run(desk, tasks.reopen, task, WHY),
        lambda: engine.run(desk, cases.rectify, case, "n", 2, "erreur"),
        lambda: engine.run(desk, life.suspend, case, "encore"),
    ]
    for act in acts:
        told = refused("case_suspended", act)
        assert (told.details["case"], told.details["since"]) == (case, "2026-03-02 09:00")
    assert engine.read(desk, tasks.worklist).items == ()
    assert engine.read(desk, tasks.worklist, True).items == ()
    shown = engine.read(desk, cases.show, case)
    assert (shown.status, shown.suspended_at) == ("suspended", engine._clock())
    assert [row[0] for row in shown.tasks] == [task]
    sound(engine)


def test_a_task_comes_back_with_whoever_had_it_and_its_draft(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    case, [task] = begun.reference, begun.tasks
    engine.run(desk, tasks.save_draft, task, {"ok": True, "remark": "vu"})
    resting(engine, desk, case)
    engine.run(desk, life.resume, case, "jugement rendu")
    [row] = engine.read(desk, tasks.worklist, True).items
    assert (row.task, row.assignee) == (task, "nadia")
    assert engine.read(desk, tasks.show, task).draft == {"ok": True, "remark": "vu"}
    assert engine.run(desk, tasks.complete, task, {"ok": True}).ended == "completed"
    sound(engine)


def test_remarks_and_papers_are_taken_and_it_can_be_cancelled(engine: Engine, desk: By) -> None:
    case = resting(engine, desk, start(engine, desk).reference)
    engine.run(desk, cases.note, case, "convocation reçue")
    engine.run(desk, attachments.add, case, "deed", b"%PDF-1.7")
    sound(engine)
    engine.run(desk, cases.cancel, case, "désistement")
    shown = engine.read(desk, cases.show, case)
    assert (shown.status, shown.suspended_at, shown.tasks) == ("cancelled", None, ())
    assert {row.status for row in rows(engine, t.job)} == {"cancelled"}
    refused("case_not_suspended", lambda: engine.run(desk, life.resume, case, "trop tard"))
    refused("case_ended", lambda: engine.run(desk, life.suspend, case, "trop tard"))
    sound(engine)


def test_a_reason_is_asked_kept_in_the_history_and_nowhere_else(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    refused("reason_missing", lambda: engine.run(desk, life.suspend, case, " "))
    resting(engine, desk, case)
    refused("reason_missing", lambda: engine.run(desk, life.resume, case, " "))
    engine.run(desk, life.resume, case, "Madame Bennani a gagné")
    _, first, last = engine.read(desk, cases.history, case)
    assert (first.kind, first.body["reason"]) == ("case.suspended", WHY)
    assert (last.kind, last.body["reason"]) == ("case.resumed", "Madame Bennani a gagné")
    assert not [row for row in rows(engine, t.event) if b"Bennani a" in row.body]


def test_who_works_there_or_administers_the_office_may(
    engine: Engine, desk: By, hire: Hire
) -> None:
    case = start(engine, desk).reference
    auditor, other = hire("amina", "auditor"), hire("anas", "desk", office="ANF")
    refused("not_permitted", lambda: engine.run(auditor, life.suspend, case, WHY))
    refused("unknown_case", lambda: engine.run(other, life.suspend, case, WHY))
    far = hire("salma", "administrator", office="ANF")
    refused("unknown_case", lambda: engine.run(far, life.suspend, case, WHY))
    engine.run(ADMIN, life.suspend, case, WHY)
    refused("unknown_case", lambda: engine.run(other, life.resume, case, WHY))
    assert engine.run(desk, life.resume, case, WHY).reference == case


# -- delays --


def test_a_delay_has_as_long_to_run_as_it_had(engine: Engine, desk: By, clock: Clock) -> None:
    case = start(engine, desk).reference
    due = engine._clock() + timedelta(hours=1)
    clock.move(minutes=40)
    resting(engine, desk, case)
    clock.move(days=3)
    assert work(engine).finished == 0
    engine.run(desk, life.resume, case, WHY)
    sound(engine)
    clock.move(minutes=19)
    assert work(engine).finished == 0
    clock.move(minutes=1)
    assert work(engine).finished == 1
    fired = engine.read(desk, cases.history, case)[-1]
    assert (fired.kind, fired.body["due"]) == ("timer.fired", due + timedelta(days=3))
    sound(engine)


def test_a_delay_that_was_over_before_fires_at_once_with_its_own_moment(
    engine: Engine, desk: By, clock: Clock
) -> None:
    case = start(engine, desk).reference
    due = engine._clock() + timedelta(hours=1)
    clock.move(hours=2)
    resting(engine, desk, case)
    clock.move(days=3)
    assert work(engine).finished == 0
    engine.run(desk, life.resume, case, WHY)
    assert work(engine).finished == 1
    assert engine.read(desk, cases.history, case)[-1].body["due"] == due
    sound(engine)


def test_a_case_may_rest_more_than_once(engine: Engine, desk: By, clock: Clock) -> None:
    case = start(engine, desk).reference
    for _ in range(3):
        clock.move(minutes=10)
        resting(engine, desk, case)
        clock.move(days=1)
        engine.run(desk, life.resume, case, WHY)
    clock.move(minutes=29)
    assert work(engine).finished == 0
    clock.move(minutes=1)
    assert work(engine).finished == 1
    sound(engine)


def test_a_worker_that_took_the_timer_before_fires_it_after(
    engine: Engine, desk: By, clock: Clock
) -> None:
    case = start(engine, desk).reference
    clock.move(hours=2)
    job = taken(engine)
    resting(engine, desk, case)
    refused("case_suspended", lambda: engine.run(SYSTEM, jobs.fire, job.id, job.lease))
    engine.run(SYSTEM, jobs.give_back, job.id, job.lease)
    assert engine.run(SYSTEM, jobs.claim, "w", 60) is None
    sound(engine)
    engine.run(desk, life.resume, case, WHY)
    again = taken(engine)
    assert (again.id, again.lease) == (job.id, job.lease + 1)
    assert engine.run(SYSTEM, jobs.fire, again.id, again.lease).tasks
    [row] = rows(engine, t.job)
    assert (row.attempts, row.last_error, rows(engine, t.attempt)) == (1, None, [])


def test_the_worker_itself_gives_back_what_was_suspended_under_its_hands(
    engine: Engine, desk: By, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = start(engine, desk).reference
    clock.move(hours=2)
    claim = jobs.claim

    def overtaken(*args: Any) -> Any:
        job = claim(*args)
        if job is not None:
            life.suspend(args[0], case, WHY)
        return job

    overtaken.__module__, overtaken.__name__ = "engine.commands.jobs", "claim"
    monkeypatch.setattr(jobs, "claim", overtaken)
    done = work(engine, limit=1)
    assert (done.finished, done.put_off, done.incidents) == (0, 0, 0)
    [row] = rows(engine, t.job)
    assert (row.status, row.attempts, row.leased_until) == ("held", 0, None)
    sound(engine)


# -- calls --


@pytest.mark.parametrize("answered", [True, False])
def test_the_answer_to_a_call_that_was_under_way_is_kept_and_handed_in_later(
    engine: Engine, hire: Hire, clock: Clock, answered: bool
) -> None:
    deploy(engine, *CALLING, beside=REFUSED)
    desk = hire("nadia", "desk")
    case, job = start(engine, desk).reference, taken(engine)
    resting(engine, desk, case)
    engine.run(SYSTEM, jobs.extend, job.id, job.lease, 60)
    if answered:
        engine.run(SYSTEM, operations.answered, ANSWER, job.id, job.lease)
    else:
        engine.run(SYSTEM, operations.failed, "http.404", job.id, job.lease)
    assert engine.read(desk, cases.history, case)[-1].kind == "case.suspended"
    clock.move(days=1)
    assert work(engine).finished == 0
    sound(engine)
    engine.run(desk, life.resume, case, WHY)
    # No host may be called here: were it called again, an incident would come of it.
    assert work(engine).finished == 1
    [task] = engine.read(desk, cases.show, case).tasks
    assert task[1] == ("A" if answered else "B")
    sound(engine)


def test_a_call_that_was_not_begun_is_not_begun(engine: Engine, hire: Hire, clock: Clock) -> None:
    deploy(engine, *CALLING, beside=REFUSED)
    desk = hire("nadia", "desk")
    case, job = start(engine, desk).reference, taken(engine)
    resting(engine, desk, case)
    refused("case_suspended", lambda: engine.read(SYSTEM, operations.material, job.id, job.lease))
    refused("case_suspended", lambda: engine.run(SYSTEM, operations.begun, job.id, job.lease))


def test_a_call_that_failed_meanwhile_is_tried_again_after(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    deploy(engine, *CALLING, beside=REFUSED)
    desk = hire("nadia", "desk")
    case, job = start(engine, desk).reference, taken(engine)
    resting(engine, desk, case)
    assert not engine.run(SYSTEM, operations.put_off, job.id, job.lease, "en panne")
    clock.move(days=1)
    assert engine.run(SYSTEM, jobs.claim, "w", 60) is None
    [failing] = engine.read(desk, cases.show, case).failing
    assert (failing.error, failing.retry_at) == ("en panne", None)
    engine.run(desk, life.resume, case, WHY)
    assert taken(engine).id == job.id
    sound(engine)


def test_an_incident_waits_with_its_case(engine: Engine, hire: Hire) -> None:
    deploy(engine, *CALLING, beside=REFUSED)
    desk = hire("nadia", "desk")
    case, job = start(engine, desk).reference, taken(engine)
    engine.run(SYSTEM, operations.put_off, job.id, job.lease, "refusé", hopeless=True)
    resting(engine, desk, case)
    sound(engine)
    [row] = engine.read(ADMIN, incidents.listing)
    refused("case_suspended", lambda: engine.run(ADMIN, incidents.retry, row.id))
    engine.run(desk, life.resume, case, WHY)
    engine.run(ADMIN, incidents.retry, row.id)
    assert taken(engine).id == job.id


# -- messages --

SENDS = '<extensionElements><mq:input name="said">name</mq:input></extensionElements>'


@pytest.fixture
def pair(engine: Engine, hire: Hire) -> tuple[By, str, str]:
    """A case that waits for a message, and one that has sent it."""
    hears = node("receiveTask", "M", messageRef="m", mq__key="string(n)")
    deploy(engine, START, hears, user("A"), ends("E"), flows("S > M > A > E"), beside=PAPERS)
    send = node("sendTask", "G", SENDS, messageRef="m", mq__key="string(n)")
    sends = (START, send, user("W"), ends("E"), flows("S > G > W > E"))
    deploy(engine, *sends, key="autre", code="AUT", beside=PAPERS)
    desk = hire("nadia", "desk")
    waits = start(engine, desk, n=7).reference
    return desk, waits, start(engine, desk, "autre", n=7).reference


def test_a_message_waits_at_the_door_of_a_suspended_case(
    engine: Engine, pair: tuple[By, str, str], clock: Clock
) -> None:
    desk, waits, sends = pair
    resting(engine, desk, waits)
    refused("case_suspended", lambda: engine.run(desk, messages.send, "papers", "7", {}))
    assert (work(engine).finished, work(engine).finished) == (1, 0)
    clock.move(days=9)
    assert work(engine).finished == 0
    assert rows(engine, t.incident) == []
    engine.run(desk, cases.cancel, sends, "la suite ne regarde que l'autre")
    sound(engine)
    engine.run(desk, life.resume, waits, WHY)
    assert work(engine).finished == 1
    assert engine.read(desk, cases.show, waits).values["said"] == "Fatima-Zahra Bennani"
    sound(engine)


def test_what_a_suspended_case_had_sent_leaves_when_it_goes_on(
    engine: Engine, pair: tuple[By, str, str]
) -> None:
    desk, waits, sends = pair
    job = taken(engine)
    resting(engine, desk, sends)
    what = job.payload
    given = (what["message"], what["key"], what["payload"], what["from"], job.id, job.lease)
    refused("case_suspended", lambda: engine.run(SYSTEM, messages.deliver, *given))
    engine.run(SYSTEM, jobs.give_back, job.id, job.lease)
    assert work(engine).finished == 0
    sound(engine)
    engine.run(desk, life.resume, sends, WHY)
    assert work(engine).finished == 1
    assert engine.read(desk, cases.show, waits).tasks


def test_what_a_suspended_case_had_sent_leaves_when_it_is_cancelled(
    engine: Engine, pair: tuple[By, str, str]
) -> None:
    desk, waits, sends = pair
    resting(engine, desk, sends)
    engine.run(desk, cases.cancel, sends, "désistement")
    sound(engine)
    assert work(engine).finished == 1
    assert engine.read(desk, cases.show, waits).tasks


# -- what the check of the house sees --


@pytest.mark.parametrize(
    ("act", "codes"),
    [
        ("UPDATE task SET status = 'open'", {"row_asleep"}),
        ("UPDATE job SET status = 'due'", {"row_asleep"}),
        ("UPDATE job SET status = 'completed'", {"row_missing"}),
        ("UPDATE \"case\" SET status = 'open'", {"row_asleep", "suspension_differs"}),
        ('UPDATE "case" SET suspended_at = NULL', {"suspension_differs"}),
    ],
)
def test_a_suspension_that_is_not_whole_is_named(
    engine: Engine, desk: By, act: str, codes: set[str]
) -> None:
    resting(engine, desk, start(engine, desk).reference)
    assert surveyed(engine).violations == ()
    with engine._database.begin() as connection:
        connection.execute(text(act))
    assert {found.code for found in surveyed(engine).violations} == codes


def test_work_that_rests_in_a_case_that_does_not_is_named(engine: Engine, desk: By) -> None:
    start(engine, desk)
    with engine._database.begin() as connection:
        connection.execute(text("UPDATE job SET status = 'held'"))
    assert [found.code for found in surveyed(engine).violations] == ["row_asleep"]
    assert any("work rests" in line for line in broken(engine))

"""A case set back to where it stood before a step: what was done since does not count."""

from typing import Any

import pytest

from engine.commands import cases, certificates, jobs, life, messages, operations, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from engine.work.checking import surveyed
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import FORMED, Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.golden import playing
from tests.reliability.invariants import broken
from tests.runtime.models import START, duration, ends, flows, node, user

WHY = "annulé par erreur"
LINE = (START, FORMED, user("B", "C"), ends("E"), flows("S > A > B > C > E"))


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *LINE)
    return hire("nadia", "desk")


def sound(engine: Engine) -> None:
    assert broken(engine) == []
    assert surveyed(engine, replay=True).violations == ()


def open_tasks(engine: Engine, by: By, case: str) -> list[tuple[int, str]]:
    return [(key, name) for key, name, _ in engine.read(by, cases.show, case).tasks]


def done(engine: Engine, by: By, case: str, *names: str) -> None:
    """Complete the tasks of these names, one after the other."""
    for name in names:
        [(task, found)] = open_tasks(engine, by, case)
        assert found == name
        engine.run(by, tasks.complete, task, {})


def test_it_stands_before_the_step_and_goes_on_from_there(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    [(task, _)] = open_tasks(engine, desk, case)
    engine.run(desk, tasks.complete, task, {"ok": True, "remark": "vu"})
    done(engine, desk, case, "B")
    moved = engine.run(ADMIN, life.restart, case, 2, WHY)
    assert open_tasks(engine, desk, case) == [(moved.tasks[0], "A")]
    assert "ok" not in engine.read(desk, cases.show, case).values
    sound(engine)
    done(engine, desk, case, "A", "B", "C")
    assert engine.read(desk, cases.show, case).status == "completed"
    told = engine.read(desk, cases.history, case)[3]
    assert (told.kind, told.body["to"], told.body["reason"]) == ("case.restarted", 2, WHY)
    sound(engine)


@pytest.mark.parametrize("how", ["cancelled", "completed"])
def test_a_case_that_has_ended_is_open_again(engine: Engine, desk: By, how: str) -> None:
    case = start(engine, desk).reference
    done(engine, desk, case, "A", "B")
    if how == "cancelled":
        engine.run(desk, cases.cancel, case, "désistement")
    else:
        done(engine, desk, case, "C")
    moved = engine.run(ADMIN, life.restart, case, 4, WHY)
    shown = engine.read(desk, cases.show, case)
    assert (shown.status, shown.ended_at, moved.seq) == ("open", None, 5)
    assert open_tasks(engine, desk, case) == [(moved.tasks[0], "C")]
    sound(engine)
    done(engine, desk, case, "C")
    assert engine.read(desk, cases.show, case).status == "completed"
    sound(engine)


def test_again_and_again_and_a_restart_can_be_taken_back(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    done(engine, desk, case, "A", "B")  # 2, 3
    engine.run(ADMIN, life.restart, case, 2, WHY)  # 4
    done(engine, desk, case, "A")  # 5
    engine.run(ADMIN, life.restart, case, 4, "c'était juste")  # 6: before the first restart
    assert [name for _, name in open_tasks(engine, desk, case)] == ["C"]
    sound(engine)
    engine.run(ADMIN, life.restart, case, 3, WHY)  # 7
    assert [name for _, name in open_tasks(engine, desk, case)] == ["B"]
    sound(engine)
    done(engine, desk, case, "B", "C")
    assert engine.read(desk, cases.show, case).status == "completed"
    sound(engine)


def test_a_task_that_was_reopened_meanwhile_counts_as_it_counts(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    [(task, _)] = open_tasks(engine, desk, case)
    engine.run(desk, tasks.complete, task, {})  # 2
    engine.run(desk, tasks.reopen, task, "mauvaise case")  # 3
    done(engine, desk, case, "A", "B")  # 4, 5
    engine.run(ADMIN, life.restart, case, 3, WHY)
    assert [name for _, name in open_tasks(engine, desk, case)] == ["B"]
    found = sorted((row.element, row.status) for row in rows(engine, t.task))
    assert found == [
        ("A", "cancelled"), ("A", "completed"), ("B", "cancelled"), ("B", "cancelled"),
        ("B", "open"), ("C", "cancelled"),
    ]  # fmt: skip
    sound(engine)


def test_who_did_a_task_is_asked_of_the_way_that_counts(engine: Engine, hire: Hire) -> None:
    """Four eyes: who did A on the way that was taken back may do B on the one that counts."""
    apart = node("userTask", "B", mq__not_by="A").replace("not_by", "not-by")
    deploy(engine, START, user("A"), apart, user("C"), ends("E"), flows("S > A > B > C > E"))
    nadia, omar = hire("nadia", "desk"), hire("omar", "desk")
    case = start(engine, nadia).reference
    done(engine, nadia, case, "A")
    engine.run(ADMIN, life.restart, case, 2, WHY)
    done(engine, omar, case, "A")
    with pytest.raises(EngineError) as caught:
        done(engine, omar, case, "B")
    assert caught.value.code == "separation_of_duties"
    done(engine, nadia, case, "B")
    engine.run(ADMIN, life.restart, case, 3, "c'était juste")  # nadia's A counts again
    with pytest.raises(EngineError) as caught:
        done(engine, nadia, case, "B")
    assert caught.value.code == "separation_of_duties"
    done(engine, omar, case, "B")
    sound(engine)


def test_only_a_step_that_moved_the_case_is_gone_back_to(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    engine.run(desk, cases.note, case, "rappeler")
    for before in (-1, 0, 1, 2, 3):
        refused("bad_value", lambda n=before: engine.run(ADMIN, life.restart, case, n, WHY))


def test_an_administrator_of_the_office_says_why(engine: Engine, desk: By, hire: Hire) -> None:
    case = start(engine, desk).reference
    done(engine, desk, case, "A")
    refused("not_permitted", lambda: engine.run(desk, life.restart, case, 2, WHY))
    far = hire("salma", "administrator", office="ANF")
    refused("unknown_case", lambda: engine.run(far, life.restart, case, 2, WHY))
    both = hire("anas", "administrator", office="ANF")
    engine.run(ADMIN, _grant(), "anas", "auditor", "MAR")
    refused("not_your_role", lambda: engine.run(both, life.restart, case, 2, WHY))
    refused("reason_missing", lambda: engine.run(ADMIN, life.restart, case, 2, " "))
    engine.run(desk, life.suspend, case, "contesté")
    refused("case_suspended", lambda: engine.run(ADMIN, life.restart, case, 2, WHY))


def _grant() -> Any:
    from engine.commands import actors

    return actors.grant


# -- what has left the case --


@pytest.fixture
def house(engine: Engine, clock: Clock) -> tuple[By, By]:
    """The procedure of the golden cases: a timer, a message, a certificate."""
    playing.play(engine, clock)
    return By("nadia", channel="test"), By("youssef", channel="test")


def _to_the_message(engine: Engine, clock: Clock, desk: By, chief: By) -> str:
    case = start(engine, desk).reference
    [task] = engine.read(desk, cases.show, case).tasks
    [second] = engine.run(desk, tasks.complete, task[0], {}).opened
    engine.run(chief, tasks.complete, second, {})
    clock.move(hours=2)
    _fire(engine, case)
    return case


def _fire(engine: Engine, case: str) -> None:
    job = engine.run(SYSTEM, jobs.claim, "w", 60, ("timer.fire",))
    while job is not None and engine.run(SYSTEM, jobs.fire, job.id, job.lease).case != case:
        job = engine.run(SYSTEM, jobs.claim, "w", 60, ("timer.fire",))


def test_a_number_that_was_reserved_stays_taken_and_is_explained(
    engine: Engine, clock: Clock, house: tuple[By, By]
) -> None:
    case = _to_the_message(engine, clock, *house)
    engine.run(house[0], messages.send, "papers", case, {"ok": True})
    engine.run(ADMIN, life.restart, case, 5, WHY)
    own = [row for row in rows(engine, t.certificate)][-1]
    assert (own.status, own.cancelled_at) == ("cancelled", engine._clock())
    sound(engine)
    engine.run(house[0], messages.send, "papers", case, {"ok": True})
    assert [row.status for row in rows(engine, t.certificate)][-2:] == ["cancelled", "reserved"]
    sound(engine)


def test_a_certificate_that_is_out_is_not_taken_back(
    engine: Engine, clock: Clock, house: tuple[By, By]
) -> None:
    case = _to_the_message(engine, clock, *house)
    engine.run(house[0], messages.send, "papers", case, {"ok": True})
    job = engine.run(SYSTEM, jobs.claim, "w", 60, ("certificate.issue",))
    assert job is not None
    key = job.payload["certificate"]
    engine.run(SYSTEM, certificates.issued, key, "cd" * 32, 1, 99, job.id, job.lease)
    assert engine.read(house[0], cases.show, case).status == "completed"
    for before in range(2, 7):
        told = refused(
            "certificate_out", lambda n=before: engine.run(ADMIN, life.restart, case, n, WHY)
        )
        assert told.details["case"] == case
    sound(engine)


def test_a_delay_that_has_passed_fires_at_once(
    engine: Engine, clock: Clock, house: tuple[By, By]
) -> None:
    case = _to_the_message(engine, clock, *house)
    due = engine.read(house[0], cases.history, case)[-1].body["due"]
    clock.move(days=3)
    engine.run(ADMIN, life.restart, case, 4, WHY)
    _fire(engine, case)
    fired = engine.read(house[0], cases.history, case)[-1]
    assert (fired.kind, fired.body["due"]) == ("timer.fired", due)
    sound(engine)


def test_a_call_that_waits_again_bears_the_key_it_had(engine: Engine, hire: Hire) -> None:
    deploy(engine, *playing.CALLING, beside=playing.REFUSED)
    desk = hire("nadia", "desk")
    case = start(engine, desk).reference
    first = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert first is not None
    asked = engine.read(SYSTEM, operations.material, first.id, first.lease)
    engine.run(SYSTEM, operations.answered, playing.ANSWER, first.id, first.lease)
    engine.run(ADMIN, life.restart, case, 2, "la réponse était fausse")
    again = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert again is not None
    assert engine.read(SYSTEM, operations.material, again.id, again.lease).key == asked.key
    engine.run(SYSTEM, operations.answered, playing.ANSWER, again.id, again.lease)
    sound(engine)


def test_a_suspension_between_is_over_and_its_delays_are_those_of_then(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    hour = node("intermediateCatchEvent", "T", duration("PT1H"))
    deploy(engine, START, user("A"), hour, user("B"), ends("E"), flows("S > A > T > B > E"))
    desk = hire("nadia", "desk")
    case = start(engine, desk).reference
    done(engine, desk, case, "A")
    engine.run(desk, life.suspend, case, "contesté")
    clock.move(days=1)
    engine.run(desk, life.resume, case, "jugement")
    engine.run(ADMIN, life.restart, case, 4, WHY)
    sound(engine)
    assert work(engine).finished == 1
    assert [name for _, name in open_tasks(engine, desk, case)] == ["B"]
    sound(engine)


def test_a_history_that_gives_another_state_is_not_gone_back_in(
    engine: Engine, desk: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.history import replaying
    from engine.runtime import execution

    case = start(engine, desk).reference
    done(engine, desk, case, "A", "B")
    complete = execution.complete

    def otherwise(model: Any, state: bytes, token: int, values: Any, world: Any) -> Any:
        return complete(model, state, token, {**values, "odd": True}, world)

    monkeypatch.setattr(replaying.execution, "complete", otherwise)
    told = refused("history_differs", lambda: engine.run(ADMIN, life.restart, case, 3, WHY))
    assert told.details["seq"] == 2

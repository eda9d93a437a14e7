"""A token moved by an administrator: rows, history and the reason; what is refused, and to whom."""

import pytest

from engine.commands import cases, jobs, life, tasks
from engine.engine import Engine
from engine.runtime import execution
from engine.runtime.errors import Immovable
from engine.store import tables as t
from engine.transaction import By
from engine.work.checking import surveyed
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import FORMED, Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.reliability.invariants import broken
from tests.runtime.models import START, duration, ends, flows, node, user

WHY = "pièces vues au guichet"
HOUR = node("boundaryEvent", "T", duration("PT1H"), attachedToRef="A")
LINE = (
    START, FORMED, HOUR, user("B", "C"), ends("E"), flows("S > A > B > C > E", "T > C"),
)  # fmt: skip


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *LINE)
    return hire("nadia", "desk")


def sound(engine: Engine) -> None:
    assert broken(engine) == []
    assert surveyed(engine, replay=True).violations == ()


def test_what_waited_is_cancelled_and_what_waits_now_is_there(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    case = begun.reference
    engine.run(desk, tasks.save_draft, begun.tasks[0], {"remark": "à voir"})
    moved = engine.run(ADMIN, life.move, case, "A", "C", WHY)
    assert (moved.reference, moved.ended) == (case, None)
    assert [row[:2] for row in engine.read(desk, cases.show, case).tasks] == [(moved.tasks[0], "C")]
    refused("task_cancelled", lambda: engine.run(desk, tasks.complete, begun.tasks[0], {}))
    [left] = [row for row in rows(engine, t.task) if row.element == "A"]
    assert (left.status, left.closed_by, left.draft) == ("cancelled", None, None)
    clock.move(hours=2)
    assert engine.run(SYSTEM, jobs.claim, "w", 60) is None
    told = engine.read(desk, cases.history, case)[-1]
    assert (told.kind, told.body["from"], told.body["to"]) == ("case.moved", "A", "C")
    assert told.body["reason"] == WHY
    assert not [row for row in rows(engine, t.event) if b"vues au guichet" in row.body]
    sound(engine)


def test_back_to_where_it_was_and_to_the_end(engine: Engine, desk: By, clock: Clock) -> None:
    case = start(engine, desk).reference
    engine.run(ADMIN, life.move, case, "A", "B", WHY)
    engine.run(ADMIN, life.move, case, "B", "A", WHY)
    sound(engine)
    clock.move(hours=2)
    assert work(engine).finished == 1
    assert engine.run(ADMIN, life.move, case, "C", "E", WHY).ended == "completed"
    assert engine.read(desk, cases.show, case).status == "completed"
    sound(engine)


@pytest.mark.parametrize(
    ("source", "to", "reason"),
    [
        ("B", "C", "no token waits there"),
        ("A", "S", "a start event begins a level, and this one has begun"),
        ("A", "T", "a boundary event waits with its activity: name what follows it"),
        ("T", "C", "a boundary event waits with its activity: name the activity"),
        ("A", "Z", "the model has no such element"),
    ],
)
def test_what_is_refused_is_named(
    engine: Engine, desk: By, source: str, to: str, reason: str
) -> None:
    case = start(engine, desk).reference
    told = refused("cannot_move", lambda: engine.run(ADMIN, life.move, case, source, to, WHY))
    assert told.details["reason"] == reason
    assert [event.kind for event in engine.read(desk, cases.history, case)] == ["case.started"]


def test_of_several_tokens_one_is_named_by_its_number(engine: Engine, hire: Hire) -> None:
    gates = node("parallelGateway", "F") + node("exclusiveGateway", "G")
    paths = flows("S > F", "F > G", "F > K > G", "G > A > E")
    deploy(engine, START, gates, user("K", "A"), ends("E"), paths)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    [task] = [k for k, n, _ in engine.read(desk, cases.show, begun.reference).tasks if n == "K"]
    engine.run(desk, tasks.complete, task, {})
    move = (life.move, begun.reference)
    told = refused("cannot_move", lambda: engine.run(ADMIN, *move, "A", "K", WHY))
    first, second = told.details["tokens"].split(", ")
    engine.run(ADMIN, *move, second, "K", WHY)
    left = [(r.element, r.token) for r in rows(engine, t.task) if r.status == "open"]
    assert ("A", int(first)) in left
    assert {element for element, _ in left} == {"A", "K"}
    sound(engine)


def test_an_administrator_of_the_office_says_why_while_it_goes_on(
    engine: Engine, desk: By, hire: Hire
) -> None:
    case = start(engine, desk).reference
    move = (life.move, case, "A", "B")
    refused("not_permitted", lambda: engine.run(desk, *move, WHY))
    far = hire("salma", "administrator", office="ANF")
    refused("unknown_case", lambda: engine.run(far, *move, WHY))
    refused("reason_missing", lambda: engine.run(ADMIN, *move, " "))
    engine.run(desk, life.suspend, case, "contesté")
    refused("case_suspended", lambda: engine.run(ADMIN, *move, WHY))
    engine.run(desk, cases.cancel, case, "fin")
    refused("case_ended", lambda: engine.run(ADMIN, *move, WHY))


def test_a_move_can_be_gone_back_behind(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    engine.run(ADMIN, life.move, case, "A", "C", WHY)
    engine.run(ADMIN, life.restart, case, 2, "pas ce dossier")
    [task] = engine.read(desk, cases.show, case).tasks
    assert task[1] == "A"
    engine.run(desk, tasks.complete, task[0], {"ok": True})
    sound(engine)


def test_a_move_that_could_not_be_made_again_is_a_difference(
    engine: Engine, desk: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = start(engine, desk).reference
    engine.run(ADMIN, life.move, case, "A", "C", WHY)

    def refuse(*_: object) -> None:
        raise Immovable("starves")

    monkeypatch.setattr(execution, "move", refuse)
    assert engine.read(desk, cases.replay, case).differences == (
        "event 2 (case.moved) gives another state",
    )

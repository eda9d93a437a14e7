"""case.start: a case begins another, both or neither; each history names the other's reference."""

from typing import Any

import pytest

from engine.commands import beginnings, cases, checks, incidents, jobs
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import rows
from tests.engine.work.test_calling import CATCH, open_tasks, service
from tests.runtime.models import START, ends, flows, node, user

ERROR = '<error id="e" errorCode="case_refused"/>'
VALUES = "{ n: n, name: name, parcel: parcel }"


def asking(**inputs: str) -> tuple[str, ...]:
    given = {"procedure": '"other"', "values": VALUES} | inputs
    caught = node("boundaryEvent", "B", CATCH, attachedToRef="C")
    asked = service("case.start", **given)
    return START, asked, caught, user("A", "R"), ends("E"), flows("S > C > A > E", "B > R > E")


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *asking(), beside=ERROR)
    deploy(engine, key="other", code="OTH")
    return hire("nadia", "desk")


def kinds(engine: Engine, desk: By, case: str) -> list[tuple[str, Any]]:
    told = ("origin", "result", "code")
    return [
        (event.kind, next((event.body[name] for name in told if name in event.body), None))
        for event in engine.read(desk, cases.history, case)
    ]


def sound(engine: Engine) -> bool:
    return engine.read(SYSTEM, checks.house, checks.Depth(replay=True)).violations == ()


def test_the_new_case_begins_and_the_asking_one_goes_on_with_its_reference(
    engine: Engine, desk: By
) -> None:
    case = start(engine, desk, name="Zineb Alami", n=7).reference
    assert len(rows(engine, t.case)) == 1
    assert work(engine).finished == 1
    found = engine.read(desk, cases.show, case).values["found"]
    new = engine.read(desk, cases.show, found["reference"])
    assert (new.procedure, new.status) == ("other", "open")
    assert (new.values["name"], new.values["n"]) == ("Zineb Alami", 7)
    assert open_tasks(engine, desk, case) == open_tasks(engine, desk, new.reference) == ["A"]
    assert kinds(engine, desk, case)[1:] == [("operation.answered", found)]
    assert kinds(engine, desk, new.reference)[1:] == [("case.asked", case)]
    assert sound(engine)


def test_personal_values_are_sealed_anew(engine: Engine, desk: By) -> None:
    start(engine, desk, name="Zineb Alami")
    work(engine)
    cases_ = {row.id for row in rows(engine, t.case)}  # type: ignore[attr-defined]
    held = {row.case_id for row in rows(engine, t.personal) if row.name == "name"}  # type: ignore[attr-defined]
    assert held == cases_
    assert len(cases_) == 2
    for table, column in ((t.job, "payload"), (t.event, "body"), (t.case, "state")):
        assert all(b"Zineb" not in getattr(row, column) for row in rows(engine, table))


def test_values_that_the_form_does_not_accept_go_to_the_boundary_event(
    engine: Engine, hire: Hire
) -> None:
    deploy(engine, *asking(values="{ n: 10, parcel: parcel }"), beside=ERROR)
    deploy(engine, key="other", code="OTH")
    desk = hire("nadia", "desk")
    case = start(engine, desk).reference
    work(engine)
    assert open_tasks(engine, desk, case) == ["R"]
    assert kinds(engine, desk, case)[1:] == [("operation.failed", "case_refused")]
    assert len(rows(engine, t.case)) == 1
    assert sound(engine)


@pytest.mark.parametrize(
    "inputs", [{"procedure": '"nothing_such"'}, {"office": '"XXX"'}, {"values": "n"}]
)
def test_what_names_nothing_is_an_incident_that_begins_no_case(
    engine: Engine, hire: Hire, inputs: dict[str, str]
) -> None:
    deploy(engine, *asking(**inputs), beside=ERROR)
    deploy(engine, key="other", code="OTH")
    desk = hire("nadia", "desk")
    case = start(engine, desk).reference
    assert work(engine).incidents == 1
    [row] = engine.read(SYSTEM, incidents.listing)
    assert (row.case, row.work, row.element) == (case, "case.start", "C")
    assert len(rows(engine, t.case)) == 1
    assert sound(engine)


def test_another_office_may_be_named(engine: Engine, hire: Hire) -> None:
    deploy(engine, *asking(office='"ANF"'), beside=ERROR)
    deploy(engine, key="other", code="OTH")
    start(engine, hire("nadia", "desk"))
    work(engine)
    assert any(row.reference.startswith("OTH-ANF-") for row in rows(engine, t.case))  # type: ignore[attr-defined]


def test_a_fault_of_the_other_model_is_tried_again_and_nothing_is_half_begun(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    deploy(engine, *asking(), beside=ERROR)
    fails = (
        node("exclusiveGateway", "G"),
        flows("S > G", 'G > A if parcel = "7"', 'G > E if parcel = "8"', "A > E"),
    )
    deploy(engine, START, fails[0], user("A"), ends("E"), fails[1], key="other", code="OTH")
    desk = hire("nadia", "desk")
    case = start(engine, desk).reference
    for _ in range(5):
        work(engine)
        clock.move(hours=1)
    assert {row.work for row in engine.read(SYSTEM, incidents.listing, case=case)} == {"case.start"}
    assert len(rows(engine, t.case)) == 1
    deploy(engine, key="other", code="OTH")
    [row] = engine.read(SYSTEM, incidents.listing, case=case)
    engine.run(SYSTEM, incidents.retry, row.id)
    work(engine)
    assert open_tasks(engine, desk, case) == ["A"]
    assert sound(engine)


def test_two_workers_with_one_job_begin_one_case(engine: Engine, desk: By, clock: Clock) -> None:
    start(engine, desk)
    old = engine.run(SYSTEM, jobs.claim, "w", 60)
    clock.move(minutes=2)
    new = engine.run(SYSTEM, jobs.claim, "v", 60)
    assert old is not None
    assert new is not None
    engine.run(SYSTEM, beginnings.begin, new.id, new.lease)
    for late in (old, new):
        with pytest.raises(EngineError) as caught:
            engine.run(SYSTEM, beginnings.begin, late.id, late.lease)
        assert caught.value.code == "busy"
    assert len(rows(engine, t.case)) == 2
    assert sound(engine)


def test_a_case_that_was_cancelled_begins_nothing(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    engine.run(desk, cases.cancel, case, "désistement")
    assert work(engine).finished == 0
    assert len(rows(engine, t.case)) == 1

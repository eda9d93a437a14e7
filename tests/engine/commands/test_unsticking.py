"""Work that failed for good: skipped where the model lets it be, or answered by a person."""

from decimal import Decimal
from typing import Any

import pytest

from engine.commands import cases, incidents, jobs, operations, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.checking import surveyed
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.golden.playing import ANSWER, CALLING, REFUSED
from tests.reliability.invariants import broken

WHY = "lu au registre papier"
PARTS = [part.replace('id="C"', 'id="C" mq:skip="B E"') for part in CALLING]


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *PARTS, beside=REFUSED)
    return hire("nadia", "desk")


@pytest.fixture
def stuck(engine: Engine, desk: By) -> tuple[str, int]:
    """A case whose call failed for good, and the incident."""
    return _stuck(engine, desk)


def _stuck(engine: Engine, desk: By) -> tuple[str, int]:
    case = start(engine, desk).reference
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    engine.run(SYSTEM, operations.put_off, job.id, job.lease, "en panne", hopeless=True)
    [row] = engine.read(ADMIN, incidents.listing, case=case)
    return case, row.id


def sound(engine: Engine) -> None:
    assert broken(engine) == []
    assert surveyed(engine, replay=True).violations == ()


def settled(engine: Engine) -> None:
    """The incident is closed, its reason is sealed, nothing is left to be done for it."""
    [row] = rows(engine, t.incident)
    assert row.resolved_at is not None
    assert len(bytes.fromhex(row.resolution)) == 32
    assert not [row for row in rows(engine, t.event) if WHY.encode() in row.body]
    assert work(engine).finished == 0
    sound(engine)


# -- skipped --


@pytest.mark.parametrize(("to", "status"), [("B", "open"), ("E", "completed")])
def test_it_is_skipped_to_where_the_model_says(
    engine: Engine, desk: By, stuck: tuple[str, int], to: str, status: str
) -> None:
    case, incident = stuck
    assert engine.run(ADMIN, incidents.skip, incident, to, WHY) == incidents.Incident(incident)
    shown = engine.read(desk, cases.show, case)
    assert (shown.status, [name for _, name, _ in shown.tasks]) == (status, ["B"] * (to == "B"))
    told = engine.read(desk, cases.history, case)[-1]
    assert (told.kind, told.body["from"], told.body["to"]) == ("case.moved", "C", to)
    assert told.body["reason"] == WHY
    settled(engine)


def test_to_no_other_element(engine: Engine, stuck: tuple[str, int]) -> None:
    case, incident = stuck
    for to in ("A", "C", "nowhere", ""):
        told = refused(
            "cannot_skip", lambda to=to: engine.run(ADMIN, incidents.skip, incident, to, WHY)
        )
        assert (told.details["case"], told.details["allowed"]) == (case, "B, E")
    sound(engine)


# -- answered --


def test_a_person_answers_in_the_place_of_the_service(
    engine: Engine, desk: By, stuck: tuple[str, int]
) -> None:
    case, incident = stuck
    given = {"status": 200, "media_type": "application/json", "text": None,
             "json": {"area": 12.5}}  # fmt: skip
    engine.run(ADMIN, incidents.answer, incident, given, WHY)
    shown = engine.read(desk, cases.show, case)
    assert shown.values["found"] == ANSWER
    assert isinstance(shown.values["found"]["json"]["area"], Decimal)
    assert [name for _, name, _ in shown.tasks] == ["A"]
    told = engine.read(desk, cases.history, case)[-1]
    assert (told.kind, told.body["incident"]) == ("operation.supplied", incident)
    assert (told.body["operation"], told.body["reason"]) == ("http.request", WHY)
    settled(engine)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "status is missing"),
        ({**ANSWER, "colour": 1}, "colour is unknown"),
        ({**ANSWER, "status": "secret"}, "status is no number"),
    ],
)
def test_an_answer_that_the_service_would_not_give_is_refused(
    engine: Engine, stuck: tuple[str, int], given: dict[str, Any], told: str
) -> None:
    _, incident = stuck
    error = refused(
        "answer_unfit", lambda: engine.run(ADMIN, incidents.answer, incident, given, WHY)
    )
    assert told in error.details["reason"]
    assert "secret" not in str(error.details)
    assert "status: number" in error.details["gives"]
    sound(engine)


def test_an_answer_that_is_personal_is_sealed(engine: Engine, hire: Hire) -> None:
    toml = '[data]\npersonal = ["found"]\n'
    deploy(engine, *PARTS, beside=REFUSED, toml=toml)
    desk = hire("nadia", "desk")
    case, incident = _stuck(engine, desk)
    given = {**ANSWER, "json": {"owner": "Zoubida"}}
    engine.run(ADMIN, incidents.answer, incident, given, WHY)
    assert engine.read(desk, cases.show, case).values["found"]["json"] == {"owner": "Zoubida"}
    assert not [row for row in rows(engine, t.event) if b"Zoubida" in row.body]
    settled(engine)


# -- both --

ACTS: dict[str, tuple[Any, Any]] = {
    "skip": (incidents.skip, "B"), "answer": (incidents.answer, ANSWER),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_once_by_an_administrator_of_the_office_who_says_why(
    engine: Engine, desk: By, stuck: tuple[str, int], hire: Hire, name: str
) -> None:
    _, incident = stuck
    act, what = ACTS[name]
    refused("not_permitted", lambda: engine.run(desk, act, incident, what, WHY))
    far = hire("salma", "administrator", office="ANF")
    refused("unknown_case", lambda: engine.run(far, act, incident, what, WHY))
    refused("reason_missing", lambda: engine.run(ADMIN, act, incident, what, " "))
    engine.run(ADMIN, act, incident, what, WHY)
    refused("unknown_incident", lambda: engine.run(ADMIN, act, incident, what, WHY))


@pytest.mark.parametrize("name", ACTS)
def test_not_once_its_case_waits_for_it_no_more(
    engine: Engine, desk: By, stuck: tuple[str, int], name: str
) -> None:
    case, incident = stuck
    engine.run(desk, cases.cancel, case, "désistement")
    act, what = ACTS[name]
    refused("bad_value", lambda: engine.run(ADMIN, act, incident, what, WHY))


def test_a_certificate_is_not_answered_by_hand(engine: Engine, stuck: tuple[str, int]) -> None:
    _, incident = stuck
    with engine._database.begin() as connection:
        connection.execute(t.job.update().values(kind="certificate.issue"))
    refused("bad_value", lambda: engine.run(ADMIN, incidents.answer, incident, ANSWER, WHY))


def test_after_it_was_skipped_the_case_goes_on(
    engine: Engine, desk: By, stuck: tuple[str, int]
) -> None:
    case, incident = stuck
    engine.run(ADMIN, incidents.skip, incident, "B", WHY)
    [(task, _, _)] = engine.read(desk, cases.show, case).tasks
    assert engine.run(desk, tasks.complete, task, {}).ended == "completed"
    sound(engine)

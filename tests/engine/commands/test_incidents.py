"""Incidents: what waits for a person, tried again or closed with a word, once."""

import pytest

from engine.commands import actors, cases, incidents, jobs
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.commands.test_jobs import WAITS, take
from tests.engine.test_engine import refused, rows


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *WAITS)
    return hire("nadia", "desk")


@pytest.fixture
def case(engine: Engine, desk: By, clock: Clock) -> str:
    """A case whose timer failed for good."""
    reference = start(engine, desk).reference
    for _ in range(jobs.ATTEMPTS):
        clock.move(hours=2)
        job = take(engine)
        engine.run(SYSTEM, jobs.failed, job.id, job.lease, "en panne")
    return reference


def waiting(engine: Engine, by: By = ADMIN) -> list[int]:
    return [row.id for row in engine.read(by, incidents.listing)]


def test_it_is_tried_again_with_all_its_attempts(engine: Engine, desk: By, case: str) -> None:
    [key] = waiting(engine)
    assert engine.run(ADMIN, incidents.retry, key) == incidents.Incident(key)
    [job] = rows(engine, t.job)
    assert (job.status, job.attempts) == ("due", 0)
    assert work(engine).finished == 1
    assert waiting(engine) == []
    assert engine.read(desk, cases.show, case).tasks
    assert engine.read(desk, cases.replay, case).ok


def test_it_is_closed_with_a_word_and_stays_on_record(engine: Engine, desk: By, case: str) -> None:
    [key] = waiting(engine)
    engine.run(desk, cases.cancel, case, "repris sur papier")
    refused("reason_missing", lambda: engine.run(ADMIN, incidents.resolve, key, "  "))
    assert engine.run(ADMIN, incidents.resolve, key, "réglé au guichet") == incidents.Incident(key)
    assert waiting(engine) == []
    [row] = engine.read(ADMIN, incidents.listing, True)
    assert row.resolved_at is not None
    assert work(engine).finished == 0


def test_one_that_a_token_still_waits_for_is_not_closed_with_a_word(
    engine: Engine, case: str
) -> None:
    [key] = waiting(engine)
    told = refused("token_waits", lambda: engine.run(ADMIN, incidents.resolve, key, "réglé"))
    assert (told.details["case"], told.details["element"]) == (case, "T")
    for way in ("incident retry", "incident answer", "incident skip", "case move", "case cancel"):
        assert f"mouqataa {way} {case if way.startswith('case') else key}" in told.remedy()
    assert waiting(engine) == [key]


@pytest.mark.parametrize("first", ["retry", "resolve"])
def test_what_was_dealt_with_is_not_dealt_with_again(
    engine: Engine, desk: By, case: str, first: str
) -> None:
    [key] = waiting(engine)
    if first == "retry":
        engine.run(ADMIN, incidents.retry, key)
    else:
        engine.run(desk, cases.cancel, case, "repris sur papier")
        engine.run(ADMIN, incidents.resolve, key, "réglé")
    refused("unknown_incident", lambda: engine.run(ADMIN, incidents.retry, key))
    refused("unknown_incident", lambda: engine.run(ADMIN, incidents.resolve, key, "encore"))


def test_one_that_is_not_there_is_unknown(engine: Engine) -> None:
    refused("unknown_incident", lambda: engine.run(ADMIN, incidents.retry, 9))
    refused("unknown_incident", lambda: engine.run(ADMIN, incidents.resolve, 9, "x"))


def test_the_work_of_a_case_that_has_ended_is_not_tried_again(
    engine: Engine, desk: By, case: str
) -> None:
    engine.run(desk, cases.cancel, case, "désistement")
    [key] = waiting(engine)
    refused("bad_value", lambda: engine.run(ADMIN, incidents.retry, key))
    assert [row.status for row in rows(engine, t.job)] == ["cancelled"]
    engine.run(ADMIN, incidents.resolve, key, "dossier retiré")
    assert waiting(engine) == []


def test_an_incident_without_work_is_closed_with_a_word_only(engine: Engine, clock: Clock) -> None:
    row = {"at": clock.now, "code": "model_failed", "message": "boucle", "element": "A"}
    with engine._database.begin() as connection:
        connection.execute(t.incident.insert().values(**row))
    [key] = waiting(engine)
    refused("bad_value", lambda: engine.run(ADMIN, incidents.retry, key))
    engine.run(ADMIN, incidents.resolve, key, "modèle corrigé")
    assert waiting(engine) == []


def test_an_office_sees_its_own(engine: Engine, case: str, hire: Hire) -> None:
    here = hire("amine", "administrator", office="MAR")
    there = hire("anas", "administrator", office="ANF")
    assert len(waiting(engine, here)) == 1
    assert waiting(engine, there) == []
    [key] = waiting(engine)
    refused("unknown_case", lambda: engine.run(there, incidents.retry, key))
    refused("unknown_case", lambda: engine.run(there, incidents.resolve, key, "x"))


def test_who_only_sees_an_office_closes_nothing_there(
    engine: Engine, case: str, hire: Hire
) -> None:
    both = hire("anas", "administrator", office="ANF")
    engine.run(ADMIN, actors.grant, "anas", "auditor", "CAS")
    [key] = waiting(engine, both)
    refused("not_your_role", lambda: engine.run(both, incidents.retry, key))
    refused("not_your_role", lambda: engine.run(both, incidents.resolve, key, "x"))

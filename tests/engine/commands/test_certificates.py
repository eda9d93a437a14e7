"""Certificates: numbered without gaps, issued once, seen by their office, known by their bytes."""

from hashlib import sha256

import pytest

from engine.commands import cases, certificates, jobs, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM
from tests.conftest import Clock, deploy
from tests.engine.test_engine import APPLICATION, SIGNED, Hire, refused, rows

PDF = b"%PDF-1.7 the certificate"
DIGEST = sha256(PDF).hexdigest()


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, "attestation")
    return hire("nadia", "guichet", "legalisateur")


def signed(engine: Engine, by: By, office: str = "MAR") -> str:
    begun = engine.run(by, cases.start, "attestation", APPLICATION, office)
    engine.run(by, tasks.complete, begun.tasks[0], SIGNED)
    return begun.reference


def taken(engine: Engine) -> jobs.Job:
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    return job


def issue(engine: Engine, job: jobs.Job, digest: str = DIGEST) -> certificates.Issued:
    key = job.payload["certificate"]
    return engine.run(SYSTEM, certificates.issued, key, digest, 1, 99, job.id, job.lease)


def test_a_number_is_reserved_with_the_step_and_issued_with_the_file(
    engine: Engine, desk: By
) -> None:
    reference = signed(engine, desk)
    [row] = engine.read(desk, certificates.listing)
    assert (row.number, row.status, row.case, row.issued_at, row.sha256) == (
        "attestation/MAR/2026/000001", "reserved", reference, None, None,
    )  # fmt: skip
    assert issue(engine, taken(engine)) == certificates.Issued(row.number, reference)
    shown = engine.read(desk, certificates.show, row.number)
    assert (shown.status, shown.sha256) == ("issued", DIGEST)
    assert engine.read(desk, cases.show, reference).status == "completed"
    assert engine.read(desk, cases.replay, reference).ok


def test_what_a_worker_renders_from_is_opened_and_complete(engine: Engine, desk: By) -> None:
    reference = signed(engine, desk)
    made = engine.read(SYSTEM, certificates.material, taken(engine).payload["certificate"])
    assert made.data["name_fr"] == APPLICATION["name_fr"]
    assert (made.case, made.number, made.specimen) == (
        reference, "attestation/MAR/2026/000001", False,
    )  # fmt: skip
    assert made.template in made.files
    assert len(made.code) == 14
    frozen = rows(engine, t.certificate)[0]
    assert b"Bennani" not in frozen.data
    assert made.code.encode() not in frozen.data


def test_it_says_what_was_true_when_its_number_was_given(
    engine: Engine, desk: By, clock: Clock
) -> None:
    signed(engine, desk)
    at, job = clock.now, taken(engine)
    clock.move(days=2)
    assert engine.read(SYSTEM, certificates.material, job.payload["certificate"]).at == at


def test_once_its_personal_data_is_gone_it_is_not_rendered_again(engine: Engine, desk: By) -> None:
    signed(engine, desk)
    key = taken(engine).payload["certificate"]
    with engine._database.begin() as connection:
        connection.execute(t.personal.delete())
    refused("erased", lambda: engine.read(SYSTEM, certificates.material, key))


def test_a_worker_that_comes_late_or_twice_issues_nothing(
    engine: Engine, desk: By, clock: Clock
) -> None:
    signed(engine, desk)
    late = taken(engine)
    clock.move(minutes=2)
    new = taken(engine)
    refused("busy", lambda: issue(engine, late, "00" * 32))
    issue(engine, new)
    refused("busy", lambda: issue(engine, new))
    [row] = engine.read(desk, certificates.listing)
    assert row.sha256 == DIGEST


def test_a_certificate_of_a_case_that_was_cancelled_is_not_issued(engine: Engine, desk: By) -> None:
    reference = signed(engine, desk)
    job = taken(engine)
    engine.run(desk, cases.cancel, reference, "désistement")
    refused("busy", lambda: issue(engine, job))
    assert engine.read(desk, certificates.listing)[0].status == "cancelled"


def test_numbers_leave_no_gap_where_a_step_is_refused(engine: Engine, desk: By) -> None:
    signed(engine, desk)
    begun = engine.run(desk, cases.start, "attestation", APPLICATION, "MAR")
    refused("form_invalid", lambda: engine.run(desk, tasks.complete, begun.tasks[0], {}))
    engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    signed(engine, desk)
    assert [row.number for row in rows(engine, t.register_entry)] == [1, 2, 3]


def test_an_office_lists_its_own_however_many_others_are_newer(
    engine: Engine, desk: By, hire: Hire, clock: Clock
) -> None:
    anfa = hire("anas", "guichet", "legalisateur", office="ANF")
    mine = signed(engine, anfa, "ANF")
    for _ in range(3):
        clock.move(minutes=1)
        signed(engine, desk)
    assert [row.case for row in engine.read(anfa, certificates.listing, 2)] == [mine]
    listed = [row.number[-1] for row in engine.read(desk, certificates.listing, 2)]
    assert listed == ["3", "2"]
    number = "attestation/MAR/2026/000001"
    refused("unknown_certificate", lambda: engine.read(anfa, certificates.show, number))
    refused("bad_value", lambda: engine.read(desk, certificates.listing, 0))


def test_whoever_holds_the_file_may_ask_whether_it_is_ours(
    engine: Engine, desk: By, hire: Hire
) -> None:
    signed(engine, desk)
    refused("unknown_certificate", lambda: engine.read(desk, certificates.verify, PDF))
    issue(engine, taken(engine))
    anfa = hire("anas", "guichet", office="ANF")
    assert engine.read(anfa, certificates.verify, PDF).number == "attestation/MAR/2026/000001"
    refused("unknown_certificate", lambda: engine.read(anfa, certificates.verify, PDF + b" "))


def test_one_that_is_not_there_is_unknown(engine: Engine, desk: By) -> None:
    refused("unknown_certificate", lambda: engine.read(desk, certificates.show, "nothing"))
    refused("unknown_certificate", lambda: engine.read(SYSTEM, certificates.material, "0" * 32))

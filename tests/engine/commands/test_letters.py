"""Letters on the legal clock: why a date is the date, and that it has moved."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest

from engine.commands import attachments, calendars, cases, clocks, delays, jobs, letters, revisions
from engine.engine import Engine
from engine.history import occasions
from engine.store import tables as t
from engine.transaction import By
from engine.work.letters import written
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.documents.test_text import extracted, folded
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.commands.lawful import FILES, ISSUED, LAW, PARTS, RECEIPT, TOP
from tests.engine.test_engine import refused, rows
from tests.reliability.invariants import broken

FILED = datetime(2026, 8, 1, 9, tzinfo=UTC)


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    clock.now = FILED
    deploy(engine, *ISSUED, top=TOP, toml=RECEIPT + LAW, files=FILES)
    return hire("nadia", "desk", "administrator")


def test_a_letter_says_why_in_both_languages_and_that_it_only_informs(
    engine: Engine, desk: By, clock: Clock, tmp_path: Path
) -> None:
    begun = start(engine, desk)
    for fact, days in (("complement.requested", 4), ("complement.received", 9)):
        clock.move(days=days)
        engine.run(desk, clocks.record, begun.reference, fact, "on paper")
    clock.move(days=1)
    made = written(engine.read(desk, letters.show, begun.reference))
    text = extracted(made.pdf, tmp_path)
    for phrase in (
        "Pourquoi cette date", "لماذا هذا التاريخ", begun.reference, "Jour par jour",
        "réponse au plus tard le jeudi 27 août 2026 à minuit.", "délai arrêté", "jours non comptés",
        "Cette lettre est une information. Seules la décision et la loi font foi.",
        "الأجل", "غشت", "موقوف",
    ):  # fmt: skip
        assert folded(phrase) in text, (phrase, text)
    assert "cachet" not in text
    assert "Bennani" not in text
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
    assert 'pdfaid:part="3"' in metadata
    assert 'pdfuaid:part="1"' in metadata
    assert written(engine.read(desk, letters.show, begun.reference)).pdf == made.pdf


def test_what_has_not_begun_or_is_no_clock_of_the_case_has_no_letter(
    engine: Engine, desk: By
) -> None:
    begun = start(engine, desk)
    found = engine.read(desk, letters.show, begun.reference, "decision")
    assert [one.name["fr"] for one in found.clocks] == ["decision"]
    for name in ("appeal", "nothing"):
        refused("unknown_clock", lambda n=name: engine.read(  # type: ignore[misc]
            desk, letters.show, begun.reference, n
        ))  # fmt: skip


def closed(engine: Engine, reference: str, day: date, kind: str = "closed") -> bool:
    """Set what a day is, and date the case anew; whether a letter is owed."""
    engine.run(ADMIN, calendars.add, "morocco", day, kind=kind, label="Fête", source="test")
    return revised(engine, reference)


def revised(engine: Engine, reference: str) -> bool:
    """Date a case anew; whether a letter is owed that was not before."""
    before = owed(engine)
    [case] = [row.id for row in rows(engine, t.case) if row.reference == reference]
    engine.run(SYSTEM, revisions.revise, case)
    return owed(engine) > before


def owed(engine: Engine) -> int:
    return len([row for row in rows(engine, t.job) if row.kind == letters.JOB])


def kept(engine: Engine, by: By, reference: str) -> list[str]:
    """The letters among the papers of a case."""
    papers = engine.read(by, attachments.listing, reference)
    return [row.attachment for row in papers if row.kind == "letter"]


def test_a_date_on_a_receipt_that_a_new_feast_moved_is_told_by_letter_once(
    engine: Engine, desk: By, clock: Clock, tmp_path: Path
) -> None:
    begun = start(engine, desk)
    work(engine)
    clock.move(days=5)
    assert closed(engine, begun.reference, date(2026, 8, 17))
    work(engine)
    clock.move(hours=1)
    assert not revised(engine, begun.reference)
    work(engine)
    [paper] = kept(engine, desk, begun.reference)
    text = extracted(engine.read(desk, attachments.content, paper), tmp_path)
    for phrase in (
        "La date du 17 août 2026 devient le 18 août 2026 : les bureaux sont fermés le lundi 17 "
        "août 2026 (Fête).",
        "تم تغيير التاريخ من", "المكاتب مغلقة",
    ):  # fmt: skip
        assert folded(phrase) in text, (phrase, text)
    assert broken(engine) == []
    assert engine.read(desk, cases.replay, begun.reference).ok


def test_the_next_move_is_told_from_the_date_of_the_last_letter(
    engine: Engine, desk: By, clock: Clock, tmp_path: Path
) -> None:
    begun = start(engine, desk)
    work(engine)
    for number, day in enumerate((17, 18), 1):
        clock.move(days=1)
        assert closed(engine, begun.reference, date(2026, 8, day))
        work(engine)
        assert len(kept(engine, desk, begun.reference)) == number
    last = kept(engine, desk, begun.reference)[-1]
    text = extracted(engine.read(desk, attachments.content, last), tmp_path)
    assert "La date du 18 août 2026 devient le 19 août 2026" in text


def test_no_letter_is_owed_where_no_paper_bore_the_date_or_it_did_not_move(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    work(engine)
    clock.move(days=1)
    assert not closed(engine, begun.reference, date(2026, 8, 12))  # inside plain days
    for fact in ("complement.requested", "complement.received"):
        engine.run(desk, clocks.record, begun.reference, fact, "on paper")
        clock.move(days=3)
    due = engine.read(desk, delays.show, begun.reference).clocks[0].due
    assert due is not None
    assert due > date(2026, 8, 17)
    assert not closed(engine, begun.reference, due)  # no receipt says so
    deploy(engine, *PARTS, key="silent", code="SIL", top=TOP, toml=LAW)
    other = start(engine, desk, "silent")
    due = engine.read(desk, delays.show, other.reference).clocks[0].due
    assert due is not None
    assert not closed(engine, other.reference, due)  # it has no receipt


def test_a_worker_that_comes_twice_keeps_one_letter_and_both_wrote_the_same(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    work(engine)
    clock.move(days=5)
    closed(engine, begun.reference, date(2026, 8, 17))
    first = engine.run(SYSTEM, jobs.claim, "one", 60, (letters.JOB,))
    assert first is not None
    made = engine.read(SYSTEM, letters.owed, first.id, first.lease)
    clock.move(minutes=2)
    second = engine.run(SYSTEM, jobs.claim, "two", 60, (letters.JOB,))
    assert second is not None
    assert engine.read(SYSTEM, letters.owed, second.id, second.lease) == made
    pdf = written(made).pdf
    engine.run(SYSTEM, letters.attach, second.id, second.lease, pdf)
    refused("busy", lambda: engine.run(SYSTEM, letters.attach, first.id, first.lease, pdf))
    assert len(kept(engine, desk, begun.reference)) == 1


def test_only_the_calendar_makes_a_move_an_occasion(engine: Engine, desk: By, clock: Clock) -> None:
    begun = start(engine, desk)
    work(engine)
    clock.move(days=1)
    closed(engine, begun.reference, date(2026, 8, 17))
    moved = [row for row in rows(engine, t.occasion) if row.topic == "clock.moved"]
    assert [row.case_id for row in moved] == [rows(engine, t.case)[0].id]
    assert list(occasions.of_event("clock.moved", {"cause": "fact"})) == []


def test_a_letter_is_owed_though_somebody_acted_before_the_clock_was_dated_by_the_new_days(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    work(engine)
    clock.move(days=5)
    day, said = date(2026, 8, 17), {"kind": "closed", "label": "Fête", "source": "test"}
    engine.run(ADMIN, calendars.add, "morocco", day, **said)
    engine.run(desk, clocks.record, begun.reference, "delay.extended", "sans motif")  # no effect
    assert revised(engine, begun.reference)
    assert not revised(engine, begun.reference)

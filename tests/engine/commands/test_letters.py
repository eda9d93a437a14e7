"""Letters on the legal clock: why a date is the date, and that it has moved."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest

from documents import layouts
from engine.commands import attachments, calendars, clocks, delays, letters, tasks
from engine.commands.dating import date_anew
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.letters import written
from engine.work.worker import work
from tests.conftest import ADMIN, Clock
from tests.documents.test_text import extracted, folded
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.commands.lawful import LAW, TOP
from tests.engine.commands.test_clock_receipts import FILES, ISSUED, RECEIPT
from tests.engine.test_engine import refused, rows

FILED = datetime(2026, 8, 1, 9, tzinfo=UTC)


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    clock.now = FILED
    deploy(engine, *ISSUED, top=TOP, toml=RECEIPT + LAW, files=layouts.closed(FILES))
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

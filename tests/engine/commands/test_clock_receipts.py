"""A receipt prints the legal clock as it stood when it was numbered, whatever came since."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.commands import calendars, certificates, clocks, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work import printing
from engine.work.worker import SYSTEM, certificate_file, rendered, work
from tests.conftest import ADMIN, Clock
from tests.documents.test_text import extracted, folded
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.commands.lawful import FILES, ISSUE, ISSUED, LAW, PARTS, RECEIPT, TOP
from tests.engine.test_engine import rows
from tests.runtime.models import START, ends, flows, node, user

FILED = datetime(2026, 8, 1, 9, tzinfo=UTC)
PLAIN = (START, ISSUE, user("A"), ends("E"), flows("S > R > A > E"))


@pytest.fixture
def desk(engine: Engine, hire: Hire, clock: Clock) -> By:
    clock.now = FILED
    deploy(engine, *ISSUED, top=TOP, toml=RECEIPT + LAW, files=FILES)
    return hire("nadia", "desk", "administrator")


def receipt(engine: Engine) -> dict[str, Any]:
    """What the only receipt of the house prints of its clock."""
    [row] = rows(engine, t.certificate)
    made = engine.read(SYSTEM, certificates.material, row.id)
    found: dict[str, Any] = printing.data(made, "https://x/")["receipt"]
    return found


def test_a_receipt_says_until_when_by_which_text_and_what_silence_means(
    engine: Engine, desk: By, tmp_path: Path
) -> None:
    start(engine, desk)
    work(engine)
    [row] = rows(engine, t.certificate)
    assert row.pages == 1
    text = extracted(certificate_file(engine.settings.files, row.id).read_bytes(), tmp_path)
    for phrase in (
        "L’administration a 15 jours pour vous répondre.", "Ce délai est fixé par : CPC 641.",
        "au plus tard le lundi 17 août 2026 à minuit.", "Le jour du dépôt ne compte pas.",
        "votre demande est acceptée.", "Qui l’atteste :", "Vous avez pour cela 30 jours.",
        "غشت", "الاثنين", "مقبولا",
    ):  # fmt: skip
        assert folded(phrase) in text, (phrase, text)
    assert receipt(engine)["until_fr"] == "17 août 2026"
    assert receipt(engine)["until_ar"] == "17 غشت 2026"


def test_it_comes_out_the_same_whatever_became_of_the_clock_and_of_the_calendar(
    engine: Engine, desk: By, clock: Clock
) -> None:
    begun = start(engine, desk)
    work(engine)
    [row] = rows(engine, t.certificate)
    issued = certificate_file(engine.settings.files, row.id).read_bytes()
    clock.move(days=2)
    for fact in ("complement.requested", "complement.received"):
        engine.run(desk, clocks.record, begun.reference, fact, "on paper")
        clock.move(days=3)
    engine.run(
        ADMIN, calendars.add, "morocco", date(2026, 8, 17), kind="closed", label="Fermeture",
        source="test",
    )  # fmt: skip
    clock.move(days=60)
    work(engine)  # the clock has lapsed
    again = rendered(engine, desk, row.number)
    assert (again.same, again.pdf) == (True, issued)


def test_a_stopped_clock_prints_what_is_left_and_no_date(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    clock.now = FILED
    inside = (
        node("startEvent", "S1"), node("userTask", "ASK", mq__fact="complement.requested"),
        ISSUE, node("userTask", "GET", mq__fact="complement.received"),
        node("userTask", "A", mq__fact="decision.notified"), ends("E1"),
        flows("S1 > ASK > R > GET > A > E1"),
    )  # fmt: skip
    parts = (START, node("subProcess", "SUB", "".join(inside)), *PARTS[2:])
    deploy(engine, *parts, top=TOP, toml=RECEIPT + LAW, files=FILES)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    clock.move(days=4)
    engine.run(desk, tasks.complete, begun.tasks[0], {})
    found = receipt(engine)
    assert "until_fr" not in found
    assert "Il reste 11 jours." in " ".join(found["clock_fr"])
    assert not any("au plus tard" in sentence for sentence in found["clock_fr"])


def test_a_procedure_without_a_clock_against_the_office_prints_none(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    clock.now = FILED
    applicant = """
[clock.complement]
article = "essai"
source = "test"
read = 2026-11-24
obliged = "applicant"
length = [[30, "days"]]
rule = "fr.641"
start = ["case.filed"]
"""
    for key, law, top in (("plain", "", ""), ("theirs", applicant, TOP)):
        files = FILES
        deploy(engine, *PLAIN, key=key, code=key[:3].upper(), top=top, toml=RECEIPT + law,
               files=files)  # fmt: skip
        start(engine, hire(f"nadia.{key}", "desk"), key)
    for row in rows(engine, t.certificate):
        made = engine.read(SYSTEM, certificates.material, row.id)
        assert not {"until", "clock_fr", "clock_ar"} & made.receipt.keys()

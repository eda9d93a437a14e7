"""The demonstration: one legalisation, from deposit to certificate, as its clerks would play it."""

from dataclasses import dataclass
from pathlib import Path

from engine.commands import actors, cases, certificates, procedures, tasks
from engine.commands.cases import EventView
from engine.engine import Engine
from engine.errors import EngineError
from engine.transaction import By
from engine.work.founding import FOUNDER
from engine.work.worker import certificate_file, work
from processes.bundle import Bundle
from processes.catalogue import folders

_PEOPLE = {"nadia": ("Nadia Alaoui", "guichet"), "youssef": ("Youssef Tazi", "legalisateur")}
_OFFICE = "MAR"
# An invented applicant.
_APPLICATION = {
    "name_fr": "Fatima-Zahra Bennani",
    "name_ar": "فاطمة الزهراء بناني",
    "cin": "BX000001",
    "document_type": "procuration",
    "copies": 1,
}


@dataclass(frozen=True, slots=True)
class Played:
    """What the demonstration made."""

    reference: str
    number: str
    file: Path
    history: tuple[EventView, ...]


def play(engine: Engine) -> Played:
    """Deploy the catalogue, register two clerks, and take one application to its certificate."""
    for folder in folders().values():
        engine.run(FOUNDER, procedures.deploy, Bundle.read(folder))
    for login, (name, role) in _PEOPLE.items():
        _ensure(engine, login, name, role)
    desk, signer = By("nadia", channel="demo"), By("youssef", channel="demo")
    begun = engine.run(desk, cases.start, "signature_legalisation", _APPLICATION, _OFFICE)
    engine.run(signer, tasks.claim, begun.tasks[0])
    answers = {"present": True, "identity_checked": True}
    engine.run(signer, tasks.complete, begun.tasks[0], answers)
    work(engine)
    found = next(
        row for row in engine.read(signer, certificates.listing) if row.case == begun.reference
    )
    file = certificate_file(engine.settings.files, found.certificate)
    history = engine.read(signer, cases.history, begun.reference)
    return Played(begun.reference, found.number, file, history)


def _ensure(engine: Engine, login: str, name: str, role: str) -> None:
    try:
        engine.run(FOUNDER, actors.add, login, name)
    except EngineError as error:
        if error.code != "already_exists":
            raise
    engine.run(FOUNDER, actors.grant, login, role, _OFFICE)

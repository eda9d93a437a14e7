"""The demonstration: one legalisation, from deposit to certificate, as its clerks would play it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.commands import actors, cases, delegations, procedures, tasks
from engine.commands.cases import EventView
from engine.engine import Engine
from engine.errors import EngineError
from engine.transaction import By
from engine.work.founding import FOUNDER
from engine.work.worker import certificate_file, work
from processes.bundle import Bundle
from processes.catalogue import folders

PROCEDURE = "signature_legalisation"
_PEOPLE = {
    "nadia": ("Nadia Alaoui", "نادية العلوي", "guichet"),
    "karim": ("Karim Ouazzani", "كريم الوزاني", "regie"),
    "youssef": ("Youssef Tazi", "يوسف التازي", "legalisateur"),
}
_OFFICE, _ORDER = "MAR", "12/2026"
# An invented applicant.
_APPLICATION = {
    "applicant": {
        "name_fr": "Fatima-Zahra Bennani", "name_ar": "فاطمة الزهراء بناني", "cin": "BX000001",
    },
    "quality": "soi_meme", "document_type": "procuration", "document_language": "ar", "copies": 2,
    "destination": "prive", "papers": ["original", "cnie"],
}  # fmt: skip
_CHECKED = {
    "papers_complete": True, "card_valid": True, "identity_proven": True, "signer": "present",
    "blank": False, "content": "ordinaire",
}  # fmt: skip
_STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("nadia", _CHECKED),
    ("karim", {"receipt_number": "Q-2026-0001", "payment_mode": "especes"}),
    ("youssef", {"signed": True}),
    ("nadia", {"handed_to": "signataire"}),
)


@dataclass(frozen=True, slots=True)
class Played:
    """What the demonstration made: `number` is the case's line in the register of signatures."""

    reference: str
    number: str
    file: Path
    history: tuple[EventView, ...]


def play(engine: Engine) -> Played:
    """Deploy the catalogue, register three clerks, take one application to its certificate."""
    for folder in folders().values():
        engine.run(FOUNDER, procedures.deploy, Bundle.read(folder))
    for login, (name, name_ar, role) in _PEOPLE.items():
        _ensure(engine, login, name, name_ar, role)
    _delegate(engine, "youssef")
    desk = By("nadia", channel="demo")
    begun = engine.run(desk, cases.start, PROCEDURE, _APPLICATION, _OFFICE)
    for login, answers in _STEPS:
        work(engine)  # what the step before has asked of the worker
        shown = engine.read(desk, cases.show, begun.reference)
        task = shown.tasks[0][0]
        by = By(login, channel="demo")
        engine.run(by, tasks.claim, task)
        engine.run(by, tasks.complete, task, answers)
    return _played(engine, desk, begun.reference)


def _played(engine: Engine, by: By, reference: str) -> Played:
    values = engine.read(by, cases.show, reference).values
    file = certificate_file(engine.settings.files, values["certificate"]["certificate"])
    history = engine.read(by, cases.history, reference)
    return Played(reference, values["entry"]["number"], file, history)


def _ensure(engine: Engine, login: str, name: str, name_ar: str, role: str) -> None:
    try:
        engine.run(FOUNDER, actors.add, login, name, name_ar)
    except EngineError as error:
        if error.code != "already_exists":
            raise
    engine.run(FOUNDER, actors.grant, login, role, _OFFICE)


def _delegate(engine: Engine, login: str) -> None:
    """Give the order under which signatures are certified, once."""
    known = engine.read(FOUNDER, delegations.listing, "legalisation")
    if not any(row.to == login for row in known):
        engine.run(FOUNDER, delegations.add, "legalisation", login, _OFFICE, _ORDER)

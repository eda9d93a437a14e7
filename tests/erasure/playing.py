"""One person's cases, in which personal values take every way that they can take."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.commands import attachments, cases, incidents, life, messages, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.transaction import By
from engine.work.worker import spread, work
from tests.conftest import ADMIN, Clock, deploy

CIN = "QK918273"
APPLICANT = {
    "name_fr": "Zoubida Qarmoudi", "name_ar": "زبيدة القرمودي", "cin": CIN,
    "birth_date": "1987-05-23",
}  # fmt: skip
PAPER = b"%PDF-1.4\n(Livret de famille de Zoubida Qarmoudi)\n%%EOF"
# What nobody may find afterwards, each a text that stands nowhere else.
SECRETS = (
    "Zoubida", "Qarmoudi", "Quermoudi", "زبيدة", "القرمودي", CIN, "1987-05-23", "Yamna", "Tazourit",
    "Wazzanine", "+212661998877", "kasbah d'Amergou", "figuier mitoyen",
    "cousine germaine", "brouillon illisible", "rappel télégraphié", "veuve depuis peu",
    "erreur d'état civil", "oubli de la voisine", "se désiste pour maladie",
    "zq.amergou@exemple.ma", "+212771445566",
    "écrite de la main gauche", "Livret de famille", "sur papier libre", "Moulay Yacoub",
    "tante maternelle", "demi-sœur",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Played:
    """The references of what was played, and a certificate that was issued."""

    first: str
    second: str
    third: str
    spoilt: str
    plain: str


def play(engine: Engine, hire: Callable[..., By], clock: Clock) -> Played:
    """Play five cases of one person; the last is of another procedure."""
    deploy(engine, "household")
    deploy(engine, "attestation")
    desk = hire("nadia", "desk", "guichet", "legalisateur")
    chief = hire("omar", "chief")
    second = _begun(engine, desk, key="k-start")
    first = _begun(engine, desk, partner=second)
    third = _begun(engine, desk)
    spoilt = _begun(engine, desk, spoilt=True)
    for reference in (first, second, third, spoilt):
        _heard(engine, desk, reference)
    _corrected(engine, desk, first)
    work(engine)  # the first case's message reaches the second
    for reference in (third, spoilt):
        given = {"detail": "rappel télégraphié"}
        engine.run(desk, messages.send, "household_news", reference, given)
    engine.run(desk, attachments.add, first, "card", PAPER)
    engine.run(desk, cases.note, first, "À traiter avec une veuve depuis peu.")
    _refused(engine, desk, first)
    signed = {"statement": "Signature écrite de la main gauche"}
    [task] = _tasks(engine, chief, second, "Signer")
    engine.run(chief, tasks.save_draft, task, {"statement": "brouillon illisible"})
    for reference in (first, spoilt):
        [task] = _tasks(engine, chief, reference, "Signer")
        engine.run(By("omar", key=f"k{task}", channel="test"), tasks.complete, task, signed)
    _failing(engine, clock, desk, spoilt)
    _turned(engine, clock, desk, third)
    engine.run(desk, cases.cancel, third, "Elle se désiste pour maladie")
    plain = _plain(engine, desk)
    spread(engine)
    return Played(first, second, third, spoilt, plain)


def begun_by_another(engine: Engine, desk: By, number: int = 0) -> str:
    """A case of somebody else."""
    other = {
        "name_fr": "Aziza Benhaddou", "name_ar": "عزيزة بنحدو", "cin": f"BE{100000 + number}",
        "birth_date": "1979-11-02",
    }  # fmt: skip
    given = {"applicant": other, "witnesses": [{"name": "Rkia"}], "remark": f"Remarque {number}"}
    return engine.run(desk, cases.start, "household", given, "MAR").reference


def begun_again(engine: Engine, desk: By) -> str:
    """One more case of the same person."""
    return _begun(engine, desk)


def _begun(engine: Engine, desk: By, key: str | None = None, **more: Any) -> str:
    application = {
        "applicant": APPLICANT,
        "witnesses": [{"name": "Yamna Tazourit"}, {"name": "Itto Wazzanine"}],
        "phones": ["+212661998877"],
        "mail": "zq.amergou@exemple.ma",
        "mobile": "+212771445566",
        "remark": "Habite la kasbah d'Amergou",
        **more,
    }
    by = By(desk.actor, key=key, channel="test")
    return engine.run(by, cases.start, "household", application, "MAR").reference


def _heard(engine: Engine, desk: By, reference: str) -> None:
    """Both witnesses are heard, one of them twice; the telephone is called."""
    first, _ = _tasks(engine, desk, reference, "Entendre")
    engine.run(desk, tasks.complete, first, {"statement": "Le figuier mitoyen est à elle"})
    engine.run(desk, tasks.reopen, first, "Par oubli de la voisine")
    for task in _tasks(engine, desk, reference, "Entendre"):
        engine.run(desk, tasks.complete, task, {"statement": "C'est sa cousine germaine"})
    [task] = _tasks(engine, desk, reference, "Appeler")
    engine.run(desk, tasks.complete, task, {})


def _corrected(engine: Engine, desk: By, reference: str) -> None:
    right = {**APPLICANT, "name_fr": "Zoubida Quermoudi"}
    engine.run(desk, cases.rectify, reference, "applicant", right, "Une erreur d'état civil")


def _refused(engine: Engine, desk: By, reference: str) -> None:
    """Acts that are refused: recorded with the names of fields alone, or not at all."""
    [task] = _tasks(engine, desk, reference, "Signer")
    wrong = {"statement": 5, "Zoubida Qarmoudi": "QK918273"}
    for by, values in ((desk, {"statement": "brouillon illisible"}), (By("omar"), wrong)):
        try:
            engine.run(by, tasks.complete, task, values)
        except EngineError as error:
            assert error.code in ("not_your_role", "form_invalid")  # noqa: PT017
        else:
            raise AssertionError("it was to be refused")


def _turned(engine: Engine, clock: Clock, desk: By, reference: str) -> None:
    """A case rests, goes on, is moved, ends by mistake, and is set back: each with its reason."""
    engine.run(desk, life.suspend, reference, "Partie en cure à Moulay Yacoub")
    clock.move(days=2)
    engine.run(desk, life.resume, reference, "Rentrée de Moulay Yacoub")
    engine.run(ADMIN, life.move, reference, "Sign", "Sign", "Revenue avec sa tante maternelle")
    ended = engine.run(desk, cases.cancel, reference, "Confondue avec sa demi-sœur").seq
    engine.run(ADMIN, life.restart, reference, ended, "Ce n'était pas sa demi-sœur")


def _failing(engine: Engine, clock: Clock, desk: By, reference: str) -> None:
    """The badly written certificate fails until a person must see to it."""
    for _ in range(8):
        work(engine)
        clock.move(hours=1)
    engine.run(desk, cases.cancel, reference, "Modèle fautif")
    [incident] = engine.read(ADMIN, incidents.listing)
    engine.run(ADMIN, incidents.resolve, incident.id, "Rendue à Zoubida Qarmoudi sur papier libre")


def _plain(engine: Engine, desk: By) -> str:
    given = {name: APPLICANT[name] for name in ("name_fr", "name_ar", "cin")}
    given |= {"document_type": "bail", "copies": 2}
    begun = engine.run(desk, cases.start, "attestation", given, "MAR")
    engine.run(desk, tasks.complete, begun.tasks[0], {"present": True, "identity_checked": True})
    work(engine)
    return begun.reference


def _tasks(engine: Engine, by: By, reference: str, name: str) -> list[int]:
    shown = engine.read(by, cases.show, reference)
    return [key for key, called, _ in shown.tasks if called.startswith(name)]

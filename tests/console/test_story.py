"""The history of a case, told: every kind of event has its sentence."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console import story
from console.context import Face
from console.options import Choices
from engine.commands.cases import EventView

ROOT = Path(__file__).parent.parent.parent
_KIND = re.compile(
    r'(?:record|apply)\([^"]*"((?:case|task|certificate|clock|fact|timer|message|operation|incident)\.[a-z_]+)"'
)


def recorded() -> set[str]:
    """The kinds of events that commands and operations record."""
    folders = [ROOT / "engine/commands", ROOT / "engine/operations"]
    return {
        kind
        for folder in folders
        for path in folder.glob("*.py")
        for kind in _KIND.findall(path.read_text(encoding="utf-8"))
    }


def event(kind: str, **body: object) -> EventView:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    labels = {"Sign": ("Signature", "Agent")}
    return EventView(1, kind, at, "nadia", "Nadia Alaoui", labels, (), body)


def test_every_kind_of_event_has_a_sentence() -> None:
    assert "task.completed" in recorded()
    assert recorded() <= set(story.SENTENCES)


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize("kind", story.SENTENCES)
def test_a_sentence_names_who_and_what(kind: str, language: str) -> None:
    body = {"task": "Sign", "reason": "erreur", "name": "copies", "message": "Paiement",
            "signal": "alerte",
            "what": "deed", "code": "http.404", "origin": "LEG-1", "clock": "decision",
            "due": "2026-10-12", "silence": "consent", "reminder": "80%", "fact": "case.filed",
            "result": {"number": "N/1"}}  # fmt: skip
    told = story.told(event(kind, **body), Face(Choices(lang=language)))
    assert "?" not in told
    assert (
        "Nadia Alaoui" in told
        or "LEG-1" in told
        or kind.split(".")[0]
        in (
            "certificate",
            "clock",
            "timer",
            "message",
            "signal",
            "incident",
            "operation",
        )
    )


def test_what_was_decided_and_what_is_awaited_is_told() -> None:
    outcome = {
        "opened": [[3, "Sign", "task"]],
        "decisions": [["Gate", "admissibility", "accepted", {}]],
        "ended": None,
    }
    told = story.told(
        event("task.completed", task="Sign", outcome=outcome), Face(Choices(lang="fr"))
    )
    assert "admissibility » a décidé" in told.replace("\u00a0", " ")
    assert "attend « Signature » (Agent)".replace(" ", "") in told.replace("\u00a0", "").replace(
        " ", ""
    )


def test_a_remark_cannot_move_the_cursor() -> None:
    told = story.told(event("case.cancelled", reason="\x1b[2Jfin"), Face(Choices(lang="fr")))
    assert "\x1b" not in told


def test_answers_are_told_by_their_questions_results_by_the_step() -> None:
    answers = (("Nombre d'exemplaires", 2), ("Pièces", ["Original", "Carte"]), ("Né le", None))
    body = {"outcome": {"replies": [["Sign", "register.take", {"number": "R/1"}, None]]}}
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    shown = EventView(1, "task.completed", at, "nadia", "Nadia", {"Sign": ("Registre", "")},
                      answers, body)  # fmt: skip
    told = story.told(shown, Face(Choices(lang="fr")))
    assert "Nombre d'exemplaires : 2" in told
    assert "Pièces : Original, Carte" in told
    assert "Né le : -" in told
    assert "Registre » est fait : R/1" in told.replace("\u00a0", " ")

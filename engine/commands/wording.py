"""What a procedure says to people, in the language of who reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.commands import procedures, tasks
from engine.transaction import Transaction

_WORDS = frozenset({"title", "x-hint", "x-error", "x-after", "x-page"})


@dataclass(frozen=True, slots=True)
class Worded:
    """A name and a form whose texts are in one language; what has no translation is French."""

    name: str
    form: dict[str, Any] | None


def task(tx: Transaction, task: int, language: str) -> Worded:
    """A task and its form as a person reads them."""
    shown = tasks.show(tx, task)
    case = tx.see_case(shown.case)
    told = tx.version(case.version_id).bundle.translations
    return _worded(shown.name, shown.form, lambda text: told.text(text, language))


def procedure(tx: Transaction, procedure: str, language: str) -> Worded:
    """The procedure in effect and the form that a case starts with."""
    shown = procedures.show(tx, procedure)
    told = procedures.in_effect(tx, procedure).bundle.translations
    return _worded(shown.name, shown.form, lambda text: told.text(text, language))


def _worded(name: str, form: dict[str, Any] | None, told: Callable[[str], str]) -> Worded:
    return Worded(told(name), _form(form, told) if form is not None else None)


def _form(node: Any, told: Callable[[str], str]) -> Any:
    if isinstance(node, list):
        return [_form(item, told) for item in node]
    if not isinstance(node, dict):
        return node
    found = {
        key: told(value) if key in _WORDS and isinstance(value, str) else _form(value, told)
        for key, value in node.items()
    }
    if isinstance(labels := node.get("x-labels"), dict):
        found["x-labels"] = {key: told(str(label)) for key, label in labels.items()}
    return found

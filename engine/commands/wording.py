"""What a procedure says to people, in the language of who reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from engine.commands import answering, procedures, tasks
from engine.transaction import Transaction, Version

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
    return _worded(tx, shown.name, shown.form, tx.version(case.version_id), language)


def procedure(tx: Transaction, procedure: str, language: str) -> Worded:
    """The procedure in effect and the form that a case starts with."""
    shown = procedures.show(tx, procedure)
    return _worded(tx, shown.name, shown.form, procedures.in_effect(tx, procedure), language)


def _worded(
    tx: Transaction, name: str, form: dict[str, Any] | None, version: Version, language: str
) -> Worded:
    text = partial(version.bundle.translations.text, language=language)
    listed = partial(_listed, tx, language)
    return Worded(text(name), _form(form, text, listed) if form is not None else None)


def _listed(tx: Transaction, language: str, source: str) -> dict[str, str]:
    """The choices of a list by what people read."""
    return {
        key: names[1] if language == "ar" else names[0]
        for key, names in answering.LISTS[source](tx).items()
    }


def _form(node: Any, text: Callable[[str], str], listed: Callable[[str], dict[str, str]]) -> Any:
    if isinstance(node, list):
        return [_form(item, text, listed) for item in node]
    if not isinstance(node, dict):
        return node
    found = {
        key: text(value) if key in _WORDS and isinstance(value, str) else _form(value, text, listed)
        for key, value in node.items()
    }
    if isinstance(labels := node.get("x-labels"), dict):
        found["x-labels"] = {key: text(str(label)) for key, label in labels.items()}
    if isinstance(source := node.get("x-source"), str):
        found["x-labels"] = listed(source)
        found["enum"] = list(found["x-labels"])
    return found

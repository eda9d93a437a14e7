"""Texts in several languages, from which a person gets theirs."""

from collections.abc import Mapping
from typing import Any

from engine.operations.operation import Unanswered
from engine.settings import LANGUAGES


def language(inputs: Mapping[str, Any]) -> str:
    """The language that the inputs name; French where they name none. Raises Unanswered."""
    found = inputs.get("language") or LANGUAGES[0]
    if found not in LANGUAGES:
        raise Unanswered(f"the language is none of {', '.join(LANGUAGES)}", hopeless=True)
    return str(found)


def told(given: Any, spoken: str, name: str) -> str:
    """A text, or the one of several that is in this language; raises Unanswered."""
    found = given.get(spoken) if isinstance(given, dict) else given
    if not isinstance(found, str) or not found.strip():
        raise Unanswered(f"the {name} says nothing in {spoken}", hopeless=True)
    return found

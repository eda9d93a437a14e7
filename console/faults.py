"""Faults of a procedure in the reader's language."""

from collections.abc import Mapping
from typing import Any


def translated(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A finding as a document has it, in the reader's language; `trace` only where there is one."""
    from engine.deployment.sentences import MESSAGES
    from engine.i18n import text

    found = dict(row)
    words, sentence = found.pop("words", None) or {}, found.pop("sentence", "")
    trace = list(found.pop("trace", ()))
    if sentence in MESSAGES:
        message, remedy = MESSAGES[sentence]
        found["message"] = text(message, language, **words)
        found["remedy"] = text(remedy, language, **words)
    return found | ({"trace": trace} if trace else {})

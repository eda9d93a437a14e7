"""Faults of a procedure in the reader's language."""

from collections.abc import Mapping
from typing import Any


def translated(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A finding as a document has it; what checks of clocks and law say is translated."""
    from engine.deployment.clock_texts import MESSAGES
    from engine.i18n import text

    found = dict(row)
    words = found.pop("words", None)
    if words is not None and found["code"] in MESSAGES:
        message, remedy = MESSAGES[found["code"]]
        found |= {
            "message": text(message, language, **words),
            "remedy": text(remedy, language, **words),
        }
    return found

"""How a fault is told where everybody may read it."""

import traceback
from pathlib import Path

from documents.errors import DocumentError
from engine.errors import EngineError


def said(error: Exception) -> str:
    """A failure in words that quote no value: a bug is named by its type and place, a document's
    fault by its code and the line of the template."""
    if isinstance(error, DocumentError):
        return error.told
    if isinstance(error, (EngineError, OSError)):
        return str(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {place.name} ({Path(place.filename).name}:{place.lineno})"

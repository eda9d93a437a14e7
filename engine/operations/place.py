"""Where in a case an operation is asked for."""

from dataclasses import dataclass

from engine.store.types import Record
from engine.transaction import Version


@dataclass(frozen=True, slots=True)
class Place:
    """A case, held, the version it runs on, and the element that its token has reached."""

    case: Record
    version: Version
    element: str
    token: int

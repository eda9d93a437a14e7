"""What surrounds a case that is rehearsed: a clock that waits move, nobody outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.runtime.errors import Erased
from engine.runtime.values import Sealed
from engine.runtime.world import MISSING

ZONE: Final = ZoneInfo("Africa/Casablanca")
BEGINNING: Final = datetime(2026, 1, 5, 9, tzinfo=ZONE)
_INSIDE = frozenset({"message.send", "signal.send"})


class Rehearsed:
    """The world of one rehearsal, shared by all its cases.

    They share one reference too: what sends and waits without a key of its own is in the same
    conversation.
    """

    zone = ZONE
    calendar = None

    def __init__(self, now: datetime = BEGINNING) -> None:
        self.now = now
        self.case: Mapping[str, Any] = {
            "reference": "R-1", "started": now, "office": "", "procedure": "",
        }  # fmt: skip
        self.sent: list[tuple[str, Mapping[str, Any]]] = []

    def open(self, sealed: Sealed) -> Any:
        """Nothing is sealed here."""
        raise Erased

    def seal(self, name: str, value: Any) -> Sealed:
        """A rehearsal has no forms, so no personal values."""
        del value
        return Sealed(name.encode())

    def recorded(self, element: str, slot: str) -> Any:
        """Nothing was recorded before."""
        del element, slot
        return MISSING

    def perform(self, operation: str, inputs: Mapping[str, Any], element: str, token: int) -> Any:
        """Keep what is sent until the step is over."""
        del element, token
        self.sent.append((operation, inputs))

    def is_inside(self, operation: str) -> bool:
        """What is sent goes at once; every other operation is answered."""
        return operation in _INSIDE

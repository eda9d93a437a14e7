"""Where in a case an operation is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.store.types import Record
from engine.transaction import Version


@dataclass(frozen=True, slots=True)
class Place:
    """A case, held, the version it runs on, and the element that its token has reached.

    `data` are the variables of the case when an outside operation is asked for.
    """

    case: Record
    version: Version
    element: str
    token: int
    data: Mapping[str, Any] = field(default_factory=dict)

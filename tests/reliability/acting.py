"""What is done in a house to see whether it is whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from engine.transaction import By
from tests.reliability.house import House


class Again(Enum):
    """What the repetition of a command that was done gives."""

    SAME = auto()  # the same answer, by its key
    HARMLESS = auto()  # the same answer without a key: it is done already
    LATE = auto()  # a refusal: the lease was used up
    NEXT = auto()  # whatever there is to do next


@dataclass(frozen=True)
class Act:
    """Who does what, on which case, and what comes of doing it twice."""

    by: By
    command: Callable[..., Any]
    args: tuple[Any, ...]
    case: str | None = None
    again: Again = Again.SAME
    named: dict[str, Any] = field(default_factory=dict)


Acting = Callable[[House], Act]

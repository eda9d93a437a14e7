"""What execution may ask of outside, and what it tells: the types at the wall.

Execution is pure: bytes in, a `Step` out. All that is not in the bytes (the time, the case's
facts, the calendar, personal values, operations) comes through a `World`. The engine's is live;
replay's answers from what the history recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from engine.runtime.values import Sealed


class _Missing:
    """No outcome was recorded."""


MISSING: Final = _Missing()


class World(Protocol):
    """What surrounds one command."""

    @property
    def now(self) -> datetime:
        """The moment of the command, aware."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the city: what a day is."""

    @property
    def case(self) -> Mapping[str, Any]:
        """What expressions see as `case`: reference, started, office, procedure."""

    @property
    def calendar(self) -> Any:
        """The calendar of working days, or None."""

    def open(self, sealed: Sealed) -> Any:
        """The personal value behind a commitment; raises Erased."""

    def seal(self, name: str, value: Any) -> Sealed:
        """Put a personal value away; its commitment."""

    def recorded(self, element: str, slot: str) -> Any:
        """What this evaluation gave when the case was first executed, or MISSING."""

    def perform(self, operation: str, inputs: Mapping[str, Any], element: str, token: int) -> Any:
        """Do an inside operation now; raises BusinessError."""

    def is_inside(self, operation: str) -> bool:
        """Whether an operation is done at once, or waits for the worker."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What a token waits for.

    `kind` is task, timer, clock, message, signal, condition or operation; `due` is a timer's
    moment, `name` and `key` a message's, `name` a signal's and the text of a condition, `name` and
    `inputs` an operation's; a clock's are `name`, `key` where it runs for
    each of several, and `reminder` where its end is not yet meant.
    """

    token: int
    element: str
    kind: str
    due: datetime | None = None
    name: str = ""
    key: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict, hash=False)
    reminder: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision taken; a trace that would show a personal value is sealed, under `sealed`."""

    element: str
    decision: str
    value: Any
    trace: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What an inside operation answered: its result, or the code of its business error."""

    element: str
    operation: str
    result: Any
    error: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Derived:
    """What an evaluation that opened a personal value gave: a fact, or a value sealed again."""

    element: str
    slot: str
    value: Any


@dataclass(frozen=True, slots=True)
class Step:
    """What a command made of a case.

    `flows` are the elements entered and the sequence flows taken, in order; `facts` the elements
    with `mq:fact` that tokens left, each with what its token knew; `conflicts` name the
    variables that two branches changed differently before they were joined; `ended` is None,
    "completed" or "cancelled".
    """

    state: bytes
    digest: bytes
    opened: tuple[Wait, ...]
    closed: tuple[Wait, ...]
    flows: tuple[str, ...]
    facts: tuple[tuple[str, Mapping[str, Any]], ...]
    decisions: tuple[Decided, ...]
    replies: tuple[Reply, ...]
    derived: tuple[Derived, ...]
    conflicts: tuple[str, ...]
    data: Mapping[str, Any]
    ended: str | None

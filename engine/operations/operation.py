"""What an operation is: the types that the registry, the worker and plug-ins share.

An *inside* operation has a `run` alone: it works in the command's transaction. An *outside* one has
a `call` besides: the worker makes it, outside any transaction, and brings its answer back. A call
ends in one of four ways: its result; `BusinessError`, which the model catches by its code;
`Unanswered`, which is tried again; any other exception, which is a fault of the program.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from engine.operations.place import Place
from engine.operations.signature import Signature
from engine.settings import Settings
from engine.transaction import Transaction

MOST_ATTEMPTS = 5
"""What the worker allows any job."""


class Unanswered(Exception):
    """No answer was had. The reason quotes no value of the case: people read it in the incident.

    `hopeless`: trying again cannot help, a person must look first. `perhaps_done`: the other side
    may have done it all the same. `after`: seconds that the other side asks to be left alone.
    """

    def __init__(
        self, reason: str, *, hopeless: bool = False, perhaps_done: bool = False, after: int = 0
    ) -> None:
        super().__init__(reason)
        self.reason, self.hopeless = reason, hopeless
        self.perhaps_done, self.after = perhaps_done, after


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that a case holds: what it is called outside, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """All that a call may use.

    `key` is the same at every attempt and for no other call; `timeout` is in seconds; `secret`
    gives the secret of this name for this host, `paper` a file of the case by its id.
    """

    inputs: Mapping[str, Any]
    key: str
    now: datetime
    timeout: float
    settings: Settings
    secret: Callable[[str, str], str]
    paper: Callable[[str], Paper]


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a call is tried, after what delays and for how long at most, in seconds.

    The delay doubles from `first` to `longest`. `timeout` is for one attempt.
    """

    attempts: int = MOST_ATTEMPTS
    first: int = 20
    longest: int = 3600
    timeout: int = 30

    def __post_init__(self) -> None:
        if not (1 <= self.attempts <= MOST_ATTEMPTS and self.first > 0 and self.timeout > 0):
            raise ValueError(f"attempts are 1 to {MOST_ATTEMPTS}, delays are more than nothing")

    def wait(self, job: int, attempt: int) -> timedelta:
        """How long after this attempt (from 1) the next one is due.

        Up to a quarter more or less, drawn from the job's id: calls that failed together do not
        come again together, and a repetition of the command gives the same moment.
        """
        drawn = int.from_bytes(sha256(f"{job}/{attempt}".encode()).digest()[:4], "big") / 2**32
        seconds = min(self.first * 2 ** (attempt - 1), self.longest)
        return timedelta(seconds=round(seconds * (0.75 + drawn / 2)))


Run = Callable[[Transaction, Place, Mapping[str, Any]], Any]


def _nothing_missing(_: Settings) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, complete.

    `run` works in the transaction of the step; for an outside operation it writes the job.
    `errors` are the codes that a boundary error event may catch; `any_error`: those that the model
    itself names. `idempotent`: the other side does
    it once, however often it is called with the same key. `shows`: the answer can tell what
    personal inputs said. `secrets` are the names it always needs; `missing` tells what else the
    settings lack.
    """

    name: str
    takes: Signature
    gives: Signature
    run: Run
    call: Callable[[Call], Mapping[str, Any]] | None = None
    inside: bool = False
    idempotent: bool = True
    shows: bool = False
    retry: Retry = Retry()
    errors: frozenset[str] = frozenset()
    any_error: bool = False
    secrets: frozenset[str] = frozenset()
    missing: Callable[[Settings], tuple[str, ...]] = _nothing_missing

    def check_config(self, settings: Settings) -> tuple[str, ...]:
        """What the settings lack before this can be called; nothing where they are complete."""
        kept = settings.secrets()
        lacking = (f"secret {name}" for name in sorted(self.secrets - kept.keys()))
        return (*lacking, *self.missing(settings))

"""Many incidents at once: each by a command of its own, so that one that cannot be is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.commands import incidents
from engine.engine import Engine
from engine.errors import EngineError
from engine.transaction import By


@dataclass(frozen=True, slots=True)
class Refused:
    """An incident that could not be tried again, and why."""

    id: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of many: those that are tried again, and those that are not."""

    retried: tuple[int, ...]
    refused: tuple[Refused, ...]


def retry_many(
    engine: Engine, by: By, asked: Mapping[str, Any], *, rehearse: bool = False
) -> Retried:
    """Try again all open incidents that `asked` leaves (see `incidents.listing`).

    A key is made one for each incident; `rehearse` checks and changes nothing.
    """
    act = engine.rehearse if rehearse else engine.run
    retried, refused = [], []
    for row in engine.read(by, incidents.listing, **asked):
        own = replace(by, key=f"{by.key}/{row.id}" if by.key else None)
        try:
            retried.append(act(own, incidents.retry, row.id).id)
        except EngineError as error:
            refused.append(Refused(row.id, error.code, error.remedy()))
    return Retried(tuple(retried), tuple(refused))

"""Batches: worked through item by item, in slices between which the work of others comes."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands import batches, jobs
from engine.commands.batches import Piece
from engine.engine import Engine
from engine.errors import EngineError, Kind
from engine.transaction import By
from engine.work.telling import said

SYSTEM = By("system", channel="worker")
# How long pressing work waits for a batch, at most, beside the item in hand.
SLICE = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Previewed:
    """What an act would meet at one item: `code` and `reason` where it would be refused."""

    number: int
    case: str | None
    target: int | None
    code: str | None
    reason: str | None


def run(engine: Engine, job: jobs.Job) -> None:
    """Do items of a batch for a while, then put the rest back behind the work of others."""
    batch, until = job.payload["batch"], time.monotonic() + SLICE
    while (due := engine.read(SYSTEM, batches.due, batch)).numbers:
        by = By(due.actor, channel="batch")
        if not all(
            time.monotonic() < until and _done(engine, by, job, batch, number)
            for number in due.numbers
        ):
            break
    engine.run(SYSTEM, batches.go_on, batch, job.id, job.lease)


def _done(engine: Engine, by: By, job: jobs.Job, batch: int, number: int) -> bool:
    """Do one item, or mark why it cannot be; whether the slice goes on."""
    code, fault = "unexpected", ""
    try:
        return engine.run(by, batches.act, batch, number).goes_on
    except EngineError as error:
        if error.kind is Kind.UNAVAILABLE:
            raise  # no fault of the item: the rest would meet it too
        if error.code == "busy":
            return False  # others are at this case: the item stays due
        code = error.code
    except MemoryError:
        raise  # nothing more can be trusted to work here
    except Exception as error:  # noqa: BLE001 - the fault of one item does not stop the others
        fault = said(error)
    engine.run(SYSTEM, batches.refused, batch, number, code, job.id, fault)
    return True


def preview(
    engine: Engine, by: By, act: str, pieces: tuple[Piece, ...], arguments: Mapping[str, Any]
) -> Iterator[Previewed]:
    """Run the very command of each item and take it back: what would be done, and what refused."""
    for piece in pieces:
        code = reason = None
        try:
            engine.rehearse(by, batches.once, act, piece, arguments)
        except EngineError as error:
            code, reason = error.code, str(error)
        yield Previewed(piece.number, piece.case, piece.target, code, reason)

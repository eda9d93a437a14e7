"""A notice of the payment gateway as it comes in: its signature is looked at before anything."""

from engine.commands import payments
from engine.commands.payments import Noticed
from engine.engine import Engine
from engine.errors import EngineError
from engine.operations.payments import noticed
from engine.work.worker import SYSTEM

LARGEST = 100_000  # bytes


def take(engine: Engine, body: bytes, signature: str) -> Noticed:
    """Wake the payment that a notice is about; raises EngineError `notice_refused`."""
    order = noticed(engine.settings, body, signature) if len(body) <= LARGEST else None
    if order is None:
        raise EngineError("notice_refused")
    return engine.run(SYSTEM, payments.notice, order)

"""Notices of a payment gateway: they wake the question, and decide nothing."""

from dataclasses import dataclass

from engine.operations import calls
from engine.operations.payments import NAME
from engine.runtime.values import pack, unpack
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction

_LONGEST = 9  # digits of a token


@dataclass(frozen=True, slots=True)
class Noticed:
    """Whether a payment is asked after at once; not where it is settled already, or unknown."""

    woken: bool


def notice(tx: Transaction, order: str) -> Noticed:
    """Ask after a payment now: the gateway says that something happened to this order.

    One that comes twice, late, or for an order that nobody knows changes nothing. While a worker
    is just asking it is noted, so that the worker asks again.
    """
    row = _waiting(tx, order)
    if row is None:
        return Noticed(woken=False)
    tx.hold_case(row.case_id)
    row = tx.store.get(t.job, id=row.id)
    if row.status != "due":
        return Noticed(woken=False)
    payload = pack(unpack(row.payload) | {"woken": row.lease})
    tx.store.change(t.job, row.id, retry_at=None, payload=payload)
    tx.store.wake()
    return Noticed(woken=True)


def _waiting(tx: Transaction, order: str) -> Record | None:
    """The job that waits for the payment of this order."""
    reference, _, token = order.rpartition("/")
    case = tx.store.case(reference)
    if case is None or not token.isdecimal() or len(token) > _LONGEST:
        return None
    row = tx.store.one(t.job, case_id=case.id, token=int(token), kind=calls.KIND, status="due")
    return row if row is not None and unpack(row.payload)["operation"] == NAME else None

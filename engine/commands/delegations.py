"""Delegations of signature: by which order, for what act, where, and from when to when.

An act that needs one names it in the model (`mq:delegation`); whoever completes that task must
hold a delegation in force, in the office of the case, on the day.
"""

from dataclasses import dataclass
from datetime import date

from engine.commands import duties
from engine.commands.lines import line
from engine.errors import EngineError
from engine.store import delegations as queries
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A delegation of signature as it was registered; `until` and `ended` are its last days."""

    id: int
    act: str
    to: str
    office: str
    order: str
    since: date
    until: date | None
    ended: date | None


@dataclass(frozen=True, slots=True)
class Delegation:
    """A delegation, by its id."""

    id: int


def add(
    tx: Transaction, act: str, to: str, office: str, order: str,
    since: date | None = None, until: date | None = None,
) -> Delegation:  # fmt: skip
    """Register an order that delegates a signature, from today where no day is named.

    `order` is its number and date; `until` its last day.
    """
    since = since or tx.today
    actor, place = tx.store.one(t.actor, login=to), tx.store.one(t.office, short=office)
    if actor is None:
        raise EngineError("unknown_actor", login=to)
    if place is None:
        raise EngineError("unknown_office", office=office)
    if not order.strip():
        raise EngineError("reason_missing", act="delegations.add (number of the order)")
    duties.administers(tx, place)
    act, order = line("act", act, 60), line("order", order, 80)
    if until is not None and until < since:
        expected = f"It cannot end before {since}."
        raise EngineError("bad_value", name="until", value=until, expected=expected)
    key = tx.store.add(
        t.delegation, act=act, actor_id=actor.id, office_id=place.id, order_number=order,
        since=since, until=until, registered_at=tx.now, registered_by=tx.actor.id,
    )  # fmt: skip
    return Delegation(int(key))


def end(tx: Transaction, delegation: int, on: date, reason: str) -> Delegation:
    """End a delegation: `on` is its last day; what was signed before stays signed.

    One that has ended can end earlier, never later: that takes a new order.
    """
    row = tx.store.one(t.delegation, id=delegation)
    if row is None:
        raise EngineError("unknown_delegation", delegation=delegation)
    if not reason.strip():
        raise EngineError("reason_missing", act="delegations.end")
    duties.administers(tx, tx.store.get(t.office, id=row.office_id))
    if row.ended_on is not None and on > row.ended_on:
        expected = f"It ended on {row.ended_on}; register a new order."
        raise EngineError("bad_value", name="on", value=on, expected=expected)
    tx.store.change(t.delegation, row.id, ended_on=on, end_reason=reason)
    return Delegation(row.id)


def listing(tx: Transaction, act: str | None = None) -> tuple[DelegationRow, ...]:
    """Every delegation, past ones too, in the order of their registration."""
    offices = {row.id: row.short for row in tx.store.all(t.office)}
    logins = {row.id: row.login for row in tx.store.all(t.actor)}
    found = tx.store.all(t.delegation, **({"act": act} if act else {}))
    return tuple(
        DelegationRow(
            r.id, r.act, logins[r.actor_id], offices[r.office_id], r.order_number, r.since,
            r.until, r.ended_on,
        )
        for r in sorted(found, key=lambda row: row.id)
    )  # fmt: skip


def require(tx: Transaction, act: str, office: Record, day: date) -> str:
    """The order under which the actor signs this act here today; refused where there is none."""
    order = queries.order(tx.store, tx.actor.id, act, office, day)
    if order is None:
        raise EngineError(
            "no_delegation", login=tx.actor.login, act=act, office=office.name_fr, day=day
        )
    return order

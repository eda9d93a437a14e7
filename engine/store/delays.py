"""The clocks of many cases: those that will run out, and those that were closed in a period."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from engine.store import tables as t
from engine.store.store import Store
from engine.store.types import Record

_clocks = (
    select(t.clock, t.case.c.reference, t.case.c.procedure, t.office.c.short)
    .join(t.case, t.case.c.id == t.clock.c.case_id)
    .join(t.office, t.office.c.id == t.clock.c.office_id)
)  # fmt: skip
_LARGEST = 1_000_000


def _of(query: Select[Any], offices: Collection[int] | None) -> Select[Any]:
    return query if offices is None else query.where(t.clock.c.office_id.in_(sorted(offices)))


def lapsing(
    store: Store, offices: Collection[int] | None, until: date | None, limit: int
) -> Sequence[Record]:
    """Running clocks, the nearest end first; of these offices (None: every one)."""
    query = _of(_clocks, offices).where(t.clock.c.state == "running")
    if until is not None:
        query = query.where(t.clock.c.due <= until)
    found: Sequence[Record] = store.execute(
        query.order_by(t.clock.c.effect_at, t.clock.c.id).limit(limit)
    ).all()
    return found


def closed(
    store: Store, offices: Collection[int] | None, since: date, until: date,
    procedure: str | None,
) -> Sequence[Record]:  # fmt: skip
    """Clocks that came to their end between two days, both included."""
    query = _of(_clocks, offices).where(
        t.clock.c.state.in_(("ended", "lapsed", "cancelled")),
        t.clock.c.closed_on >= since, t.clock.c.closed_on <= until,
    )  # fmt: skip
    if procedure is not None:
        query = query.where(t.case.c.procedure == procedure)
    found: Sequence[Record] = store.execute(query.limit(_LARGEST)).all()
    return found


def counting(
    store: Store, offices: Collection[int], first: date, last: date, after: int, limit: int | None
) -> Sequence[int]:
    """Cases of these offices with a clock that counts a day of a span: it runs, or has lapsed.

    Those whose id is greater than `after`, in order.
    """
    own = t.clock.c
    query = (
        select(own.case_id)
        .where(
            own.office_id.in_(sorted(offices)), own.state.in_(("running", "lapsed")),
            own.start <= last, own.due >= first, own.case_id > after,
        )
        .distinct()
        .order_by(own.case_id)
        .limit(limit)
    )  # fmt: skip
    found: Sequence[int] = store.execute(query).scalars().all()
    return found

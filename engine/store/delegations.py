"""Which order of delegation an actor signs under."""

from datetime import date

from engine.store import tables as t
from engine.store.store import Store
from engine.store.types import Record


def order(store: Store, actor: int, act: str, office: Record, day: date) -> str | None:
    """The number of the order under which an actor signs an act in an office on a day, or None.

    An order for an office holds in the offices below it; `until` and `ended_on` are last days.
    """
    d = t.delegation.c
    above = [int(key) for key in office.path.strip("/").split("/")]
    rows = store.rows(
        t.delegation, d.actor_id == actor, d.act == act, d.office_id.in_(above), d.since <= day
    )
    for row in rows:
        if all(last is None or day <= last for last in (row.until, row.ended_on)):
            return str(row.order_number)
    return None

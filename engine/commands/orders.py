"""Cases that are to begin by themselves: in which offices, each by a job of its own.

So what one procedure or office refuses does not keep the others from beginning.
"""

from datetime import datetime
from typing import Any

from engine.runtime.values import pack
from engine.store import tables as t
from engine.transaction import Transaction, Version

JOB = "case.begin"
EACH = "each"


def offices(tx: Transaction, version: Version) -> list[str]:
    """The offices in which cases of a version begin by themselves; none where it does not say.

    `each` are all that have no office below them.
    """
    named = version.bundle.procedure.schedule
    if named != (EACH,):
        return list(named)
    rows = tx.store.rows(t.office, order=[t.office.c.id], limit=100_000)
    above = {row.parent_id for row in rows}
    return [row.short for row in rows if row.id not in above]


def order(
    tx: Transaction, version: Version, element: str, office: str, brings: dict[str, Any],
    due: datetime | None = None,
) -> None:  # fmt: skip
    """Have a case begin at a start event, with what a signal brings."""
    given = {"version": version.id, "start": element, "office": office, "due": due, **brings}
    tx.store.add(
        t.job, kind=JOB, case_id=None, token=None, payload=pack(given), status="due",
        due_at=due or tx.now, attempts=0, lease=0, created_at=tx.now,
    )  # fmt: skip
    tx.store.wake()

"""Taking work: which job a worker gets next.

Jobs are taken by priority, then by how long they have been due. One job of a case at a time: while
one is held, the others of its case stand aside, and those of other cases go past them. On
PostgreSQL two workers may look at the same moment; each locks what it takes (`SKIP LOCKED`) and
then claims the case by an advisory lock to the end of the transaction, so that the second sees the
first one's lease, or leaves the case to it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from engine.store import tables as t
from engine.store.priorities import PRIORITIES
from engine.store.store import Store
from engine.store.types import Instant, Record

# Where our advisory locks of cases lie among those of others ("job").
_SPACE = 0x6A6F62

_job, _other = t.job.c, t.job.alias("other").c
_now, _far = bindparam("now", type_=Instant), bindparam("far", type_=Instant)
# Further ahead than any lease: it was taken while a clock was wrong, and holds nobody up. Whoever
# took it is fenced off, as after any lease that ran out.
_LONGEST = timedelta(days=12)
_held = exists().where(
    _other.case_id == _job.case_id, _other.status == "due",
    _other.leased_until.between(_now, _far),
)  # fmt: skip
_due = (
    select(t.job)
    .where(
        _job.status == "due", _job.priority == bindparam("priority"), _job.due_at <= _now,
        _job.leased_until.is_(None) | ~_job.leased_until.between(_now, _far),
        _job.retry_at.is_(None) | (_job.retry_at <= _now),
        ~_held,
    )
    .order_by(_job.due_at, _job.id)
    .limit(1)
)  # fmt: skip
_of_kinds = _job.kind.in_(bindparam("kinds", expanding=True))
_not_of = _job.case_id.is_(None) | _job.case_id.not_in(bindparam("left", expanding=True))
_holders = select(_job.id).where(
    _job.case_id == bindparam("case"), _job.status == "due",
    _job.leased_until.between(_now, _far),
)  # fmt: skip
_claim = select(func.pg_try_advisory_xact_lock(_SPACE, func.hashint8(bindparam("case"))))


def next_job(store: Store, now: datetime, kinds: Collection[str] = ()) -> Record | None:
    """The job to be taken now, locked; `kinds` leaves out all others. None where there is none."""
    for priority in PRIORITIES:
        left: list[int] = []
        while (row := _first(store, now, priority, kinds, left)) is not None:
            if row.case_id is None or _is_free(store, row.case_id, now):
                return row
            left.append(row.case_id)
    return None


def _first(
    store: Store, now: datetime, priority: int, kinds: Collection[str], left: list[int]
) -> Record | None:
    query, values = _due, {"now": now, "far": now + _LONGEST, "priority": priority}
    if kinds:
        query, values = query.where(_of_kinds), values | {"kinds": list(kinds)}
    if left:
        query, values = query.where(_not_of), values | {"left": left}
    if store.locks:
        query = query.with_for_update(skip_locked=True, of=t.job)
    found: Record | None = store.execute(query, values).first()
    return found


def _is_free(store: Store, case: int, now: datetime) -> bool:
    """Whether nobody took a job of the case since the look; SQLite has one writer."""
    if not store.locks:
        return True
    claimed: Any = store.execute(_claim, {"case": case}).scalar()
    values = {"case": case, "now": now, "far": now + _LONGEST}
    return bool(claimed) and not store.execute(_holders, values).first()

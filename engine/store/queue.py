"""Taking work: which job a worker gets next.

Jobs are taken by priority, then by how long they have been due. One job of a case at a time: while
one is held, the others of its case stand aside, and those of other cases go past them. On
PostgreSQL two workers may look at the same moment; each locks what it takes (`SKIP LOCKED`) and
then claims the case by an advisory lock to the end of the transaction, so that the second sees the
first one's lease, or leaves the case to it.

Programs outside take theirs by topic. They may hold it for hours, so theirs and ours do not hold
each other up: of a case one job of each sort may be held.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from engine.store import tables as t
from engine.store.priorities import PRIORITIES
from engine.store.store import Store
from engine.store.types import Instant, Record

# Where our advisory locks of cases lie among those of others ("job").
_SPACE = 0x6A6F62
_MOST = 10_000

_job, _other = t.job.c, t.job.alias("other").c
_now = bindparam("now", type_=Instant)
_held = exists().where(
    _other.case_id == _job.case_id, _other.status == "due", _other.leased_until >= _now
)
_free = (
    select(t.job)
    .where(
        _job.status == "due", _job.due_at <= _now,
        _job.leased_until.is_(None) | (_job.leased_until < _now),
        _job.retry_at.is_(None) | (_job.retry_at <= _now),
    )
    .order_by(_job.due_at, _job.id)
    .limit(1)
)  # fmt: skip
_due = _free.where(
    _job.priority == bindparam("priority"), ~_held.where(_other.topic.is_(None))
)  # fmt: skip
_of_topic = _free.join(t.case, t.case.c.id == _job.case_id).where(
    _job.topic == bindparam("topic"), t.case.c.suspended_at.is_(None),
    ~_held.where(_other.topic.is_not(None)),
)  # fmt: skip
_in_offices = t.case.c.office_id.in_(bindparam("offices", expanding=True))
_of_kinds = _job.kind.in_(bindparam("kinds", expanding=True))
_not_of = _job.case_id.is_(None) | _job.case_id.not_in(bindparam("left", expanding=True))
_holders = select(_job.id).where(
    _job.case_id == bindparam("case"), _job.status == "due", _job.leased_until >= _now
)
_ours, _theirs = _holders.where(_job.topic.is_(None)), _holders.where(_job.topic.is_not(None))
_claim = select(func.pg_try_advisory_xact_lock(_SPACE, func.hashint8(bindparam("case"))))


def next_job(store: Store, now: datetime, kinds: Collection[str] = ()) -> Record | None:
    """The job to be taken now, locked; `kinds` leaves out all others. None where there is none."""
    query, values = _due, dict[str, Any](now=now)
    if kinds:
        query, values = query.where(_of_kinds), values | {"kinds": list(kinds)}
    for priority in PRIORITIES:
        found = _first(store, query, values | {"priority": priority}, _ours)
        if found is not None:
            return found
    return None


def next_of_topic(
    store: Store, now: datetime, topic: str, offices: Collection[int] | None
) -> Record | None:
    """The work of a topic that a program outside gets now, locked; of cases of these offices."""
    query, values = _of_topic, dict[str, Any](now=now, topic=topic)
    if offices is not None:
        query, values = query.where(_in_offices), values | {"offices": list(offices)}
    return _first(store, query, values, _theirs)


def of_topics(store: Store, topic: str | None, offices: Collection[int] | None) -> list[Record]:
    """The works of programs outside that are not done, the oldest of each topic first."""
    query = select(t.job, t.case.c.reference).join(t.case, t.case.c.id == _job.case_id)
    query = query.where(
        _job.status == "due", _job.topic.is_not(None) if topic is None else _job.topic == topic
    )
    if offices is not None:
        query = query.where(t.case.c.office_id.in_(sorted(offices)))
    query = query.order_by(_job.topic, _job.due_at, _job.id).limit(_MOST)
    return list(store.execute(query))


def _first(store: Store, query: Any, values: dict[str, Any], holders: Any) -> Record | None:
    """The first that these conditions leave, whose case nobody has taken in the meantime."""
    left: list[int] = []
    if store.locks:
        query = query.with_for_update(skip_locked=True, of=t.job)
    while True:
        asked = query.where(_not_of) if left else query
        row: Record | None = store.execute(asked, values | ({"left": left} if left else {})).first()
        if row is None or row.case_id is None or _is_free(store, row.case_id, values, holders):
            return row
        left.append(row.case_id)


def _is_free(store: Store, case: int, values: dict[str, Any], holders: Any) -> bool:
    """Whether nobody took a job of the case since the look; SQLite has one writer."""
    if not store.locks:
        return True
    claimed: Any = store.execute(_claim, {"case": case}).scalar()
    held = {"case": case, "now": values["now"]}
    return bool(claimed) and not store.execute(holders, held).first()

"""Which cases have had their time: ended before a moment, with nothing left to do about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select

from engine.store import tables as t
from engine.store.store import Store

_case = t.case.c
_work = exists().where(t.job.c.case_id == _case.id, t.job.c.status.in_(("due", "incident")))
_trouble = exists().where(t.incident.c.case_id == _case.id, t.incident.c.resolved_at.is_(None))


def versions(store: Store) -> Sequence[int]:
    """The versions of which an ended case still has its history in the database."""
    query = select(_case.version_id).distinct()
    found: Sequence[int] = store.execute(
        query.where(_case.archived_at.is_(None), _case.ended_at.is_not(None))
    ).scalars()
    return sorted(found)


def _over(before: datetime) -> tuple[Any, ...]:
    return (_case.archived_at.is_(None), _case.ended_at < before, ~_work, ~_trouble)


def cases(store: Store, version: int, before: datetime, after: int, limit: int) -> Sequence[int]:
    """Cases of a version, in the order of their ids."""
    query = select(_case.id).where(_case.version_id == version, _case.id > after, *_over(before))
    found: Sequence[int] = store.execute(query.order_by(_case.id).limit(limit)).scalars().all()
    return found


def count(store: Store, version: int, before: datetime) -> int:
    """How many there are."""
    query = select(func.count()).where(_case.version_id == version, *_over(before))
    return int(store.execute(query).scalar_one())


def fits(store: Store, case: int, before: datetime) -> bool:
    """Whether this case is one of them."""
    query = select(_case.id).where(_case.id == case, *_over(before))
    return store.execute(query).first() is not None

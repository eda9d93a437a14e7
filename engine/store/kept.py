"""Messages that came early: found by name and key, by one at a time.

Whoever is about to keep a message and whoever is about to wait for one look past each other unless
one of them is first. Both therefore hold the name and key to the end of their transaction, by an
advisory lock on PostgreSQL; SQLite has one writer.
"""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from engine.store import tables as t
from engine.store.store import Store
from engine.store.types import Instant, Record

# Where our advisory locks of names and keys lie among those of others ("msg").
_SPACE = 0x6D7367
_alone = select(func.pg_advisory_xact_lock(_SPACE, func.hashtext(bindparam("place"))))
_kept = t.message.c
_oldest = (
    select(t.message)
    .where(
        _kept.name == bindparam("name"), _kept.key == bindparam("key"), _kept.status == "kept",
        _kept.until > bindparam("now", type_=Instant),
    )
    .order_by(_kept.id)
    .limit(1)
)  # fmt: skip
_listed = (
    select(t.message, t.actor.c.login, t.case.c.reference, t.job.c.last_error)
    .join(t.actor, t.actor.c.id == _kept.sent_by)
    .join(t.job, t.job.c.id == _kept.job_id)
    .outerjoin(t.case, t.case.c.id == _kept.origin_id)
    .order_by(_kept.id.desc())
)


def alone(store: Store, name: str, key: str) -> None:
    """Hold a name and key to the end of the transaction, or of its part that is taken back."""
    if store.locks:
        store.execute(_alone, {"place": f"{len(name)} {name} {key}"})


def oldest(store: Store, name: str, key: str, now: datetime) -> Record | None:
    """The message that has been kept the longest under a name and key, its time not over."""
    found: Record | None = store.execute(_oldest, {"name": name, "key": key, "now": now}).first()
    return found


def listed(store: Store, *where: object, limit: int) -> list[Record]:
    """Messages, the newest first, with who sent them and from which case."""
    return list(store.execute(_listed.where(*where).limit(limit)))  # type: ignore[arg-type]

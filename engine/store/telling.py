"""Whom an occasion concerns: questions that a worker asks, never the act itself."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, exists, select

from engine.store import tables as t
from engine.store.store import Store
from engine.store.types import Record

_above = t.office.alias("above")
_reached = select(t.contact).where(t.contact.c.mail.is_not(None), t.contact.c.failing_at.is_(None))
# Whoever holds a role in an office, or in one above it, and can be reached.
_holders = (
    _reached.join(t.actor, t.actor.c.id == t.contact.c.actor_id)
    .where(
        t.actor.c.disabled_at.is_(None),
        t.contact.c.actor_id.in_(
            select(t.actor_role.c.actor_id)
            .join(_above, _above.c.id == t.actor_role.c.office_id)
            .where(
                t.actor_role.c.role == bindparam("role"), t.actor_role.c.revoked_at.is_(None),
                bindparam("path", type_=_above.c.path.type).startswith(_above.c.path),
            )
        ),
    )
)  # fmt: skip
_pending = (
    select(t.occasion).where(t.occasion.c.spread_at.is_(None)).order_by(t.occasion.c.id)
    .limit(bindparam("limit"))
)  # fmt: skip


def pending(store: Store, limit: int) -> Sequence[Record]:
    """Occasions of which nobody was told yet, held: two workers never take the same."""
    query = _pending.with_for_update(skip_locked=True) if store.locks else _pending
    found: Sequence[Record] = store.execute(query, {"limit": limit}).all()
    return found


def holders(store: Store, role: str, path: str) -> Sequence[Record]:
    """The contacts of those who hold a role in the office with this path, or above it."""
    found: Sequence[Record] = store.execute(_holders, {"role": role, "path": path}).all()
    return found


def contact(store: Store, **whose: Any) -> Sequence[Record]:
    """The contact of one actor or person, where it can be reached."""
    [(name, value)] = whose.items()
    found: Sequence[Record] = store.execute(_reached.where(t.contact.c[name] == value)).all()
    return found


def held() -> Any:
    """Whether a notice still names an occasion: a condition on the table of occasions."""
    return exists().where(t.notice.c.occasion_id == t.occasion.c.id)

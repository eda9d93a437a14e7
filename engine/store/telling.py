"""Whom an occasion concerns: questions that a worker asks, never the act itself."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select

from engine.store import tables as t
from engine.store.store import Store
from engine.store.types import Instant, Record

_above = t.office.alias("above")
_reached = select(t.contact).where(
    or_(t.contact.c.mail.is_not(None), t.contact.c.phone.is_not(None)),
    t.contact.c.failing_at.is_(None),
)
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
_of_task = (t.task.c.case_id == t.occasion.c.case_id) & (t.task.c.token == t.occasion.c.token)
# An occasion with what says whom it concerns: the case's place, version and person, the task as it
# is now.
_pending = (
    select(
        t.occasion, t.case.c.version_id, t.case.c.person_id, t.office.c.path, t.task.c.role,
        t.task.c.assignee_id, t.task.c.status.label("task_status"),
    )
    .select_from(
        t.occasion.outerjoin(t.case, t.case.c.id == t.occasion.c.case_id)
        .outerjoin(t.office, t.office.c.id == t.case.c.office_id)
        .outerjoin(t.task, _of_task)
    )
    .where(t.occasion.c.spread_at.is_(None)).order_by(t.occasion.c.id).limit(bindparam("limit"))
)  # fmt: skip
_free = _pending.with_for_update(of=t.occasion, skip_locked=True)
_late = (
    select(t.task.c.case_id, t.task.c.token)
    .where(
        t.task.c.status == "open", t.task.c.due_at <= bindparam("now", type_=Instant),
        t.task.c.due_at > bindparam("since", type_=Instant),
        ~exists().where(_of_task, t.occasion.c.topic == "task.due"),
    )
    .order_by(t.task.c.id).limit(bindparam("limit"))
)  # fmt: skip
_outbox = (
    select(
        t.notice, t.occasion.c.topic, t.case.c.reference, t.actor.c.login,
    )
    .select_from(
        t.notice.join(t.occasion, t.occasion.c.id == t.notice.c.occasion_id)
        .join(t.contact, t.contact.c.id == t.notice.c.contact_id)
        .outerjoin(t.actor, t.actor.c.id == t.contact.c.actor_id)
        .outerjoin(t.case, t.case.c.id == t.occasion.c.case_id)
    )
    .order_by(t.notice.c.id.desc())
)  # fmt: skip


def address(contact: Record) -> tuple[str, str] | None:
    """By which channel a contact is told, and where: as it chose, else by mail, else by text."""
    known = {"mail": contact.mail, "sms": contact.phone}
    chosen = sorted(known, key=lambda channel: channel != contact.channel)
    return next(((channel, known[channel]) for channel in chosen if known[channel]), None)


def pending(store: Store, limit: int) -> Sequence[Record]:
    """Occasions of which nobody was told yet, held: two workers never take the same."""
    found: Sequence[Record] = store.execute(
        _free if store.locks else _pending, {"limit": limit}
    ).all()
    return found


class Reach:
    """The contacts of one look at what happened: nothing is asked twice."""

    def __init__(self, store: Store, rows: Sequence[Record]) -> None:
        self._store = store
        named = {row.actor_id for row in rows} | {row.assignee_id for row in rows}
        persons = {row.person_id for row in rows} - {None}
        own = t.contact.c
        theirs = own.actor_id.in_(named - {None}) | own.person_id.in_(persons)
        found: Sequence[Record] = store.execute(_reached.where(theirs)).all()
        self._actors = {row.actor_id: row for row in found if row.actor_id is not None}
        self._persons = {row.person_id: row for row in found if row.person_id is not None}
        self._roles: dict[tuple[str, str], Sequence[Record]] = {}

    def actor(self, key: int | None) -> Sequence[Record]:
        """The contact of an account, where it can be reached."""
        return [self._actors[key]] if key in self._actors else []

    def person(self, key: int | None) -> Sequence[Record]:
        """The contact of a person, where it can be reached."""
        return [self._persons[key]] if key in self._persons else []

    def holders(self, role: str, path: str) -> Sequence[Record]:
        """The contacts of those who hold a role in the office with this path, or above it."""
        if (role, path) not in self._roles:
            where = {"role": role, "path": path}
            self._roles[role, path] = self._store.execute(_holders, where).all()
        return self._roles[role, path]


def paces(store: Store, contacts: Collection[int]) -> dict[tuple[int, str], str]:
    """What these contacts have chosen: (contact, topic) -> pace."""
    own = t.preference.c
    query = select(own.contact_id, own.topic, own.pace).where(own.contact_id.in_(contacts))
    return {(row.contact_id, row.topic): row.pace for row in store.execute(query)}


def late(store: Store, now: datetime, within: timedelta, limit: int) -> Sequence[Record]:
    """The open tasks that became late within this time and of which nobody was told yet."""
    where = {"now": now, "since": now - within, "limit": limit}
    found: Sequence[Record] = store.execute(_late, where).all()
    return found


def outbox(
    store: Store, contact: int | None, *, waiting: bool, before: int | None, limit: int
) -> Sequence[Record]:
    """The newest notices of a contact (None: of everyone), each with its topic, case and login."""
    where: list[Any] = [] if contact is None else [t.notice.c.contact_id == contact]
    where += [t.notice.c.status == "waiting"] if waiting else []
    where += [t.notice.c.id < before] if before is not None else []
    found: Sequence[Record] = store.execute(_outbox.where(*where).limit(limit)).all()
    return found


def old(before: datetime) -> Any:
    """Notices that were sent, or dropped, before a moment: a condition on their table."""
    own = t.notice.c
    return (own.status != "waiting") & (func.coalesce(own.sent_at, own.made_at) < before)


def held() -> Any:
    """Whether a notice still names an occasion: a condition on the table of occasions."""
    return exists().where(t.notice.c.occasion_id == t.occasion.c.id)

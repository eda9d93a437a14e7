"""The parts of `event` on PostgreSQL: one for each 100,000 cases, by their ids.

A part that holds no open case is hardly written any more: its indexes rest, its vacuum is done, and
it goes as a whole once every history in it lies in a file. SQLite has one table and needs no parts.
"""

import re
from datetime import datetime

from sqlalchemy import func, select, text

from engine.store import tables as t
from engine.store.store import Store

SIZE = 100_000
_PART = re.compile(r"event_p(\d+)")
_room = text("SELECT event_part(:case)")
# Each part with the first id and the first one after it, the earliest first; the one that was there
# before there were parts begins at none.
_parts = text(
    "SELECT c.relname AS name, "
    "substring(pg_get_expr(c.relpartbound, c.oid) FROM $$FROM \\('?(\\d+)$$)::bigint AS since, "
    "substring(pg_get_expr(c.relpartbound, c.oid) FROM $$TO \\('?(\\d+)$$)::bigint AS until "
    "FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid "
    "WHERE inhparent = 'event'::regclass ORDER BY until"
)
# A part is dropped only where nobody is in the way: whoever waits for `event` holds all others up.
_gently = text("SET LOCAL lock_timeout = '200ms'")


def is_part(name: str) -> bool:
    """Whether a table is a part of `event`."""
    return _PART.fullmatch(name) is not None


def room(store: Store, case: int) -> None:
    """Make sure that the history of a case can grow, though its part was dropped."""
    if store.locks:
        store.execute(_room, {"case": case})


def prepare(store: Store) -> None:
    """Make the next part ahead of its use: a command that makes one waits for all others."""
    if store.locks:
        newest = store.execute(select(func.max(t.case.c.id))).scalar() or 0
        room(store, int(newest) + SIZE)


def emptied(store: Store, before: datetime) -> list[str]:
    """The parts whose cases were all archived before a moment, and are no longer added to."""
    if not store.locks:
        return []
    newest = int(store.execute(select(func.max(t.case.c.id))).scalar() or 0)
    own, found = t.case.c, []
    for part in store.execute(_parts):
        if part.until > newest:
            break
        inside = (own.id >= (part.since or 0)) & (own.id < part.until)
        kept = own.archived_at.is_(None) | (own.archived_at >= before)
        left = select(own.id).where(inside, kept).limit(1)
        if store.execute(left).first() is None and not _holds(store, part.name):
            found.append(part.name)
    return found


def _holds(store: Store, part: str) -> bool:
    return store.execute(text(f"SELECT 1 FROM {part} LIMIT 1")).first() is not None  # noqa: S608


def drop(store: Store, part: str) -> None:
    """Drop a part; whoever reads `event` at the moment is not waited for: an error says so."""
    store.execute(_gently)
    store.execute(text(f"DROP TABLE {part}"))

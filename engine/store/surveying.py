"""What a check of the whole house reads: batches by key, one pass, never a table at once."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Table, func, select, text

from engine.store import tables as t
from engine.store.store import Store
from engine.store.types import Record

# What keeps `event` insert-only: the triggers that should stand and those that do. PostgreSQL has
# them on the table and on each of its parts.
_TRIGGERS = {
    "sqlite": "SELECT 'event_no_update' UNION ALL SELECT 'event_no_delete'",
    "postgresql": "SELECT name || ' on ' || relname FROM pg_class, "
    "(VALUES ('event_only_appended'), ('event_not_truncated')) AS triggers (name) "
    "WHERE pg_class.oid = 'event'::regclass OR pg_class.oid IN "
    "(SELECT inhrelid FROM pg_inherits WHERE inhparent = 'event'::regclass)",
}
_GUARDS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event' "
    "AND sql LIKE '%RAISE(ABORT%'",
    "postgresql": "SELECT tgname || ' on ' || relname FROM pg_trigger "
    "JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE tgenabled IN ('O', 'A') AND prosrc LIKE '%RAISE EXCEPTION%'",
}
_FAULTS = 100


def cases(store: Store, after: int, limit: int) -> Sequence[Record]:
    """The next cases, in the order of their ids."""
    own = t.case.c
    query = select(t.case).where(own.id > after).order_by(own.id).limit(limit)
    found: Sequence[Record] = store.execute(query).all()
    return found


def of_cases(
    store: Store, table: Table, cases: Collection[int], *where: Any
) -> dict[int, list[Record]]:
    """The rows of a table that belong to these cases, by case."""
    found: dict[int, list[Record]] = {}
    query = select(table).where(table.c.case_id.in_(sorted(cases)), *where)
    for row in store.execute(query.order_by(table.c.case_id, *table.primary_key)):
        found.setdefault(row.case_id, []).append(row)
    return found


def events(store: Store, cases: Collection[int]) -> Iterator[Record]:
    """The events of these cases, in the order of case and sequence, a few at a time."""
    own = t.event.c
    query = select(t.event).where(own.case_id.in_(sorted(cases))).order_by(own.case_id, own.seq)
    yield from store.execute(query.execution_options(yield_per=500))


def registers(store: Store) -> Sequence[Record]:
    """Every register with its office's short name and the last number given."""
    query = select(t.register, t.office.c.short).join(t.office)
    found: Sequence[Record] = store.execute(query).all()
    return found


def entries(store: Store) -> Sequence[Record]:
    """What the entries of each register are: how many, how many texts, the first and the last."""
    own = t.register_entry.c
    key = (own.register, own.office_id, own.year)
    query = select(
        *key,
        t.office.c.short,
        func.count().label("many"),
        func.count(own.text.distinct()).label("texts"),
        func.min(own.number).label("lowest"),
        func.max(own.number).label("highest"),
    ).join(t.office)
    found: Sequence[Record] = store.execute(query.group_by(*key, t.office.c.short)).all()
    return found


def unguarded(store: Store) -> list[str]:
    """The triggers that should keep the history insert-only, and do not stand."""
    standing = {row[0] for row in store.execute(text(_GUARDS[store.dialect]))}
    wanted = sorted(row[0] for row in store.execute(text(_TRIGGERS[store.dialect])))
    return [name for name in wanted if name not in standing]


def faults(store: Store) -> list[str]:
    """What the database itself finds damaged: pages, indexes, rows that point nowhere.

    SQLite alone is asked; PostgreSQL has a program of its own (pg_amcheck).
    """
    if store.dialect != "sqlite":
        return []
    pages = [str(row[0]) for row in store.execute(text(f"PRAGMA quick_check({_FAULTS})"))]
    rows = [row[0] for row in store.execute(text("PRAGMA foreign_key_check"))]
    named = [f"{table}: a row points nowhere" for table in sorted(set(rows))]
    return [page for page in pages if page != "ok"] + named

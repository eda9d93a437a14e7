"""What a command may ask of the database: short questions and short writes, never a commit.

To build a statement costs more than to run it: each shape is built once and kept.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    CursorResult,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from engine.store import tables as t
from engine.store.types import Record


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _update(table: Table, names: tuple[str, ...]) -> Update:
    values = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in names}
    return update(table).where(table.c.id == bindparam("key")).values(values)


@cache
def _update_at(table: Table, where: tuple[str, ...], names: tuple[str, ...]) -> Update:
    values = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in names}
    return update(table).where(*(table.c[n] == bindparam(f"at_{n}") for n in where)).values(values)


@cache
def _delete_at(table: Table, where: tuple[str, ...]) -> Delete:
    return delete(table).where(*(table.c[n] == bindparam(f"at_{n}") for n in where))


@cache
def _select(table: Table, names: tuple[str, ...], empty: tuple[str, ...]) -> Select[Any]:
    return select(table).where(
        *(
            table.c[name].is_(None) if name in empty else table.c[name] == bindparam(name)
            for name in names
        )
    )


def _at(where: Mapping[str, Any]) -> dict[str, Any]:
    return {f"at_{name}": value for name, value in where.items()}


# The channel on which PostgreSQL tells workers of new work.
WORK = "mouqataa_work"

# A query as a reader runs it, and as a command does that holds the row to its end.
_Queries = tuple[Select[Any], Select[Any]]


def _lockable(query: Select[Any], of: Table) -> _Queries:
    return query, query.with_for_update(of=of)


@cache
def _holding(table: Table, names: tuple[str, ...]) -> _Queries:
    return _lockable(_select(table, names, ()), table)


_case = select(t.case, t.office.c.path, t.office.c.short, t.office.c.name_fr).join(
    t.office, t.office.c.id == t.case.c.office_id
)
_by_reference = _lockable(_case.where(t.case.c.reference == bindparam("reference")), t.case)
_by_id = _lockable(_case.where(t.case.c.id == bindparam("id")), t.case)
_task_case = select(t.task.c.case_id).where(t.task.c.id == bindparam("task"))
_task = select(t.task).where(t.task.c.id == bindparam("task"))

_actor = select(t.actor).where(t.actor.c.login == bindparam("login"))
_inside = t.office.alias("inside")
_grants = (
    select(t.actor_role.c.role, _inside.c.id)
    .select_from(
        t.actor_role.join(t.office, t.office.c.id == t.actor_role.c.office_id).join(
            _inside, _inside.c.path.startswith(t.office.c.path)
        )
    )
    .where(t.actor_role.c.actor_id == bindparam("actor"), t.actor_role.c.revoked_at.is_(None))
)

_personal = select(t.personal.c.commitment, t.personal.c.value).where(
    t.personal.c.case_id == bindparam("case"),
    t.personal.c.commitment.in_(bindparam("wanted", expanding=True)),
)


@cache
def _next_number(dialect: Any) -> Any:
    head = t.register
    names = ("register", "office_id", "year")
    return (
        dialect.insert(head)
        .values(**{name: bindparam(name) for name in names}, last=1)
        .on_conflict_do_update(index_elements=names, set_={"last": head.c.last + 1})
        .returning(head.c.last)
    )


class Store:
    """The tables, through the transaction that the engine opened."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._locks = connection.dialect.name == "postgresql"

    @property
    def dialect(self) -> str:
        """Which database this is: sqlite or postgresql."""
        return self._connection.dialect.name

    @property
    def locks(self) -> bool:
        """Whether many write at once and lock rows, as on PostgreSQL; SQLite has one writer."""
        return self._locks

    # -- anything --

    def add(self, table: Table, **values: Any) -> Any:
        """Insert one row; its primary key where the database made it."""
        found = self._connection.execute(_insert(table), values).inserted_primary_key
        if table is t.job and values["due_at"] <= values["created_at"] and "topic" not in values:
            self.wake()
        return found[0] if found else None

    def wake(self) -> None:
        """Tell the workers, when this transaction commits, that there is work; SQLite's look."""
        if self._locks:
            self._connection.exec_driver_sql(f"NOTIFY {WORK}")

    def add_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows."""
        if rows:
            self._connection.execute(_insert(table), [dict(row) for row in rows])

    def change(self, table: Table, key: Any, **values: Any) -> None:
        """Update the row with this `id`."""
        to = {f"to_{name}": value for name, value in values.items()}
        self._connection.execute(_update(table, tuple(values)), to | {"key": key})

    def change_at(self, table: Table, where: Mapping[str, Any], **values: Any) -> int:
        """Update the rows that hold these values; how many there were."""
        statement = _update_at(table, tuple(where), tuple(values))
        to = {f"to_{name}": value for name, value in values.items()} | _at(where)
        return int(self._connection.execute(statement, to).rowcount)

    def remove_at(self, table: Table, where: Mapping[str, Any]) -> int:
        """Delete the rows that hold these values; how many there were."""
        statement = _delete_at(table, tuple(where))
        return int(self._connection.execute(statement, _at(where)).rowcount)

    def change_all(self, table: Table, *where: Any, **values: Any) -> int:
        """Update every row that fits; how many did."""
        return int(self._connection.execute(update(table).where(*where).values(**values)).rowcount)

    def remove(self, table: Table, *where: Any) -> int:
        """Delete every row that fits; how many did."""
        return int(self._connection.execute(delete(table).where(*where)).rowcount)

    def one(self, table: Table, **where: Any) -> Record | None:
        """The row with these values, or None."""
        return self._found(table, where).first()

    def get(self, table: Table, **where: Any) -> Record:
        """The row with these values, which a foreign key promises."""
        return self._found(table, where).one()

    def held(self, table: Table, **where: Any) -> Record | None:
        """The row with these values, held to the end of the command; None where there is none."""
        query = _holding(table, tuple(where))[self._locks]
        return self._connection.execute(query, dict(where)).first()

    def all(self, table: Table, **where: Any) -> Sequence[Record]:
        """Every row with these values, in no order: for a handful."""
        return self._found(table, where).all()

    def _found(self, table: Table, where: Mapping[str, Any]) -> CursorResult[Any]:
        names = tuple(where)
        empty = tuple(name for name in names if where[name] is None)
        return self._connection.execute(_select(table, names, empty), dict(where))

    def rows(self, table: Table, *where: Any, order: Any = None, limit: int = 500) -> list[Record]:
        """Rows of a table that fit, in order."""
        query = select(table).where(*where).order_by(*(order or table.primary_key)).limit(limit)
        return list(self._connection.execute(query))

    def savepoint(self) -> AbstractContextManager[Any]:
        """A part of the transaction that is taken back alone where it raises."""
        return self._connection.begin_nested()

    def execute(self, statement: Any, values: Mapping[str, Any] | None = None) -> Any:
        """Run a statement that a query module of the store made."""
        return self._connection.execute(statement, dict(values or {}))

    # -- who --

    def actor(self, login: str) -> tuple[Record, dict[str, frozenset[int]]] | None:
        """An account and the offices (descendants included) in which it holds each role."""
        found = self._connection.execute(_actor, {"login": login}).first()
        if found is None:
            return None
        grants: dict[str, set[int]] = {}
        for role, office in self._connection.execute(_grants, {"actor": found.id}):
            grants.setdefault(role, set()).add(office)
        return found, {role: frozenset(offices) for role, offices in grants.items()}

    # -- cases --

    def case(self, reference: str, *, lock: bool = False) -> Record | None:
        """A case by its reference, with its office; `lock` holds its row to the end."""
        query = _by_reference[lock and self._locks]
        return self._connection.execute(query, {"reference": reference}).first()

    def case_by_id(self, key: int, *, lock: bool = False) -> Record:
        """A case by its id, which another row gave: it is there."""
        return self._connection.execute(_by_id[lock and self._locks], {"id": key}).one()

    def task(self, key: int, *, lock: bool = False) -> tuple[Record, Record] | None:
        """A task and its case.  The case row is locked first and the task read after it: a loser of
        a race then reads what the winner wrote, and gets the right answer."""
        case_id = self._connection.execute(_task_case, {"task": key}).scalar()
        if case_id is None:
            return None
        case = self.case_by_id(case_id, lock=lock)
        found = self._connection.execute(_task, {"task": key}).one()
        return found, case

    def personal(self, case: int, wanted: Collection[bytes]) -> dict[bytes, bytes]:
        """The packed values behind commitments; one that was erased is missing."""
        values = {"case": case, "wanted": list(wanted)}
        rows = self._connection.execute(_personal, values)
        return {row.commitment: row.value for row in rows}

    # -- numbers --

    def next_number(self, register: str, office: int, year: int) -> int:
        """The next number of a register: its row stays locked until the transaction ends, so a
        number that is rolled back is given again and no gap is left."""
        query = _next_number(postgresql if self._locks else sqlite)
        where = {"register": register, "office_id": office, "year": year}
        return int(self._connection.execute(query, where).scalar_one())

    def count(self, table: Table, *where: Any) -> int:
        """How many rows fit."""
        query = select(func.count()).select_from(table).where(*where)
        return int(self._connection.execute(query).scalar_one())

"""What a command may ask of the database: short questions and short writes, never a commit.

Statements are built once, at import; Core compiles each the first time and keeps it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.store import tables as t
from engine.store.types import Record

_case_ref = (
    select(t.case, t.version.c.procedure.label("p"), t.office.c.path)
    .join(t.version)
    .join(t.office, t.office.c.id == t.case.c.office_id)
)
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
_task_case = select(t.task.c.case_id).where(t.task.c.id == bindparam("task"))
_task = select(t.task).where(t.task.c.id == bindparam("task"))


class Store:
    """The tables, through the transaction that the engine opened."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._locks = connection.dialect.name == "postgresql"

    # -- anything --

    def add(self, table: Table, **values: Any) -> Any:
        """Insert one row; its primary key where the database made it."""
        found = self._connection.execute(insert(table), values).inserted_primary_key
        return found[0] if found else None

    def add_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows."""
        if rows:
            self._connection.execute(insert(table), [dict(row) for row in rows])

    def change(self, table: Table, key: Any, **values: Any) -> None:
        """Update the row with this `id`."""
        self._connection.execute(update(table).where(table.c.id == key).values(**values))

    def change_all(self, table: Table, *where: Any, **values: Any) -> int:
        """Update every row that fits; how many did."""
        return int(self._connection.execute(update(table).where(*where).values(**values)).rowcount)

    def remove(self, table: Table, *where: Any) -> int:
        """Delete every row that fits; how many did."""
        return int(self._connection.execute(delete(table).where(*where)).rowcount)

    def one(self, table: Table, **where: Any) -> Record | None:
        """The row with these values, or None."""
        query = select(table).where(*(table.c[k] == v for k, v in where.items()))
        return self._connection.execute(query).first()

    def get(self, table: Table, **where: Any) -> Record:
        """The row with these values, which a foreign key promises."""
        query = select(table).where(*(table.c[k] == v for k, v in where.items()))
        return self._connection.execute(query).one()

    def rows(self, table: Table, *where: Any, order: Any = None, limit: int = 500) -> list[Record]:
        """Rows of a table that fit, in order."""
        query = select(table).where(*where).order_by(*(order or table.primary_key)).limit(limit)
        return list(self._connection.execute(query))

    def execute(self, statement: Any, values: Mapping[str, Any] | None = None) -> Any:
        """Run a statement that a query module made."""
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
        """A case by its reference, with the path of its office; `lock` holds its row to the end."""
        found: Record | None = self._case(t.case.c.reference == reference, lock).first()
        return found

    def case_by_id(self, key: int, *, lock: bool = False) -> Record:
        """A case by its id, which another row gave: it is there."""
        found: Record = self._case(t.case.c.id == key, lock).one()
        return found

    def _case(self, condition: Any, lock: bool) -> Any:
        query = _case_ref.where(condition)
        if lock and self._locks:
            query = query.with_for_update(of=t.case)
        return self._connection.execute(query)

    def task(self, key: int, *, lock: bool = False) -> tuple[Record, Record] | None:
        """A task and its case.  The case row is locked first and the task read after it: a loser of
        a race then reads what the winner wrote, and gets the right answer."""
        case_id = self._connection.execute(_task_case, {"task": key}).scalar()
        if case_id is None:
            return None
        case = self.case_by_id(case_id, lock=lock)
        found = self._connection.execute(_task, {"task": key}).one()
        return found, case

    # -- numbers --

    def next_number(self, register: str, office: int, year: int) -> int:
        """The next number of a register: its row stays locked until the transaction ends, so a
        number that is rolled back is given again and no gap is left."""
        dialect: Any = postgresql if self._locks else sqlite
        head = t.register
        query = (
            dialect.insert(head)
            .values(register=register, office_id=office, year=year, last=1)
            .on_conflict_do_update(
                index_elements=["register", "office_id", "year"], set_={"last": head.c.last + 1}
            )
            .returning(head.c.last)
        )
        return int(self._connection.execute(query).scalar_one())

    # -- jobs --

    def due_job(self, now: datetime) -> Record | None:
        """The oldest job that is due and that nobody holds."""
        query = (
            select(t.job)
            .where(
                t.job.c.status == "due",
                t.job.c.due_at <= now,
                (t.job.c.leased_until.is_(None)) | (t.job.c.leased_until < now),
            )
            .order_by(t.job.c.due_at, t.job.c.id)
            .limit(1)
        )
        if self._locks:
            query = query.with_for_update(skip_locked=True)
        return self._connection.execute(query).first()

    def count(self, table: Table, *where: Any) -> int:
        """How many rows fit."""
        query = select(func.count()).select_from(table).where(*where)
        return int(self._connection.execute(query).scalar_one())

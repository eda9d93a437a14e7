"""The worklist: open tasks in the order in which they should be done.

One index answers it: `(status, role, office_id, rank_at, id)`. For each role and office that an
actor holds, the first rows are read in order, and the few streams are merged: what a page costs
does not depend on how many tasks are open.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, case, select, tuple_, update

from engine.store import tables as t
from engine.store.store import Store
from engine.store.types import Instant, Record

# The rank of a task without a due date: after all that have one, oldest first.
FAR = datetime(9999, 1, 1, tzinfo=UTC)
START = (datetime(1, 1, 2, tzinfo=UTC), 0)

_task = t.task.c
_rows = (
    select(
        t.task, t.case.c.reference, t.case.c.procedure, t.case.c.lapses_at, t.case.c.lapse_clock,
        t.office.c.short,
        t.actor.c.login.label("assignee"),
    )
    .join(t.case, t.case.c.id == _task.case_id)
    .join(t.office, t.office.c.id == _task.office_id)
    .outerjoin(t.actor, t.actor.c.id == _task.assignee_id)
    .where(
        _task.status == "open",
        tuple_(_task.rank_at, _task.id) > tuple_(bindparam("rank", type_=Instant), bindparam("id")),
    )
    .order_by(_task.rank_at, _task.id)
    .limit(bindparam("limit"))
)  # fmt: skip
_held = _rows.where(_task.role == bindparam("role"), _task.office_id == bindparam("office"))
_mine = _rows.where(_task.assignee_id == bindparam("actor"))
_every = _rows


def page(
    store: Store,
    held: Iterable[tuple[str, int]] | None,
    *,
    mine: int | None = None,
    role: str | None = None,
    procedure: str | None = None,
    after: tuple[datetime, int] = START,
    limit: int = 50,
) -> Sequence[Record]:
    """Open tasks after a place in the order: of the roles held (None: every one), or `mine`.

    `role` and `procedure` leave out what is not of them.
    """
    values: dict[str, Any] = {"rank": after[0], "id": after[1], "limit": limit}
    if mine is not None:
        queries: list[tuple[Any, dict[str, Any]]] = [(_mine, {"actor": mine})]
    elif held is None:
        queries = [(_every, {})]
    else:
        queries = [(_held, {"role": role, "office": office}) for role, office in held]
    only = [t.case.c.procedure == procedure] if procedure else []
    only += [_task.role == role] if role else []
    streams = [
        store.execute(query.where(*only) if only else query, values | own).all()
        for query, own in queries
    ]
    return list(islice(merge(*streams, key=lambda row: (row.rank_at, row.id)), limit))


_task_rank = (
    update(t.task)
    .where(_task.case_id == bindparam("case"), _task.status.in_(("open", "suspended")))
    .values(
        rank_at=case(
            (
                _task.due_at < bindparam("lapses", type_=Instant),
                _task.due_at,
            ),
            else_=bindparam("lapses", type_=Instant),
        )
    )
)


def rank(store: Store, case_id: int, lapses_at: datetime | None) -> None:
    """Put the tasks of a case where its nearest clock puts them, or their own date if earlier."""
    store.execute(_task_rank, {"case": case_id, "lapses": lapses_at or FAR})

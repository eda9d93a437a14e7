"""Choosing the cases, tasks and incidents of a batch, and reading what came of each."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Integer, Select, exists, func, insert, literal, select

from engine.store import tables as t
from engine.store.store import Store
from engine.store.types import Record

# How many names one statement compares with.
_NAMES = 500

_case, _task, _incident, _item = t.case.c, t.task.c, t.incident.c, t.batch_item.c
_columns = (_case.id.label("case_id"), _case.reference, _case.version_id)
_QUERIES = {
    "case": select(*_columns, literal(None, Integer).label("target")).order_by(_case.id),
    "task": select(*_columns, _task.id.label("target"))
    .join(t.case, t.case.c.id == _task.case_id)
    .order_by(_task.id),
    "incident": select(*_columns, _incident.id.label("target"))
    .select_from(
        t.incident.outerjoin(t.case, t.case.c.id == _incident.case_id).outerjoin(
            t.job, t.job.c.id == _incident.job_id
        )
    )
    .order_by(_incident.id),
}
_NAMED = {"case": _case.reference, "task": _task.id, "incident": _incident.id}
_KEYS = {"case": _case.id, "task": _task.id, "incident": _incident.id}
_WORDS = {
    "procedure": _case.procedure, "status": _case.status, "cause": _incident.cause,
    "holder": _task.assignee_id,
}  # fmt: skip


def named(
    store: Store, on: str, offices: Collection[int] | None, names: Sequence[Any]
) -> Iterator[Record]:
    """The cases of these references, or the tasks or incidents of these numbers."""
    for first in range(0, len(names), _NAMES):
        some = _NAMED[on].in_(names[first : first + _NAMES])
        yield from store.execute(_seen(on, offices).where(some))


def fitting(
    store: Store, on: str, offices: Collection[int] | None, *, standing: Collection[str],
    limit: int, **asked: Any,
) -> Sequence[Record]:  # fmt: skip
    """Those that an act could be done to and that all that is asked leaves; see `_where`.

    `standing`: the states of a case in which it can.
    """
    query = _seen(on, offices).where(*(_where(on, name, asked[name]) for name in asked))
    match on:
        case "case":
            query = query.where(_case.status.in_(standing))
        case "task":
            query = query.where(_task.status == "open")
        case "incident":
            query = query.where(_incident.resolved_at.is_(None), t.job.c.status == "incident")
    found: Sequence[Record] = store.execute(query.limit(limit)).all()
    return found


def _seen(on: str, offices: Collection[int] | None) -> Select[Any]:
    query = _QUERIES[on]
    if offices is None:
        return query
    here = _case.office_id.in_(sorted(offices))
    return query.where(here | _case.id.is_(None) if on == "incident" else here)


def _where(on: str, name: str, value: Any) -> Any:
    """What one word of a selection leaves; `office` is the path of one: those below it fit too."""
    match name:
        case "version":
            return _case.version_id.in_(select(t.version.c.id).where(t.version.c.number == value))
        case "office":
            below = t.office.c.path.startswith(value, autoescape=True)
            return _case.office_id.in_(select(t.office.c.id).where(below))
        case "element":
            return _at_element(on, value)
        case "since":
            return _case.started_at >= value
        case "until":
            return _case.started_at < value
        case "refused_of":
            key = _item.case_id if on == "case" else _item.target
            of = (_item.batch_id == value, _item.status == "refused")
            return _KEYS[on].in_(select(key).where(*of))
    return _WORDS[name] == value


def _at_element(on: str, element: str) -> Any:
    if on != "case":
        return (_task if on == "task" else _incident).element == element
    waits = t.subscription.c
    task = (_task.element == element) & _task.status.in_(("open", "suspended"))
    incident = (_incident.element == element) & _incident.resolved_at.is_(None)
    return (
        exists().where(_task.case_id == _case.id, task)
        | exists().where(waits.case_id == _case.id, waits.element == element)
        | exists().where(_incident.case_id == _case.id, incident)
    )


def waiting_for(
    store: Store, batch: int, signal: str, *, besides: int | None,
    offices: Collection[int] | None,
) -> int:  # fmt: skip
    """Make an item of a batch of each case that waits for a signal; how many there are."""
    waits = t.subscription.c
    cases = select(waits.case_id).where(waits.kind == "signal", waits.name == signal).distinct()
    if besides is not None:
        cases = cases.where(waits.case_id != besides)
    if offices is not None:
        seen = select(_case.id).where(_case.office_id.in_(sorted(offices)))
        cases = cases.where(waits.case_id.in_(seen))
    one = cases.subquery()
    number = func.row_number().over(order_by=one.c.case_id)
    rows = select(literal(batch, t.batch.c.id.type), number, one.c.case_id, literal("due"))
    names = ["batch_id", "number", "case_id", "status"]
    store.execute(insert(t.batch_item).from_select(names, rows))
    return store.count(t.batch_item, _item.batch_id == batch)


def batches(
    store: Store, *, owner: int | None, before: int | None, limit: int, key: int | None = None
) -> Sequence[Record]:
    """Batches, newest first, with who ordered each: those of one actor, or all."""
    own = t.batch.c
    query = select(t.batch, t.actor.c.login).join(t.actor, t.actor.c.id == own.created_by)
    query = query.where(*([own.created_by == owner] if owner is not None else []))
    query = query.where(*([own.id < before] if before is not None else []))
    query = query.where(*([own.id == key] if key is not None else []))
    found: Sequence[Record] = store.execute(query.order_by(own.id.desc()).limit(limit)).all()
    return found


def counts(store: Store, batches: Collection[int]) -> Sequence[Record]:
    """How many items of each batch stand how, with the code of those that were refused."""
    key = (_item.batch_id, _item.status, _item.code)
    query = select(*key, func.count().label("many")).where(_item.batch_id.in_(sorted(batches)))
    found: Sequence[Record] = store.execute(query.group_by(*key).order_by(*key)).all()
    return found


def items(
    store: Store, batch: int, offices: Collection[int] | None, *, status: str | None, after: int,
    limit: int,
) -> Sequence[Record]:  # fmt: skip
    """Items of a batch in their order, each with the reference of its case."""
    query = select(t.batch_item, _case.reference, _case.version_id).outerjoin(
        t.case, t.case.c.id == _item.case_id
    )
    query = query.where(_item.batch_id == batch, _item.number > after)
    query = query.where(*([_item.status == status] if status else []))
    if offices is not None:
        query = query.where(_case.office_id.in_(sorted(offices)) | _case.id.is_(None))
    found: Sequence[Record] = store.execute(query.order_by(_item.number).limit(limit)).all()
    return found


def standing(store: Store) -> Iterator[Record]:
    """Every batch with how many items it has, and how many of them are to be done."""
    own = t.batch.c
    left = func.count().filter(_item.status == "due").label("left")
    query = select(own.id, own.status, own.total, func.count(_item.number).label("items"), left)
    joined = query.outerjoin(t.batch_item, _item.batch_id == own.id)
    yield from store.execute(joined.group_by(own.id, own.status, own.total).order_by(own.id))

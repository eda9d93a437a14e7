"""Tasks: the worklist, show, claim, release, complete."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands import pages, steps
from engine.commands.pages import Page
from engine.commands.surroundings import Surroundings
from engine.errors import EngineError
from engine.runtime import execution
from engine.store import tables as t
from engine.store import worklist as queries
from engine.store.types import Record
from engine.transaction import Transaction
from forms.form import Form


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in a worklist."""

    task: int
    name: str
    case: str
    procedure: str
    role: str
    office: str
    opened_at: datetime
    due_at: datetime | None
    assignee: str | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with the form that completes it."""

    task: int
    name: str
    case: str
    status: str
    form: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A task and who has it now, or nobody."""

    task: int
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Completed:
    """A task that is done, and the tasks that its case opened in turn."""

    task: int
    case: str
    opened: list[int]
    ended: str | None


def worklist(
    tx: Transaction, mine: bool = False, *, role: str | None = None, procedure: str | None = None,
    cursor: str | None = None, limit: int = 50,
) -> Page[TaskRow]:  # fmt: skip
    """The open tasks that the actor may take: those that are due first, then the oldest."""
    after = _place(cursor) if cursor else queries.START
    held = None
    if tx.actor.offices is not None:
        held = [
            (name, office)
            for name, offices in tx.actor.grants.items()
            for office in offices
            if role in (None, name)
        ]
    rows = queries.page(
        tx.store, held, mine=tx.actor.id if mine else None, procedure=procedure, after=after,
        limit=pages.size(limit) + 1,
    )  # fmt: skip
    last = rows[limit - 1] if len(rows) > limit else None
    following = pages.cursor(last.rank_at.isoformat(), last.id) if last else None
    items = (
        TaskRow(
            r.id, r.name, r.reference, r.procedure, r.role, r.short, r.opened_at, r.due_at,
            r.assignee,
        )
        for r in rows[:limit]
    )  # fmt: skip
    return Page(tuple(items), following)


def _place(cursor: str) -> tuple[datetime, int]:
    rank, key = pages.place(cursor, 2)
    return datetime.fromisoformat(rank), int(key)


def show(tx: Transaction, task: int) -> TaskView:
    """A task and its form."""
    found = tx.store.task(task)
    if found is None or not tx.actor.sees(found[1].office_id):
        raise EngineError("unknown_task", task=task)
    row, case = found
    form = _form(tx, row, case)
    return TaskView(
        row.id, row.name, case.reference, row.status, dict(form.document) if form else None
    )


def claim(tx: Transaction, task: int) -> Claimed:
    """Take a task, so that nobody else works on it meanwhile."""
    row, case = _open(tx, task)
    if row.assignee_id == tx.actor.id:
        return Claimed(task, tx.actor.login)
    if row.assignee_id is not None:
        holder = tx.store.get(t.actor, id=row.assignee_id)
        raise EngineError("already_claimed", task=task, assignee=holder.name)
    tx.store.change(t.task, row.id, assignee_id=tx.actor.id)
    tx.record(case, "task.claimed", {"task": row.element, "token": row.token})
    return Claimed(task, tx.actor.login)


def release(tx: Transaction, task: int) -> Claimed:
    """Give a task back to whoever may take it."""
    row, case = _open(tx, task)
    if row.assignee_id != tx.actor.id:
        raise EngineError("not_yours", task=task)
    tx.store.change(t.task, row.id, assignee_id=None)
    tx.record(case, "task.released", {"task": row.element, "token": row.token})
    return Claimed(task, None)


def complete(tx: Transaction, task: int, values: dict[str, Any]) -> Completed:
    """Complete a task with the answers of its form, and run its case on."""
    row, case = _open(tx, task)
    if row.assignee_id not in (None, tx.actor.id):
        holder = tx.store.get(t.actor, id=row.assignee_id)
        raise EngineError("claimed_by_other", assignee=holder.name)
    form = _form(tx, row, case)
    sealed: dict[str, Any] = {}
    if form is not None:
        clean = form.validate(values)
        sealed = form.seal(clean, tx.sealer(case.id, case.person_id, form.indexed))
    version = tx.version(case.version_id)
    world = Surroundings(tx, case, version)
    step = execution.complete(version.model, case.state, row.token, sealed, world)
    body = {"task": row.element, "token": row.token, "values": sealed}
    opened = steps.apply(tx, case, version, step, "task.completed", body)
    return Completed(task, case.reference, opened, step.ended)


def _open(tx: Transaction, task: int) -> tuple[Record, Record]:
    """The task and its case, held; the task is open and the actor has its role there."""
    row, case = tx.lock_task(task)
    if row.status == "completed":
        raise EngineError("already_completed", task=task, case=case.reference)
    if row.status != "open":
        raise EngineError("task_cancelled", task=task)
    if not tx.actor.holds(row.role, row.office_id):
        office = tx.store.get(t.office, id=row.office_id)
        role = tx.store.get(t.role, key=row.role)
        raise EngineError(
            "not_your_role", role=role.name,
            office=office.name_fr,
        )  # fmt: skip
    return row, case


def _form(tx: Transaction, row: Record, case: Record) -> Form | None:
    version = tx.version(case.version_id)
    name = version.model.elements[row.element].attributes.get("form")
    return Form.read(version.bundle.files[name]) if name else None

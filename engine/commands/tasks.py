"""Tasks: the worklist, show, claim, release, assign, draft, complete, reopen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from engine.commands import answering, delegations, duties, pages, steps
from engine.commands.pages import Page
from engine.commands.surroundings import Surroundings
from engine.errors import EngineError
from engine.history import chain, replaying
from engine.runtime import execution
from engine.runtime.model import Element
from engine.runtime.values import pack, unpack
from engine.store import tables as t
from engine.store import worklist as queries
from engine.store.types import Record
from engine.transaction import Transaction
from forms.form import Form


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in a worklist.

    `due_at` is its own date; `lapses_at` is when the nearest clock of the law against the
    administration ends in its case, `clock` that clock's name.
    """

    task: int
    name: str
    case: str
    procedure: str
    role: str
    office: str
    opened_at: datetime
    due_at: datetime | None
    lapses_at: datetime | None
    clock: str | None
    assignee: str | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with the form that completes it."""

    task: int
    name: str
    case: str
    element: str
    status: str
    role: str
    assignee: str | None
    due_at: datetime | None
    form: dict[str, Any] | None
    draft: dict[str, Any]


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
        tx.store, held, mine=tx.actor.id if mine else None, role=role, procedure=procedure,
        after=after, limit=pages.size(limit) + 1,
    )  # fmt: skip
    shown, following = pages.cut(rows, limit, lambda row: (row.rank_at.isoformat(), row.id))
    items = (
        TaskRow(
            r.id, r.name, r.reference, r.procedure, r.role, r.short, r.opened_at, r.due_at,
            r.lapses_at, r.lapse_clock, r.assignee,
        )
        for r in shown
    )  # fmt: skip
    return Page(tuple(items), following)


def _place(cursor: str) -> tuple[datetime, int]:
    rank, key = pages.place(cursor, pages.moment, pages.number)
    return rank, key


def show(tx: Transaction, task: int) -> TaskView:
    """A task and its form."""
    found = tx.store.task(task)
    if found is None or not tx.actor.sees(found[1].office_id):
        raise EngineError("unknown_task", task=task)
    row, case = found
    form = _form(tx, row, case)
    holder = tx.store.one(t.actor, id=row.assignee_id) if row.assignee_id else None
    draft = tx.unseal(case.id, unpack(row.draft)) if row.draft else {}
    return TaskView(
        row.id, row.name, case.reference, row.element, row.status, row.role,
        holder.login if holder else None, row.due_at, dict(form.document) if form else None, draft,
    )  # fmt: skip


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
    return _released(tx, row, case)


def _released(tx: Transaction, row: Record, case: Record) -> Claimed:
    tx.store.change(t.task, row.id, assignee_id=None)
    tx.record(case, "task.released", {"task": row.element, "token": row.token})
    return Claimed(row.id, None)


def assign(tx: Transaction, task: int, to: str | None) -> Claimed:
    """Give a task to a colleague who has its role in its office; `None` takes it from who has it.

    Who takes it so need not have it, as they must who release it.
    """
    row, case = _open(tx, task)
    if to is None:
        return _released(tx, row, case)
    found = tx.store.actor(to)
    if found is None or found[0].disabled_at is not None:
        raise EngineError("unknown_actor", login=to)
    colleague, grants = found
    if row.office_id not in grants.get(row.role, ()):
        _not_theirs(tx, row)
    tx.store.change(t.task, row.id, assignee_id=colleague.id)
    tx.record(case, "task.assigned", {"task": row.element, "token": row.token, "to": colleague.id})
    return Claimed(task, to)


def save_draft(tx: Transaction, task: int, values: dict[str, Any]) -> Claimed:
    """Keep unfinished answers with a task; what is personal among them is sealed like the rest."""
    row, case = _open(tx, task)
    _free(tx, row)
    form = _form(tx, row, case)
    if form is None:
        raise EngineError("bad_value", name="values", value="{}", expected="It has no form.")
    clean = answering.clean(tx, form, values, partial=True)
    steps.drop_draft(tx, row)
    if row.assignee_id is None:
        tx.record(case, "task.claimed", {"task": row.element, "token": row.token})
    seal = tx.sealer(case.id, case.person_id, frozenset(), prefix=f"draft/{row.id}")
    tx.store.change(t.task, row.id, draft=pack(form.seal(clean, seal)), assignee_id=tx.actor.id)
    return Claimed(task, tx.actor.login)


def complete(tx: Transaction, task: int, values: dict[str, Any]) -> Completed:
    """Complete a task with the answers of its form, and run its case on."""
    row, case = _open(tx, task)
    _free(tx, row)
    version = tx.version(case.version_id)
    element = version.model.elements[row.element]
    _separate(tx, case, element)
    order = {}
    if act := element.attributes.get("delegation"):
        order["order"] = delegations.require(tx, act, case, tx.today)
    sealed = _answers(tx, row, case, values)
    steps.drop_draft(tx, row)
    world = Surroundings(tx, case, version)
    step = execution.complete(version.model, case.state, row.token, sealed, world)
    body = {"task": row.element, "token": row.token, "values": sealed, **order}
    opened = steps.apply(tx, case, version, step, "task.completed", body)
    return Completed(task, case.reference, opened, step.ended)


def reopen(tx: Transaction, task: int, reason: str) -> Completed:
    """Take a completion back: by who did it, as long as nothing has come of it.

    Nothing has, while the completion is the last thing that moved the case, no number was taken, no
    message sent, and nobody has begun on what it opened. The history keeps both.
    """
    row, case = tx.lock_task(task)
    tx.awake(case)
    duties.reasoned(reason, "tasks.reopen")
    if row.status != "completed" or row.closed_by != tx.actor.id:
        raise EngineError("cannot_reopen", task=task, case=case.reference,
                          reason="only whoever completed it can take that back")  # fmt: skip
    event = _last_move(tx, case)
    if event is None or event.body.get("token") != row.token or not _without_trace(tx, case, event):
        raise EngineError("cannot_reopen", task=task, case=case.reference,
                          reason="the case has gone on since")  # fmt: skip
    version = tx.version(case.version_id)
    events, calendar = tx.events(case.id), tx.calendar_for(case)
    before = replaying.state_before(version.model, events, event.seq, calendar)
    world = Surroundings(tx, case, version)
    step = execution.restore(version.model, before, case.state, world)
    steps.put_aside(tx, row)
    body = {"task": row.element, "of": event.seq, "reason": tx.private(case, "reason", reason)}
    opened = steps.apply(tx, case, version, step, "task.reopened", body)
    return Completed(task, case.reference, opened, None)


@dataclass(frozen=True, slots=True)
class _Move:
    seq: int
    body: dict[str, Any]


def _last_move(tx: Transaction, case: Record) -> _Move | None:
    """The newest event of a case that moved a token."""
    for seq, encoded, _ in reversed(tx.events(case.id)):
        body = chain.decode(encoded)
        if "outcome" in body:
            return _Move(seq, body)
    return None


def _without_trace(tx: Transaction, case: Record, event: _Move) -> bool:
    """Whether a completion did nothing but open tasks, timers and subscriptions, all untouched."""
    outcome = event.body["outcome"]
    if event.body["kind"] != "task.completed" or outcome["ended"] or outcome.get("replies"):
        return False
    if outcome.get("facts"):  # what happened in law has happened
        return False
    if any(kind == "operation" for _, _, kind in outcome["opened"]):
        return False
    tokens = [token for token, _, kind in outcome["opened"] if kind == "task"]
    rows = tx.store.rows(t.task, t.task.c.case_id == case.id, t.task.c.token.in_(tokens))
    return all(row.status == "open" and row.assignee_id is None for row in rows)


def _answers(tx: Transaction, row: Record, case: Record, values: dict[str, Any]) -> dict[str, Any]:
    form = _form(tx, row, case)
    if form is None:
        if values:
            raise EngineError("bad_value", name="values", value=", ".join(values),
                              expected="The task has no form.")  # fmt: skip
        return {}
    clean = answering.clean(tx, form, values)
    sealed: dict[str, Any] = form.seal(clean, tx.sealer(case.id, case.person_id, form.indexed))
    return sealed


def _separate(tx: Transaction, case: Record, element: Element) -> None:
    """Refuse whoever did a task that the model keeps apart from this one (`mq:not-by`)."""
    apart = element.attributes.get("not-by", "").split()
    done = t.task.c
    for row in (
        tx.store.rows(
            t.task, done.case_id == case.id, done.element.in_(apart), done.closed_by == tx.actor.id
        )
        if apart
        else ()
    ):
        raise EngineError("separation_of_duties", element=row.name)


def _free(tx: Transaction, row: Record) -> None:
    if row.assignee_id not in (None, tx.actor.id):
        holder = tx.store.get(t.actor, id=row.assignee_id)
        raise EngineError("claimed_by_other", assignee=holder.name)


def _open(tx: Transaction, task: int) -> tuple[Record, Record]:
    """The task and its case, held; the task is open and the actor has its role there."""
    row, case = tx.lock_task(task)
    if row.status == "completed":
        raise EngineError("already_completed", task=task, case=case.reference)
    tx.awake(case)
    if row.status != "open":
        raise EngineError("task_cancelled", task=task)
    if not tx.actor.holds(row.role, row.office_id):
        _not_theirs(tx, row)
    return row, case


def _not_theirs(tx: Transaction, row: Record) -> NoReturn:
    office = tx.store.get(t.office, id=row.office_id)
    role = tx.store.get(t.role, key=row.role)
    raise EngineError("not_your_role", role=role.name, office=office.name_fr)


def _form(tx: Transaction, row: Record, case: Record) -> Form | None:
    version = tx.version(case.version_id)
    name = version.model.elements[row.element].attributes.get("form")
    return version.form(name) if name else None

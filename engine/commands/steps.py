"""What a step of the runtime means in rows: tasks, timers, subscriptions, jobs, the event.

Every command that moves a case ends here, so that state, waits and history change together.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.commands import dating, facts, letterbox
from engine.operations.place import Place
from engine.operations.registry import OPERATIONS
from engine.runtime.errors import RuntimeRefusal
from engine.runtime.values import pack
from engine.runtime.world import Step, Wait
from engine.store import kept
from engine.store import tables as t
from engine.store.types import Record
from engine.store.worklist import FAR
from engine.transaction import Transaction, Version

# Of the text of a condition that a row shows; messages and signals have shorter names.
_LONGEST = 120


def apply(
    tx: Transaction, case: Record, version: Version, step: Step, kind: str,
    body: Mapping[str, Any], moment: datetime | None = None,
) -> list[int]:  # fmt: skip
    """Write what a step made of a case, and the event; the ids of the tasks it opened.

    Whatever moves a suspended case ends its suspension; one that had ended is open again.
    `moment`: when in law it happened, where that was before now: a delay that had run out.
    """
    columns: dict[str, Any] = {}
    if case.status != "open":
        columns = {"status": "open", "suspended_at": None, "ended_at": None}
    if case.status == "suspended":
        _wake(tx, case)
    # Where a token was moved away nothing was done.
    done = None if kind == "case.moved" else body.get("token")
    for wait in step.closed:
        _close(tx, case, wait, done=wait.token == done)
    opened = [_open(tx, case, version, step, wait) for wait in step.opened]
    if step.ended:
        columns |= {"status": step.ended, "ended_at": tx.now}
    happened = facts.happened(tx, case, version, kind, step, moment or tx.now)
    told = outcome(step) | ({"facts": happened.told} if happened.facts else {})
    tx.record(case, kind, {**body, "outcome": told}, state=step.state, **columns)
    dating.follow(tx, case, version, step, happened)
    return letterbox.arrived(tx, case.id, step, [key for key in opened if key is not None])


def outcome(step: Step) -> dict[str, Any]:
    """What the history keeps of a step: enough to tell it, and to compare a re-execution."""
    always = {
        "flows": list(step.flows),
        "opened": [[wait.token, wait.element, wait.kind] for wait in step.opened],
        "closed": [[wait.token, wait.element, wait.kind] for wait in step.closed],
        "ended": step.ended,
        "digest": step.digest.hex(),
    }
    some = {
        "decisions": [[d.element, d.decision, d.value, d.trace] for d in step.decisions],
        "replies": [[r.element, r.operation, r.result, r.error] for r in step.replies],
        "derived": [[d.element, d.slot, d.value] for d in step.derived],
        "conflicts": list(step.conflicts),
    }
    return always | {name: rows for name, rows in some.items() if rows}


def _wake(tx: Transaction, case: Record) -> None:
    """Give the tasks of a suspended case back to people, its jobs to workers."""
    tx.store.change_at(t.task, {"case_id": case.id, "status": "suspended"}, status="open")
    if tx.store.change_at(t.job, {"case_id": case.id, "status": "held"}, status="due"):
        tx.store.wake()


def _close(tx: Transaction, case: Record, wait: Wait, *, done: bool) -> None:
    status = "completed" if done else "cancelled"
    at = {"case_id": case.id, "token": wait.token}
    match wait.kind:
        case "clock":
            tx.store.remove_at(t.clock_wait, at)
        case "task":
            by = tx.actor.id if done else None
            if not done:  # whoever completes a task has dropped its draft already
                drop_draft(tx, tx.store.get(t.task, **at))
            tx.store.change_at(
                t.task, at, status=status, closed_at=tx.now, closed_by=by, draft=None
            )
        case "message" | "signal" | "condition" | "offer":
            tx.store.remove_at(t.subscription, at)
        case _:
            tx.store.change_at(t.job, at, status=status, leased_until=None)
            if (
                not done and wait.kind == "operation"
            ):  # the number stays taken; the gap is explained
                reserved = {**at, "status": "reserved"}
                tx.store.change_at(t.certificate, reserved, status=status, cancelled_at=tx.now)


def put_aside(tx: Transaction, task: Record) -> None:
    """Make room for a token that waits again, as a task of its own.

    The row stays, or SQLite would give its number to the next task: whoever comes late with the old
    number would do the new one.
    """
    tx.store.change(t.task, task.id, token=-task.id, status="cancelled", closed_by=None)


def drop_draft(tx: Transaction, task: Record) -> None:
    """Erase what is personal in a draft."""
    if task.draft is not None:
        kept = t.personal.c
        tx.store.remove(
            t.personal, kept.case_id == task.case_id, kept.name.startswith(f"draft/{task.id}/")
        )


def _open(tx: Transaction, case: Record, version: Version, step: Step, wait: Wait) -> int | None:
    match wait.kind:
        case "task":
            return _open_task(tx, case, version, wait)
        case "timer":
            tx.store.add(
                t.job, kind="timer.fire", case_id=case.id, token=wait.token, payload=pack({}),
                status="due", due_at=wait.due, attempts=0, lease=0, created_at=tx.now,
            )  # fmt: skip
        case "clock":
            tx.store.add(
                t.clock_wait, case_id=case.id, token=wait.token, element=wait.element,
                name=wait.name, each=wait.key, reminder=wait.reminder,
            )  # fmt: skip
        case "message" | "signal" | "condition" | "offer":
            if wait.kind == "message":
                kept.alone(tx.store, wait.name, wait.key)
            tx.store.add(
                t.subscription, case_id=case.id, token=wait.token, element=wait.element,
                name=wait.name[:_LONGEST], key=wait.key, kind=wait.kind,
            )  # fmt: skip
        case "operation":
            place = Place(case, version, wait.element, wait.token, step.data)
            OPERATIONS[wait.name].run(tx, place, wait.inputs)
    return None


def _open_task(tx: Transaction, case: Record, version: Version, wait: Wait) -> int:
    element = version.model.elements[wait.element]
    role = version.bundle.procedure.role_of(element.lane)
    if role is None:
        raise RuntimeRefusal(wait.element, "the task lies in no lane of a role")
    return int(
        tx.store.add(
            t.task, case_id=case.id, token=wait.token, element=wait.element, name=element.name,
            role=role.key, office_id=case.office_id, status="open", opened_at=tx.now,
            due_at=wait.due, rank_at=min(wait.due or FAR, case.lapses_at or FAR),
        )
    )  # fmt: skip

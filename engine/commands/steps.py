"""What a step of the runtime means in rows: tasks opened and closed, operations begun, the event.

Every command that moves a case ends here, so that state, tasks, jobs and history change together.
"""

from collections.abc import Mapping
from typing import Any

from engine.operations import certificates
from engine.runtime.execution import Step, Wait
from engine.store import tables as t
from engine.store.types import Record
from engine.store.worklist import FAR
from engine.transaction import Transaction, Version


def apply(
    tx: Transaction,
    case: Record,
    version: Version,
    step: Step,
    kind: str,
    body: Mapping[str, Any],
) -> tuple[int, ...]:
    """Write what a step made of a case; the ids of the tasks it opened."""
    for wait in step.closed:
        if wait.kind == "task":
            tx.store.change_all(
                t.task, t.task.c.case_id == case.id, t.task.c.token == wait.token,
                status="completed", closed_at=tx.now, closed_by=tx.actor.id, draft=None,
            )  # fmt: skip
    opened = [_open(tx, case, version, step, wait) for wait in step.opened]
    status = {"status": step.ended, "ended_at": tx.now} if step.ended else {}
    outcome = {
        "version": version.digest,
        "entered": list(step.entered),
        "opened": [[wait.token, wait.element, wait.kind] for wait in step.opened],
        "closed": [[wait.token, wait.element, wait.kind] for wait in step.closed],
        "ended": step.ended,
        "digest": step.digest.hex(),
    }
    tx.record(case, kind, {**body, "outcome": outcome}, state=step.state, **status)
    return tuple(key for key in opened if key is not None)


def _open(tx: Transaction, case: Record, version: Version, step: Step, wait: Wait) -> int | None:
    element = version.model.elements[wait.element]
    if wait.kind == "operation":
        certificates.reserve(tx, case, version, element, wait.token, step.data)
        return None
    roles = version.bundle.procedure["roles"]
    role = next(key for key, name in roles.items() if name == element.lane)
    return int(
        tx.store.add(
            t.task, case_id=case.id, token=wait.token, element=wait.element, name=element.name,
            role=role, office_id=case.office_id, status="open", opened_at=tx.now, rank_at=FAR,
        )
    )  # fmt: skip

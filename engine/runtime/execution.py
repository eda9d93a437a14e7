"""Running a case: bytes in, a `Step` out.

Each function loads one document, runs, prunes and saves one document. It knows no database and
keeps nothing: whatever raises leaves the caller with the bytes it came with.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.runtime import codec, injection
from engine.runtime.errors import LoopWithoutWait, TaskNotOpen
from engine.runtime.model import Model, OperationTask
from engine.runtime.pruning import prune
from engine.runtime.values import canonical

# At DEBUG these dump all the data of a case; above it they still cost a tenth of every step.
for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.ERROR)

STEPS = 2_000


@dataclass(frozen=True, slots=True)
class Wait:
    """What a token waits for: a person's task, or the answer of an operation."""

    token: int
    element: str
    kind: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a command made of a case."""

    state: bytes
    digest: bytes
    opened: tuple[Wait, ...]
    closed: tuple[Wait, ...]
    entered: tuple[str, ...]
    data: Mapping[str, Any]
    ended: str | None


def start(model: Model, data: Mapping[str, Any], now: datetime) -> Step:
    """Begin a case with these values."""
    with injection.command(now, 0) as ticket:
        workflow = BpmnWorkflow(model.spec, model.subprocesses)
        workflow.task_tree.data.update(data)
        return _run(model, workflow, ticket, frozenset())


def complete(
    model: Model, state: bytes, token: int, values: Mapping[str, Any], now: datetime
) -> Step:
    """Complete a person's task, or take an operation's answer, with these values and go on."""
    workflow, last = codec.load(model, state)
    with injection.command(now, last) as ticket:
        task = workflow.tasks.get(token)
        before = _waits(workflow)
        if task is None or not task._state & (TaskState.READY | TaskState.STARTED):
            raise TaskNotOpen(str(token), "the task no longer waits")
        task.data = {**task.data, **values}
        if task._state == TaskState.STARTED:
            task.complete()
        else:
            task.run()
        return _run(model, workflow, ticket, before)


def look(model: Model, state: bytes) -> tuple[frozenset[Wait], Mapping[str, Any]]:
    """The waits and the values of a stored case."""
    workflow, _ = codec.load(model, state)
    return _waits(workflow), _data(workflow)


def _run(model: Model, workflow: Any, ticket: injection.Ticket, before: frozenset[Wait]) -> Step:
    entered = _advance(workflow)
    after, data = _waits(workflow), _data(workflow)
    ended = "completed" if workflow.is_completed() else None
    prune(workflow)
    return Step(
        state=codec.save(workflow, ticket.last),
        digest=public_digest(after, data, ended),
        opened=tuple(sorted(after - before, key=lambda wait: wait.token)),
        closed=tuple(sorted(before - after, key=lambda wait: wait.token)),
        entered=tuple(name for name in entered if name in model.elements),
        data=data,
        ended=ended,
    )


def _advance(workflow: Any) -> list[str]:
    """Run every automatic step until all tokens wait; the elements entered, in order."""
    entered: list[str] = []
    for _ in range(STEPS):
        ready = [
            t
            for t in workflow.tasks.values()
            if t._state == TaskState.READY and not t.task_spec.manual
        ]
        if not ready:
            break
        for task in ready:
            entered.append(task.task_spec.name)
            task.run()
    else:
        raise LoopWithoutWait(entered[-1], f"more than {STEPS} steps without a wait")
    return entered


def _waits(workflow: Any) -> frozenset[Wait]:
    found = set()
    for task in workflow.tasks.values():
        spec = task.task_spec
        if task._state == TaskState.READY and spec.manual:
            found.add(Wait(task.id, spec.name, "task"))
        elif task._state == TaskState.STARTED and isinstance(spec, OperationTask):
            found.add(Wait(task.id, spec.name, "operation"))
    return frozenset(found)


def _data(workflow: Any) -> dict[str, Any]:
    """The values of the case: of the newest waiting token, or of the end."""
    if workflow.is_completed():
        return dict(workflow.data)
    waiting = [
        t for t in workflow.tasks.values() if t._state & (TaskState.READY | TaskState.STARTED)
    ]
    return dict(max(waiting, key=lambda t: t.id).data)


def public_digest(waits: frozenset[Wait], data: Mapping[str, Any], ended: str | None) -> bytes:
    """SHA-256 over what anyone may compare: open waits, values (sealed as commitments), end."""
    rows = sorted([wait.token, wait.element, wait.kind] for wait in waits)
    return sha256(canonical([rows, dict(data), ended])).digest()

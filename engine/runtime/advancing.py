"""Automatic steps: run until every token waits (BPMN 2.0.2 §13).

A round runs what is ready, in the order in which it became so; then joins are asked again, since a
token that they waited for may have ended elsewhere, and conditions, since a variable may have
changed.
"""

from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.runtime import adhoc, boundaries, compensating, evaluating
from engine.runtime.boundaries import Listener
from engine.runtime.command import Command
from engine.runtime.errors import ModelError
from engine.runtime.evaluating import element_of
from engine.runtime.events import Catch
from engine.runtime.gateways import Join
from engine.runtime.pruning import prune
from engine.runtime.tokens import ACTIVE, active, living, scopes, sweep

_PRUNE_EVERY = 200


def advance(command: Command, case: Any) -> None:
    """Run every automatic step until all tokens wait."""
    while not case.completed:
        ready = [
            task
            for scope in scopes(case)
            for task in scope.tasks.values()
            if task._state == TaskState.READY and not task.task_spec.manual
        ]
        for task in sorted(ready, key=lambda task: int(task.id)):
            if task._state == TaskState.READY:
                with named(task):
                    run(command, task)
        if not ready and not _joins_ready(case) and not _conditions_met(command, case):
            return
        sweep(case)


def run(command: Command, task: Any) -> None:
    """Take one step, and note it."""
    element = element_of(task)
    taken = command.count(element)
    if element in command.model.elements and not isinstance(task.task_spec, Listener):
        command.flows.append(element)
    task.run()
    if task.id in command.interrupted:
        task._set_state(TaskState.CANCELLED)
        _done(command, element, "Event")  # it has thrown what now ends it
    left(command, task)
    if element in command.model.elements and command.model.elements[element].kind == "endEvent":
        _happened(command, element, task)
    if taken % _PRUNE_EVERY == 0 and not task.workflow.completed:
        prune(task.workflow)


def left(command: Command, task: Any) -> None:
    """A token has left an element: its boundary events end, its flows are noted."""
    if task._state != TaskState.COMPLETED or task.parent is None:
        return
    boundaries.settle(task)
    compensating.remember(task)
    thrower = compensating.handled(task)
    if thrower is not None:
        thrower.complete()
        left(command, thrower)
    here = element_of(task)
    if not hasattr(task.task_spec, "task_spec"):  # the whole of many: its runs are told
        _done(command, here)
    for child in task.children:
        if child._state & (ACTIVE | TaskState.FINISHED_MASK):
            flow = command.model.flows.get((here, _entered(child)))
            if flow is not None:
                command.flows.append(flow)
                _happened(command, here, task)
    adhoc.left(task)


def _done(command: Command, element: str, kind: str = "") -> None:
    """Note that an element is completed; what only the runtime knows has no place there."""
    found = command.model.elements.get(element)
    if found is not None and found.kind.endswith(kind):
        command.done.append(element)


def _happened(command: Command, element: str, task: Any) -> None:
    """Note a fact with what its own token knows: another may hold another value by that name."""
    found = command.model.elements.get(element)
    if found is not None and "fact" in found.attributes:
        command.facts.append((element, dict(task.data)))


def _entered(task: Any) -> str:
    return element_of(task).removesuffix(".BoundaryEventSplit")


def _joins_ready(case: Any) -> bool:
    """Ask the joins again: a token that they waited for may have ended elsewhere."""
    moved = False
    for task in list(active(case)):
        spec = task.task_spec
        if task._state == TaskState.WAITING and isinstance(spec, Join):
            spec._update(task)
            moved |= task._state != TaskState.WAITING
    return moved


def _conditions_met(command: Command, case: Any) -> bool:
    """Ask what waits for a condition again (BPMN 2.0.2 §10.5.5): taken as it becomes true."""
    waiting = [
        task
        for task in active(case)
        if task._state == TaskState.WAITING
        and isinstance(task.task_spec, Catch)
        and task.task_spec.details.condition is not None
    ]
    became = [task for task in sorted(waiting, key=lambda task: int(task.id)) if _becomes(task)]
    for task in became:
        if living(task):
            command.count(element_of(task))
            task.task_spec.fire(task, {})
    return bool(became)


def _becomes(task: Any) -> bool:
    """Whether a condition is true that was not; the variables are those of its whole level."""
    text, element = task.task_spec.details.condition, element_of(task)
    value = evaluating.evaluate(element, "condition", text, boundaries.level_of(task.workflow))
    if value is not None and not isinstance(value, bool):
        raise ModelError(element, f"the condition {text.text} is neither true nor false")
    held = bool(task.internal_data.get("held"))
    task.internal_data = task.internal_data | {"held": bool(value)}
    return bool(value) and not held


class named:  # noqa: N801 - reads as a word at its place
    """Give SpiffWorkflow's own errors the element at which they arose."""

    def __init__(self, task: Any) -> None:
        self._task = task

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, WorkflowException) and not isinstance(error, ModelError):
            raise ModelError(element_of(self._task), str(error)) from error

"""Running a case: bytes in, a `Step` out.

Each function loads one document, runs, prunes and saves one document. It knows no database and
keeps nothing: whatever raises leaves the caller with the bytes it came with.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.runtime import boundaries, catching, codec, compensating, evaluating, looking, moving
from engine.runtime.activities import OperationTask
from engine.runtime.boundaries import Listener
from engine.runtime.command import Command, running
from engine.runtime.errors import ModelError, TaskNotOpen
from engine.runtime.evaluating import element_of
from engine.runtime.events import Catch, begin_at
from engine.runtime.gateways import Join
from engine.runtime.looking import View
from engine.runtime.model import Model
from engine.runtime.pruning import prune
from engine.runtime.tokens import ACTIVE, Case, active, find, living, scopes, sweep
from engine.runtime.world import Step, Wait, World

# At DEBUG these dump all the data of a case.
for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.ERROR)

LARGEST_STATE = 1_000_000
_PRUNE_EVERY = 200


def start(model: Model, data: Mapping[str, Any], world: World, at: str | None = None) -> Step:
    """Begin a case with these values, at one of the model's `starts`.

    Without `at`: at the start event without an event, else at the only one.
    """
    command = Command(world, model, 0)
    with running(command):
        case = Case(model.spec, model.scopes)
        case.task_tree.data = dict(data)
        begin_at(case, at)
        return _finished(command, case, frozenset())


def complete(
    model: Model, state: bytes, token: int, values: Mapping[str, Any], world: World
) -> Step:
    """Complete a person's task with these values and go on."""

    def move(task: Any) -> None:
        task.data = {**task.data, **values}
        _run(command, task)

    command = Command(world, model, 0)
    return _moved(command, state, token, "task", move)


def answer(model: Model, state: bytes, token: int, result: Any, world: World) -> Step:
    """Take what an outside operation gave and go on."""

    def move(task: Any) -> None:
        task.task_spec.keep(task, result)
        task.complete()
        _left(command, task)

    command = Command(world, model, 0)
    return _moved(command, state, token, "operation", move)


def fail(model: Model, state: bytes, token: int, code: str, message: str, world: World) -> Step:
    """Take an outside operation's business error: to the boundary event that catches it."""
    command = Command(world, model, 0)
    throw = catching.throw
    return _moved(command, state, token, "operation", lambda task: throw(task, code, message))


def catches(model: Model, state: bytes, token: int, code: str) -> bool:
    """Whether a boundary event catches this error of what a token waits for."""
    case, _ = codec.load(model, state)
    task = find(case, token)
    return task is not None and catching.catching(task, code) is not None


def fire(model: Model, state: bytes, token: int, world: World) -> Step:
    """A timer is due."""
    command = Command(world, model, 0)
    return _moved(command, state, token, "timer", lambda task: task.task_spec.fire(task, {}))


def reach(model: Model, state: bytes, token: int, world: World) -> Step:
    """A clock of the law has come to its end, or to the reminder that a token waits for."""
    command = Command(world, model, 0)
    return _moved(command, state, token, "clock", lambda task: task.task_spec.fire(task, {}))


def receive(
    model: Model, state: bytes, token: int, payload: Mapping[str, Any], world: World
) -> Step:
    """A message has come for a waiting token."""
    command = Command(world, model, 0)
    given = dict(payload)
    return _moved(command, state, token, "message", lambda task: task.task_spec.fire(task, given))


def signal(
    model: Model, state: bytes, token: int, payload: Mapping[str, Any], world: World
) -> Step:
    """A signal of another case has come for a waiting token."""
    command = Command(world, model, 0)
    given = dict(payload)
    return _moved(command, state, token, "signal", lambda task: task.task_spec.fire(task, given))


def rectify(model: Model, state: bytes, name: str, value: Any, world: World) -> Step:
    """Put another value into a variable, in every branch that holds it."""
    case, last = codec.load(model, state)
    command = Command(world, model, last)
    with running(command):
        before = looking.waits(case)
        for scope in scopes(case):
            for task in scope.tasks.values():
                if name in task.data:
                    task.data = {**task.data, name: value}
        return _finished(command, case, before)


def resume(model: Model, state: bytes, since: datetime, world: World) -> Step:
    """Go on after a suspension: what delays had left then, they have left now."""
    case, last = codec.load(model, state)
    command = Command(world, model, last)
    with running(command):
        before = looking.waits(case)
        for task in active(case):
            if isinstance(task.task_spec, Catch):
                task.task_spec.put_off(task, since, world.now - since)
        return looking.step(command, case, before, looking.waits(case), looking.data(case), None)


def move(model: Model, state: bytes, token: int, to: str, world: World) -> Step:
    """Put a token before another element of its level; raises Immovable."""
    case, last = codec.load(model, state)
    command = Command(world, model, last)
    with running(command):
        before = looking.waits(case)
        moving.move(case, model, token, to)
        return _finished(command, case, before)


def holder(model: Model, state: bytes, source: str) -> tuple[int, str]:
    """The token that waits at an element, or that has this number, and the element.

    Raises Immovable where there is none, or several.
    """
    case, _ = codec.load(model, state)
    return moving.holder(case, source)


def cancel(model: Model, state: bytes, world: World) -> Step:
    """End a case before its time."""
    case, last = codec.load(model, state)
    command = Command(world, model, last)
    with running(command):
        before, data = looking.waits(case), looking.data(case)
        case.completed, case.data = True, data
        case.subprocesses.clear()
        return looking.step(command, case, before, frozenset(), data, "cancelled")


def restore(model: Model, before: bytes, state: bytes, world: World) -> Step:
    """Go back to an earlier document of the case; ids that were given since are not given again."""
    now, _ = codec.load(model, state)
    case, last = codec.load(model, codec.rewound(before, state))
    command = Command(world, model, last)
    with running(command):
        then = looking.waits(case)
        return looking.step(command, case, looking.waits(now), then, looking.data(case), None)


def look(model: Model, state: bytes) -> View:
    """The waits and the values of a stored case."""
    case, _ = codec.load(model, state)
    return View(looking.waits(case), looking.data(case), case.completed)


def _moved(
    command: Command, state: bytes, token: int, kind: str, move: Callable[[Any], None]
) -> Step:
    case, command.last = codec.load(command.model, state)
    with running(command):
        before = looking.waits(case)
        task = find(case, token)
        if task is None or not any(w.token == token and w.kind == kind for w in before):
            raise TaskNotOpen(str(token), "the token no longer waits for this")
        with _named(task):
            move(task)
        return _finished(command, case, before)


def _finished(command: Command, case: Any, before: frozenset[Wait]) -> Step:
    _advance(command, case)
    sweep(case)
    after, data = looking.waits(case), looking.data(case)
    if not case.completed:
        if not after:
            stuck = ", ".join(sorted({element_of(task) for task in active(case)}))
            raise ModelError(stuck, "the case would wait for nothing: tokens that never meet")
        for scope in scopes(case):
            prune(scope)
    ended = "completed" if case.completed else None
    done = looking.step(command, case, before, after, data, ended)
    if len(done.state) > LARGEST_STATE:
        raise ModelError("", f"the case would hold more than {LARGEST_STATE} bytes")
    return done


def _advance(command: Command, case: Any) -> None:
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
                with _named(task):
                    _run(command, task)
        if not ready and not _joins_ready(case) and not _conditions_met(command, case):
            return
        sweep(case)


def _run(command: Command, task: Any) -> None:
    element = element_of(task)
    taken = command.count(element)
    if element in command.model.elements and not isinstance(task.task_spec, Listener):
        command.flows.append(element)
    task.run()
    if task.id in command.interrupted:
        task._set_state(TaskState.CANCELLED)
    _left(command, task)
    if element in command.model.elements and command.model.elements[element].kind == "endEvent":
        _happened(command, element, task)
    if taken % _PRUNE_EVERY == 0 and not task.workflow.completed:
        prune(task.workflow)


def _left(command: Command, task: Any) -> None:
    """A token has left an element: its boundary events end, its flows are noted."""
    if task._state != TaskState.COMPLETED or task.parent is None:
        return
    boundaries.settle(task)
    compensating.remember(task)
    thrower = compensating.handled(task)
    if thrower is not None:
        thrower.complete()
        _left(command, thrower)
    here = element_of(task)
    for child in task.children:
        if child._state & (ACTIVE | TaskState.FINISHED_MASK):
            flow = command.model.flows.get((here, _entered(child)))
            if flow is not None:
                command.flows.append(flow)
                _happened(command, here, task)


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


class _named:  # noqa: N801 - reads as a word at its place
    """Give SpiffWorkflow's own errors the element at which they arose."""

    def __init__(self, task: Any) -> None:
        self._task = task

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, WorkflowException) and not isinstance(error, ModelError):
            raise ModelError(element_of(self._task), str(error)) from error


__all__ = [
    "Catch", "OperationTask", "Step", "View", "Wait", "answer", "cancel", "catches", "complete",
    "fail", "fire", "holder", "look", "move", "reach", "receive", "rectify", "restore",
    "resume", "signal", "start",
]  # fmt: skip

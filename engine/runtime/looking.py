"""What can be seen of a running case: what it waits for, what it holds, its digest."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime import codec
from engine.runtime.activities import OperationTask
from engine.runtime.adhoc import Offer
from engine.runtime.boundaries import level_of
from engine.runtime.command import Command
from engine.runtime.evaluating import element_of
from engine.runtime.events import Catch
from engine.runtime.tokens import active
from engine.runtime.values import canonical
from engine.runtime.world import Step, Wait


@dataclass(frozen=True, slots=True)
class View:
    """A stored case: its waits, its variables, whether it has ended."""

    waits: frozenset[Wait]
    data: Mapping[str, Any]
    ended: bool


def waits(case: Any) -> frozenset[Wait]:
    """Everything that tokens wait for, in all scopes."""
    if case.completed:
        return frozenset()
    found = (_wait(task) for task in active(case))
    return frozenset(wait for wait in found if wait is not None)


def _wait(task: Any) -> Wait | None:
    spec, element, kept = task.task_spec, element_of(task), task.internal_data
    if task._state == TaskState.READY and spec.manual:
        return Wait(task.id, element, "task", due=kept.get("due"))
    if task._state == TaskState.STARTED and isinstance(spec, OperationTask):
        operation = spec.details.own["operation"]
        return Wait(task.id, element, "operation", name=operation, inputs=kept["inputs"])
    if task._state == TaskState.WAITING and isinstance(spec, Offer):
        return Wait(task.id, element, "offer", name=spec.within)
    if task._state == TaskState.WAITING and isinstance(spec, Catch):
        if "due" in kept:
            return Wait(task.id, element, "timer", due=kept["due"])
        if "clock" in kept:
            name, each, reminder = kept["clock"]
            return Wait(task.id, element, "clock", name=name, key=each, reminder=reminder)
        if "key" in kept:
            name = spec.details.message
            return Wait(task.id, element, "message", name=name, key=kept["key"])
        if spec.details.signal:
            return Wait(task.id, element, "signal", name=spec.details.signal)
        if spec.details.condition is not None:
            return Wait(task.id, element, "condition", name=spec.details.condition.text)
    return None


def data(case: Any) -> dict[str, Any]:
    """The variables of the case: those of its tokens, put together as a join would."""
    if case.completed:
        return dict(case.data)
    return level_of(case, instances=True)


def step(
    command: Command, case: Any, before: frozenset[Wait], after: frozenset[Wait],
    values: Mapping[str, Any], ended: str | None,
) -> Step:  # fmt: skip
    """What a command made of a case."""
    return Step(
        state=codec.save(case, command.last),
        digest=digest(after, values, ended),
        opened=_ordered(after - before),
        closed=_ordered(before - after),
        flows=tuple(command.flows),
        facts=tuple(command.facts),
        decisions=tuple(command.decisions),
        replies=tuple(command.replies),
        derived=tuple(command.derived),
        conflicts=tuple(command.conflicts),
        data=values,
        ended=ended,
        done=tuple(command.done),
    )


def digest(open_waits: frozenset[Wait], values: Mapping[str, Any], ended: str | None) -> bytes:
    """SHA-256 over what anyone may compare: waits, values (sealed as commitments), end."""
    rows = [
        [w.token, w.element, w.kind, w.due, w.name, w.key, *([w.reminder] if w.reminder else ())]
        for w in _ordered(open_waits)
    ]
    return sha256(canonical([rows, dict(values), ended])).digest()


def _ordered(found: frozenset[Wait]) -> tuple[Wait, ...]:
    return tuple(sorted(found, key=lambda wait: wait.token))

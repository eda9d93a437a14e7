"""What events and activities throw, to whoever waits for it (BPMN 2.0.2 §10.3.8, §10.5.1)."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime.catching import catching, throw
from engine.runtime.command import current
from engine.runtime.evaluating import element_of
from engine.runtime.events import Catch
from engine.runtime.tokens import active, living
from engine.runtime.world import Reply


def throw_event(task: Any, kind: str, name: str) -> None:
    """Throw a signal, an escalation or an error from inside an activity."""
    if kind == "error":
        throw(task, name, f"thrown by {element_of(task)}")
    elif kind == "escalation":
        escalate(task, name)
    else:
        command, element = current(), element_of(task)
        broadcast(task, name, {})
        inputs = {"signal": name, "payload": {}}
        result = command.world.perform("signal.send", inputs, element, task.id)
        command.replies.append(Reply(element, "signal.send", result))


def escalate(task: Any, code: str) -> None:
    """Hand an escalation to the nearest that catches it; nobody need."""
    catcher = catching(task, code, "escalation")
    if catcher is not None:
        catcher.task_spec.fire(catcher, {})


def broadcast(task: Any, name: str, payload: Mapping[str, Any]) -> None:
    """Hand a signal to all who wait for it in this case, by their tokens."""
    found = [
        other
        for other in active(task.workflow.top_workflow)
        if other._state == TaskState.WAITING
        and isinstance(other.task_spec, Catch)
        and other.task_spec.details.signal == name
    ]
    for other in sorted(found, key=lambda other: int(other.id)):
        if living(other) and other._state == TaskState.WAITING:
            other.task_spec.fire(other, payload)

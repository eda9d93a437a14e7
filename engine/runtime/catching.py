"""Who catches an error or an escalation: from the inside out (BPMN 2.0.2 §10.5.1, §13.5.3-4).

At each level first the boundary events of the activity, then the event subprocesses of the scope it
stands in; one that names the code goes before one that catches any.
"""

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime.boundaries import ActivitySplit, Boundary, Listener
from engine.runtime.errors import ModelError
from engine.runtime.evaluating import element_of
from engine.runtime.events import Catch


def throw(task: Any, code: str, message: str) -> None:
    """Hand an error to who catches it. Raises ModelError where nobody does."""
    catcher = catching(task, code)
    if catcher is None:
        raise ModelError(element_of(task), f"no boundary event catches the error {code}: {message}")
    catcher.task_spec.fire(catcher, {})


def catching(task: Any, code: str, kind: str = "error") -> Any:
    """What catches an error or an escalation of a task, from the inside out; None where none."""
    here = task
    while here is not None:
        split = here.parent is not None and isinstance(here.parent.task_spec, ActivitySplit)
        found = _fit(here.parent.children if split else (), Boundary, code, kind)
        if found is not None:
            return found
        if here.parent is not None and _inside_many(here):
            here = here.parent
            continue
        workflow = here.workflow
        found = _fit(workflow.tasks.values(), Listener, code, kind)
        if found is not None:
            return found
        outside = workflow.parent_workflow
        here = outside.tasks[workflow.parent_task_id] if outside is not None else None
    return None


def _fit(tasks: Iterable[Any], sort: type[Catch], code: str, kind: str) -> Any:
    fit = [
        task
        for task in tasks
        if task._state == TaskState.WAITING
        and isinstance(task.task_spec, sort)
        and task.task_spec.details.event == kind
        and _code(task) in (None, code)
    ]
    return max(fit, key=lambda task: _code(task) is not None, default=None)


def _code(task: Any) -> str | None:
    details = task.task_spec.details
    code: str | None = details.error if details.event == "error" else details.escalation
    return code


def _inside_many(task: Any) -> bool:
    """Whether the task is one instance of a multi-instance activity."""
    return "index" in task.internal_data and task.triggered

"""The tree of tokens that SpiffWorkflow keeps, and the few moves that every element needs."""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.runtime.evaluating import Conditions

ACTIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_CONDITIONS = Conditions()


class _Quiet:
    """A workflow that does not ask every waiting task anew whenever one completes."""

    def _task_completed_notify(self, task: Any) -> None:
        self.last_task = task
        if task.task_spec.name == "End" and not self.completed:
            self._mark_complete(task)
        if self.completed:
            self.completed_event(self)

    def _mark_complete(self, task: Any) -> None:
        self.data, self.completed = dict(task.data), True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.memory: dict[str, Any] = {}  # what outlives the tokens; see codec

    completed = False
    completed_event: Any


class Scope(_Quiet, BpmnSubWorkflow):
    """The tokens inside a subprocess or a called process."""


class Case(_Quiet, BpmnWorkflow):
    """The tokens of a case: its main process, and every scope open inside it."""

    def __init__(self, spec: Any, subprocesses: Any, **kwargs: Any) -> None:
        super().__init__(spec, subprocesses, script_engine=_CONDITIONS, **kwargs)

    def create_subprocess(self, my_task: Any, spec_name: str) -> Any:
        """Open the scope of a task."""
        scope = Scope(self.subprocess_specs[spec_name], my_task.id, self)
        self.subprocesses[my_task.id] = scope
        return scope


def scopes(case: Any) -> list[Any]:
    """The main process and every scope whose task still runs, outer before inner."""
    return [case, *case.subprocesses.values()]


def sweep(case: Any) -> None:
    """Forget the scopes that are over: completed, or interrupted with their task."""
    alive = True
    while alive:
        over = [key for key, scope in case.subprocesses.items() if not _open(case, key, scope)]
        for key in over:
            del case.subprocesses[key]
        alive = bool(over)


def _open(case: Any, key: int, scope: Any) -> bool:
    if scope.completed:
        return False
    for outer in scopes(case):
        task = outer.tasks.get(key)
        if task is not None:
            return bool(task._state == TaskState.STARTED)
    return False


def living(task: Any) -> bool:
    """Whether a task still holds a token: its scope has not ended, nor any scope around it."""
    here = task
    while here is not None and here._state & ACTIVE and here.id in here.workflow.tasks:
        workflow = here.workflow
        if workflow.completed:
            return False
        if workflow.parent_task_id is None:
            return True
        # The scope may have been forgotten already, with the task that held it.
        outer = workflow.top_workflow.subprocesses
        if outer.get(workflow.parent_task_id) is not workflow:
            return False
        here = find(workflow.top_workflow, workflow.parent_task_id)
    return False


def active(case: Any) -> Iterator[Any]:
    """Every task that holds a token, in all scopes."""
    for scope in scopes(case):
        for task in scope.tasks.values():
            if task._state & ACTIVE:
                yield task


def find(case: Any, token: int) -> Any:
    """The task with this id, in whatever scope, or None."""
    for scope in scopes(case):
        if token in scope.tasks:
            return scope.tasks[token]
    return None

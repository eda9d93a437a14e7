"""Boundary events: attached to an activity, waiting as long as it runs.

SpiffWorkflow puts a split before such an activity and a join after it. Ours keeps the split, so
that the activity and its events are siblings, and does the rest itself: the activity's end cancels
the events that still wait; an interrupting event cancels the activity and the other events; an
event that does not interrupt waits again, since the same message may come twice.

Variables belong to the case: whoever leaves a subprocess by such an event takes along what its
steps have set.
"""

from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.util.task import TaskState

from engine.runtime import timers
from engine.runtime.command import current
from engine.runtime.errors import ModelError
from engine.runtime.evaluating import element_of
from engine.runtime.events import Catch
from engine.runtime.merging import joined
from engine.runtime.timers import Timer
from engine.runtime.tokens import ACTIVE


class ActivitySplit(SimpleBpmnTask):
    """Stands before an activity with boundary events: they become its siblings."""


class Boundary(Catch):
    """A boundary event: a timer, a message or an error."""

    def fire(self, my_task: Any, payload: dict[str, Any]) -> None:
        """Take the event; interrupt the activity, or wait for the next one."""
        my_task.data = _reached(my_task)
        if self.details.interrupts:
            for sibling in my_task.parent.children:
                if sibling is not my_task and sibling._state & ACTIVE:
                    current().interrupted.add(sibling.id)
                    sibling.cancel()
        else:
            self._again(my_task)
        super().fire(my_task, payload)

    def _again(self, my_task: Any) -> None:
        """Let the event wait anew beside the one that is taken."""
        kept: dict[str, Any] = {}
        timer = self.details.timer
        if timer is not None:
            left = my_task.internal_data.get("left", timer.times)
            if left == 1:
                return
            due, turns = self._next(timer, my_task.internal_data["due"])
            if 0 < left <= turns:
                return
            kept = my_task.internal_data | {"due": due, "left": max(left - turns, 0)}
        again = my_task.parent._add_child(self, TaskState.FUTURE)
        again.triggered = True
        self._predict(again, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        again.internal_data |= kept
        self._update(again)

    def _next(self, timer: Timer, due: datetime) -> tuple[datetime, int]:
        """The next turn of a cycle, and how many are done by taking the one that is due.

        Missed turns are taken one by one, or `mq:late` says that one stands for them all.
        """
        world = current().world
        if self.details.own.get("late") == "once":
            return timers.next_ahead(timer, due, world.zone, world.now)
        return timers.next_due(timer, due, world.zone), 1


def _reached(event: Any) -> dict[str, Any]:
    """What the variables are at an event: as its activity has them now."""
    for sibling in event.parent.children:
        if not isinstance(sibling.task_spec, Boundary) and sibling._state & ACTIVE:
            return values_of(sibling)
    return dict(event.data)


def values_of(task: Any) -> dict[str, Any]:
    """The variables of a token; inside an open scope, what its tokens made of them so far."""
    scope = task.workflow.top_workflow.subprocesses.get(task.id)
    tokens = [t for t in scope.tasks.values() if t._state & ACTIVE] if scope is not None else []
    if getattr(task.task_spec, "shares", False):  # a loop: its run goes on with its variables
        runs = [values_of(child) for child in task.children if child._state & ACTIVE]
        return task.task_spec.left(task, runs[0]) if runs else dict(task.data)
    return joined(tokens, [values_of(token) for token in tokens])[0] if tokens else dict(task.data)


def settle(task: Any) -> None:
    """An activity is over: its boundary events wait no more."""
    if not isinstance(task.parent.task_spec, ActivitySplit) or isinstance(task.task_spec, Boundary):
        return
    for sibling in task.parent.children:
        if isinstance(sibling.task_spec, Boundary) and sibling._state == TaskState.WAITING:
            sibling.cancel()


def throw(task: Any, code: str, message: str) -> None:
    """Hand an error to the nearest boundary event that catches it, from the inside out.

    One that names the code goes before one that catches any. Raises ModelError where none does.
    """
    catcher = catching(task, code)
    if catcher is None:
        raise ModelError(element_of(task), f"no boundary event catches the error {code}: {message}")
    catcher.task_spec.fire(catcher, {})


def catching(task: Any, code: str) -> Any:
    """The boundary event that catches an error of a task, from the inside out; None where none."""
    here = task
    while here is not None:
        catcher = _catcher(here, code)
        if catcher is not None:
            return catcher
        workflow = here.workflow
        if here.parent is not None and _inside_many(here):
            here = here.parent
        elif workflow.parent_workflow is not None:
            here = workflow.parent_workflow.tasks[workflow.parent_task_id]
        else:
            here = None
    return None


def _catcher(task: Any, code: str) -> Any:
    if task.parent is None or not isinstance(task.parent.task_spec, ActivitySplit):
        return None
    fit = [
        sibling
        for sibling in task.parent.children
        if isinstance(sibling.task_spec, Boundary)
        and sibling._state == TaskState.WAITING
        and sibling.task_spec.details.catches_error
        and sibling.task_spec.details.error in (None, code)
    ]
    return max(fit, key=lambda t: t.task_spec.details.error is not None, default=None)


def _inside_many(task: Any) -> bool:
    """Whether the task is one instance of a multi-instance activity."""
    return "index" in task.internal_data and task.triggered

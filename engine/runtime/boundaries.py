"""Boundary events: attached to an activity, waiting as long as it runs (BPMN 2.0.2 §13.5.3).

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
from engine.runtime.events import Catch
from engine.runtime.merging import joined, merged
from engine.runtime.timers import Timer
from engine.runtime.tokens import ACTIVE


class ActivitySplit(SimpleBpmnTask):
    """Stands before an activity with boundary events: they become its siblings."""


class Repeating(Catch):
    """An event that can be taken again while what it belongs to goes on."""

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
        if self.details.condition is not None:
            kept = {"held": True}  # it is true now: it has to be false before it is taken again
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


class Boundary(Repeating):
    """A boundary event: whatever is not a compensation."""

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


class Listener(Repeating):
    """The start event of an event subprocess, waiting while its scope runs (§13.5.4).

    It stands in the outer scope and leads to the subprocess. One that interrupts ends every other
    token of the scope; one that does not waits again, and what the subprocess changes is counted
    from what the variables were as it began.
    """

    def fire(self, my_task: Any, payload: dict[str, Any]) -> None:
        """Take the event: the subprocess begins with the variables as the scope has them now."""
        scope = my_task.workflow
        my_task.data = level_of(scope)
        if self.details.interrupts:
            interrupt(scope, my_task)
        else:
            self._again(my_task)
            for child in my_task.children:
                child.internal_data["base"] = dict(my_task.data)
        super().fire(my_task, payload)


def interrupt(scope: Any, spared: Any) -> None:
    """End every token of a scope but one, and what else listens in it."""
    tokens = [t for t in scope.tasks.values() if t._state & ACTIVE and t is not spared]
    for task in tokens:
        if task.id in scope.tasks and task._state & ACTIVE:
            current().interrupted.add(task.id)
            task.cancel()


def _reached(event: Any) -> dict[str, Any]:
    """What the variables are at an event: as its activity has them now."""
    for sibling in event.parent.children:
        if not isinstance(sibling.task_spec, Boundary) and sibling._state & ACTIVE:
            return values_of(sibling)
    return dict(event.data)


def values_of(task: Any, instances: bool = False) -> dict[str, Any]:
    """The variables of a token; inside an open scope, what its tokens made of them so far."""
    scope = task.workflow.top_workflow.subprocesses.get(task.id)
    if getattr(task.task_spec, "shares", False):  # a loop: its run goes on with its variables
        runs = [values_of(child, instances) for child in task.children if child._state & ACTIVE]
        return task.task_spec.left(task, runs[0]) if runs else dict(task.data)
    return dict(task.data) if scope is None else level_of(scope, instances)


def level_of(scope: Any, instances: bool = False) -> dict[str, Any]:
    """The variables of a level: those of its tokens, put together as a join would.

    What one of many instances changed is its own; it can be looked at, but not taken along.
    """
    whole = getattr(scope.spec, "whole", None)  # an ad-hoc subprocess knows what runs since when
    if whole is not None and (found := whole.level_of(scope)) is not None:
        return dict(found)
    tokens = sorted(
        (
            task
            for task in scope.tasks.values()
            if task._state & ACTIVE and (instances or "index" not in task.internal_data)
        ),
        key=lambda task: int(task.id),
    )
    branches = [own_changes(task, values_of(task, instances)) for task in tokens]
    return joined(tokens, branches)[0] if tokens else dict(scope.task_tree.data)


def own_changes(task: Any, values: dict[str, Any]) -> dict[str, Any]:
    """What a branch tells a join: an event subprocess that runs beside, only what it changed."""
    base = task.internal_data.get("base")
    if base is None:
        return values
    return merged(base, [values], onto=task.workflow.task_tree.data)[0]


def settle(task: Any) -> None:
    """An activity is over: its boundary events wait no more."""
    if not isinstance(task.parent.task_spec, ActivitySplit) or isinstance(task.task_spec, Boundary):
        return
    for sibling in task.parent.children:
        if isinstance(sibling.task_spec, Boundary) and sibling._state == TaskState.WAITING:
            sibling.cancel()

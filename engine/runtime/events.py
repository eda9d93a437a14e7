"""Events: caught by the engine, which alone knows when a timer is due and whom a message is for."""

from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from decisions import expressions
from engine.runtime import evaluating
from engine.runtime.errors import ModelError
from engine.runtime.notation import Details
from engine.runtime.tokens import ACTIVE


class Begin(BpmnSpecMixin):
    """A start event.  What starts a case has come already: the engine began it."""

    hidden = False

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.details = details

    @property
    def plain(self) -> bool:
        """Whether it waits for no event."""
        return not self.hidden and not self.details.event


def begin_at(scope: Any, at: str | None = None) -> None:
    """Leave of the beginnings of a new scope the one that is meant (BPMN 2.0.2 §13.5.1).

    None means the start event without an event, else the only one; raises ModelError where several
    could be meant, or none has this id.
    """
    begins = [c for c in scope.task_tree.children if isinstance(c.task_spec, Begin)]
    fit = [c for c in begins if (c.task_spec.plain if at is None else c.task_spec.name == at)]
    shown = [c for c in begins if not c.task_spec.hidden]
    fit = fit or (shown if at is None else [])
    if len(fit) != 1:
        raise ModelError(at or scope.spec.name, "it is not said at which start event it begins")
    for child in scope.task_tree.children:
        other = child not in fit and isinstance(child.task_spec, Begin)
        if other or (fit[0].task_spec.hidden and child not in fit):
            child._drop_children(force=True)
            scope._remove_task(child.id)


class Pass(BpmnSpecMixin):
    """An intermediate event that does nothing: a place in the history (§10.5.4), or a link."""

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.details = details


class EventGateway(BpmnSpecMixin):
    """An event-based gateway: its events wait side by side, the first one taken ends the others."""


class Catch(BpmnSpecMixin):
    """An intermediate catching event or a receive task."""

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.details = details

    def _update_hook(self, my_task: Any) -> bool | None:
        if my_task.internal_data.get("fired"):
            return True
        if my_task._state != TaskState.WAITING:
            my_task._inherit_data()
            my_task._set_state(TaskState.WAITING)
            self._arm(my_task)
        return None

    def _arm(self, my_task: Any) -> None:
        """Compute when the timer is due, which clock it goes by, or the key of the message."""
        timer = self.details.timer
        if timer is not None and timer.clock is not None:
            each = evaluating.each(my_task, timer.clock)
            my_task.internal_data["clock"] = [timer.clock.name, each, timer.clock.reminder]
        elif timer is not None and "due" not in my_task.internal_data:
            due, fixed = evaluating.moment(my_task, timer)
            my_task.internal_data |= {"due": due, "fixed": True} if fixed else {"due": due}
        if self.details.message:
            expression = expressions.compile(self.details.key)
            element = evaluating.element_of(my_task)
            key = evaluating.evaluate(element, "key", expression, my_task.data)
            my_task.internal_data["key"] = str(key)

    def put_off(self, my_task: Any, since: datetime, by: timedelta) -> None:
        """Make up for a suspension; a moment that was given stays, and so does what was overdue."""
        kept = my_task.internal_data
        if "due" in kept and not kept.get("fixed") and kept["due"] > since:
            my_task.internal_data = kept | {"due": kept["due"] + by}

    def fire(self, my_task: Any, payload: dict[str, Any]) -> None:
        """Take the event: its payload becomes variables, the token goes on."""
        my_task.internal_data = {"fired": True}
        my_task.data = {**my_task.data, **payload}
        if isinstance(my_task.parent.task_spec, EventGateway):
            for sibling in my_task.parent.children:
                if sibling is not my_task and sibling._state & ACTIVE:
                    sibling.cancel()
        self._update(my_task)


class End(SimpleBpmnTask, BpmnSpecMixin):
    """An end event: none or terminate."""

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.details = details

    def _run_hook(self, my_task: Any) -> bool | None:
        if self.details.terminates:
            workflow = my_task.workflow
            unfinished = (t for t in list(workflow.tasks.values()) if t is not my_task)
            for task in unfinished:
                if task.id in workflow.tasks and task._state & TaskState.NOT_FINISHED_MASK:
                    task.cancel()
            workflow._mark_complete(my_task)
        return True

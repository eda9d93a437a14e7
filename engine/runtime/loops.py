"""Standard loops: an activity that is done again while its condition is true (2.0.2 §13.3.6).

All its runs share the variables of the case: each begins with what the one before has left.
`loopCounter` tells how many runs are done when the condition is asked, and in a run which one it
is, from 1. `loopMaximum` ends the loop whatever the condition says.
"""

from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from decisions import expressions
from engine.runtime import evaluating
from engine.runtime.errors import ModelError
from engine.runtime.notation import BPMN

COUNTER = "loopCounter"


class Loop(BpmnSpecMixin):
    """The activity as a whole; `task_spec` names the specification of one run."""

    shares = True

    def __init__(self, wf_spec: Any, bpmn_id: str, node: Any, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.task_spec = ""
        self.before = node.get("testBefore") == "true"
        self.most = int(node.get("loopMaximum") or 0)
        text = (node.findtext(f"{{{BPMN}}}loopCondition") or "").strip()
        self.condition = expressions.compile(text) if text else None

    def _update_hook(self, my_task: Any) -> bool | None:
        if my_task._state == TaskState.STARTED:
            return None
        my_task._inherit_data()
        my_task._set_state(TaskState.STARTED)
        if self.before and not self._again(my_task, 0):
            return True
        self._begin(my_task, 0)
        return None

    def _begin(self, my_task: Any, done: int) -> None:
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.task_spec])
        child._set_state(TaskState.FUTURE)
        child.triggered = True
        child.internal_data["index"] = done
        child.data[COUNTER] = Decimal(done + 1)
        child.task_spec._update(child)

    def run_completed(self, _workflow: Any, child: Any) -> None:
        """Keep what a run has left; begin the next, or end the whole."""
        my_task, done = child.parent, child.internal_data["index"] + 1
        my_task.data = self.left(my_task, child.data)
        if self._again(my_task, done):
            self._begin(my_task, done)
        else:
            my_task._set_state(TaskState.READY)

    def left(self, my_task: Any, data: Any) -> dict[str, Any]:
        """The variables of a run without its own counter."""
        kept = {name: value for name, value in data.items() if name != COUNTER}
        outer = my_task.data
        return kept | {COUNTER: outer[COUNTER]} if COUNTER in outer else kept

    def _again(self, my_task: Any, done: int) -> bool:
        if self.most and done >= self.most:
            return False
        if self.condition is None:
            return True
        data = {**my_task.data, COUNTER: Decimal(done)}
        found = evaluating.evaluate(self.name, "loop", self.condition, data)
        if not isinstance(found, bool):
            raise ModelError(self.name, f"{self.condition.text} is neither true nor false")
        return found

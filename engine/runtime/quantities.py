"""Quantities: an activity that begins with several tokens, or leaves several (2.0.2 §13.3.2).

When normalising, a gathering node is put before the activity and a scattering one after it.
"""

from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.runtime.gateways import Join


class Gather(Join, BpmnSpecMixin):
    """Lets so many tokens go on as one, by whichever flows they came."""

    def __init__(self, wf_spec: Any, bpmn_id: str, quantity: int, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.quantity = quantity

    def group(self, workflow: Any, arrivals: list[Any]) -> Sequence[Any]:
        """The first tokens that came, once there are enough."""
        del workflow
        return arrivals[: self.quantity] if len(arrivals) >= self.quantity else ()


class Scatter(BpmnSpecMixin):
    """Sends so many tokens on."""

    def __init__(self, wf_spec: Any, bpmn_id: str, quantity: int, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.quantity = quantity

    def _predict_hook(self, my_task: Any) -> None:
        definite = my_task.has_state(TaskState.DEFINITE_MASK)
        state = TaskState.FUTURE if definite else my_task.state
        my_task._sync_children(list(self.outputs) * self.quantity, state)

"""Events that throw, on the way or at the end of a path (BPMN 2.0.2 §10.5.4, §10.5.6).

The same classes serve both: what differs is where the token goes on, which the parser says.  A
thrower that is ended by what its own event sets going goes nowhere.
"""

from typing import Any

from engine.runtime.activities import OperationTask, SendTask
from engine.runtime.boundaries import interrupt
from engine.runtime.catching import catching, throw
from engine.runtime.compensating import Compensation
from engine.runtime.evaluating import element_of
from engine.runtime.events import End
from engine.runtime.throwing import broadcast, escalate
from engine.runtime.tokens import living


class ErrorEnd(End):
    """An error end event: the scope ends by an error that is caught outside it."""

    def _run_hook(self, my_task: Any) -> bool | None:
        throw(my_task, self.details.error or "", f"thrown by {element_of(my_task)}")
        return None


class MessageEnd(SendTask):
    """A message end event: the message is sent, the path ends."""


class SignalThrow(OperationTask):
    """A signal: to all who wait for it in this case, then to every other case (§10.5.1)."""

    def _run_hook(self, my_task: Any) -> bool | None:
        name, payload = self.details.signal, self.inputs_of(my_task)
        broadcast(my_task, name, payload)
        inputs = {"signal": name, "payload": payload}
        self.perform(my_task, "signal.send", inputs)
        return True if living(my_task) else None


class EscalationThrow(End):
    """An escalation: to the nearest that catches it; nobody need (§10.5.1, not critical)."""

    def _run_hook(self, my_task: Any) -> bool | None:
        escalate(my_task, self.details.escalation or "")
        return True if living(my_task) else None


class CancelEnd(Compensation):
    """A cancel end event: what its transaction did is compensated, then it is left (§10.7)."""

    def _run_hook(self, my_task: Any) -> bool | None:
        if "plan" not in my_task.internal_data:
            interrupt(my_task.workflow, my_task)
        return super()._run_hook(my_task)

    def finish(self, my_task: Any) -> bool | None:
        """Leave the transaction by its cancel boundary event."""
        catcher = catching(my_task, "", "cancel")
        if catcher is None:
            throw(my_task, "", "the transaction is cancelled")
        else:
            catcher.task_spec.fire(catcher, {})
        return None

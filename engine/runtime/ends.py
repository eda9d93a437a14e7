"""End events that do something on their way: throw an error, send a message."""

from typing import Any

from engine.runtime.activities import SendTask
from engine.runtime.boundaries import throw
from engine.runtime.evaluating import element_of
from engine.runtime.events import End


class ErrorEnd(End):
    """An error end event: the scope ends by an error that a boundary event outside it catches."""

    def _run_hook(self, my_task: Any) -> bool | None:
        throw(my_task, self.details.error or "", f"thrown by {element_of(my_task)}")
        return None


class MessageEnd(SendTask):
    """A message end event: the message is sent, the path ends."""

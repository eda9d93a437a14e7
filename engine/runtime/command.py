"""The command in progress, and the library taught to take its ids from there.

SpiffWorkflow asks `uuid4` and the clock at the top of `SpiffWorkflow.task`. Both names are replaced
there, once: ids become small integers from a counter kept in the state, so a case re-executed from
its history meets the same ids (and runs faster: no UUID to hash); moments are not kept at all. Two
methods of its tasks are replaced as well: one built a log record for every change of state, logging
or not; the other merged lists item by item where data is inherited.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import SpiffWorkflow.task

from engine.runtime.errors import LoopWithoutWait, RuntimeRefusal
from engine.runtime.world import Decided, Derived, Reply, World

STEPS = 2_000


class Command:
    """What one command may use and what it leaves behind."""

    def __init__(self, world: World, model: Any, last: int) -> None:
        self.world, self.model, self.last = world, model, last
        self.flows: list[str] = []
        self.done: list[str] = []
        self.facts: list[tuple[str, Mapping[str, Any]]] = []
        self.decisions: list[Decided] = []
        self.replies: list[Reply] = []
        self.derived: list[Derived] = []
        self.conflicts: list[str] = []
        self.interrupted: set[int] = set()
        self._steps = 0

    def count(self, element: str) -> int:
        """Count an automatic step; raises LoopWithoutWait where a command takes too many."""
        self._steps += 1
        if self._steps > STEPS:
            raise LoopWithoutWait(element, f"more than {STEPS} steps without a wait")
        return self._steps


_command: ContextVar[Command] = ContextVar("command")


def current() -> Command:
    """The command in progress in this thread."""
    return _command.get()


@contextmanager
def running(command: Command) -> Iterator[Command]:
    """Run a block as this command; a refusal tells what was done before it."""
    token = _command.set(command)
    try:
        yield command
    except RuntimeRefusal as error:
        error.done = tuple(command.done)
        raise
    finally:
        _command.reset(token)


class _NoClock:
    @staticmethod
    def time() -> float:
        return 0.0


def _next_id() -> int:
    command = _command.get()
    command.last += 1
    return command.last


def _set_state(task: Any, value: int) -> None:
    task._state = value


def _inherit_data(task: Any) -> None:
    """Values are never changed in place, so a shallow copy is a copy."""
    task.data = {**task.parent.data, **task.data}


SpiffWorkflow.task.uuid4 = _next_id
SpiffWorkflow.task.time = _NoClock
SpiffWorkflow.task.Task._set_state = _set_state
SpiffWorkflow.task.Task._inherit_data = _inherit_data

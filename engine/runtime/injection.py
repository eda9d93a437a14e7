"""Clock and ids, given and not taken: the two sources of chance in SpiffWorkflow.

It asks `uuid4` and `time.time` at the top of `SpiffWorkflow.task`; both names are replaced there,
once, by functions that read the command in progress. Ids become small integers from a counter
kept in the state, so a case re-executed from its history meets the same ids (and runs faster: no
UUID to hash).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

import SpiffWorkflow.task


class Ticket:
    """The command in progress: its moment, and the last id it gave out."""

    __slots__ = ("last", "moment")

    def __init__(self, now: datetime, last: int) -> None:
        self.moment = now.timestamp()
        self.last = last


_ticket: ContextVar[Ticket] = ContextVar("ticket")


class _Clock:
    @staticmethod
    def time() -> float:
        return _ticket.get().moment


def _next_id() -> int:
    ticket = _ticket.get()
    ticket.last += 1
    return ticket.last


SpiffWorkflow.task.uuid4 = _next_id
SpiffWorkflow.task.time = _Clock


@contextmanager
def command(now: datetime, last: int) -> Iterator[Ticket]:
    """Run a command at `now`, giving out ids after `last`."""
    ticket = Ticket(now, last)
    token = _ticket.set(ticket)
    try:
        yield ticket
    finally:
        _ticket.reset(token)

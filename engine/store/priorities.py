"""Which work goes first: three small numbers, the smallest before the others.

A kind of job has one priority, given where its row is written, whoever writes it. Within a priority
the work that has been due the longest goes first.
"""

from typing import Any

PRESSING, USUAL, BULK, OUTSIDE = 10, 50, 90, 100
# In the order of claiming. What a program outside does is not among them: however much of it waits,
# our own workers never come across it.
PRIORITIES = (PRESSING, USUAL, BULK)
# A citizen stands at the counter until the certificate is there, and the law waits for nobody; a
# batch lets all others go first.
_KINDS = {
    "certificate.issue": PRESSING, "clock.settle": PRESSING, "batch.run": BULK,
    "calendar.revise": BULK, "external.work": OUTSIDE,
}  # fmt: skip


def of_kind(context: Any) -> int:
    """The priority of a job that is being written without one."""
    return _KINDS.get(context.get_current_parameters()["kind"], USUAL)

"""What a clock says at a moment, from the facts of a case: one pure function.

The moment decides the state and what remains, never the end; facts after it are not seen.
"""

from collections.abc import Iterable
from datetime import date, datetime

from decisions.calendars import Calendar
from decisions.clock.law import Clock, Fact
from decisions.clock.result import Result
from decisions.clock.run import Run, in_order


def evaluate(
    clock: Clock,
    facts: Iterable[Fact],
    calendar: Calendar,
    now: datetime,
    not_before: date | None = None,
) -> Result:
    """Date one clock; `not_before`: the end that was communicated, of a never_earlier clock.

    Raises DecisionError where the calendar does not reach (calendar.horizon), where it has no
    office hours that are needed (calendar.hours), and where lengths cannot be added (clock.length).
    """
    run = Run(clock, calendar, not_before if clock.on_revision == "never_earlier" else None)
    for fact in in_order(fact for fact in facts if fact.at <= now):
        run.take(fact)
    return run.result(now)

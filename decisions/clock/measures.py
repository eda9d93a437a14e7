"""How much of a delay was used: legal time, in counted days, beside time on the wall.

The two are never mixed: an office that waited ten days for a paper has not worked on it for ten.
"""

from datetime import timedelta

from decisions.calendars import Calendar
from decisions.clock.law import Clock
from decisions.clock.result import Result

_DAY = timedelta(days=1)


def used(clock: Clock, result: Result, calendar: Calendar) -> int | None:
    """The counted days between the start of a clock and its end by an act; None in hours."""
    if result.start is None or result.ended_on is None or clock.in_hours or clock.rule.backward:
        return None
    working = any(unit == "working_days" for _, unit in clock.length)
    first, last = result.start + _DAY, result.ended_on
    days = (last - result.start).days if not working else calendar.count(first, last)
    for stop in result.stops:
        begins, ends = max(stop.first, first), min(stop.last or last, last)
        if begins <= ends:
            stopped = (ends - begins).days + 1
            days -= stopped if not working else calendar.count(begins, ends)
    return days


def stopped(result: Result) -> int:
    """The days that did not count because the clock was stopped, up to its end."""
    until = result.ended_on or result.due
    ends = ((s.first, s.last or until) for s in result.stops)
    return sum(max((last - first).days + 1, 0) for first, last in ends if last is not None)

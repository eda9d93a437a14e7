"""How much of a delay was used: legal time, in counted days, beside time on the wall.

The two are never mixed: an office that waited ten days for a paper has not worked on it for ten.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from decisions.calendars import Calendar
from decisions.clock import lengths, walking
from decisions.clock.law import Clock
from decisions.clock.result import Result

_DAY = timedelta(days=1)


def used(clock: Clock, result: Result, calendar: Calendar) -> int | None:
    """The counted days between the start of a clock and its end by an act; None in hours."""
    if result.start is None or result.ended_on is None or clock.in_hours or clock.rule.backward:
        return None
    working = lengths.counted(clock.length) == "working_days"
    days = walking.size(working, calendar, result.start + _DAY, result.ended_on)
    holes = walking.holes(result.stops, result.start)
    return days - sum(walking.size(working, calendar, *one) for one in _within(holes, result))


def stopped(result: Result) -> int:
    """The days that did not count because the clock was stopped, up to its end."""
    if result.start is None:
        return 0
    holes = walking.holes(result.stops, result.start)
    return sum((last - first).days + 1 for first, last in _within(holes, result))


def stopped_by(result: Result) -> dict[str, int]:
    """The same by what stopped it; two that stop it at once are both told."""
    found: dict[str, int] = {}
    for stop in result.stops:
        for first, last in _within([(stop.first, stop.last)], result):
            found[stop.on] = found.get(stop.on, 0) + (last - first).days + 1
    return found


def _within(holes: list[walking.Hole], result: Result) -> Iterator[tuple[date, date]]:
    """Stopped stretches up to the end of a clock, by an act or by itself."""
    until = result.ended_on or result.due
    for first, last in holes:
        ends = min((day for day in (last, until) if day is not None), default=None)
        if ends is not None and first <= ends:
            yield first, ends

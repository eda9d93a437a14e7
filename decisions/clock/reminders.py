"""The days on which to speak before the end of a clock.

While a clock is stopped there is no end to announce, and after it nothing to remind of.
"""

from datetime import date

from decisions.calendars import Calendar
from decisions.clock import lengths, walking
from decisions.clock.hours import Hours
from decisions.clock.law import Clock
from decisions.clock.result import Result
from decisions.clock.walking import DAY


def reminders(clock: Clock, result: Result, calendar: Calendar) -> tuple[tuple[str, date], ...]:
    """The reminders of a clock, each with its day, in order."""
    found = ((text, reminder(text, clock, result, calendar)) for text in clock.reminders)
    days = ((text, day) for text, day in found if day is not None)
    return tuple(sorted(days, key=lambda one: one[1]))


def reminder(text: str, clock: Clock, result: Result, calendar: Calendar) -> date | None:
    """The day of one reminder: "80%" of the days have gone, or "3 working_days" are left.

    What is left is counted back from the last day, and moves back to a working day. None while the
    clock does not run, and where the day would lie before its start.
    """
    if result.state != "running" or result.due is None or result.start is None:
        return None
    if text.endswith("%"):
        return _share(int(text[:-1]), clock, result, calendar)
    number, unit = text.split()
    if unit == "working_days":
        day = calendar.working_day(result.due, -int(number))
    else:
        day = result.due - DAY * int(number)
        if not calendar.is_working_day(calendar.known(day)):
            day = calendar.working_day(day, -1)
    return day if clock.rule.backward or day >= result.start else None


def _share(percent: int, clock: Clock, result: Result, calendar: Calendar) -> date | None:
    """The first day by whose end that share of the time has gone, stopped days left aside."""
    if result.since is None or result.start is None or result.due is None:
        return None
    if clock.in_hours:
        seconds = result.total * percent // 100
        return Hours(clock, calendar).share(result.since, seconds, result.stops)
    working = lengths.counted(clock.length) == "working_days"
    start = result.start
    if clock.rule.backward:
        start = after = calendar.local_date(result.since)
    else:
        after = lengths.before(start, clock.rule)
    stopped = walking.holes(result.stops, after)
    days = walking.size(working, calendar, after + DAY, result.due) - sum(
        walking.size(working, calendar, first, min(last or result.due, result.due))
        for first, last in stopped
    )
    day, _ = walking.walk(working, calendar, after, -(-days * percent // 100), stopped)
    return day and max(day, start)

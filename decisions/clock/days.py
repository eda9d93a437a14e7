"""Why a clock ends on its day: every day from the start to the end, each with one reason.

It is made by the same steps that date the clock; sentences and pictures are made from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from decisions.calendars import Calendar
from decisions.clock import lengths, stretches, walking
from decisions.clock.law import Clock, Rule
from decisions.clock.reasons import Reason, closing, lasting, stopping
from decisions.clock.result import Result
from decisions.clock.walking import DAY

Row = tuple[date, Reason]


@dataclass(frozen=True, slots=True)
class Ends:
    """The last day after each step: the days themselves, full period, minimum, roll.

    `last` is the day that holds: another than `rolled` where a later one was promised.
    """

    nominal: date
    full: date
    minimum: date
    rolled: date
    last: date


@dataclass(frozen=True, slots=True)
class Difference:
    """What a revision of the facts or of the calendar moved; each pair is before and after.

    `days`: those whose reason changed, as "counted", "closed:Label"; None: outside the delay.
    """

    due: tuple[date | None, date | None]
    effect_at: tuple[datetime | None, datetime | None]
    state: tuple[str, str]
    days: Mapping[date, tuple[str | None, str | None]] = field(hash=False)

    @property
    def moved(self) -> bool:
        """Whether the end is another."""
        return self.effect_at[0] != self.effect_at[1]


def days_of(clock: Clock, result: Result, calendar: Calendar) -> list[Row]:
    """Each day from the start to the end with its reason, in the order of counting.

    A clock that is counted back goes back from its event. One that is stopped ends with the first
    day of that stop. One that has not started has no days.
    """
    if result.start is None:
        return []
    if clock.in_hours:
        return stretches.by_day(clock, result, calendar)
    return list(_rows(clock, result, calendar, result.start))


def difference(
    clock: Clock, before: tuple[Result, Calendar], after: tuple[Result, Calendar]
) -> Difference:
    """What moved from one result to another, each with the calendar by which it was dated."""
    old, new = ({day: str(why) for day, why in days_of(clock, *one)} for one in (before, after))
    return Difference(
        (before[0].due, after[0].due),
        (before[0].effect_at, after[0].effect_at),
        (before[0].state, after[0].state),
        {
            day: (old.get(day), new.get(day))
            for day in sorted(old.keys() | new.keys())
            if old.get(day) != new.get(day)
        },
    )


def ends_of(clock: Clock, result: Result, calendar: Calendar) -> Ends | None:
    """The steps to the end of a clock in days; None while it has no end."""
    if result.start is None or result.nominal is None or result.due is None:
        return None
    rule, after, nominal = clock.rule, _after(clock, result, result.start), result.nominal
    stopped = walking.holes(result.stops, after)

    def end(**without: object) -> date:
        changed = replace(rule, **without)  # type: ignore[arg-type]
        if rule.backward:
            return _back(changed, calendar, after, nominal)
        found = walking.finish(changed, calendar, after, nominal, stopped)
        assert found is not None  # noqa: S101 (it has an end, and these steps come before it)
        return found

    full = end(min_working_days=0, roll="none")
    return Ends(nominal, full, end(roll="none"), end(), result.due)


def _back(rule: Rule, calendar: Calendar, after: date, nominal: date) -> date:
    """The end of a period that is counted back, from its days."""
    due = nominal - DAY if rule.franc else nominal
    if rule.min_working_days and calendar.count(due, after - DAY) < rule.min_working_days:
        due = calendar.working_day(after, -rule.min_working_days)
    if rule.roll == "previous" and not calendar.is_working_day(due):
        due = calendar.working_day(due, -1)
    return due


def _after(clock: Clock, result: Result, start: date) -> date:
    return lengths.before(start, clock.rule) if result.total else start


def _rows(clock: Clock, result: Result, calendar: Calendar, start: date) -> Iterator[Row]:
    after, ends = _after(clock, result, start), ends_of(clock, result, calendar)
    if after == start:
        yield start, Reason("start")
    working = lengths.counted(clock.length) == "working_days"
    counted = beyond = 0
    for day in _path(after, _last(result, after), clock.rule.backward):
        past = _past(day, ends, clock.rule.backward)
        if why := stopping(day, result.stops):
            yield day, why
        elif ends is None and counted == result.total:
            beyond += 1
            step = "full_period" if clock.rule.franc and beyond == 1 else "minimum"
            yield day, _moved(day, step, calendar)
        elif past:
            yield day, _moved(day, past, calendar, ends)
        else:
            why = (working and closing(day, calendar)) or Reason("counted")
            counted += why.what == "counted"
            yield day, why


def _moved(day: date, step: str, calendar: Calendar, ends: Ends | None = None) -> Reason:
    """Of a day behind those of the delay: the step that put it there, or why it is stepped over."""
    over = step == "minimum" or (step == "rolled" and ends is not None and day != ends.rolled)
    return (over and closing(day, calendar)) or Reason(step)


def _last(result: Result, after: date) -> date:
    """The end, or the first day of the stop that lasts."""
    stop = lasting(result.stops)
    return result.due or (max(after, stop.first) if stop else after)


def _path(after: date, last: date, backward: bool) -> Sequence[date]:
    sign = -1 if backward else 1
    return [after + DAY * sign * number for number in range(1, sign * (last - after).days + 1)]


def _past(day: date, ends: Ends | None, backward: bool) -> str:
    """Which step put a day into the delay; empty for the days of the delay itself."""
    if ends is None:
        return ""
    for name, end in (
        ("", ends.nominal), ("full_period", ends.full), ("minimum", ends.minimum),
        ("rolled", ends.rolled),
    ):  # fmt: skip
        if day >= end if backward else day <= end:
            return name
    return "promised"

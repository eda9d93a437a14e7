"""The walk of a clock in days: one day after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from decisions.calendars import Calendar
from decisions.clock.law import Clock, Fact, Length

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def is_open(calendar: Calendar, day: date) -> bool:
    exception = calendar.days.get(day)
    if exception is not None:
        return exception.works
    return day.isoweekday() not in calendar.rest_days


@lru_cache(maxsize=100_000)
def midnight_after(zone: str, day: date) -> datetime:
    """The first minute, in UTC, that no longer bears the local date."""
    local = ZoneInfo(zone)
    at = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
    while at.astimezone(local).date() <= day:
        at += MINUTE
    return at


def month_on(day: date, months: int, step: timedelta = DAY) -> date:
    """The same number that many months on (or back), or the last day of that month."""
    number, changes = day.day, 0
    while changes < months:
        before, day = day, day + step
        changes += before.month != day.month
    # Walking forward one stands on the first of the month, walking back on its last.
    while step == DAY and day.day < number and (day + DAY).month == day.month:
        day += DAY
    while step == -DAY and day.day > number:
        day -= DAY
    return day


def days_in(clock: Clock, length: Length, start: date, included: bool) -> int:
    """The number of days that a length has when it is counted from that day."""
    rule = clock.rule
    months = sum(n * {"years": 12, "months": 1}.get(unit, 0) for n, unit in length)
    plain = sum(n * {"weeks": 7, "days": 1, "working_days": 1}.get(unit, 0) for n, unit in length)
    if not months:
        return plain
    if rule.month == "thirty":
        years = sum(n for n, unit in length if unit == "years")
        return plain + 30 * (months - 12 * years) + 365 * years
    step = -DAY if rule.backward else DAY
    first_counted = start if included else start + step
    if rule.month_end == "fact":
        return plain + _days_between(start, month_on(start, months, step))
    end = month_on(first_counted, months, step)
    if rule.month_end == "eve":
        end -= step
    return plain + _days_between(first_counted, end) + 1


def _days_between(one: date, other: date) -> int:
    first, last, count = min(one, other), max(one, other), 0
    while first < last:
        first, count = first + DAY, count + 1
    return count


@dataclass
class Asked:
    """One time that a suspension stopped the clock: its stopped days, `last` None while open."""

    which: int
    at: datetime
    first: date
    last: date | None = None
    until: datetime | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass
class DayWalk:
    """A clock in days: what it must remember while the facts go by."""

    clock: Clock
    calendar: Calendar
    promised: date | None
    start: date
    first: date  # the day of the first start: a restart leaves it
    included: bool
    asked: list[Asked] = field(default_factory=list)
    added: list[tuple[int, str]] = field(default_factory=list)

    @classmethod
    def begin(
        cls, clock: Clock, calendar: Calendar, fact: Fact, promised: date | None
    ) -> "DayWalk":
        day = fact.at.astimezone(ZoneInfo(calendar.zone)).date()
        if clock.rule.backward and "day" in fact.data:
            # The event is announced before it takes place.
            day = date.fromisoformat(fact.data["day"])
        included = clock.rule.first_day == "included"
        return cls(clock, calendar, promised, day, day, included)

    def day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.calendar.zone)).date()

    def stopped(self, day: date) -> bool:
        return any(stop.holds(day) for stop in self.asked)

    def endless(self, day: date) -> bool:
        """Whether a stop that nobody ended holds that day."""
        return any(stop.last is None and stop.first <= day for stop in self.asked)

    def counts(self, day: date) -> bool:
        return not self.stopped(day) and self.countable(day)

    def countable(self, day: date) -> bool:
        working = any(unit == "working_days" for _, unit in self.clock.length)
        return not working or is_open(self.calendar, day)

    def total(self) -> int:
        length = (*self.clock.length, *self.added)
        return days_in(self.clock, length, self.start, self.included)

    def nominal(self) -> date | None:
        """The last counted day; None where a stop that nobody ended comes before it."""
        left, day = self.total(), self.start
        step = -DAY if self.clock.rule.backward else DAY
        if self.included and left and self.counts(day):
            left -= 1
        while left:
            day += step
            if self.endless(day):
                return None
            left -= self.counts(day)
        return day

    def end(self) -> date | None:
        """The last useful day: full period, then minimum, then roll."""
        day, rule = self.nominal(), self.clock.rule
        step = -DAY if rule.backward else DAY
        if day is not None and rule.franc:
            day = self._on(day + step, step)
        held = None if day is None else self._working_days_to(day)
        while day is not None and held is not None and held < rule.min_working_days:
            day = self._on(day + step, step)
            held += day is not None and is_open(self.calendar, day)
        if rule.roll != "none":
            step = DAY if rule.roll == "next" else -DAY
            while day is not None and not is_open(self.calendar, day):
                day = self._on(day + step, step)
        if day is not None and self.promised is not None and self.promised > day:
            return self.promised
        return day

    def _on(self, day: date, step: timedelta) -> date | None:
        """That day, or the next in that direction that is not stopped."""
        while self.stopped(day):
            if self.endless(day):
                return None
            day += step
        return day

    def _working_days_to(self, end: date) -> int:
        low, high = min(self.start, end), max(self.start, end)
        count = 0
        while low <= high:
            inside = low != self.start or self.included
            count += inside and is_open(self.calendar, low) and not self.stopped(low)
            low += DAY
        return count

    def effect(self) -> datetime | None:
        end = self.end()
        return None if end is None else midnight_after(self.calendar.zone, end)

    def useless(self, which: int, at: datetime) -> bool:
        """Whether a request would stop nothing any more: its first stopped day is too late."""
        end = self.end()
        return end is not None and self._first_stopped(which, at) > end

    def late(self, which: int, at: datetime) -> bool:
        within = self.clock.suspensions[which].within
        if within is None:
            return False
        included = self.clock.rule.first_day == "included"
        left, day = days_in(self.clock, within, self.first, included), self.first
        working = any(unit == "working_days" for _, unit in within)
        if included:
            left -= not working or is_open(self.calendar, day)
        while left:
            day += DAY
            left -= not working or is_open(self.calendar, day)
        return self.day(at) > day

    def _first_stopped(self, which: int, at: datetime) -> date:
        same = self.clock.suspensions[which].stopped_from == "same_day"
        return self.day(at) if same else self.day(at) + DAY

    def ask(self, which: int, at: datetime) -> None:
        self.asked.append(Asked(which, at, self._first_stopped(which, at)))

    def answer(self, stop: Asked, at: datetime) -> None:
        suspension = self.clock.suspensions[stop.which]
        restart = suspension.then == "restart"
        # A restart counts as a start does: its first day by the rule, not by `counted_from`.
        same = restart or suspension.counted_from == "same_day"
        stop.last, stop.until = self.day(at) - DAY if same else self.day(at), at
        if restart:
            self.start = self.day(at)
            for one in self.asked:
                # What was answered by then belongs to what is begun anew.
                if one.last is not None:
                    one.last = min(one.last, self.start - DAY)

    def left(self, now: datetime) -> int:
        """Countable days after today up to the end; while stopped: of the budget."""
        today, end = self.day(now), self.end()
        if end is None:
            return max(0, self.total() - self._counted_to(today))
        # Of a promised end: a request that came after the own end stops none of its days.
        return sum(
            self.countable(day) and (self.endless(day) or not self.stopped(day))
            for day in each(today + DAY, end)
        )

    def _counted_to(self, today: date) -> int:
        first = self.start if self.included else self.start + DAY
        return sum(self.counts(day) for day in each(first, today))

    def late_by(self, at: datetime) -> int:
        end = self.end()
        return 0 if end is None else _days_between(end, self.day(at))

    def due(self) -> tuple[date | None, datetime | None, date | None]:
        """Last useful day, instant of the effect, nominal end."""
        end = self.end()
        return end, self.effect(), None if end is None else self.nominal()


def each(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY

"""The second opinion on the legal clock: it walks, and shares no code with decisions/clock.

Days are walked one by one, months found by watching the month change, midnight by stepping minutes
in UTC until the local date turns, hours minute by minute. Only the dataclasses of the law and the
raw fields of a calendar are used. Slow and plain on purpose: what it says can be checked by hand.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from decisions.calendars import Calendar
from decisions.clock.law import Clock, Fact, Length
from tests.decisions.clock.walk_hours import HourWalk

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Told:
    """What the walk says, in the words of `Result`; `ignored` are pairs (seq, reason)."""

    state: str = "waiting"
    start: date | None = None
    due: date | None = None
    effect_at: datetime | None = None
    nominal: date | None = None
    remaining: int | None = None
    extended: int = 0
    ended_on: date | None = None
    late_by: int = 0
    ignored: tuple[tuple[int, str], ...] = ()
    estimated: bool = False
    promised: bool = False


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
        left = days_in(self.clock, within, self.first, self.clock.rule.first_day == "included")
        day = self.first
        if self.clock.rule.first_day == "included":
            left -= 1
        working = any(unit == "working_days" for _, unit in within)
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

    def left(self, now: datetime) -> int:
        """Countable days after today up to the end; while stopped: of the budget."""
        today, end = self.day(now), self.end()
        if end is None:
            return max(0, self.total() - self._counted_to(today))
        # Of a promised end: a request that came after the own end stops none of its days.
        return sum(
            self.countable(day) and (self.endless(day) or not self.stopped(day))
            for day in _each(today + DAY, end)
        )

    def _counted_to(self, today: date) -> int:
        first = self.start if self.included else self.start + DAY
        return sum(self.counts(day) for day in _each(first, today))

    def late_by(self, at: datetime) -> int:
        end = self.end()
        return 0 if end is None else _days_between(end, self.day(at))

    def due(self) -> tuple[date | None, datetime | None, date | None]:
        """Last useful day, instant of the effect, nominal end."""
        end = self.end()
        return end, self.effect(), None if end is None else self.nominal()


def _each(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def walk(
    clock: Clock,
    facts: Iterable[Fact],
    calendar: Calendar,
    now: datetime,
    not_before: date | None = None,
) -> Told:
    """What the clock says at that moment: the facts up to it, gone through one by one."""
    story = Story(clock, calendar, not_before)
    seen = sorted((fact for fact in facts if fact.at <= now), key=_place)
    begun = [fact for fact in seen if fact.kind in clock.start]
    if clock.rule.backward and begun:
        # The act may come before the event, and before it is announced.
        start = begun[0]
        acts = [fact for fact in seen if fact.kind in clock.stop and _place(fact) < _place(start)]
        seen = [start, *acts, *(fact for fact in seen if _place(fact) > _place(start))]
    for fact in seen:
        story.hear(fact)
    return story.told(now)


def _place(fact: Fact) -> tuple[datetime, int]:
    return fact.at, fact.seq


class Story:
    """The facts as they are heard, and what became of the clock."""

    def __init__(self, clock: Clock, calendar: Calendar, promised: date | None) -> None:
        self.clock, self.calendar = clock, calendar
        self.promised = promised if clock.on_revision == "never_earlier" else None
        self.run: DayWalk | HourWalk | None = None
        self.over = ""
        self.ended: datetime | None = None
        self.late_by = 0
        self.extended = 0
        self.ignored: list[tuple[int, str]] = []

    def hear(self, fact: Fact) -> None:
        clock = self.clock
        if self.run is None:
            if fact.kind in clock.start:
                kind = HourWalk if clock.in_hours else DayWalk
                self.run = kind.begin(clock, self.calendar, fact, self.promised)
            return
        if self.over:
            return
        effect = self.run.effect()
        passed = effect is not None and fact.at >= effect
        if fact.kind in (*clock.cancel, *clock.stop, "case.cancelled"):
            self._close(fact, passed)
            return
        for stop in self.run.asked:
            if stop.until is None and fact.kind in clock.suspensions[stop.which].until:
                self.run.answer(stop, fact.at)
        for which, suspension in enumerate(clock.suspensions):
            if fact.kind == suspension.on:
                self._ask(which, fact, passed)
        if clock.extension is not None and fact.kind == clock.extension.on:
            self._extend(fact, passed)

    def _close(self, fact: Fact, passed: bool) -> None:
        assert self.run is not None
        acted = fact.kind in self.clock.stop
        if passed and not acted:
            # What has taken effect stays. The end of the whole case is not for this clock to show.
            if fact.kind in self.clock.cancel:
                self.ignored.append((fact.seq, "after_the_end"))
            return
        self.ended = fact.at
        self.over = "lapsed" if passed else "ended" if acted else "cancelled"
        self.late_by = self.run.late_by(fact.at) if passed else 0

    def _ask(self, which: int, fact: Fact, passed: bool) -> None:
        assert self.run is not None
        suspension = self.clock.suspensions[which]
        mine = [stop for stop in self.run.asked if stop.which == which]
        if any(stop.until is None for stop in mine):
            reason = "already_suspended"
        elif passed or self.run.useless(which, fact.at):
            reason = "after_the_end"
        elif suspension.at_most is not None and len(mine) >= suspension.at_most:
            reason = "not_allowed_again"
        elif self.run.late(which, fact.at):
            reason = "asked_too_late"
        else:
            self.run.ask(which, fact.at)
            return
        self.ignored.append((fact.seq, reason))

    def _extend(self, fact: Fact, passed: bool) -> None:
        assert self.run is not None
        extension = self.clock.extension
        assert extension is not None
        if passed:
            self.ignored.append((fact.seq, "after_the_end"))
        elif self.extended >= extension.at_most:
            self.ignored.append((fact.seq, "not_allowed_again"))
        elif extension.motives and fact.data.get("motive") not in extension.motives:
            self.ignored.append((fact.seq, "motive_not_allowed"))
        else:
            self.extended += 1
            self.run.added += [(n, unit) for n, unit in fact.data.get("length", extension.length)]

    def told(self, now: datetime) -> Told:
        run = self.run
        if run is None:
            return Told()
        due, effect, nominal = run.due()
        lapsed = effect is not None and now >= effect
        state = self.over or ("suspended" if due is None else "lapsed" if lapsed else "running")
        return Told(
            state=state,
            start=run.start,
            due=due,
            effect_at=effect,
            nominal=nominal,
            remaining=0 if state == "lapsed" else None if self.over else run.left(now),
            extended=self.extended,
            ended_on=None if self.ended is None else run.day(self.ended),
            late_by=self.late_by,
            ignored=tuple(self.ignored),
            estimated=due is not None and self._undecided(run.start, due, run.included),
            promised=due is not None and due == self.promised and self._moved(run),
        )

    def _undecided(self, start: date, due: date, included: bool) -> bool:
        """Whether a day that nobody has decided lies in the period."""
        return any(
            day in self.calendar.days and self.calendar.days[day].estimated
            for day in _each(min(start, due), max(start, due))
            if day != start or included
        )

    def _moved(self, run: DayWalk | HourWalk) -> bool:
        """Whether the end would be earlier without the promise."""
        promised, run.promised = run.promised, None
        end = run.due()[0]
        run.promised = promised
        return end is not None and promised is not None and end < promised

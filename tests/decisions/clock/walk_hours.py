"""The walk of a clock in hours: minute by minute, and to the second at the edges of the facts."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from decisions.calendars import Calendar
from decisions.clock.law import Clock, Length

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Minutes:
    """Whether the office is open in each minute of UTC; what was found once is kept."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar, self.zone = calendar, ZoneInfo(calendar.zone)
        self.known: dict[datetime, bool] = {}

    def open(self, minute: datetime) -> bool:
        if minute not in self.known:
            self.known[minute] = self._look(minute)
        return self.known[minute]

    def _look(self, minute: datetime) -> bool:
        local = minute.astimezone(self.zone)
        day, clock = local.date(), local.time()
        exception = self.calendar.days.get(day)
        rests = day.isoweekday() in self.calendar.rest_days
        if not (exception.works if exception is not None else not rests):
            return False
        hours = self.calendar.hours
        for season in self.calendar.seasons:
            if season.first <= day <= season.last:
                hours = season.hours
        # A closing at 00:00 is the end of the day.
        return any(
            opens <= clock and (clock < closes or closes == time(0))
            for opens, closes in hours.get(day.isoweekday(), ())
        )


_KNOWN: dict[int, Minutes] = {}


def minutes_of(calendar: Calendar) -> Minutes:
    """The minutes of a calendar; the calendar is held, so that its identity is not given again."""
    return _KNOWN.setdefault(id(calendar), Minutes(calendar))


@dataclass
class Asked:
    """One time that a suspension stopped the clock: from the request until the answer."""

    which: int
    at: datetime
    until: datetime | None = None


@dataclass
class HourWalk:
    """A clock in hours: what it must remember while the facts go by."""

    clock: Clock
    calendar: Calendar
    promised: date | None
    fact_at: datetime  # of the fact from which it counts
    since: datetime  # from which it counts
    began: datetime  # from which it counted first
    included: bool = False
    asked: list[Asked] = field(default_factory=list)
    added: list[tuple[int, str]] = field(default_factory=list)

    @classmethod
    def begin(
        cls, clock: Clock, calendar: Calendar, at: datetime, promised: date | None
    ) -> "HourWalk":
        first = cls._counted_from(clock, calendar, at)
        return cls(clock, calendar, promised, at, first, first)

    @staticmethod
    def _counted_from(clock: Clock, calendar: Calendar, at: datetime) -> datetime:
        """That instant, or the beginning of the next local hour where whole hours count."""
        at = at.astimezone(UTC)
        if not clock.rule.whole_hours:
            return at
        local = at.astimezone(ZoneInfo(calendar.zone))
        return at - timedelta(minutes=local.minute, seconds=local.second) + HOUR

    @property
    def start(self) -> date:
        return self.day(self.fact_at)

    def day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.calendar.zone)).date()

    def total(self) -> int:
        return sum(3600 * n for n, _ in (*self.clock.length, *self.added))

    def counts(self, at: datetime, length: Length) -> bool:
        """Whether the minute in which that instant lies is one that such a length counts."""
        if any(unit == "hours" for _, unit in length):
            return True
        return minutes_of(self.calendar).open(at.replace(second=0, microsecond=0))

    def stopped(self, at: datetime) -> bool:
        return any(
            stop.at <= at and (stop.until is None or at < stop.until) for stop in self.asked
        )

    def effect(self) -> datetime | None:
        """The instant at which the budget is used up; None where an open stop comes before."""
        at, left = self.since, self.total()
        edges = sorted({edge for stop in self.asked for edge in (stop.at, stop.until) if edge})
        while left:
            if any(stop.at <= at and stop.until is None for stop in self.asked):
                return None
            end = min([_next_minute(at), *(edge for edge in edges if edge > at)])
            if self.counts(at, self.clock.length) and not self.stopped(at):
                end = min(end, at + timedelta(seconds=left))
                left -= int((end - at).total_seconds())
            at = end
        return at

    def counted(self, first: datetime, last: datetime) -> int:
        """Countable seconds between two instants."""
        edges = sorted({edge for stop in self.asked for edge in (stop.at, stop.until) if edge})
        total = 0
        while first < last:
            end = min([last, _next_minute(first), *(edge for edge in edges if edge > first)])
            if self.counts(first, self.clock.length) and not self.stopped(first):
                total += int((end - first).total_seconds())
            first = end
        return total

    def useless(self, which: int, at: datetime) -> bool:
        """A request in hours stops at once; after the end it is said to be passed."""
        return False

    def late(self, which: int, at: datetime) -> bool:
        within = self.clock.suspensions[which].within
        if within is None:
            return False
        limit, left = self.began, sum(3600 * n for n, _ in within)
        while left:
            end = _next_minute(limit)
            if self.counts(limit, within):
                end = min(end, limit + timedelta(seconds=left))
                left -= int((end - limit).total_seconds())
            limit = end
        return at > limit

    def ask(self, which: int, at: datetime) -> None:
        self.asked.append(Asked(which, at.astimezone(UTC)))

    def answer(self, stop: Asked, at: datetime) -> None:
        stop.until = at.astimezone(UTC)
        if self.clock.suspensions[stop.which].then == "restart":
            self.fact_at = at
            self.since = self._counted_from(self.clock, self.calendar, at)

    def left(self, now: datetime) -> int:
        """Countable seconds until the end; while stopped: of the budget."""
        now, effect = now.astimezone(UTC), self.effect()
        if effect is None:
            return self.total() - self.counted(self.since, now)
        return self.counted(max(now, self.since), effect)

    def late_by(self, at: datetime) -> int:
        effect = self.effect()
        return 0 if effect is None else int((at - effect).total_seconds())

    def due(self) -> tuple[date | None, datetime | None, date | None]:
        """Last useful day, instant of the effect, nominal end."""
        effect = self.effect()
        day = None if effect is None else self.day(effect - timedelta(microseconds=1))
        return day, effect, day


def _next_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) + MINUTE

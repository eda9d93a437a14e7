"""The walk of a clock in hours: minute by minute, and to the second at the edges of the facts.

Instants are whole seconds since 1970 in here, so that stepping is cheap.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from decisions.calendars import Calendar
from decisions.clock.law import Clock, Fact, Length


class Minutes:
    """Whether the office is open in each minute; what was found once is kept."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar, self.zone = calendar, ZoneInfo(calendar.zone)
        self.known: dict[int, bool] = {}

    def open(self, minute: int) -> bool:
        if minute not in self.known:
            self.known[minute] = self._look(minute)
        return self.known[minute]

    def _look(self, minute: int) -> bool:
        local = datetime.fromtimestamp(60 * minute, self.zone)
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
    """The minutes of a calendar; it is held, so that its identity is not given to another."""
    if id(calendar) not in _KNOWN:
        _KNOWN[id(calendar)] = Minutes(calendar)
    return _KNOWN[id(calendar)]


@dataclass
class Asked:
    """One time that a suspension stopped the clock: from the request until the answer."""

    which: int
    at: int
    until: int | None = None

    def holds(self, at: int) -> bool:
        return self.at <= at and (self.until is None or at < self.until)


@dataclass
class HourWalk:
    """A clock in hours: what it must remember while the facts go by."""

    clock: Clock
    calendar: Calendar
    promised: date | None
    since: int  # from which it counts
    began: int  # from which it counted first
    included: bool = True  # hours of the first day count
    asked: list[Asked] = field(default_factory=list)
    added: list[tuple[int, str]] = field(default_factory=list)
    found: dict[str, int | None] = field(default_factory=dict)

    @classmethod
    def begin(
        cls, clock: Clock, calendar: Calendar, fact: Fact, promised: date | None
    ) -> "HourWalk":
        first = cls._counted_from(clock, calendar, fact.at)
        return cls(clock, calendar, promised, first, first)

    @staticmethod
    def _counted_from(clock: Clock, calendar: Calendar, at: datetime) -> int:
        """That instant, or the beginning of the next local hour where whole hours count."""
        seconds = _seconds(at)
        if not clock.rule.whole_hours:
            return seconds
        local = at.astimezone(ZoneInfo(calendar.zone))
        return seconds - 60 * local.minute - local.second + 3600

    @property
    def start(self) -> date:
        return self.day(datetime.fromtimestamp(self.since, UTC))

    def day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.calendar.zone)).date()

    def total(self) -> int:
        return sum(3600 * n for n, _ in (*self.clock.length, *self.added))

    def _edges(self) -> list[int]:
        return [edge for stop in self.asked for edge in (stop.at, stop.until) if edge is not None]

    def _use_up(self, length: Length, at: int, left: int) -> int | None:
        """Where so many seconds are used up; None where a stop that nobody ended comes before."""
        plain = any(unit == "hours" for _, unit in length)
        minutes, edges = minutes_of(self.calendar), self._edges()
        while left:
            end = (at // 60 + 1) * 60
            for edge in edges:
                if at < edge < end:
                    end = edge
            stopping = [stop for stop in self.asked if stop.holds(at)]
            if any(stop.until is None for stop in stopping):
                return None
            if not stopping and (plain or minutes.open(at // 60)):
                end = min(end, at + left)
                left -= end - at
            at = end
        return at

    def effect(self) -> datetime | None:
        """The instant at which the budget is used up; walked anew only after a change."""
        state = f"{self.since} {self.total()} {self.asked}"
        if state not in self.found:
            self.found[state] = self._use_up(self.clock.length, self.since, self.total())
        at = self.found[state]
        return None if at is None else datetime.fromtimestamp(at, UTC)

    def counted(self, first: int, last: int) -> int:
        """Countable seconds between two instants."""
        plain = any(unit == "hours" for _, unit in self.clock.length)
        minutes, edges, total = minutes_of(self.calendar), self._edges(), 0
        while first < last:
            end = min([last, (first // 60 + 1) * 60, *(edge for edge in edges if edge > first)])
            if not any(stop.holds(first) for stop in self.asked):
                total += (end - first) * (plain or minutes.open(first // 60))
            first = end
        return total

    def useless(self, which: int, at: datetime) -> bool:
        """A request in hours stops at once: what comes after the end is passed, and said so."""
        return False

    def late(self, which: int, at: datetime) -> bool:
        within = self.clock.suspensions[which].within
        if within is None:
            return False
        bare = HourWalk(self.clock, self.calendar, None, self.began, self.began)
        limit = bare._use_up(within, self.began, sum(3600 * n for n, _ in within))
        # As for the end itself: what comes at that very instant is late.
        return limit is not None and _seconds(at) >= limit

    def ask(self, which: int, at: datetime) -> None:
        self.asked.append(Asked(which, _seconds(at)))

    def answer(self, stop: Asked, at: datetime) -> None:
        stop.until = _seconds(at)
        if self.clock.suspensions[stop.which].then == "restart":
            self.since = self._counted_from(self.clock, self.calendar, at)

    def left(self, now: datetime) -> int:
        """Countable seconds until the end; while stopped: of the budget."""
        effect = self.effect()
        if effect is None:
            return self.total() - self.counted(self.since, _seconds(now))
        return self.counted(max(_seconds(now), self.since), _seconds(effect))

    def late_by(self, at: datetime) -> int:
        effect = self.effect()
        return 0 if effect is None else int((at - effect).total_seconds())

    def due(self) -> tuple[date | None, datetime | None, date | None]:
        """Last useful day, instant of the effect, nominal end."""
        effect = self.effect()
        day = None if effect is None else self.day(effect - timedelta(microseconds=1))
        return day, effect, day


def _seconds(at: datetime) -> int:
    return int(at.timestamp())

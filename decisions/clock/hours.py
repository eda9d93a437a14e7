"""The end of a clock that runs by hours: on instants, all the time or while offices are open.

Neither roll nor full period nor minimum touches it (EU 1182/71 art. 3(4)); it stops and goes on at
the instants of the facts.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from decisions.calendars import Calendar
from decisions.clock import lengths
from decisions.clock.dating import Dated
from decisions.clock.law import Clock, Fact, Length, Suspension
from decisions.clock.result import Stop
from decisions.errors import DecisionError

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_NONE = timedelta()
# A calendar whose offices do not open in so many days has no hours, or wrong ones.
_LONGEST_CLOSURE = 366

# Instants between which the clock stands; without the second while it does.
_Hole = tuple[datetime, datetime | None]


class Hours:
    """Hours as they pass, or the hours of an office."""

    def __init__(self, clock: Clock, calendar: Calendar) -> None:
        self._calendar, self._whole = calendar, clock.rule.whole_hours
        self._working = lengths.counted(clock.length) == "working_hours"

    def stop(self, suspension: Suspension, asked: Fact, answered: Fact | None) -> Stop | None:
        """From the request to the answer; none where both are at the same instant."""
        day = self._calendar.local_date
        if answered is None:
            return Stop(day(asked.at), None, asked.kind, asked.at, None)
        if answered.at <= asked.at:
            return None
        return Stop(day(asked.at), day(answered.at), asked.kind, asked.at, answered.at)

    def begins(self, suspension: Suspension, asked: Fact) -> datetime:
        """The request itself."""
        return asked.at

    def dated(self, fact: Fact, length: Length, stops: Sequence[Stop]) -> Dated:
        """The instant at which so many hours have passed, without those that are stopped."""
        begin, total = self._begin(fact.at), lengths.seconds(length)
        start = self._calendar.local_date(begin)
        at, left, stopped = self._run(begin, timedelta(seconds=total), stops)
        if stopped:
            return Dated(start, total, left=_seconds(left))
        end = self._after(at, left)
        # At midnight the day before is over.
        due = self._calendar.known(self._calendar.local_date(end - timedelta.resolution))
        return Dated(start, total, due, end, due, begin=at)

    def share(self, since: datetime, seconds: int, stops: Sequence[Stop]) -> date:
        """The day on which so many seconds have run, of a clock that is not stopped."""
        at, left, _ = self._run(self._begin(since), timedelta(seconds=seconds), stops)
        return self._calendar.local_date(self._after(at, left))

    def _run(
        self, at: datetime, left: timedelta, stops: Sequence[Stop]
    ) -> tuple[datetime, timedelta, bool]:
        """From where it runs to its end, what is left there, and whether it is stopped before."""
        for stopped, again in _holes(stops, at):
            before = self._between(at, stopped)
            if left <= before:
                break
            left -= before
            if again is None:
                return stopped, left, True
            at = again
        return at, left, False

    def remaining(self, dated: Dated, now: datetime) -> int:
        """Seconds from now, or from when it goes on, to the end."""
        if dated.effect_at is None or dated.begin is None:
            return dated.left
        return _seconds(self._between(max(now, dated.begin), dated.effect_at))

    def late(self, effect_at: datetime, act: datetime) -> int:
        """Seconds from the end to the act."""
        return _seconds(act - effect_at)

    def _begin(self, since: datetime) -> datetime:
        """The instant of the fact, or the next full hour on the wall where its own does not count.

        Whole hours are added in UTC: a clock that is put forward or back changes none of them.
        """
        if not self._whole:
            return since.astimezone(UTC)
        local = since.astimezone(self._calendar.tz)
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return since.astimezone(UTC) - past + _HOUR

    def _after(self, at: datetime, left: timedelta) -> datetime:
        if not self._working:
            return at + left
        for opens, closes in self._open(at):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError  # the windows do not end

    def _open(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """When offices are open from an instant on; ends in an error where the calendar does."""
        day, closed = self._calendar.local_date(at), 0
        while True:
            windows = self._calendar.windows(day)
            yield from ((max(opens, at), closes) for opens, closes in windows if closes > at)
            closed = 0 if windows else closed + 1
            if closed > _LONGEST_CLOSURE:
                raise DecisionError(
                    "calendar.hours", f"no office is open in a year up to {day}",
                    remedy=f"Give the calendar {self._calendar.name} opening hours.",
                )  # fmt: skip
            day += _DAY

    def _between(self, first: datetime, last: datetime) -> timedelta:
        if not self._working:
            return max(_NONE, last - first)
        day, end = self._calendar.local_date(first), self._calendar.local_date(last)
        return sum((_shared(window, first, last) for window in self._windows(day, end)), _NONE)

    def _windows(self, day: date, end: date) -> Iterator[tuple[datetime, datetime]]:
        while day <= end:
            yield from self._calendar.windows(day)
            day += _DAY


def _shared(window: tuple[datetime, datetime], first: datetime, last: datetime) -> timedelta:
    return max(_NONE, min(window[1], last) - max(window[0], first))


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def _holes(stops: Iterable[Stop], begin: datetime) -> list[_Hole]:
    """The stopped stretches after an instant, in order, those that overlap made one."""
    found: list[_Hole] = []
    for stop in sorted(stops, key=lambda stop: stop.since):
        first, last = max(stop.since, begin), stop.until
        if last is not None and last <= first:
            continue
        if not found or _apart(found[-1], first):
            found.append((first, last))
        else:
            begun, ended = found[-1]
            found[-1] = begun, None if ended is None or last is None else max(ended, last)
    return found


def _apart(hole: _Hole, instant: datetime) -> bool:
    return hole[1] is not None and instant > hole[1]

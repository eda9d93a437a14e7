"""Why a clock ends on its day, in sentences: equal days stand together.

Weekends inside counted days are not named one by one; that they do not count is said at the head.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby

from decisions.calendars import Calendar
from decisions.clock import lengths
from decisions.clock.days import Ends, Row, days_of, ends_of
from decisions.clock.law import Clock
from decisions.clock.reasons import Reason, closing, lasting
from decisions.clock.result import Result
from decisions.clock.stretches import Stretch, stretches_of
from decisions.clock.wording import Wording, wording

_NAMELESS: Mapping[str, str] = {}


def explain(
    clock: Clock,
    result: Result,
    calendar: Calendar,
    language: str,
    names: Mapping[str, str] = _NAMELESS,
) -> list[str]:
    """The sentences, in French where the language is not known; `names`: as Wording has them."""
    words = wording(language, names)
    if result.start is None:
        return [words.say("explain.waiting")]
    told = _Hours if clock.in_hours else _Days
    return [
        *told(words, clock, result, calendar).sentences(result.start),
        *_outcome(words, result),
        *ignored(words, result),
    ]


def ignored(words: Wording, result: Result) -> Iterator[str]:
    """The facts that had no effect, each with its reason."""
    for one in result.ignored:
        yield words.say(f"ignored.{one.reason}", fact=words.named(one.kind, "names.fact"))


def _outcome(words: Wording, result: Result) -> Iterator[str]:
    if result.estimated:
        yield words.say("explain.estimated")
    act = words.day(result.ended_on) if result.ended_on else ""
    if result.state == "ended":
        yield words.say("explain.ended" if result.due else "explain.ended_stopped", day=act)
    elif result.state == "cancelled":
        yield words.say("explain.cancelled", day=act)
    elif result.state == "lapsed":
        yield words.say("explain.lapsed")
        if act:
            yield words.say("explain.late", day=act)


class _Days:
    """A clock that runs by days."""

    def __init__(self, words: Wording, clock: Clock, result: Result, calendar: Calendar) -> None:
        self._words, self._clock, self._result, self._calendar = words, clock, result, calendar
        self._ends = ends_of(clock, result, calendar)
        self._unit = lengths.counted(clock.length)
        self._total = 0

    def sentences(self, start: date) -> Iterator[str]:
        """The length, the start, what counts, the days, the end."""
        yield from self._head(start)
        rows = days_of(self._clock, self._result, self._calendar)
        for _, group in groupby(filter(self._inside, rows), key=self._group):
            yield from self._told(list(group))
        if self._ends:
            yield from self._end(self._ends, rows)
        else:
            yield from self._stop()

    def _head(self, start: date) -> Iterator[str]:
        words, clock, result = self._words, self._clock, self._result
        if not result.total:
            yield words.say("explain.start_today", day=words.day(start))
            return
        length = words.length(clock.length)
        own = words.amount(lengths.days(clock.length, clock.rule, start), "days")
        plain = all(unit == self._unit for _, unit in clock.length)
        key = "explain.length" if plain else "explain.length_in_days"
        yield words.say(key, length=length, total=own)
        if result.extended:
            times, total = words.amount(result.extended, "times"), self._amount(result.total)
            yield words.say("explain.extended", times=times, total=total)
        verb = "backward" if clock.rule.backward else "start"
        counts = "" if clock.rule.first_day == "excluded" else "_counts"
        yield words.say(f"explain.{verb}{counts}", day=words.day(start))
        yield what_counts(words, clock, self._calendar)

    def _amount(self, number: int) -> str:
        return self._words.amount(number, self._unit)

    def _inside(self, row: Row) -> bool:
        """Whether a day is told in its place: not the start, nor what lies behind the last step."""
        day, why = row
        if why.what in ("start", "rolled", "promised"):
            return False
        if self._ends is None:
            stop = lasting(self._result.stops)
            return stop is None or day < stop.first
        return not self._behind(day, self._ends.minimum)

    def _behind(self, day: date, end: date) -> bool:
        return day < end if self._clock.rule.backward else day > end

    def _group(self, row: Row) -> tuple[str, Reason | None]:
        """What stands together: counted days with the weekends between them, else equal days."""
        day, why = row
        own = self._ends is None or not self._behind(day, self._ends.nominal)
        if why.what == "counted" or (why.what == "weekend" and own):
            return "counted", None
        return why.what, why

    def _told(self, rows: list[Row]) -> Iterator[str]:
        words, why = self._words, rows[-1][1]
        when, number = words.on(rows[0][0], rows[-1][0]), words.amount(len(rows), "not_counted")
        counted = [day for day, reason in rows if reason.what == "counted"]
        if counted:
            self._total += len(counted)
            yield words.say(
                "explain.counted", when=words.on(counted[0], counted[-1]),
                number=words.amount(len(counted), "counted"),
                total=words.amount(self._total, "days"),
            )  # fmt: skip
        elif why.what == "closed" and not words.label(why):
            yield words.say("explain.closed_unnamed", when=when, number=number)
        elif why.what == "minimum":
            least = words.amount(self._clock.rule.min_working_days, "working_days")
            added = words.amount(len(rows), "days")
            yield words.say("explain.minimum", when=when, number=added, least=least)
        else:
            motive = words.named(why.about, "names.suspension")
            label = words.label(why)
            key = f"explain.{why.what}"
            yield words.say(key, when=when, number=number, label=label, motive=motive)

    def _end(self, ends: Ends, rows: list[Row]) -> Iterator[str]:
        """The steps from a last day on which offices are closed, and the end."""
        words = self._words
        if ends.rolled != ends.minimum:
            way = "rolled" if self._clock.rule.roll == "next" else "rolled_back"
            why = closing(ends.minimum, self._calendar)
            label = words.label(why) if why else ""
            key = f"explain.{way}_named" if label else f"explain.{way}"
            yield words.say(key, day=words.day(ends.minimum), label=label)
        behind = [row for row in rows if self._behind(row[0], ends.minimum)]
        for why, group in groupby(behind, key=lambda row: row[1]):
            days = [day for day, _ in group]
            if why.what == "closed" and words.label(why):
                when = words.on(days[0], days[-1])
                yield words.say("explain.also_closed", when=when, label=words.label(why))
        if ends.last != ends.rolled:
            yield words.say("explain.promised", day=words.day(ends.rolled))
        yield words.say("explain.due", day=words.day(ends.last))

    def _stop(self) -> Iterator[str]:
        """Since when it is stopped, and what is left."""
        words, stop = self._words, lasting(self._result.stops)
        if stop:
            motive = words.named(stop.on, "names.suspension")
            yield words.say("explain.stopped_since", day=words.day(stop.first), motive=motive)
        if self._result.remaining is not None:
            yield words.say("explain.left", left=self._amount(self._result.remaining))


class _Hours:
    """A clock that runs by hours."""

    def __init__(self, words: Wording, clock: Clock, result: Result, calendar: Calendar) -> None:
        self._words, self._clock, self._result, self._calendar = words, clock, result, calendar
        self._working = lengths.counted(clock.length) == "working_hours"

    def sentences(self, start: date) -> Iterator[str]:
        """The length, the start, what counts, the stretches, the end."""
        words, result, calendar = self._words, self._result, self._calendar
        rows = stretches_of(self._clock, result, calendar)
        yield words.say("explain.length", length=words.length(self._clock.length))
        if result.extended:
            times, total = words.amount(result.extended, "times"), self._amount(result.total)
            yield words.say("explain.extended", times=times, total=total)
        begin = next((row.first for row in rows if row.reason.what != "start"), result.since)
        if begin:
            yield words.say("explain.start_at", instant=words.instant(begin, calendar))
        yield what_counts(words, self._clock, calendar)
        yield from self._told(rows)
        if result.effect_at:
            yield words.say("explain.due_at", instant=words.instant(result.effect_at, calendar))
        elif result.remaining is not None:
            yield words.say("explain.left", left=self._amount(result.remaining))

    def _amount(self, seconds: int) -> str:
        return self._words.hours(seconds, self._working)

    def _told(self, rows: list[Stretch]) -> Iterator[str]:
        """Counted and stopped stretches; that offices are closed between them goes unsaid."""
        words, calendar, total = self._words, self._calendar, timedelta()
        for row in rows:
            motive = words.named(row.reason.about, "names.suspension")
            if row.last is None:
                since = words.instant(row.first, calendar)
                yield words.say("explain.stopped_since_at", instant=since, motive=motive)
                continue
            when = words.between(row.first, row.last, calendar)
            if row.reason.what == "counted":
                total += row.length
                number, all_ = (
                    words.hours(int(span.total_seconds()), False) for span in (row.length, total)
                )
                yield words.say("explain.counted_hours", when=when, number=number, total=all_)
            elif row.reason.what == "stopped":
                yield words.say("explain.stopped_hours", when=when, motive=motive)


def what_counts(words: Wording, clock: Clock, calendar: Calendar) -> str:
    """Whether all days, or hours, count, or only those on which offices are open."""
    counted = lengths.counted(clock.length)
    if counted != "working_days":
        key = {"days": "every_day", "hours": "every_hour", "working_hours": "open_hours"}[counted]
        return words.say(f"explain.{key}")
    if not calendar.rest_days:
        return words.say("explain.open_days_all_week")
    return words.say("explain.open_days", rest=words.rest_days(calendar))

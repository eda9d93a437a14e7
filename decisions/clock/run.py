"""One reading of the facts of a case by one clock.

Facts are taken in the order in which they happened. What has no effect by the rule is kept, with
the reason.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from decisions.calendars import Calendar
from decisions.clock import lengths
from decisions.clock.backward import Back
from decisions.clock.dating import Dated, Days, Measure
from decisions.clock.hours import Hours
from decisions.clock.law import CANCELLED, Clock, Extension, Fact, Length, Suspension
from decisions.clock.result import Ignored, Result, Stop


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Facts as they happened, in whatever order they were recorded or given."""
    return sorted(facts, key=lambda fact: (fact.at, fact.seq, fact.kind))


def starts(clock: Clock, fact: Fact, calendar: Calendar) -> bool:
    """Whether a fact starts the clock: its kind, on a day on which the clock is in force."""
    return fact.kind in clock.start and holds(clock, calendar.local_date(fact.at))


def holds(clock: Clock, day: date) -> bool:
    """Whether a clock is in force on a day."""
    first, last = clock.in_force
    return (first is None or first <= day) and (last is None or day <= last)


class Run:
    """What has been consumed, stopped, added so far by the facts of one case."""

    def __init__(self, clock: Clock, calendar: Calendar, not_before: date | None) -> None:
        self._clock, self._calendar, self._not_before = clock, calendar, not_before
        self._measure = measure(clock, calendar)
        self._origin: Fact | None = None
        self._from: Fact | None = None
        self._asked: dict[int, Fact] = {}
        self._used: dict[int, int] = {}
        self._stops: list[Stop] = []
        self._length: Length = clock.length
        self._extended = 0
        self._act: Fact | None = None
        self._cancelled = False
        self._ignored: list[Ignored] = []
        self._known: tuple[Dated, bool] | None = None

    def take(self, fact: Fact) -> None:
        """Let the next fact have its effect, or none."""
        clock = self._clock
        if self._origin is None:
            self._begin(fact)
        elif self._act is not None:
            return
        elif fact.kind in clock.cancel or fact.kind == CANCELLED:
            self._cancel(fact)
        elif fact.kind in clock.stop:
            self._act = fact
        elif clock.extension and fact.kind == clock.extension.on:
            self._extend(clock.extension, fact)
        else:
            # A restart comes last: it leaves behind each stop that the same answer ends.
            for number, suspension in sorted(
                enumerate(clock.suspensions), key=lambda one: one[1].then == "restart"
            ):
                if number in self._asked and fact.kind in suspension.until:
                    self._resume(number, suspension, fact)
                elif fact.kind == suspension.on:
                    self._suspend(number, suspension, fact)

    def _begin(self, fact: Fact) -> None:
        """Before the start nothing counts, but what is due before an event is done before it."""
        if starts(self._clock, fact, self._calendar):
            self._origin = self._from = fact
        elif self._clock.rule.backward and self._act is None and fact.kind in self._clock.stop:
            self._act = fact

    def _cancel(self, fact: Fact) -> None:
        """What has taken effect stays: a clock that has lapsed is not cancelled any more."""
        if not self._over(fact.at):
            self._act, self._cancelled = fact, True
        elif fact.kind in self._clock.cancel:
            self._ignore(fact, "after_the_end")

    def _extend(self, extension: Extension, fact: Fact) -> None:
        if self._over(fact.at):
            self._ignore(fact, "after_the_end")
        elif self._extended >= extension.at_most:
            self._ignore(fact, "not_allowed_again")
        elif extension.motives and fact.data.get("motive") not in extension.motives:
            self._ignore(fact, "motive_not_allowed")
        else:
            own = fact.data.get("length", extension.length)
            self._extended += 1
            self._length += tuple((number, unit) for number, unit in own)
            lengths.counted(self._length)
            self._known = None

    def _suspend(self, number: int, suspension: Suspension, fact: Fact) -> None:
        used, most = self._used.get(number, 0), suspension.at_most
        if number in self._asked:
            self._ignore(fact, "already_suspended")
        elif self._over(self._measure.begins(suspension, fact)):
            self._ignore(fact, "after_the_end")
        elif most is not None and used >= most:
            self._ignore(fact, "not_allowed_again")
        elif suspension.within and self._too_late(suspension.within, fact):
            self._ignore(fact, "asked_too_late")
        else:
            self._asked[number], self._used[number] = fact, used + 1
            self._known = None

    def _too_late(self, within: Length, fact: Fact) -> bool:
        assert self._origin is not None  # noqa: S101 (nothing is asked before the start)
        last = measure(replace(self._clock, length=within, rule=replace(
            self._clock.rule, franc=False, roll="none", min_working_days=0,
        )), self._calendar).dated(self._origin, within, ())  # fmt: skip
        return last.effect_at is not None and fact.at >= last.effect_at

    def _resume(self, number: int, suspension: Suspension, fact: Fact) -> None:
        asked = self._asked.pop(number)
        self._known = None
        if suspension.then == "restart":
            self._from, self._stops = fact, []
        elif stop := self._measure.stop(suspension, asked, fact):
            self._stops.append(stop)

    def _ignore(self, fact: Fact, reason: str) -> None:
        self._ignored.append(Ignored(fact.seq, fact.kind, reason))

    def _over(self, instant: datetime) -> bool:
        """Whether the end lies at that instant or before."""
        end = self._dated()[0].effect_at
        return end is not None and instant >= end

    def _all_stops(self) -> list[Stop]:
        lasting = (
            self._measure.stop(self._clock.suspensions[number], asked, None)
            for number, asked in self._asked.items()
        )
        return sorted(
            [*self._stops, *filter(None, lasting)], key=lambda stop: (stop.first, stop.since)
        )

    def _dated(self) -> tuple[Dated, bool]:
        """When it ends by all that is known so far, and whether a promise moved that."""
        if self._known is None:
            assert self._from is not None  # noqa: S101 (asked after the start only)
            dated = self._measure.dated(self._from, self._length, self._all_stops())
            promised = self._not_before
            if promised is None or dated.due is None or dated.due >= promised:
                self._known = dated, False
            else:
                end = self._calendar.midnight_after(self._calendar.known(promised))
                self._known = replace(dated, due=promised, effect_at=end), True
        return self._known

    def result(self, now: datetime) -> Result:
        """What the clock says at that moment."""
        if self._from is None:
            return Result(self._clock.name)
        dated, promised = self._dated()
        act = self._act
        end = dated.effect_at
        state, remaining, late = self._state(dated, now)
        return Result(
            self._clock.name, state, "", dated.start, self._from.at, dated.due, end, dated.nominal,
            dated.total, remaining, self._shown(dated.start), self._extended,
            self._calendar.local_date(act.at) if act else None, act.at if act else None, late,
            tuple(self._ignored), self._estimated(dated), promised,
        )  # fmt: skip

    def _state(self, dated: Dated, now: datetime) -> tuple[str, int | None, int]:
        """The state, what remains, and by how much an act came too late."""
        act, end = self._act, dated.effect_at
        if act is not None and (end is None or act.at < end):
            return "cancelled" if self._cancelled else "ended", None, 0
        if end is None:
            return "suspended", self._measure.remaining(dated, now), 0
        if now >= end:
            return "lapsed", 0, self._measure.late(end, act.at) if act else 0
        return "running", self._measure.remaining(dated, now), 0

    def _shown(self, start: date) -> tuple[Stop, ...]:
        return tuple(stop for stop in self._all_stops() if stop.last is None or stop.last >= start)

    def _estimated(self, dated: Dated) -> bool:
        """Whether an undecided day lies between start and end; the start, where it counts."""
        start, due = dated.start, dated.due
        if due is None:
            return False
        first, last = min(start, due), max(start, due)
        counts = self._clock.in_hours or self._clock.rule.first_day == "included"
        return any(
            first <= day <= last and (day != start or counts) for day in self._calendar.estimated
        )


def measure(clock: Clock, calendar: Calendar) -> Measure:
    """How a clock measures time."""
    if clock.in_hours:
        return Hours(clock, calendar)
    return Back(clock, calendar) if clock.rule.backward else Days(clock, calendar)

"""The second opinion on the legal clock: it walks, and shares no code with decisions/clock.

Days are walked one by one, months found by watching the month change, midnight by stepping minutes
in UTC until the local date turns, hours minute by minute. Only the dataclasses of the law and the
raw fields of a calendar are used. Slow and plain on purpose: what it says can be checked by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from decisions.calendars import Calendar
from decisions.clock.law import Clock, Fact
from tests.decisions.clock.walk_days import Asked, DayWalk, each
from tests.decisions.clock.walk_hours import Asked as HoursAsked
from tests.decisions.clock.walk_hours import HourWalk


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
        answered = [
            stop
            for stop in self.run.asked
            if stop.until is None and fact.kind in clock.suspensions[stop.which].until
        ]
        for stop in sorted(answered, key=self._restarts_last):
            self.run.answer(stop, fact.at)
        for which, suspension in enumerate(clock.suspensions):
            if fact.kind == suspension.on:
                self._ask(which, fact, passed)
        if clock.extension is not None and fact.kind == clock.extension.on:
            self._extend(fact, passed)

    def _restarts_last(self, stop: Asked | HoursAsked) -> bool:
        return self.clock.suspensions[stop.which].then == "restart"

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
            for day in each(min(start, due), max(start, due))
            if day != start or included
        )

    def _moved(self, run: DayWalk | HourWalk) -> bool:
        """Whether the end would be earlier without the promise."""
        promised, run.promised = run.promised, None
        end = run.due()[0]
        run.promised = promised
        return end is not None and promised is not None and end < promised

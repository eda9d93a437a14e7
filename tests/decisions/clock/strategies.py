"""Clocks, facts and offices for hypothesis: small first, so that what fails is shown small."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from decisions.calendars import Calendar, Day
from decisions.clock.evaluate import evaluate
from decisions.clock.law import Clock, Extension, Fact, Length, Rule, Suspension
from decisions.clock.result import Result
from tests.decisions.clock.offices import OFFICES

DAY = timedelta(days=1)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = ("days", "working_days", "weeks", "months")
HOURS = ("hours", "working_hours")
MOST = {"days": 40, "working_days": 30, "weeks": 6, "months": 4, "hours": 60, "working_hours": 30}


@dataclass(frozen=True)
class Asked:
    """A clock with what happened, at a moment not before the last of it."""

    clock: Clock
    facts: tuple[Fact, ...]
    calendar: Calendar
    now: datetime

    def result(self, **changed: Any) -> Result:
        """What the clock says, of other facts, by another calendar, at another moment."""
        one = replace(self, **changed)
        return evaluate(one.clock, one.facts, one.calendar, one.now)

    def ruled(self, **rule: Any) -> "Asked":
        """The same under another rule."""
        return replace(self, clock=replace(self.clock, rule=replace(self.clock.rule, **rule)))


def lengths(unit: str) -> st.SearchStrategy[Length]:
    one = st.tuples(st.integers(1, MOST[unit]), st.just(unit))
    return (
        st.tuples(one, st.tuples(st.integers(1, 20), st.just("days")))
        if unit == "months"
        else (st.tuples(one))
    )


def rules(unit: str, **fixed: Any) -> st.SearchStrategy[Rule]:
    free: Mapping[str, st.SearchStrategy[Any]] = {
        "month_end": st.sampled_from(("fact", "first", "eve")),
        "month": st.sampled_from(("calendar", "thirty")),
        "first_day": st.sampled_from(("excluded", "included")),
        "franc": st.booleans(),
        "roll": st.sampled_from(("none", "next", "previous")),
        "min_working_days": st.sampled_from((0, 2, 5)),
        "whole_hours": st.booleans() if unit in HOURS else st.just(False),
    }
    return st.builds(Rule, **{**free, **{name: st.just(value) for name, value in fixed.items()}})


def suspensions(name: str, unit: str, then: tuple[str, ...]) -> st.SearchStrategy[Suspension]:
    side = st.just("next_day") if unit in HOURS else st.sampled_from(("next_day", "same_day"))
    return st.builds(
        lambda then, most, within, stopped, counted: Suspension(
            f"{name}.asked", (f"{name}.answered",), then, most, within, stopped,
            counted if then == "continue" else "next_day",
        ),
        st.sampled_from(then), st.sampled_from((None, 1, 2)), st.none() | lengths(unit), side, side,
    )  # fmt: skip


@st.composite
def clocks(
    draw: st.DrawFn,
    units: tuple[str, ...] = DAYS + HOURS,
    then: tuple[str, ...] = ("continue", "restart"),
    **rule: Any,
) -> Clock:
    unit = draw(st.sampled_from(units))
    names = draw(st.sampled_from(((), ("complement",), ("complement", "enquiry"))))
    extension = st.builds(
        Extension, st.just("extended"), lengths(unit), st.integers(1, 2), st.just(())
    )
    return Clock(
        "decision", draw(lengths(unit)), ("filed",), ("decided",), ("withdrawn",),
        draw(rules(unit, **rule)),
        tuple(draw(suspensions(name, unit, then)) for name in names),
        draw(st.none() | extension),
    )  # fmt: skip


NAMED = (
    "complement.asked", "complement.answered", "enquiry.asked", "enquiry.answered", "extended",
    "decided", "withdrawn",
)  # fmt: skip
SECONDS = st.one_of(
    st.integers(0, 7200), st.integers(0, 60).map(lambda days: 86400 * days), st.integers(0, 4000000)
)


@st.composite
def later(
    draw: st.DrawFn, after: datetime, seq: int, kinds: tuple[str, ...] = NAMED, most: int = 6
) -> tuple[Fact, ...]:
    """Facts of these kinds from a moment on."""
    found = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(kinds), max_size=most))):
        after += timedelta(seconds=draw(SECONDS))
        found.append(Fact(kind, after, seq + number))
    return tuple(found)


@st.composite
def stories(draw: st.DrawFn, kinds: tuple[str, ...] = NAMED, most: int = 6, **of: Any) -> Asked:
    """A clock that has been started, and what followed; `most` 0: nothing did."""
    clock, calendar = draw(clocks(**of)), draw(st.sampled_from(OFFICES))
    filed = FIRST + timedelta(minutes=draw(st.integers(0, 400 * 1440)))
    facts = (Fact("filed", filed), *draw(later(filed, 1, kinds, most)))
    now = facts[-1].at + timedelta(seconds=draw(SECONDS))
    return Asked(clock, facts, calendar, now)


def revised(calendar: Calendar, days: Mapping[date, bool]) -> Calendar:
    """A calendar in which those days are opened or closed."""
    changed = {day: Day(works, "revised") for day, works in days.items()}
    return replace(calendar, days={**calendar.days, **changed})


def never(end: Any, none: Any) -> Any:
    """The end, or a value after all others where a stop lasts and there is none."""
    return none if end is None else end

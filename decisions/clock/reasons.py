"""Why a day, or an hour, stands in a delay and does or does not count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from decisions.calendars import Calendar
from decisions.clock.result import Stop


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: one word, and what it is about.

    `what`: start, counted, weekend, closed, stopped, full_period, minimum, rolled, promised; of
    hours also closed_hours. `about`: the label of a closed day, the kind of the fact that stopped
    the clock. `labels`: that label in other languages.
    """

    what: str
    about: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.what}:{self.about}" if self.about else self.what


def closing(day: date, calendar: Calendar) -> Reason | None:
    """Why offices are closed on a day; None where they are open."""
    if calendar.is_working_day(day):
        return None
    found = calendar.days.get(day)
    return Reason("closed", found.label, found.labels) if found else Reason("weekend")


def stopping(day: date, stops: Sequence[Stop]) -> Reason | None:
    """What stops a clock on a day: of several, what was first; None where nothing does."""
    for stop in sorted(stops, key=lambda stop: (stop.first, stop.since)):
        if stop.first <= day and (stop.last is None or day <= stop.last):
            return Reason("stopped", stop.on)
    return None


def lasting(stops: Sequence[Stop]) -> Stop | None:
    """The stop that has no end yet: of several, what was first."""
    found = [stop for stop in stops if stop.last is None]
    return min(found, key=lambda stop: (stop.first, stop.since)) if found else None

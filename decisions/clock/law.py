"""The law as data: how a jurisdiction counts, what a procedure grants, what happened in a case.

A clock is a budget of days, or of hours, that recorded facts consume, stop, give back or enlarge.
What a jurisdiction says stands in its `Rule`, what a procedure says in its `Clock`, what is known
of an office's days in a `Calendar`, what happened in the `Fact`s of a case. Nothing else decides a
date: not the moment of asking, not the worker that comes late, not the order of recording.

Two ideas carry it. Months and weeks become a number of days at the start, by the rule; from there
one walk serves every unit. And a stopped day does not exist: it is not counted, cannot be the last
day, cannot be the day to which an end is moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

# Numbers with their unit: years, months, weeks, days, working_days, hours, working_hours.
# Years and months are counted first, then the rest.
Length = tuple[tuple[int, str], ...]

# What is recorded of every case: it began, and it was cancelled, which ends every clock.
FILED = "case.filed"
CANCELLED = "case.cancelled"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a jurisdiction counts.

    `month_end`: on which day months end: "fact" the number of the day of the fact, or the last of
    the month (French CPC 641, BGB 188); "first" the number of the first counted day (Supreme Court
    of Morocco, 19 February 1964, C136); "eve" the day before that number.
    `month`: "calendar", or "thirty" days each (Moroccan DOC 132); a year then has 365.
    `first_day`: whether the day of the fact is "excluded" or "included".
    `franc`: the last day does not count either (délai franc).
    `roll`: where an end on a closed day goes: "none" nowhere, "next" or "previous" working day.
    `min_working_days`: how many working days the period holds at least (EU 1182/71 art. 3(5)).
    `whole_hours`: the hour of the fact does not count (EU 1182/71 art. 3(1)).
    `backward`: counted back from the day of the fact, as the notice before a meeting is.
    """

    month_end: str = "fact"
    month: str = "calendar"
    first_day: str = "excluded"
    franc: bool = False
    roll: str = "none"
    min_working_days: int = 0
    whole_hours: bool = False
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Suspension:
    """What stops a clock, and what lets it go on.

    `then`: "continue" with what is left, or "restart" from the whole length.
    `at_most`: how often it may stop the clock; None: as often as it is asked.
    `within`: a request later than this after the start stops nothing.
    `stopped_from`: the first stopped day is the "next_day" or the "same_day" as the request.
    `counted_from`: the first counted day is the "next_day" or the "same_day" as the answer.
    """

    on: str
    until: tuple[str, ...]
    then: str = "continue"
    at_most: int | None = None
    within: Length | None = None
    stopped_from: str = "next_day"
    counted_from: str = "next_day"


@dataclass(frozen=True, slots=True)
class Extension:
    """What enlarges a clock: a fact on or before the last day, with one of the motives.

    No motives: any. The fact may carry a `length` of its own, as [[30, "days"]].
    """

    on: str
    length: Length
    at_most: int = 1
    motives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Silence:
    """What it means that the time passed and nothing was decided.

    `effect`: none, consent, refusal or favourable_opinion. `certified_by`: who attests it.
    `certificate`: the certificate that says so. `dated`: the tacit act bears the "last_day", or the
    "day_after", and the next clock starts from there. `next`: the clock that it opens.
    """

    effect: str = "none"
    certified_by: str = ""
    certificate: str = ""
    dated: str = "last_day"
    next: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A delay that a procedure grants, as it is in force from one day to another.

    `obliged`: against whom it runs: office, applicant or other. `each`: a name in the data of the
    facts; there is one clock for each of its values. `on_revision`: what a later change of the
    calendar does: "recompute", or "never_earlier" than what was communicated. `reminders`: "80%",
    "3 working_days" or "3 days" before the end. `in_force`: the first and the last day on which a
    start takes this one, None: without end.
    """

    name: str
    length: Length
    start: tuple[str, ...]
    stop: tuple[str, ...] = ()
    cancel: tuple[str, ...] = ()
    rule: Rule = Rule()
    suspensions: tuple[Suspension, ...] = ()
    extension: Extension | None = None
    silence: Silence = Silence()
    obliged: str = "office"
    reminders: tuple[str, ...] = ()
    each: str = ""
    on_revision: str = "recompute"
    article: str = ""
    rule_name: str = ""
    in_force: tuple[date | None, date | None] = (None, None)

    @property
    def lapse(self) -> str:
        """The kind of the fact that this clock makes when its time has passed."""
        return f"clock.{self.name}.lapsed"

    @property
    def in_hours(self) -> bool:
        """Whether it runs by instants, not by days."""
        return any(unit in ("hours", "working_hours") for _, unit in self.length)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened: its kind, when in law (aware), and in which order it was written."""

    kind: str
    at: datetime
    seq: int = 0
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)

"""What a clock says at a moment."""

from dataclasses import dataclass
from datetime import date, datetime

# A clock by its name, and the value for which it runs where it runs for each: ("opinion", "fire").
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch that does not count: the days, both included, and the instants of the facts.

    `last` and `until` are None while it lasts; `on` is the kind of the fact that stopped the clock.
    """

    first: date
    last: date | None
    on: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A fact to which the rule gives no effect, and why: it is shown, never silent.

    `reason`: already_suspended, after_the_end, not_allowed_again, asked_too_late,
    motive_not_allowed.
    """

    seq: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """A clock at a moment.

    `state`: waiting, running, suspended, ended, lapsed or cancelled.
    `start`: the day from which it counts (a restart moves it); `since`: the instant of that fact.
    `due`: the last useful day; `effect_at`: the instant, in UTC, at which that day is over, or the
    hour itself of a clock in hours.
    `nominal`: the last day before full period, minimum and roll; `total`: the whole budget in
    countable days, or seconds of a clock in hours, extensions included.
    `remaining`: countable days, or seconds, left at that moment.
    `late_by`: by how many days, or seconds, an act came after the end.
    `estimated`: an undecided feast lies before the end.
    `promised`: the end would be earlier, but the later one was communicated (never_earlier).
    """

    clock: str
    state: str = "waiting"
    each: str = ""
    start: date | None = None
    since: datetime | None = None
    due: date | None = None
    effect_at: datetime | None = None
    nominal: date | None = None
    total: int = 0
    remaining: int | None = None
    stops: tuple[Stop, ...] = ()
    extended: int = 0
    ended_on: date | None = None
    ended_at: datetime | None = None
    late_by: int = 0
    ignored: tuple[Ignored, ...] = ()
    estimated: bool = False
    promised: bool = False

    @property
    def key(self) -> Key:
        """Its place among the clocks of a case."""
        return (self.clock, self.each)

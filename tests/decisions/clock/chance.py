"""Clocks and facts by chance, from a seed; many facts lie at the very edge of an end."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from decisions.calendars import Calendar
from decisions.clock.law import Clock, Extension, Fact, Length, Rule, Suspension
from tests.decisions.clock.offices import OFFICES
from tests.decisions.clock.walk import Story, Told

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
_UNITS = (
    "days",
    "days",
    "working_days",
    "working_days",
    "months",
    "weeks",
    "hours",
    "working_hours",
)


@dataclass(frozen=True)
class Trial:
    """What `evaluate` and `walk` are both asked."""

    clock: Clock
    facts: tuple[Fact, ...]
    calendar: Calendar
    now: datetime
    not_before: date | None


def trial(seed: int) -> Trial:
    """The clock of that number, with what happened to it."""
    chance = Random(seed)
    calendar = chance.choice(OFFICES)
    clock = _clock(chance)
    facts, end = _facts(chance, clock, calendar)
    now = _moment(chance, facts[-1].at, end.effect_at, calendar)
    not_before = None
    if clock.on_revision == "never_earlier" and end.due is not None:
        not_before = end.due + DAY * chance.randint(-3, 9)
    chance.shuffle(facts)
    return Trial(clock, tuple(facts), calendar, now, not_before)


def _clock(chance: Random) -> Clock:
    unit = chance.choice(_UNITS)
    hours = unit.endswith("hours")
    backward = not hours and chance.random() < 0.1
    if not hours and chance.random() < 0.02:
        # A same-day service: it may roll, and that is all.
        rule = Rule(roll=chance.choice(("none", "next", "previous")))
        return Clock("decision", ((0, unit),), ("filed",), ("decided",), ("withdrawn",), rule)
    length = _length(chance, unit)
    rule = Rule(
        month_end=chance.choice(("fact", "fact", "first", "eve")),
        month=chance.choice(("calendar", "calendar", "thirty")),
        first_day=chance.choice(("excluded", "excluded", "included")),
        franc=chance.random() < 0.25,
        roll=chance.choice(
            ("none", "previous") if backward else ("none", "next", "next", "previous")
        ),
        min_working_days=chance.choice((0, 0, 0, 2, 5)),
        whole_hours=hours and chance.random() < 0.3,
        backward=backward,
    )
    return Clock(
        "decision",
        length,
        ("filed", "clock.service.lapsed"),
        stop=("decided",),
        cancel=("withdrawn",),
        rule=rule,
        suspensions=_suspensions(chance, unit) if not backward else (),
        extension=_extension(chance, unit) if not backward and chance.random() < 0.5 else None,
        on_revision="never_earlier" if not hours and chance.random() < 0.2 else "recompute",
    )


def _length(chance: Random, unit: str) -> Length:
    most = {"months": 4, "weeks": 9, "hours": 50, "working_hours": 16}.get(unit, 40)
    number = chance.randint(1, most if chance.random() < 0.7 else 5)
    if unit == "months" and chance.random() < 0.1:
        return ((1, "years"), (number, unit))
    if unit == "months" and chance.random() < 0.4:
        return ((number, unit), (chance.randint(1, 20), "days"))
    return ((number, unit),)


def _suspensions(chance: Random, unit: str) -> tuple[Suspension, ...]:
    hours = unit.endswith("hours")
    found = []
    for name in ("complement", "enquiry", "visit")[: chance.choice((0, 1, 1, 2, 2, 3))]:
        then = "restart" if chance.random() < 0.25 else "continue"
        sides = ("next_day",) if hours else ("next_day", "next_day", "same_day")
        within = _length(chance, unit) if chance.random() < 0.25 else None
        found.append(
            Suspension(
                f"{name}.asked",
                (f"{name}.answered", "deadlock.ended"),
                then,
                chance.choice((None, None, 1, 2)),
                within,
                chance.choice(sides),
                "next_day" if then == "restart" else chance.choice(sides),
            )
        )
    return tuple(found)


def _extension(chance: Random, unit: str) -> Extension:
    motives = ("expertise", "public_enquiry") if chance.random() < 0.5 else ()
    return Extension("extended", _length(chance, unit), chance.choice((1, 1, 2)), motives)


_KINDS = (
    *("complement.asked", "enquiry.asked", "visit.asked") * 3,
    *("complement.answered", "enquiry.answered", "visit.answered") * 3,
    *("extended",) * 4,
    *(
        "decided",
        "decided",
        "withdrawn",
        "case.cancelled",
        "deadlock.ended",
        "filed",
        "photographed",
    ),
)


def _facts(chance: Random, clock: Clock, calendar: Calendar) -> tuple[list[Fact], Told]:
    """Facts in the order in which they happened, and what the walk says after the last."""
    first = date(2026, 1, 1) + DAY * chance.randrange(420)
    at = _on(chance, first, calendar)
    kinds = ["filed" if chance.random() < 0.9 else "clock.service.lapsed"]
    kinds += [chance.choice(_KINDS) for _ in range(chance.choice((0, 1, 2, 3, 4, 5, 6, 8, 10)))]
    if chance.random() < 0.1:
        kinds.insert(0, chance.choice(_KINDS))
    facts: list[Fact] = []
    story = Story(clock, calendar, None)
    for seq, kind in enumerate(kinds):
        facts.append(Fact(kind, at, seq, _data(chance, clock, kind, at)))
        story.hear(facts[-1])
        at = _moment(chance, at, story.run.effect() if story.run else None, calendar)
    return facts, story.told(facts[-1].at)


def _data(chance: Random, clock: Clock, kind: str, at: datetime) -> dict[str, object]:
    if clock.rule.backward and kind in clock.start and chance.random() < 0.7:
        return {"day": (at.date() + DAY * chance.randint(0, 150)).isoformat()}
    if kind != "extended" or clock.extension is None:
        return {}
    data: dict[str, object] = {"motive": chance.choice(("expertise", "public_enquiry", "holiday"))}
    if chance.random() < 0.3:
        data["length"] = [[chance.randint(1, 9), clock.extension.length[0][1]]]
    return data


def _moment(
    chance: Random, after: datetime, effect: datetime | None, calendar: Calendar
) -> datetime:
    """A moment not before another: often the very end, a second or a day beside it."""
    if effect is not None and chance.random() < 0.35:
        beside = (0 * DAY, -SECOND, SECOND, -DAY, DAY, -DAY - SECOND, -2 * DAY)
        return max(after, effect + chance.choice(beside))
    if chance.random() < 0.2:
        return after + chance.choice((0, 0, 1, 60, 3600, 7261)) * SECOND
    day = after.astimezone(ZoneInfo(calendar.zone)).date() + DAY * int(chance.expovariate(0.12))
    return max(after, _on(chance, day, calendar))


def _on(chance: Random, day: date, calendar: Calendar) -> datetime:
    """An instant of a day of that office, in UTC."""
    moment = chance.choice(
        (time(0), time(23, 59, 59), time(8, 30), time(12), time(16, 30), None, None, None, None)
    )
    if moment is None:
        moment = time(chance.randrange(24), chance.randrange(60), chance.choice((0, 0, 17, 59)))
    return datetime.combine(day, moment, ZoneInfo(calendar.zone)).astimezone(UTC)

"""The legal clock: what it costs to date one, in CPU microseconds.

`cpu_us_clock_` + what is dated: a clock by days with one fact; working days; two motives of
suspension in five facts; months that restart; office hours with a stop; a suite of four clocks; one
of 20,000 that a changed day dates anew; and the calendar's index of three years, which is made once
for each calendar.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from bench.timing import Round, cpu, interleaved, repeated
from decisions.calendars import Calendar, Day
from decisions.clock import reading
from decisions.clock.evaluate import evaluate
from decisions.clock.law import Clock, Fact
from decisions.clock.several import evaluate_all

MICROSECONDS = 1_000_000
TIMES = 200
CASES = 20_000

_WINDOWS = ((time(8, 30), time(12)), (time(12, 30), time(16, 30)))
CALENDAR = Calendar(
    "office", frozenset({6, 7}),
    {date(2026, month, 20): Day(False, "holiday") for month in range(1, 13)},
    "Africa/Casablanca", date(2026, 1, 1), date(2028, 12, 31),
    {day: _WINDOWS for day in range(1, 6)},
)  # fmt: skip
NOW = datetime(2026, 10, 5, 10, tzinfo=UTC)

_ASK = {"on": "asked", "until": ["answered"]}
_ENQUIRY = {"on": "opened", "until": ["closed"]}
_STARTED: dict[str, Any] = {"start": ["filed"], "stop": ["decided"], "rule": {"roll": "next"}}


def _clock(length: int, unit: str, **more: Any) -> Clock:
    name = more.pop("name", "decision")
    return reading.clock(name, _STARTED | {"length": [[length, unit]]} | more, {})


def _facts(*happened: tuple[str, int, int]) -> list[Fact]:
    return [
        Fact(kind, datetime(2026, 9, day, hour, tzinfo=UTC), seq)
        for seq, (kind, day, hour) in enumerate(happened)
    ]


_FILED = ("filed", 1, 9)
_STOPPED = _facts(_FILED, ("asked", 10, 11), ("answered", 18, 10))
CLOCKS: Mapping[str, tuple[Clock, list[Fact]]] = {
    "days": (_clock(60, "days"), _facts(_FILED)),
    "working_days": (_clock(60, "working_days"), _facts(_FILED)),
    "suspended_twice": (
        _clock(60, "days", suspension=[_ASK, _ENQUIRY]),
        _facts(_FILED, ("asked", 10, 11), ("opened", 15, 10), ("answered", 20, 10),
               ("closed", 30, 10)),
    ),
    "restarted": (
        _clock(3, "months", suspension=[_ASK | {"then": "restart", "within": [[1, "months"]]}]),
        _STOPPED,
    ),
    "office_hours": (_clock(8, "working_hours", suspension=[_ASK]),
                     _facts(_FILED, ("asked", 1, 12), ("answered", 3, 10))),
}  # fmt: skip
SUITE = [
    _clock(30, "days", suspension=[_ASK], cancel=["clock.complement.lapsed"]),
    _clock(30, "days", name="complement", start=["asked"], stop=["answered"]),
    _clock(10, "working_days", name="opinion", start=["asked"], stop=["given"], each="service"),
    _clock(30, "days", name="appeal", start=["decided", "clock.decision.lapsed"], stop=[]),
]


def figures(rounds: int) -> dict[str, float]:
    """Every figure, in microseconds."""
    found: dict[str, Round] = {
        f"cpu_us_clock_{name}": repeated(partial(evaluate, clock, facts, CALENDAR, NOW), TIMES)
        for name, (clock, facts) in CLOCKS.items()
    }
    later = NOW + timedelta(days=30)
    found["cpu_us_clock_suite"] = repeated(
        partial(evaluate_all, SUITE, _STOPPED, CALENDAR, later), TIMES
    )
    found["cpu_us_clock_of_20000"] = _revision
    found["cpu_us_clock_index"] = repeated(_indexed, TIMES)
    return interleaved(found, rounds, MICROSECONDS)


def _indexed() -> int:
    return replace(CALENDAR).count(CALENDAR.first, CALENDAR.last)


def _revision() -> float:
    """Twenty thousand running cases dated anew by days that one decree has changed, per clock."""
    closed = {**CALENDAR.days, date(2026, 9, 14): Day(False, "by exception")}
    calendar, clock = replace(CALENDAR, days=closed), CLOCKS["working_days"][0]
    cases = [
        [Fact("filed", datetime(2026, 9, 1 + number % 28, 9, tzinfo=UTC))]
        for number in range(CASES)
    ]

    def work() -> None:
        for facts in cases:
            evaluate(clock, facts, calendar, NOW)

    return cpu(work, CASES)

"""Dates, times, durations, their arithmetic, and the calendar's functions."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions import expressions
from decisions.feel import temporal
from decisions.feel.builtins.registry import BUILTINS
from decisions.values import Months
from tests.decisions.feel.examples import CONTEXT, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-02-29")', None),
        ("date(2026, 2, 28)", dt.date(2026, 2, 28)),
        ('date(@"2026-01-01T10:00:00")', dt.date(2026, 1, 1)),
        ('time("10:00:00Z").time offset = @"PT0S"', True),
        ('time(10, 0, 0, @"PT1H")', dt.time(10, tzinfo=dt.timezone(dt.timedelta(hours=1)))),
        ('date and time(@"2026-01-01", @"10:00:00")', dt.datetime(2026, 1, 1, 10)),  # noqa: DTZ001
        ('@"2026-01-01T24:00:00" = @"2026-01-02T00:00:00"', True),
        ('@"2026-07-01T12:00:00@Europe/Paris" = @"2026-07-01T10:00:00Z"', True),
        ('@"2026-07-01T12:00:00@Europe/Paris".timezone', "Europe/Paris"),
        ('date and time("2026-07-01T12:00:00@Europe/Nowhere")', None),
        ('duration("P1Y2M")', Months(14)),
        ('duration("P1DT2H")', dt.timedelta(days=1, hours=2)),
        ('duration("P1Y1D")', None),
        ('@"2026-11-23".weekday', 1),
        ('@"P1DT2H3M4S".hours', 2),
        ('@"-P14M".months', -2),
        ('@"2024-02-29" + @"P1Y"', dt.date(2025, 2, 28)),
        ('@"2026-03-31" - @"P1M"', dt.date(2026, 2, 28)),
        ('@"2026-03-31" - @"2026-03-01"', dt.timedelta(days=30)),
        ('@"2026-01-01" + @"PT36H"', dt.date(2026, 1, 2)),
        ('@"23:00:00" + @"PT2H"', dt.time(1)),
        ('@"PT1H" * 1.5', dt.timedelta(minutes=90)),
        ('@"P1Y" / 2', Months(6)),
        ('@"P1D" / @"PT6H"', 4),
        ('@"P1Y" < @"P1D"', None),
        ('@"2026-01-01" < @"2026-01-02"', True),
        ('@"10:00:00Z" < @"10:00:00"', None),
        ('@"10:00:00.1" = @"10:00:00.9"', True),  # to the second (§10.3.2.13)
        ('@"10:00:00.1" = @"10:00:01.1"', False),
        ('@"10:00:00.1" < @"10:00:00.9"', True),
        ('is(@"10:00:00.1", @"10:00:00.9")', False),
        ('@"2026-01-01T10:00:00.1Z" = @"2026-01-01T11:00:00.9+01:00"', True),
        ('@"10:00:00" = @"10:00:00Z"', False),
        ('time("24:00:00")', dt.time()),
        ('time("24:00:00.1")', None),
        ('date and time("2026-12-31T24:00:00Z")', dt.datetime(2027, 1, 1, tzinfo=dt.UTC)),
        ('date and time("2026-12-31T24:00:01Z")', None),
        ('time("10:00:00+14:00") = time("20:00:00Z")', False),  # it is the day before
        ('time("10:00:00+14:01")', None),
        ('time(10, 0, 0, @"-PT14H") = time("10:00:00-14:00")', True),
        ('time(10, 0, 0, @"PT14H1S")', None),
        ('time(10, 0, 0, @"PT0.5S")', None),
        ('time(10, 0, 59.5)', dt.time(10, 0, 59, 500_000)),
        ('time(10, 0, -0.5)', None),
        ('time("10:00:00+01:00@Europe/Paris")', None),
        ('time("10:00:00@europe/paris")', None),
        ('time("10:00:00.")', None),
        ('time(" 10:00:00")', None),
        ('date("2026-01-01Z")', None),
        ('date("2026-01-01T10:00:00")', None),
        ('duration("P1W")', None),
        ('duration("P1DT")', None),
        ('duration("P-1D")', None),
        ('string(duration("-P0M"))', "P0M"),
        ('string(duration("-PT0S"))', "PT0S"),
        ('string(duration("PT36H90M90S"))', "P1DT13H31M30S"),
        ('@"10:00:00.5".second', 0.5),
        ('@"-PT1.5S".seconds', -1.5),
        ('@"PT1H" * (1 / 3)', dt.timedelta(minutes=20)),
        ('@"PT1S" / 3', dt.timedelta(microseconds=333_333)),
        ('@"PT2S" / 3', dt.timedelta(microseconds=666_667)),
        ('@"PT1S" / 0', None),
        ('@"2026-01-02T00:00:00Z" - @"2026-01-01"', dt.timedelta(days=1)),
        ('@"2026-01-02T00:00:00" - @"2026-01-01"', None),
        ('@"2026-01-02" + @"-PT1S"', dt.date(2026, 1, 1)),
        ('years and months duration(@"2026-01-31", @"2027-03-30")', Months(13)),
        ('day of year(@"2026-02-01")', 32),
        ('day of week(@"2026-11-23")', "Monday"),
        ('month of year(@"2026-11-23")', "November"),
        ('week of year(@"2021-01-03")', 53),
        ('is(@"10:00:00", @"10:00:00Z")', False),
        ("now() - @\"2026-11-23T10:00:00Z\"", dt.timedelta(minutes=30)),
        ("today() = today", True),
    ],
)  # fmt: skip
def test_time_means_what_the_standard_says(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_the_present_is_null_when_it_was_not_given() -> None:
    assert expressions.compile("now()").explain({})[0] is None
    assert "what day it is" in expressions.compile("today()").explain({})[1][0]


class Weekdays:
    """Offices are open from Monday to Friday."""

    def is_working_day(self, day: dt.date, /) -> bool:
        return day.weekday() < 5

    def holiday(self, day: dt.date, /) -> str | None:
        return "Fête de l'indépendance" if (day.month, day.day) == (11, 18) else None

    def add_working_days(self, day: dt.date, count: int, /) -> dt.date:
        step = dt.timedelta(days=1 if count > 0 else -1)
        while count:
            day += step
            count -= step.days if self.is_working_day(day) else 0
        return day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('is working day(@"2026-11-22")', False),
        ('is holiday(@"2026-11-18")', True),
        ('is holiday(@"2026-11-18T10:00:00")', True),
        ('is holiday(@"2026-11-21")', False),
        ('holiday name(@"2026-11-18")', "Fête de l'indépendance"),
        ('holiday name(@"2026-11-21")', None),
        ('working days after(@"2026-11-20", 1)', dt.date(2026, 11, 23)),
        ('working days before(@"2026-11-23", 1)', dt.date(2026, 11, 20)),
        ('working days between(@"2026-11-20", @"2026-11-24")', Decimal(2)),
        ('working days between(@"2026-11-24", @"2026-11-20")', Decimal(-2)),
        ('working days after(@"2026-11-20", 1.5)', None),
        ('working days after(@"2026-11-20", 99999)', None),
        ('working days after(@"2026-11-20", -1)', None),
        ('working days after(@"2026-11-20", 0)', dt.date(2026, 11, 20)),
    ],
)
def test_working_days_come_from_the_calendar_given(text: str, expected: Any) -> None:
    assert expressions.compile(text).evaluate(CONTEXT, calendar=Weekdays()) == expected


def test_hours_are_counted_through_a_change_of_the_clocks() -> None:
    before = '@"2026-02-14T23:30:00@Africa/Casablanca"'  # an hour back at 3, for Ramadan
    after = '@"2026-02-15T03:30:00@Africa/Casablanca"'
    assert value(f"{after} - {before}") == dt.timedelta(hours=5)
    assert value(f'{before} + @"PT5H" = {after}') is True
    assert value(f"{before} < {after}") is True


@given(st.timedeltas())
def test_a_written_duration_reads_back(length: dt.timedelta) -> None:
    assert temporal.duration(temporal.written(length)) == length


@given(st.integers(-(10**6), 10**6))
def test_written_months_read_back(count: int) -> None:
    assert temporal.duration(str(Months(count))) == Months(count)


@given(st.dates(), st.integers(-600, 600))
def test_months_between_two_dates_never_reach_beyond_the_second(day: dt.date, count: int) -> None:
    context = {"a": day, "b": Months(count)}
    later = expressions.compile("a + b").evaluate(context)
    if later is not None:
        text = "years and months duration(a, c)"
        found = expressions.compile(text).evaluate({"a": day, "c": later})
        assert abs(found.count - count) <= 1


def test_every_function_has_a_name_of_the_standard_or_of_the_calendar() -> None:
    ours = {name for name, function in BUILTINS.items() if function.library == "calendar"}
    assert ours == {
        "is working day",
        "is holiday",
        "holiday name",
        "working days after",
        "working days before",
        "working days between",
    }
    assert all(name == name.lower() for name in BUILTINS)


def test_a_small_z_is_utc_as_in_the_examples_of_the_standard() -> None:
    assert value('time("23:59:00z") + duration("PT2M") = time("00:01:00@Etc/UTC")') is True
    assert value('is(@"23:00:50z", @"23:00:50+00:00")') is True

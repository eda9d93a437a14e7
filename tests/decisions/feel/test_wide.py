"""Dates, times and durations that Python's own types cannot hold."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions import expressions, timeline
from decisions.values import Months, compare, equal
from decisions.wide import WideDate, WideDateTime, WideDuration, WideTime
from engine.runtime.values import pack
from tests.decisions.feel.examples import reasons, value
from tests.decisions.feel.test_times import Weekdays

_CYCLE = 400
_ZONES = (None, dt.UTC, dt.timezone(dt.timedelta(hours=-14)), dt.timezone(dt.timedelta(hours=14)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("-2021-02-28") + @"P1D"', "-2021-03-01"),
        ('date("-2020-02-28") + @"P1D"', "-2020-02-29"),
        ('date("0000-02-28") + @"P1D"', "0000-02-29"),
        ('@"0001-01-01" - @"P1D"', "0000-12-31"),
        ('@"0000-01-31" + @"P1M"', "0000-02-29"),
        ('@"9999-12-31" + @"PT24H"', "10000-01-01"),
        ('@"9999-12-31" + @"PT23H"', "9999-12-31"),
        ('@"-0001-01-01" + @"-PT1S"', "-0002-12-31"),
        ("date(99999, 12, 31)", "99999-12-31"),
        ('@"9999-12-31T24:00:00"', "10000-01-01T00:00:00"),
        ('@"-0044-03-15T23:30:00+01:00" + @"PT1H"', "-0044-03-16T00:30:00+01:00"),
        ('@"0001-01-01T00:00:00+14:00" - @"PT1S"', "0000-12-31T23:59:59+14:00"),
        ('@"9999-12-31T23:59:59-14:00" + @"PT1S"', "10000-01-01T00:00:00-14:00"),
        ('date and time(@"-2021-01-01", @"10:00:00@Etc/UTC")', "-2021-01-01T10:00:00@Etc/UTC"),
        ('date(@"-2021-01-01T10:00:00")', "-2021-01-01"),
        ('time(@"-2021-01-01T10:00:00.5Z")', "10:00:00.5Z"),
        ('@"10:00:00.123456789"', "10:00:00.123456789"),
        ('@"10:00:00.000000001+02:00" + @"PT24H"', "10:00:00.000000001+02:00"),
        ('@"00:00:00" - @"PT0.000000001S"', "23:59:59.999999999"),
        ("time(10, 0, 1.000000001)", "10:00:01.000000001"),
        ('@"10:00:00.000000001" - @"10:00:00"', "PT0.000000001S"),
        ('@"2026-11-23T10:00:00.000000001" + @"P1M"', "2026-12-23T10:00:00.000000001"),
        ('@"PT1S" / 512', "PT0.001953125S"),
        ('@"PT0.000000001S" * 1000000000', "PT1S"),
        ('@"P999999999DT23H" + @"PT1H"', "P1000000000D"),
        ('-@"P999999999DT23H"', "-P999999999DT23H"),
        ('abs(@"-PT0.000000001S")', "PT0.000000001S"),
        ('sum(@"PT0.000000001S", @"P999999999D", @"P1D")', "P1000000000DT0.000000001S"),
        ('@"999999999-12-31" - @"-999999999-01-01"', "P730484999633D"),
        ('years and months duration(@"-999999999-01-01", @"999999999-12-31")', "P1999999998Y11M"),
        ('@"99999-12-31T10:00:00Z" - @"99999-12-30"', "P1DT10H"),
    ],
)
def test_a_value_of_any_year_and_fraction_is_computed_exactly(text: str, expected: str) -> None:
    assert value(f"string({text})") == expected
    assert value(f'{text} = @"{expected}"') is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"-2021-11-23".year', -2021),
        ('@"-2021-11-23".weekday', 5),  # as in 379
        ('day of week(@"-2021-11-23")', "Friday"),
        ('day of year(@"10000-12-31")', 366),
        ('week of year(@"10000-01-01")', 52),
        ('month of year(@"99999-02-01T00:00:00")', "February"),
        ('@"10:00:01.5".second', 1.5),
        ('@"2026-01-01T10:00:01.000000001".second = 1.000000001', True),
        ('@"P1DT0.000000001S".days', 1),
        ('@"-PT61.5S".seconds', -1.5),
        ('@"P730484999633DT1H".days', 730484999633),
        ('@"10:00:00.000000001-05:00".time offset = @"-PT5H"', True),
        ('@"10:00:00.000000001@Europe/Paris".timezone', "Europe/Paris"),
        ('@"-2021-01-01T10:00:00Z" < @"-2021-01-01T10:00:00-01:00"', True),
        ('@"-2021-01-01" < @"2021-01-01"', True),
        ('@"10:00:00.000000001" > @"10:00:00"', True),
        ('@"99999-01-01T00:00:00" < @"2026-01-01T00:00:00Z"', None),
        ('@"99999-01-01T00:00:00" - @"2026-01-01T00:00:00Z"', None),
        ('@"99999-01-01T00:00:00" = @"99999-01-01T00:00:00Z"', False),
        ('@"0001-01-01T00:00:00+01:00" = @"0000-12-31T23:00:00Z"', True),
        ('@"PT0.000000001S" < @"PT1S"', True),
        ('@"2026-01-01" in [@"-0001-01-01"..@"10000-01-01"]', True),
        ('max(@"99999-01-01", @"2026-01-01") = @"99999-01-01"', True),
        ('sort([@"1000-01-01", @"-0001-01-01"])[1].year', -1),
        ('count(distinct values([@"99999-01-01", @"99999-01-01"]))', 1),
        ('is(@"10:00:00.000000001Z", @"10:00:00.000000001Z")', True),
        ('is(@"10:00:00.000000001Z", @"10:00:00.000000002Z")', False),
        ('@"-2021-01-01" instance of date', True),
        ('@"PT0.000000001S" instance of days and time duration', True),
        ('for day in @"9999-12-31"..@"10000-01-01" return day.year', [9999, 10000]),
        ('for day in @"0001-01-01"..@"0000-12-31" return day.year', [1, 0]),
    ],
)  # fmt: skip
def test_wide_values_answer_as_python_s_own_do(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'date("1000000000-01-01")',
        'date("02021-01-01")',
        'date("+2021-01-01")',
        'date("-2021-02-29")',
        "date(1000000000, 1, 1)",
        '@"999999999-12-31" + @"P1D"',
        '@"-999999999-01-01T00:00:00" - @"PT1S"',
        '@"2026-01-01" + @"P999999999Y"',
        'time("10:00:00.0000000001")',
        "time(10, 0, 0.0000000001)",
        'duration("PT0.0000000001S")',
        'duration("P24000000001M")',
        'duration("PT10000000000000000001S")',
        '@"PT1S" * 1e40',
        '@"P1Y" * 1e40',
    ],
)
def test_what_no_value_can_hold_is_null_and_says_so(text: str) -> None:
    assert reasons(text)


def test_what_python_holds_has_python_s_form() -> None:
    assert type(value('@"10000-01-01" - @"P1D"')) is dt.date
    assert type(value('@"10:00:00.000000001" - @"PT0.000000001S"')) is dt.time
    assert type(value('@"10000-01-01T00:00:00Z" - @"PT1S"')) is dt.datetime
    assert type(value('@"PT0.0000005S" * 2')) is dt.timedelta
    assert type(value('time("10:00:00.1230000000000")')) is dt.time


def test_a_far_past_has_the_first_offset_of_its_zone_and_a_far_future_the_last_rules() -> None:
    assert value('@"-2021-01-01T00:00:00@Australia/Melbourne".time offset') == dt.timedelta(
        hours=9, minutes=39, seconds=52
    )
    assert value('@"99999-07-01T00:00:00@Europe/Paris".time offset') == dt.timedelta(hours=2)
    assert value('string(@"99999-03-28T00:30:00@Europe/Paris" + @"PT3H")') == (
        "99999-03-28T04:30:00@Europe/Paris"
    )


def test_no_calendar_of_working_days_knows_a_far_year() -> None:
    compiled = expressions.compile('is working day(@"99999-01-01")')
    found, why = compiled.explain({}, calendar=Weekdays())
    assert found is None
    assert "no calendar knows that year" in why[0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('@"-2021-01-01"', "WideDate"),
        ('@"10:00:00.000000001"', "WideTime"),
        ('@"-2021-01-01T00:00:00"', "WideDateTime"),
        ('@"PT0.000000001S"', "WideDuration"),
    ],
)
def test_a_case_refuses_wide_values_by_name(text: str, name: str) -> None:
    with pytest.raises(TypeError, match=f"a case cannot hold {name}$"):
        pack(value(text))


def _far(day: dt.date, cycles: int) -> Any:
    """The same day so many cycles of the calendar later."""
    return timeline.of_ordinal(day.toordinal() + cycles * 146_097)


@given(
    st.dates(dt.date(401, 1, 1), dt.date(8000, 12, 31)),
    st.integers(-5000, 5000),
    st.integers(-200_000, 200_000),
)
def test_a_far_date_moves_as_the_near_date_of_its_form(
    day: dt.date, months: int, days: int
) -> None:
    near = {"day": day, "months": Months(months % 4800), "days": dt.timedelta(days % 146_097)}
    moving = expressions.compile("day + months + days")
    cycles = 30 if months > 0 else -30
    expected = _far(moving.evaluate(near), cycles)
    assert moving.evaluate({**near, "day": _far(day, cycles)}) == expected
    assert expected.year == moving.evaluate(near).year + cycles * _CYCLE


@given(st.integers(-(10**20), 10**20), st.sampled_from(_ZONES))
def test_an_instant_becomes_a_date_and_time_and_back(nanos: int, zone: dt.tzinfo | None) -> None:
    moment = timeline.moment(nanos * 1000 + nanos % 7, zone)
    assert timeline.instant(moment) == nanos * 1000 + nanos % 7
    written = expressions.compile("string(x)").evaluate({"x": moment})
    assert equal(expressions.compile("date and time(x)").evaluate({"x": written}), moment) is True


@given(
    st.datetimes(timezones=st.sampled_from(_ZONES)), st.datetimes(timezones=st.sampled_from(_ZONES))
)
def test_python_s_order_and_ours_agree(one: dt.datetime, other: dt.datetime) -> None:
    assert compare(one, other) == timeline.order(one, other)
    assert equal(one, other) is timeline.same_second(one, other)


@given(st.integers(-(10**28), 10**28))
def test_a_duration_of_any_length_is_written_and_read(nanos: int) -> None:
    length = timeline.duration(nanos)
    written = expressions.compile("string(x)").evaluate({"x": length})
    assert expressions.compile("duration(x)").evaluate({"x": written}) == length
    assert expressions.compile("x / x").evaluate({"x": length}) == (Decimal(1) if nanos else None)


def test_wide_values_are_of_the_kinds_of_feel() -> None:
    day = WideDate(-1, dt.date(401, 1, 1))
    moment = WideDateTime(-1, dt.datetime(401, 1, 1), 0)  # noqa: DTZ001
    assert (day.year, moment.year) == (1, 1)
    assert equal(day, moment) is None
    assert equal(WideTime(dt.time(10), 1), dt.time(10)) is True  # of the same second
    assert equal(WideDuration(1), dt.timedelta()) is False

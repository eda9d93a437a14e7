"""Working days by a calendar: rest days, holidays, days worked by exception."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from decisions.calendars import Calendar, Day, Season
from decisions.errors import DecisionError

WEEK = Calendar(
    "test", frozenset({6, 7}),
    {date(2026, 5, 1): Day(False, "Fête du travail"), date(2026, 5, 2): Day(True, "rattrapage")},
)  # fmt: skip


def test_rest_days_and_holidays_are_not_worked_and_an_exception_is() -> None:
    assert WEEK.is_working_day(date(2026, 4, 30))
    assert not WEEK.is_working_day(date(2026, 5, 1))
    assert WEEK.is_working_day(date(2026, 5, 2))
    assert WEEK.holiday(date(2026, 5, 1)) == "Fête du travail"
    assert WEEK.holiday(date(2026, 5, 3)) is None


@pytest.mark.parametrize(
    ("count", "end"),
    [(1, date(2026, 5, 2)), (2, date(2026, 5, 4)), (0, date(2026, 4, 30)), (-1, date(2026, 4, 29))],
)
def test_working_days_are_counted_on_and_back(count: int, end: date) -> None:
    assert WEEK.add_working_days(date(2026, 4, 30), count) == end


def test_days_between_count_the_last_and_not_the_first() -> None:
    assert WEEK.working_days_between(date(2026, 4, 30), date(2026, 5, 4)) == 2
    assert WEEK.working_days_between(date(2026, 5, 4), date(2026, 4, 30)) == -2


def test_a_calendar_without_a_working_day_is_refused() -> None:
    with pytest.raises(DecisionError, match="no working day"):
        Calendar("shut", frozenset(range(1, 8))).add_working_days(date(2026, 1, 1), 1)


YEAR = Calendar(
    "year", frozenset({6, 7}), {**WEEK.days, date(2026, 6, 16): Day(False, "Moharram", "moon",
    {"en": "New Year"}, estimated=True), date(2026, 5, 27): Day(False, "Aïd", estimated=True)},
    "Africa/Casablanca", date(2026, 1, 1), date(2026, 12, 31),
    {day: ((time(8, 30), time(12)), (time(12, 30), time(16, 30))) for day in range(1, 6)},
    (Season("ramadan", date(2026, 2, 19), date(2026, 3, 19), {3: ((time(9), time(15)),)}),
     Season("holy nights", date(2026, 3, 11), date(2026, 3, 11), {3: ((time(10), time(11)),)})),
)  # fmt: skip
# No day is a rest day but a few; every day is one but a few.
BUSY = replace(YEAR, rest_days=frozenset())
IDLE = replace(YEAR, rest_days=frozenset(range(1, 8)), days={
    date(2026, 5, 2): Day(True, ""), date(2026, 5, 9): Day(True, ""), date(2026, 5, 3): Day(False,
    "")})  # fmt: skip


@pytest.mark.parametrize("known", [YEAR, BUSY, IDLE, replace(YEAR, days={})])
def test_counting_by_arithmetic_agrees_with_looking_at_every_day(known: Calendar) -> None:
    days = [date(2026, 4, 20) + timedelta(days=number) for number in range(40)]
    for number, first in enumerate(days):
        for last in days[number:]:
            looked = [day for day in days if first <= day <= last and known.is_working_day(day)]
            assert known.count(first, last) == len(looked)
            if first < last and known.is_working_day(last):
                assert known.working_day(first - timedelta(days=1), len(looked)) == last
            if first < last and known.is_working_day(first):
                assert known.working_day(last + timedelta(days=1), -len(looked)) == first
    assert known.count(date(2026, 5, 2), date(2026, 5, 1)) == 0


def test_beyond_its_first_and_last_day_it_knows_nothing() -> None:
    assert YEAR.known(date(2026, 12, 31)) == date(2026, 12, 31)
    for asked in (
        lambda: YEAR.known(date(2025, 12, 31)),
        lambda: YEAR.count(date(2025, 12, 31), date(2026, 1, 2)),
        lambda: YEAR.count(date(2026, 12, 31), date(2027, 1, 1)),
        lambda: YEAR.working_day(date(2026, 12, 31), 1),
        lambda: YEAR.working_day(date(2026, 1, 1), -1),
        lambda: YEAR.working_day(date(2026, 6, 1), 400),
        lambda: YEAR.working_day(date(2026, 6, 1), -400),
        lambda: IDLE.working_day(date(2026, 6, 1), 1),
        lambda: YEAR.windows(date(2027, 1, 1)),
    ):
        with pytest.raises(DecisionError, match="knows 2026-01-01 to 2026-12-31") as caught:
            asked()
        assert caught.value.code == "calendar.horizon"
        assert caught.value.remedy


def test_a_calendar_without_end_counts_as_fast() -> None:
    assert WEEK.count(date(1900, 1, 1), date(2899, 12, 31)) == 260889
    assert WEEK.working_day(date(2026, 4, 30), 1) == date(2026, 5, 2)


def test_midnight_and_day_are_those_of_the_wall() -> None:
    assert YEAR.midnight_after(date(2026, 2, 14)) == datetime(2026, 2, 14, 23, tzinfo=UTC)
    assert YEAR.midnight_after(date(2026, 2, 15)) == datetime(2026, 2, 16, 0, tzinfo=UTC)
    assert YEAR.local_date(datetime(2026, 8, 31, 23, 30, tzinfo=UTC)) == date(2026, 9, 1)
    assert YEAR.local_date(datetime(2026, 2, 28, 23, 30, tzinfo=UTC)) == date(2026, 2, 28)


def test_offices_open_by_the_day_of_the_week_the_season_and_the_zone() -> None:
    def told(day: date) -> list[str]:
        return [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in YEAR.windows(day)]

    assert told(date(2026, 9, 1)) == ["07:30-11:00", "11:30-15:30"]
    assert told(date(2026, 2, 16)) == ["08:30-12:00", "12:30-16:30"]  # the hour is UTC's
    assert told(date(2026, 3, 4)) == ["09:00-15:00"]
    assert told(date(2026, 3, 11)) == ["10:00-11:00"]  # the last season that fits
    assert told(date(2026, 3, 5)) == []
    assert told(date(2026, 9, 5)) == []
    assert told(date(2026, 5, 1)) == []
    assert told(date(2026, 5, 2)) == []  # worked, but nobody has said at what hours
    assert told(date(2026, 9, 1)) == ["07:30-11:00", "11:30-15:30"]


def test_the_digest_changes_with_all_that_is_known_and_with_nothing_else() -> None:
    def changed(day: Day) -> Calendar:
        return replace(YEAR, days={**YEAR.days, date(2026, 6, 16): day})

    season = YEAR.seasons[0]
    others = [
        replace(YEAR, zone="UTC"), replace(YEAR, first=date(2026, 1, 2)),
        replace(YEAR, last=date(2026, 12, 30)), replace(YEAR, rest_days=frozenset({7})),
        replace(YEAR, hours={1: ((time(8), time(9)),)}), replace(YEAR, seasons=(season,)),
        replace(YEAR, days={}), changed(Day(True, "Moharram", "moon", {"en": "New Year"}, True)),
        changed(Day(False, "Moharram", "moon", {"en": "New Year"})),
        changed(Day(False, "Moharram", "moon", {}, True)),
        changed(Day(False, "Moharram", "", {"en": "New Year"}, True)),
        changed(Day(False, "", "moon", {"en": "New Year"}, True)),
        replace(YEAR, seasons=(replace(season, last=date(2026, 3, 18)), YEAR.seasons[1])),
    ]  # fmt: skip
    digests = {one.digest for one in [YEAR, *others]}
    assert len(digests) == len(others) + 1
    again = replace(YEAR, name="another", days=dict(reversed(YEAR.days.items())))
    assert again.digest == YEAR.digest
    assert len(YEAR.digest) == 64


def test_it_names_the_days_that_nobody_has_decided() -> None:
    assert YEAR.estimated == (date(2026, 5, 27), date(2026, 6, 16))

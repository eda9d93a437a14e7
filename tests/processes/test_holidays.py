"""The shipped calendar: every day has a source, and says how far it is certain."""

import tomllib
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from decisions.calendars import Calendar, Day
from processes.catalogue import city, root
from processes.holidays import calendar

MOROCCO = calendar("morocco")
DAYS = {row["day"]: row for row in MOROCCO["days"]}
FILE = tomllib.loads((root() / "calendars/morocco.toml").read_text(encoding="utf-8"))


def known(on: date) -> Calendar:
    """The calendar as it was known on a day."""
    days = {d: Day(False, row["fr"]) for d, row in DAYS.items() if row["known"] <= on}
    return Calendar("morocco", frozenset(MOROCCO["rest_days"]), days)


def test_the_city_names_a_calendar_that_is_shipped() -> None:
    assert calendar(city("casablanca")["calendar"])["name"] == "morocco"


def test_every_day_has_both_names_a_source_and_when_it_was_read() -> None:
    for row in MOROCCO["days"]:
        assert row["fr"]
        assert row["ar"]
        assert "lu le 2026-11-2" in row["source"]


def test_a_feast_that_nobody_announced_is_an_estimate() -> None:
    found = {day: row["status"] for day, row in DAYS.items()}
    assert found[date(2025, 3, 31)] == "decided"
    assert found[date(2026, 3, 20)] == found[date(2028, 5, 5)] == "estimated"
    assert found[date(2027, 8, 14)] == "decided"  # Oued Eddahab is certain, the Mawlid is not
    assert date(2025, 3, 30) not in found  # computed, but announced a day later


@pytest.mark.parametrize(
    ("year", "decided", "estimated"),
    [(2024, 11, 7), (2025, 15, 3), (2026, 12, 7), (2027, 11, 6), (2028, 11, 7)],
)
def test_a_year_has_its_fixed_days_and_its_feasts(year: int, decided: int, estimated: int) -> None:
    found = Counter(row["status"] for day, row in DAYS.items() if day.year == year)
    assert (found["decided"], found["estimated"]) == (decided, estimated)


def test_ramadan_has_hours_of_its_own_every_year() -> None:
    found = {row["name"]: row for row in MOROCCO["hours"]}
    announced = found["ramadan 1447"]
    assert (announced["first"], announced["last"]) == (date(2026, 2, 19), date(2026, 3, 19))
    assert sorted(found) == ["", *(f"ramadan {year}" for year in range(1445, 1450))]
    assert found[""]["hours"].endswith("5 08:30-12:00 13:30-16:30")


def test_the_feast_of_unity_begins_in_2026() -> None:
    assert [date(year, 10, 31) in DAYS for year in (2025, 2026, 2027)] == [False, True, True]


def test_two_feasts_on_one_date_are_both_named() -> None:
    assert DAYS[date(2027, 8, 14)]["fr"] == "Oued Eddahab · Aïd al-Mawlid"


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [  # domain.md 4.3, without the exceptional day
        ("2026-07-27", 3, "2026-07-31"),
        ("2026-08-13", 15, "2026-09-10"),
        ("2026-10-28", 20, "2026-11-27"),
        ("2026-03-16", 15, "2026-04-07"),
    ],
)
def test_working_days_end_where_they_were_counted_by_hand(start: str, count: int, end: str) -> None:
    week = known(date(2026, 3, 18))
    assert week.add_working_days(date.fromisoformat(start), count) == date.fromisoformat(end)


def test_an_exceptional_day_counts_from_when_it_was_decided() -> None:
    start = date(2026, 3, 16)
    assert known(date(2026, 3, 18)).add_working_days(start, 15) == date(2026, 4, 7)
    assert known(date(2026, 3, 19)).add_working_days(start, 15) == date(2026, 4, 8)


@pytest.mark.parametrize(("year", "worked"), [(2026, 246), (2027, 252)])
def test_a_year_has_as_many_working_days_as_were_measured(year: int, worked: int) -> None:
    week = known(date(2026, 3, 18))
    last = date(year, 12, 31)
    assert week.working_days_between(date(year, 1, 1) - timedelta(days=1), last) == worked


def test_the_file_names_no_key_that_is_not_read() -> None:
    read: dict[str, set[str]] = {
        "fixed": {"month", "day", "since", "fr", "ar", "en", "source"},
        "moving": {
            "days",
            "feast",
            "hijri",
            "fr",
            "ar",
            "en",
            "certainty",
            "source",
            "read",
            "known",
        },
        "lunar": {"feast", "month", "day", "days", "fr", "ar", "en"},
    }
    rows: dict[str, list[dict[str, Any]]] = {name: FILE[name] for name in read}
    for name, found in rows.items():
        assert [set(row) - read[name] for row in found] == [set()] * len(found)

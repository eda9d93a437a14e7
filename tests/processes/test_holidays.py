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


def test_a_feast_of_the_moon_says_whether_it_was_announced() -> None:
    for row in FILE["moving"]:
        word = {"announced": "annoncé", "estimated": "estimé"}[row["certainty"]]
        assert all(word in DAYS[day]["source"] for day in row["days"])


@pytest.mark.parametrize(
    ("year", "fixed", "moon"), [(2025, 10, 8), (2026, 11, 8), (2027, 11, 7)],
)  # fmt: skip
def test_a_year_has_its_fixed_days_and_its_feasts(year: int, fixed: int, moon: int) -> None:
    found = [row for day, row in DAYS.items() if day.year == year]
    certain = Counter("décret 2-" in row["source"].split(" ; ")[0] for row in found)
    # 14 August 2027 is both: it counts among the fixed days.
    assert (certain[True], certain[False]) == (fixed, moon - (year == 2027))


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
        "fixed": {"month", "day", "since", "fr", "ar", "source"},
        "moving": {"days", "fr", "ar", "certainty", "source", "read", "known"},
    }
    rows: dict[str, list[dict[str, Any]]] = {name: FILE[name] for name in read}
    for name, found in rows.items():
        assert [set(row) - read[name] for row in found] == [set()] * len(found)

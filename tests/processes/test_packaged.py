"""What the package lists, beside calendars that were written out from the law."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from processes import holidays, packaged
from processes.errors import BundleError

FOLDER = Path(__file__).parent.parent / "calendars"
READ = date(2026, 11, 24)
YEARS = range(2024, 2029)


def written(name: str) -> dict[str, Any]:
    return holidays.read((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), name)


def days(found: dict[str, Any], year: int) -> set[date]:
    return {row["day"] for row in found["days"] if row["day"].year == year}


@pytest.mark.parametrize("year", YEARS)
def test_france_is_the_same_in_both(year: int) -> None:
    assert days(packaged.calendar("FR", year, READ), year) == days(written("france"), year)


@pytest.mark.parametrize("year", YEARS)
def test_the_package_names_the_fifth_of_may_of_the_netherlands_every_fifth_year(year: int) -> None:
    listed = days(packaged.calendar("NL", year, READ), year)
    missing = days(written("netherlands"), year) - listed
    assert missing == (set() if year == 2025 else {date(year, 5, 5)})


def test_the_moon_is_an_estimate_and_its_label_does_not_say_so_twice() -> None:
    found = packaged.calendar("MA", 2028, READ)
    [feast] = [row for row in found["days"] if row["day"] == date(2028, 2, 26)]
    assert (feast["status"], feast["ar"], feast["en"]) == ("estimated", "عيد الفطر", "Eid al-Fitr")
    assert "holidays 0." in feast["source"]


def test_a_country_that_it_does_not_know_is_told() -> None:
    with pytest.raises(LookupError):
        packaged.calendar("XX", 2028, READ)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("name = 1", "first"), ("=", "Invalid"), ("first = 1\nlast = 2\n[[fixed]]\n", "law")],
)
def test_a_file_that_is_no_calendar_is_refused_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(BundleError, match=f"mine.toml.*{reason}"):
        holidays.read(text, "mine.toml")

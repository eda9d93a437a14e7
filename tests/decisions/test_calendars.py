"""Working days by a calendar: rest days, holidays, days worked by exception."""

from datetime import date

import pytest

from decisions.calendars import Calendar, Day
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

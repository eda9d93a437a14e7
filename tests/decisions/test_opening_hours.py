"""When an office is open on a day."""

from datetime import UTC, date, datetime, time

from decisions.calendars import Calendar


def test_a_closing_at_midnight_ends_the_day():
    night = {day: ((time(20), time(0)),) for day in range(1, 8)}
    office = Calendar("night", frozenset(), zone="Europe/Amsterdam", hours=night)
    assert office.windows(date(2026, 7, 1)) == (
        (datetime(2026, 7, 1, 18, tzinfo=UTC), datetime(2026, 7, 1, 22, tzinfo=UTC)),
    )

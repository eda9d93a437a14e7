"""Hijri dates by the tables of Umm al-Qura."""

from datetime import date, timedelta

from processes import hijri


def test_the_new_year_of_1447_is_the_26th_of_june_2025() -> None:
    assert hijri.of(date(2025, 6, 26)) == (1447, 1, 1)
    assert hijri.of(date(2025, 6, 25)) == (1446, 12, 29)


def test_outside_its_tables_there_is_no_date() -> None:
    assert hijri.of(date(1924, 7, 31)) is hijri.of(date(2077, 11, 17)) is None
    assert hijri.of(date(1924, 8, 1)) == (1343, 1, 1)
    assert hijri.of(date(2077, 11, 16)) == (1500, 12, 30)


def test_a_day_of_the_hijri_year_may_come_twice_in_a_year() -> None:
    found = list(hijri.days(date(2030, 1, 1), date(2030, 12, 31), 9, 1))
    assert found == [(1451, date(2030, 1, 5)), (1452, date(2030, 12, 26))]


def test_a_month_ends_where_the_next_begins() -> None:
    for year in range(1445, 1451):
        first, last = hijri.month(year, 9)
        assert hijri.of(first) == (year, 9, 1)
        assert hijri.of(last + timedelta(days=1)) == (year, 10, 1)

"""Hijri dates by the tables of Umm al-Qura; the moon as it is seen may come a day later.

Known from 1343 to 1500 of the Hijra (1924 to 2077): what lies outside is None, or no day at all.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

_FIRST, _LAST = date(1924, 8, 1), date(2077, 11, 16)


class Hijri(NamedTuple):
    """A day of the Hijri calendar: months count from Muharram, 1, to Dhu al-hijja, 12."""

    year: int
    month: int
    day: int


def of(day: date) -> Hijri | None:
    """The Hijri date of a day."""
    from hijridate import Gregorian  # few commands ask

    if not _FIRST <= day <= _LAST:
        return None
    found = Gregorian.fromdate(day).to_hijri()
    return Hijri(found.year, found.month, found.day)


def days(first: date, last: date, month: int, day: int) -> Iterator[tuple[int, date]]:
    """Each date, from the first to the last, of a day of the Hijri year, and that year."""
    from hijridate import Hijri as Dated

    begin, end = of(max(first, _FIRST)), of(min(last, _LAST))
    if begin is None or end is None:
        return
    for year in range(begin.year, end.year + 1):
        found = Dated(year, month, day).to_gregorian()
        there = date(found.year, found.month, found.day)
        if first <= there <= last:
            yield year, there


def month(year: int, number: int) -> tuple[date, date]:
    """The first and the last day of a Hijri month."""
    from hijridate import Hijri as Dated

    begins = Dated(year, number, 1)
    first = begins.to_gregorian()
    start = date(first.year, first.month, first.day)
    return start, start + timedelta(days=begins.month_length() - 1)

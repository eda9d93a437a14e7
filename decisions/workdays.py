"""Which working day is the how-manieth: by arithmetic, whatever lies between two days.

The week repeats itself; what differs from it is a short sorted list. So counting takes no longer
over ten years than over a day, and a calendar without end needs no endless list.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date


class Workdays:
    """The working days, numbered from the first day of the year 1, which is a Monday.

    `week`: the days that are worked as a rule, 1 for Monday. `exceptions`: whether a day is worked
    that has a word of its own. Days are given as ordinals.
    """

    def __init__(self, week: Iterable[int], exceptions: Mapping[date, bool]) -> None:
        self._week = sorted(week)
        self._upto = [bisect_right(self._week, day) for day in range(7)]
        differing = sorted(
            (day.toordinal(), 1 if works else -1)
            for day, works in exceptions.items()
            if works != (day.isoweekday() in self._week)
        )
        self._days = [ordinal for ordinal, _ in differing]
        self._more = [0]
        for _, change in differing:
            self._more.append(self._more[-1] + change)
        self._numbers = [self.number(ordinal) for ordinal in self._days]

    def number(self, ordinal: int) -> int:
        """How many working days there are up to this one, itself counted if it is one."""
        weeks, rest = divmod(ordinal, 7)
        more = self._more[bisect_right(self._days, ordinal)]
        return weeks * len(self._week) + self._upto[rest] + more

    def day(self, number: int) -> int | None:
        """The working day of that number; None where there is none."""
        place = bisect_left(self._numbers, number)
        exception = self._days[place] if place < len(self._days) else None
        if not self._week:
            return exception
        weeks, rest = divmod(number - self._more[place] - 1, len(self._week))
        regular = weeks * 7 + self._week[rest]
        return regular if exception is None else min(regular, exception)

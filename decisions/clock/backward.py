"""The last day before an event: a clock that is counted back, as the notice before a meeting is.

Everything goes the other way, and nothing ever moves the end towards the event.
"""

from collections.abc import Sequence
from datetime import date, datetime

from decisions.clock import lengths, walking
from decisions.clock.dating import Dated, Days
from decisions.clock.law import Fact, Length
from decisions.clock.result import Stop
from decisions.clock.walking import DAY
from decisions.errors import DecisionError

# In the data of the fact: the day of an event that is announced before it takes place.
EVENT = "day"


class Back(Days):
    """Days, or working days, back from an event."""

    def dated(self, fact: Fact, length: Length, stops: Sequence[Stop]) -> Dated:
        """Months, days, full period, minimum of working days, roll; nothing stops it."""
        calendar, rule = self._calendar, self._rule
        event = self._event(fact)
        total = lengths.days(length, rule, event)
        origin = lengths.before(event, rule) if total else event
        if self._working and total:
            nominal = calendar.working_day(origin, -total)
        else:
            nominal = origin - DAY * total
        due = nominal - DAY if rule.franc else nominal
        if rule.min_working_days:
            have = calendar.count(due, origin - DAY)
            if have < rule.min_working_days:
                due = calendar.working_day(origin, -rule.min_working_days)
        if rule.roll == "previous" and not calendar.is_working_day(calendar.known(due)):
            due = calendar.working_day(due, -1)
        end = calendar.midnight_after(calendar.known(due))
        return Dated(event, total, due, end, nominal)

    def _event(self, fact: Fact) -> date:
        """The day that the fact announces, or its own."""
        announced = fact.data.get(EVENT)
        if announced is None:
            return self._calendar.local_date(fact.at)
        try:
            return date.fromisoformat(str(announced))
        except ValueError:
            raise DecisionError(
                "clock.event", f"the fact {fact.kind} announces {EVENT} as no date",
                remedy="Let it carry a date, as 2026-09-01.",
            ) from None  # fmt: skip

    def remaining(self, dated: Dated, now: datetime) -> int:
        """The days that count after today, up to the last."""
        if dated.due is None:
            return dated.left
        today = self._calendar.local_date(now)
        return walking.size(self._working, self._calendar, today + DAY, dated.due)

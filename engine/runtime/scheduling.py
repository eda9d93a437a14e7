"""The timers of start events: when a schedule is due, outside any case.

A timer that is FEEL sees `now`, `today` and the calendar of the city; there is no case yet.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from decisions.errors import DecisionError
from engine.runtime import timers
from engine.runtime.errors import ModelError
from engine.runtime.timers import Timer


def first(
    timer: Timer, now: datetime, zone: ZoneInfo, calendar: Any, element: str
) -> datetime | None:
    """When a schedule that begins now is due first; None where its one moment has passed.

    Raises ModelError where the timer gives no moment.
    """
    value = None
    if timer.expression is not None:
        context = {"now": now.astimezone(zone), "today": now.astimezone(zone).date()}
        try:
            value = timer.expression.evaluate(context, calendar=calendar)
        except DecisionError as error:
            raise ModelError(element, f"{timer.text}: {error.message}") from error
    due = timers.first_due(timer, value, now, zone, element)
    return None if timer.kind != "timeCycle" and due < now else due


def following(
    timer: Timer, due: datetime, left: int | None, zone: ZoneInfo, now: datetime
) -> tuple[datetime | None, int | None]:
    """The moment after this one, and how often it comes still; those before `now` are left out."""
    if due < now:
        return late(timer, due, left, zone, now)
    if timer.kind != "timeCycle" or left == 1:
        return None, 0
    return timers.next_due(timer, due, zone), left - 1 if left is not None else None


def late(
    timer: Timer, due: datetime, left: int | None, zone: ZoneInfo, now: datetime
) -> tuple[datetime | None, int | None]:
    """The first moment that is still to come: one turn stood for all that were missed."""
    if timer.kind != "timeCycle":
        return None, 0
    due, turns = timers.next_ahead(timer, due, zone, now)
    if left is not None and left <= turns:
        return None, 0
    return due, left - turns if left is not None else None

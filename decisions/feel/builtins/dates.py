"""Functions of dates; the present is given, not read (DMN 1.5 §10.3.4.8, §10.3.4.10)."""

import datetime as dt
from decimal import Decimal

from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.frame import Run
from decisions.timeline import near
from decisions.wide import AnyDate

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_YEAR = "January February March April May June July August September October November December"
_MONTHS = tuple(_YEAR.split())


@builtin("now()")
def now(run: Run) -> dt.datetime:
    """The date and time of the evaluation."""
    found = run.root.get("now")
    if not isinstance(found, dt.datetime):
        raise Impossible("the context does not say what time it is")
    return found


@builtin("today()")
def today(run: Run) -> dt.date:
    """The date of the evaluation."""
    found = run.root.get("today")
    if type(found) is not dt.date:
        raise Impossible("the context does not say what day it is")
    return found


@builtin("day of year(date: date|date and time)")
def day_of_year(day: AnyDate) -> Decimal:
    """The number of the day in its year, from 1."""
    return Decimal(near(day).timetuple().tm_yday)


@builtin("day of week(date: date|date and time)")
def day_of_week(day: AnyDate) -> str:
    """The English name of the day, which the standard prescribes."""
    return _DAYS[near(day).weekday()]


@builtin("month of year(date: date|date and time)")
def month_of_year(day: AnyDate) -> str:
    """The English name of the month, which the standard prescribes."""
    return _MONTHS[day.month - 1]


@builtin("week of year(date: date|date and time)")
def week_of_year(day: AnyDate) -> Decimal:
    """The number of the week, ISO 8601."""
    return Decimal(near(day).isocalendar().week)

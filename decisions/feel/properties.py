"""The properties of dates, times, durations and ranges (DMN 1.5 §10.3.2.15, table 65)."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from decisions.feel.zones import offset, zone_name
from decisions.values import Value

_HOUR = dt.timedelta(hours=1)
_MINUTE = dt.timedelta(minutes=1)

_DAY: dict[str, Callable[[Value], Value]] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_CLOCK: dict[str, Callable[[Value], Value]] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": lambda value: Decimal(value.second),
    "time offset": offset,
    "timezone": zone_name,
}


def _part(size: dt.timedelta, within: dt.timedelta) -> Callable[[Value], Value]:
    """How many of a unit a duration has beside its larger units, with its sign."""

    def part(value: dt.timedelta) -> Decimal:
        count = Decimal(abs(value) % within // size)
        return -count if value < dt.timedelta() and count else count

    return part


def _months(count: int, sign: int) -> Decimal:
    return Decimal(-count if sign < 0 else count)


PROPERTIES: dict[str, dict[str, Callable[[Value], Value]]] = {
    "date": _DAY,
    "time": _CLOCK,
    "date and time": {**_DAY, **_CLOCK},
    "days and time duration": {
        "days": _part(dt.timedelta(days=1), dt.timedelta.max),
        "hours": _part(_HOUR, dt.timedelta(days=1)),
        "minutes": _part(_MINUTE, _HOUR),
        "seconds": _part(dt.timedelta(seconds=1), _MINUTE),
    },
    "years and months duration": {
        "years": lambda value: _months(abs(value.count) // 12, value.count),
        "months": lambda value: _months(abs(value.count) % 12, value.count),
    },
    "range": {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
"""By kind of value and name of the property."""

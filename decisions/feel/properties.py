"""The properties of dates, times, durations and ranges (DMN 1.5 §10.3.2.15, table 65)."""

from collections.abc import Callable
from decimal import Decimal

from decisions.feel.numbers import CONTEXT
from decisions.feel.zones import offset, zone_name
from decisions.timeline import DAY, SECOND, nanos, nanosecond
from decisions.values import Value

_MINUTE = 60 * SECOND
_HOUR = 60 * _MINUTE


def _in_seconds(nanos: int) -> Decimal:
    """A number of nanoseconds in seconds, with the fraction that it has and no zeros after it."""
    whole, fraction = divmod(nanos, SECOND)
    if not fraction:
        return Decimal(whole)
    return CONTEXT.divide(Decimal(nanos), Decimal(SECOND))


def _second(value: Value) -> Decimal:
    return _in_seconds(value.second * SECOND + nanosecond(value))


_DAY: dict[str, Callable[[Value], Value]] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_CLOCK: dict[str, Callable[[Value], Value]] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": _second,
    "time offset": offset,
    "timezone": zone_name,
}


def _part(size: int, within: int | None = None) -> Callable[[Value], Value]:
    """How many of a unit a duration has beside its larger units, with its sign."""

    def part(value: Value) -> Decimal:
        length = nanos(value)
        rest = abs(length) if within is None else abs(length) % within
        count = _in_seconds(rest) if size == SECOND else Decimal(rest // size)
        return -count if length < 0 and count else count

    return part


def _months(count: int, sign: int) -> Decimal:
    return Decimal(-count if sign < 0 else count)


PROPERTIES: dict[str, dict[str, Callable[[Value], Value]]] = {
    "date": _DAY,
    "time": _CLOCK,
    "date and time": {**_DAY, **_CLOCK},
    "days and time duration": {
        "days": _part(DAY),
        "hours": _part(_HOUR, DAY),
        "minutes": _part(_MINUTE, _HOUR),
        "seconds": _part(SECOND, _MINUTE),
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

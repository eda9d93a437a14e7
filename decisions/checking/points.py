"""The values of a column cut into atoms: what the cells name, and what lies between.

Within an atom every test that can be analysed gives one answer; its sample stands for all of it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from decisions.feel.numbers import CONTEXT
from decisions.values import Months, Value, instant, kind

_DAY, _MICRO = dt.timedelta(days=1), dt.timedelta(microseconds=1)
_LARGE = Decimal("1e30")
_PLACES = 40
_WORD = "other"
ZONED, LOCAL = "date and time with zone", "date and time"
_ZONED_TIME = "time with zone"


@dataclass(frozen=True, slots=True)
class Atom:
    """A value, or all values strictly between two ends (None: no end to that side).

    `fractions` says that it lies between two whole numbers that follow each other.
    """

    kind: str
    sample: Value
    low: Value = None
    high: Value = None
    point: bool = True
    fractions: bool = False


def group(value: Value) -> str:
    """The kind of a value, finer than FEEL's: values with and without zone never compare."""
    found = kind(value)
    if found == "date and time":
        return ZONED if value.tzinfo else LOCAL
    return _ZONED_TIME if found == "time" and value.tzinfo else found


def groups(type_name: str) -> frozenset[str]:
    """The groups of the values of a FEEL type; empty for one that is not simple."""
    if type_name == "date and time":
        return frozenset({LOCAL, ZONED})
    if type_name == "time":
        return frozenset({"time", _ZONED_TIME})
    return frozenset({type_name}) & TYPICAL.keys()


def atoms(name: str, values: Iterable[Value]) -> list[Atom]:
    """The atoms of a group, cut at these values of it, in order."""
    if name == "boolean":
        return [Atom(name, False), Atom(name, True)]
    if name == "string":
        listed = list(dict.fromkeys(values))
        return [*(Atom(name, value) for value in listed), Atom(name, _unlike(listed), point=False)]
    if name not in _SCALES:
        return [Atom(name, TYPICAL[name], point=False)]
    return _cut(name, _SCALES[name], values)


def _unlike(listed: list[str]) -> str:
    """A string that is none of these."""
    number, found = 1, _WORD
    while found in listed:
        number += 1
        found = f"{_WORD} {number}"
    return found


@dataclass(frozen=True, slots=True)
class _Scale:
    """How to walk on an ordered group; a function gives None where nothing lies."""

    before: Callable[[Any], Value]
    after: Callable[[Any], Value]
    between: Callable[[Any, Any], Value]
    key: Callable[[Any], Any] = lambda value: value


def _cut(name: str, scale: _Scale, values: Iterable[Value]) -> list[Atom]:
    marks = sorted({scale.key(value): value for value in values}.items())
    points = [value for _, value in marks]
    if not points:
        return [Atom(name, TYPICAL[name], point=False)]
    whole = all(
        isinstance(value, Decimal) and value == value.to_integral_value() for value in points
    )
    found = [Atom(name, _safe(scale.before, points[0]), None, points[0], point=False)]
    for left, right in zip(points, [*points[1:], None], strict=True):
        found.append(Atom(name, left, left, left))
        if right is None:
            sample, fractions = _safe(scale.after, left), False
        else:
            sample = _safe(scale.between, left, right)
            fractions = whole and right - left == 1
        found.append(Atom(name, sample, left, right, point=False, fractions=fractions))
    return [atom for atom in found if atom.sample is not None]


def _safe(step: Callable[..., Value], *ends: Value) -> Value:
    """A value in that direction; None where the calendar or the day ends."""
    try:
        return step(*ends)
    except OverflowError:
        return None


def _step(number: Decimal) -> Decimal:
    return max(Decimal(1), abs(number)) if abs(number) > _LARGE else Decimal(1)


def _smaller(number: Decimal) -> Decimal:
    whole = number.to_integral_value("ROUND_FLOOR")
    return whole if whole < number else CONTEXT.subtract(number, _step(number))


def _larger(number: Decimal) -> Decimal:
    whole = number.to_integral_value("ROUND_CEILING")
    return whole if whole > number else CONTEXT.add(number, _step(number))


def _middle(low: Decimal, high: Decimal) -> Decimal | None:
    """The shortest number in the middle."""
    middle = CONTEXT.divide(CONTEXT.add(low, high), Decimal(2))
    for places in range(_PLACES):
        try:
            rounded = middle.quantize(Decimal(1).scaleb(-places), context=CONTEXT)
        except ArithmeticError:  # more digits than a number has
            break
        if low < rounded < high:
            return rounded
    return middle if low < middle < high else None


def _middle_date(low: dt.date, high: dt.date) -> dt.date | None:
    days = (high - low).days
    return low + dt.timedelta(days=days // 2) if days > 1 else None


def _middle_length(low: dt.timedelta, high: dt.timedelta) -> dt.timedelta | None:
    apart = high - low
    for unit in (_DAY, dt.timedelta(hours=1), dt.timedelta(minutes=1), dt.timedelta(seconds=1)):
        rounded = (low + apart / 2) // unit * unit
        if low < rounded < high:
            return rounded
    return low + apart // 2 if apart > _MICRO else None


def _middle_moment(low: dt.datetime, high: dt.datetime) -> dt.datetime | None:
    """The middle at a full minute where there is one; at UTC where there are zones."""
    low, high = instant(low), instant(high)
    middle = low + (high - low) / 2
    rounded = middle.replace(second=0, microsecond=0)
    if low < rounded:
        return rounded
    return middle if high - low > _MICRO else None


def _middle_time(low: dt.time, high: dt.time) -> dt.time | None:
    found = _middle_moment(instant(low), instant(high))
    return None if found is None else found.time()


def _earlier(time: dt.time) -> dt.time | None:
    start = dt.time()
    return None if time == start else _middle_time(start, time) or start


def _later(time: dt.time) -> dt.time | None:
    last = dt.time.max
    return None if time == last else _middle_time(time, last) or last


def _middle_months(low: Months, high: Months) -> Months | None:
    return Months((low.count + high.count) // 2) if high.count - low.count > 1 else None


def _moment_before(moment: dt.datetime) -> dt.datetime:
    return instant(moment) - _DAY


def _moment_after(moment: dt.datetime) -> dt.datetime:
    return instant(moment) + _DAY


_MOMENTS = _Scale(_moment_before, _moment_after, _middle_moment, instant)
_SCALES: Mapping[str, _Scale] = {
    "number": _Scale(_smaller, _larger, _middle),
    "date": _Scale(lambda day: day - _DAY, lambda day: day + _DAY, _middle_date),
    "time": _Scale(_earlier, _later, _middle_time),
    LOCAL: _MOMENTS,
    ZONED: _MOMENTS,
    "days and time duration": _Scale(
        lambda length: length - _DAY, lambda length: length + _DAY, _middle_length
    ),
    "years and months duration": _Scale(
        lambda months: Months(months.count - 1),
        lambda months: Months(months.count + 1),
        _middle_months,
    ),
}

TYPICAL: Mapping[str, Value] = {
    "boolean": True,
    "string": _WORD,
    "number": Decimal(1),
    "date": dt.date(2026, 1, 15),
    "time": dt.time(12),
    _ZONED_TIME: dt.time(12, tzinfo=dt.UTC),
    LOCAL: dt.datetime(2026, 1, 15, 12),  # noqa: DTZ001 - a moment without zone is what is meant
    ZONED: dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC),
    "days and time duration": _DAY,
    "years and months duration": Months(12),
}
"""A value of each group."""

"""The values of FEEL (DMN 1.5 §10.3.2.3), their kinds, equality and order."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from decisions import timeline
from decisions.wide import WideDate, WideDateTime, WideDuration, WideTime

Value: TypeAlias = Any
"""None, bool, str, Decimal, date, time, datetime, timedelta, Months, list, dict, Range, Function.

Every number is a Decimal. Ranges, functions, and the dates, times and durations that Python's types
cannot hold (`decisions.wide`) live inside an evaluation only.
"""


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years and months duration, counted in months; negative when it goes back."""

    count: int

    def __str__(self) -> str:
        """ISO 8601, as FEEL writes it: P1Y2M."""
        years, months = divmod(abs(self.count), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.count < 0 else ''}P{text}"


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends; an end that is None is open to infinity.

    `sign` is how it was written when it was written by a sign, as `(< 5)`; `!=` makes it all values
    but its end.
    """

    start: Value
    end: Value
    start_included: bool = True
    end_included: bool = True
    sign: str = ""

    def contains(self, value: Value) -> bool | None:
        """Whether the value lies inside; None when it cannot be compared with an end."""
        if self.sign == "!=":
            same = equal(value, self.end)
            return None if same is None else not same
        low = high = 1
        if self.start is not None:
            order = compare(value, self.start)
            if order is None:
                return None
            low = 1 if self.start_included and order == 0 else order
        if self.end is not None:
            order = compare(self.end, value)
            if order is None:
                return None
            high = 1 if self.end_included and order == 0 else order
        return low > 0 and high > 0


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value: its parameters' names, and what to call with their values."""

    parameters: tuple[str, ...]
    call: Callable[..., Value]


_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    str: "string",
    Decimal: "number",
    dt.date: "date",
    dt.time: "time",
    dt.datetime: "date and time",
    dt.timedelta: "days and time duration",
    WideDate: "date",
    WideTime: "time",
    WideDateTime: "date and time",
    WideDuration: "days and time duration",
    Months: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
_CLOCKS = frozenset({"time", "date and time"})
_PLAIN = frozenset({"boolean", "string", "number", "date", "days and time duration"})
_ORDERED = frozenset(
    {"string", "number", "date", "time", "date and time"}
    | {"days and time duration", "years and months duration"}
)


def kind(value: Value) -> str:
    """The FEEL name of the value's type; "unknown" for a value that FEEL does not have."""
    found = _KINDS.get(type(value))
    if found is None:
        return "context" if isinstance(value, Mapping) else "unknown"
    return found


def equal(left: Value, right: Value) -> bool | None:
    """Equality of DMN 1.5 §10.3.2.13 (table 53): None when the two kinds do not compare."""
    if left is None or right is None:
        return left is right
    one = kind(left)
    if one != kind(right):
        return None
    if one in _PLAIN:
        return _equal_plain(left, right)
    if one == "list":
        return _equal_lists(left, right)
    if one == "context":
        return _equal_contexts(left, right)
    if one == "range":
        return _equal_ranges(left, right)
    if one == "function":
        return left is right
    if one in _CLOCKS:
        return _equal_clocks(left, right)
    return bool(left == right)


def _equal_plain(left: Value, right: Value) -> bool | None:
    try:
        return bool(left == right)
    except ArithmeticError:  # a signalling NaN, which no form lets in
        return None


def _equal_clocks(left: Value, right: Value) -> bool:
    """Equality to the second; what has a zone and what has none differ."""
    try:
        one, other = instant(left), instant(right)
    except (TypeError, OverflowError):  # one is wide, or leaves Python's years at UTC
        return timeline.same_second(left, right)
    one = one.replace(microsecond=0) if one.microsecond else one
    other = other.replace(microsecond=0) if other.microsecond else other
    return one == other


def _equal_lists(left: list[Value], right: list[Value]) -> bool:
    return len(left) == len(right) and all(
        equal(one, other) is True for one, other in zip(left, right, strict=True)
    )


def _equal_contexts(left: Mapping[str, Value], right: Mapping[str, Value]) -> bool:
    return left.keys() == right.keys() and all(
        equal(value, right[key]) is True for key, value in left.items()
    )


def _equal_ranges(left: Range, right: Range) -> bool:
    return (
        left.sign == right.sign
        and left.start_included == right.start_included
        and left.end_included == right.end_included
        and equal(left.start, right.start) is True
        and equal(left.end, right.end) is True
    )


def compare(left: Value, right: Value) -> int | None:
    """-1, 0 or 1 as left is before, equal to or after right; None when they have no order."""
    one = kind(left)
    if one != kind(right) or one not in _ORDERED:
        return None
    try:
        if one in _CLOCKS:
            first, second = instant(left), instant(right)
            return int(first > second) - int(first < second)
        return int(left > right) - int(left < right)
    except (TypeError, ArithmeticError):  # one is wide, or has a time zone that the other lacks
        return timeline.order(left, right)


def instant(value: dt.time | dt.datetime) -> dt.datetime:
    """The moment at UTC, or the local one without zone; a time is put on a day of its own.

    Python itself compares and subtracts what clocks show when both have the same zone, and is an
    hour wrong when they were changed in between. Raises TypeError for a wide value, OverflowError
    for one that leaves Python's years at UTC.
    """
    moment = value
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(dt.date(2000, 1, 2), moment)
    return moment if moment.tzinfo is None else moment.astimezone(dt.UTC)

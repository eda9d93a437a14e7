"""How points and ranges lie to each other (DMN 1.5 §10.3.4.11); a point is the range of itself.

Every end of a range is placed: on its value, or a little inside of it when it is not included.
All functions of the standard follow from the order of such places.
"""

from typing import NamedTuple

from decisions.feel.builtins.registry import Impossible, builtin
from decisions.values import Range, Value, compare, kind

_LOWEST, _HIGHEST = -2, 2
_POINT = "string|number|date|time|date and time|days and time duration|years and months duration"


class _Place(NamedTuple):
    value: Value
    beside: int
    """0 on the value, 1 and -1 just after and before it, 2 and -2 after and before everything."""


def _low(of: Value) -> _Place:
    if not isinstance(of, Range):
        return _Place(of, 0)
    if of.start is None:
        return _Place(None, _LOWEST)
    return _Place(of.start, 0 if of.start_included else 1)


def _high(of: Value) -> _Place:
    if not isinstance(of, Range):
        return _Place(of, 0)
    if of.end is None:
        return _Place(None, _HIGHEST)
    return _Place(of.end, 0 if of.end_included else -1)


def _order(one: _Place, other: _Place) -> int:
    if one.value is None or other.value is None:
        return one.beside - other.beside
    order = compare(one.value, other.value)
    if order is None:
        raise Impossible(f"{kind(one.value)} and {kind(other.value)} have no order")
    return order or one.beside - other.beside


@builtin(
    f"before(point1: {_POINT}, point2: {_POINT})",
    f"before(point: {_POINT}, range: range)",
    f"before(range: range, point: {_POINT})",
    "before(range1: range, range2: range)",
)
def before(one: Value, other: Value) -> bool:
    """Whether all of one lies before all of the other."""
    return _order(_high(one), _low(other)) < 0


@builtin(
    f"after(point1: {_POINT}, point2: {_POINT})",
    f"after(point: {_POINT}, range: range)",
    f"after(range: range, point: {_POINT})",
    "after(range1: range, range2: range)",
)
def after(one: Value, other: Value) -> bool:
    """Whether all of one lies after all of the other."""
    return before(other, one)


@builtin("meets(range1: range, range2: range)")
def meets(one: Range, other: Range) -> bool:
    """Whether one ends where the other starts."""
    return _order(_high(one), _low(other)) == 0


@builtin("met by(range1: range, range2: range)")
def met_by(one: Range, other: Range) -> bool:
    """Whether one starts where the other ends."""
    return meets(other, one)


@builtin("overlaps(range1: range, range2: range)")
def overlaps(one: Range, other: Range) -> bool:
    """Whether they have something in common."""
    return _order(_low(other), _high(one)) <= 0 and _order(_low(one), _high(other)) <= 0


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(one: Range, other: Range) -> bool:
    """Whether one starts before the other and ends within it, at its end at the latest."""
    return (
        _order(_low(one), _low(other)) < 0
        and _order(_low(other), _high(one)) <= 0
        and _order(_high(one), _high(other)) <= 0
    )


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(one: Range, other: Range) -> bool:
    """Whether one starts within the other and does not end before it."""
    return (
        _order(_low(other), _low(one)) < 0
        and _order(_low(one), _high(other)) <= 0
        and _order(_high(other), _high(one)) <= 0
    )


@builtin(
    f"finishes(point: {_POINT}, range: range)",
    "finishes(range1: range, range2: range)",
)
def finishes(one: Value, other: Range) -> bool:
    """Whether one lies within the other up to its end."""
    return _order(_high(one), _high(other)) == 0 and _order(_low(other), _low(one)) <= 0


@builtin(
    f"finished by(range: range, point: {_POINT})",
    "finished by(range1: range, range2: range)",
)
def finished_by(one: Range, other: Value) -> bool:
    """Whether the other finishes this one."""
    return finishes(other, one)


@builtin(
    f"includes(range: range, point: {_POINT})",
    "includes(range1: range, range2: range)",
)
def includes(one: Range, other: Value) -> bool:
    """Whether all of the other lies within this one."""
    return _order(_low(one), _low(other)) <= 0 and _order(_high(other), _high(one)) <= 0


@builtin(
    f"during(point: {_POINT}, range: range)",
    "during(range1: range, range2: range)",
)
def during(one: Value, other: Range) -> bool:
    """Whether all of one lies within the other."""
    return includes(other, one)


@builtin(
    f"starts(point: {_POINT}, range: range)",
    "starts(range1: range, range2: range)",
)
def starts(one: Value, other: Range) -> bool:
    """Whether one lies within the other from its start."""
    return _order(_low(one), _low(other)) == 0 and _order(_high(one), _high(other)) <= 0


@builtin(
    f"started by(range: range, point: {_POINT})",
    "started by(range1: range, range2: range)",
)
def started_by(one: Range, other: Value) -> bool:
    """Whether the other starts this one."""
    return starts(other, one)


@builtin(
    f"coincides(point1: {_POINT}, point2: {_POINT})",
    "coincides(range1: range, range2: range)",
)
def coincides(one: Value, other: Value) -> bool:
    """Whether both are the same point, or the same range."""
    return _order(_low(one), _low(other)) == 0 and _order(_high(one), _high(other)) == 0

"""not, is, and the conditions over lists: all, any (DMN 1.5 §10.3.4.2, §10.3.4.4)."""

from decisions.feel.builtins.registry import builtin
from decisions.values import Value, compare, equal, kind


@builtin("not(negand: any)")
def negated(value: Value) -> bool | None:
    """Three-valued not."""
    return not value if isinstance(value, bool) else None


@builtin("all(list: list)", "all(b...: any)")
def every(items: list[Value]) -> bool | None:
    """Three-valued and over a list."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any(list: list)", "any(b...: any)")
def some(items: list[Value]) -> bool | None:
    """Three-valued or over a list."""
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("is(value1?: any, value2?: any)")
def identical(one: Value, other: Value) -> bool:
    """Whether two values are the same in every respect, their time zones included."""
    if kind(one) != kind(other):
        return False
    if kind(one) in ("time", "date and time"):
        return bool(one.tzinfo == other.tzinfo) and compare(one, other) == 0
    return equal(one, other) is True

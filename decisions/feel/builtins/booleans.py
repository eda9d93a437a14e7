"""not, is, and the conditions over lists: all, any (DMN 1.5 §10.3.4.2, §10.3.4.4)."""

from decisions.feel.builtins.registry import Impossible, builtin
from decisions.values import Value, compare, equal, kind


@builtin("not(negand: boolean|null)")
def negated(value: bool | None) -> bool | None:
    """Three-valued not."""
    return None if value is None else not value


@builtin("all(list: list)", "all(b...: any)")
def every(items: list[Value]) -> bool | None:
    """Three-valued and over a list."""
    if any(item is False for item in items):
        return False
    if all(item is True for item in items):
        return True
    _truths(items)
    return None


@builtin("any(list: list)", "any(b...: any)")
def some(items: list[Value]) -> bool | None:
    """Three-valued or over a list."""
    if any(item is True for item in items):
        return True
    if all(item is False for item in items):
        return False
    _truths(items)
    return None


def _truths(items: list[Value]) -> None:
    """Raises Impossible unless the list holds only true, false and null."""
    if not all(item is None or isinstance(item, bool) for item in items):
        raise Impossible("the list holds more than true, false and null")


@builtin("is(value1?: any, value2?: any)")
def identical(one: Value, other: Value) -> bool:
    """Whether two values are the same in every respect, their time zones included."""
    if kind(one) != kind(other):
        return False
    if kind(one) in ("time", "date and time"):
        return bool(one.tzinfo == other.tzinfo) and compare(one, other) == 0
    return equal(one, other) is True

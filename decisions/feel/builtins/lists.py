"""Functions of lists (DMN 1.5 §10.3.4.4)."""

from decimal import Decimal
from typing import Any

from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.comparisons import same
from decisions.feel.frame import Run
from decisions.feel.numbers import whole
from decisions.feel.plain import identity
from decisions.values import Function, Value


@builtin("list contains(list: list, element: any)")
def list_contains(run: Run, items: list[Value], element: Value) -> bool:
    """Whether an element is in the list."""
    run.tick(len(items))
    if type(element) is str:  # nothing but the same string is equal to a string
        return element in items
    return any(same(run, item, element) is True for item in items)


@builtin("count(list: list)")
def count(items: list[Value]) -> Decimal:
    """The number of items."""
    return Decimal(len(items))


@builtin("sublist(list: list, start position: number, length?: number|null)")
def sublist(items: list[Value], start: Decimal, length: Decimal | None) -> list[Value]:
    """The items from a position, counted from 1, or from the end when negative."""
    begin = _index(items, start)
    if length is None:
        return items[begin:]
    number = whole(length)
    if number is None or number < 1 or begin + number > len(items):
        raise Impossible(f"there are no {length} items from there")
    return items[begin : begin + number]


@builtin("append(list: list, item...: any)")
def append(run: Run, items: list[Value], more: list[Value]) -> list[Value]:
    """The list with the items at its end."""
    return _made(run, [*items, *more])


@builtin("concatenate(list...: list)")
def concatenate(run: Run, lists: list[list[Value]]) -> list[Value]:
    """The items of all lists."""
    run.sized(range(sum(map(len, lists))))
    return _made(run, [item for items in lists for item in items])


@builtin("insert before(list: list, position: number, newItem: any)")
def insert_before(run: Run, items: list[Value], position: Decimal, item: Value) -> list[Value]:
    """The list with an item before that position."""
    at = _index(items, position)
    return _made(run, [*items[:at], item, *items[at:]])


@builtin("remove(list: list, position: number)")
def remove(run: Run, items: list[Value], position: Decimal) -> list[Value]:
    """The list without the item at that position."""
    at = _index(items, position)
    return _made(run, [*items[:at], *items[at + 1 :]])


@builtin("list replace(list: list, position: number, newItem: any)")
def replace_at(run: Run, items: list[Value], position: Decimal, item: Value) -> list[Value]:
    """The list with another item at that position."""
    at = _index(items, position)
    return _made(run, [*items[:at], item, *items[at + 1 :]])


@builtin("list replace(list: list, match: function, newItem: any)")
def replace_where(run: Run, items: list[Value], match: Function, item: Value) -> list[Value]:
    """The list with another item wherever match(item, newItem) holds."""
    if len(match.parameters) != 2:
        raise Impossible("the function does not take two arguments")
    made: list[Value] = []
    for old in items:
        found = match.call(old, item)
        if not isinstance(found, bool):
            raise Impossible("the function gives neither true nor false")
        made.append(item if found else old)
    return _made(run, made)


@builtin("reverse(list: list)")
def reverse(run: Run, items: list[Value]) -> list[Value]:
    """The list from its end."""
    return _made(run, items[::-1])


@builtin("index of(list: list, match: any)")
def index_of(run: Run, items: list[Value], match: Value) -> list[Value]:
    """All positions of a value."""
    run.tick(len(items))
    return [Decimal(at) for at, item in enumerate(items, start=1) if same(run, item, match) is True]


@builtin("union(list...: list)")
def union(run: Run, lists: list[list[Value]]) -> list[Value]:
    """The items of all lists, each once."""
    return distinct_values(run, concatenate(run, lists))


@builtin("distinct values(list: list)")
def distinct_values(run: Run, items: list[Value]) -> list[Value]:
    """The items, each once, in the order of their first."""
    kept: list[Value] = []
    seen: set[Any] = set()
    others: list[Value] = []  # those that must be compared one by one
    for item in items:
        key = identity(item)
        if key is not None:
            run.tick()
            new = key not in seen
            seen.add(key)
        else:
            run.tick(len(others) + 1)
            new = not any(same(run, item, other) is True for other in others)
            if new:
                others.append(item)
        if new:
            kept.append(item)
    return kept


@builtin("flatten(list: list)")
def flatten(run: Run, items: list[Value]) -> list[Value]:
    """The items of the lists within the list, at whatever depth."""
    run.weighed(items)
    flat: list[Value] = []
    rest = items[::-1]
    while rest:
        item = rest.pop()
        if isinstance(item, list):
            rest.extend(item[::-1])
        else:
            flat.append(item)
    return _made(run, flat)


def _index(items: list[Value], position: Decimal) -> int:
    at = whole(position)
    if not at or abs(at) > len(items):
        raise Impossible(f"the list has no position {position}")
    return at - 1 if at > 0 else len(items) + at


def _made(run: Run, items: list[Value]) -> list[Value]:
    """A new list, paid for."""
    run.tick(len(items))
    run.sized(items)
    return items

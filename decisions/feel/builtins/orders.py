"""min, max and sort (DMN 1.5 §10.3.4.4, §10.3.4.9)."""

from functools import cmp_to_key

from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.frame import Run
from decisions.feel.plain import plain_kind
from decisions.values import Function, Value, compare, kind


@builtin("min(list: list)", "min(c...: any)")
def least(run: Run, items: list[Value]) -> Value:
    """The smallest item; null for an empty list."""
    return _extreme(run, items, -1)


@builtin("max(list: list)", "max(c...: any)")
def greatest(run: Run, items: list[Value]) -> Value:
    """The largest item; null for an empty list."""
    return _extreme(run, items, 1)


def _extreme(run: Run, items: list[Value], sign: int) -> Value:
    run.tick(len(items))
    if not items:
        raise Impossible("the list is empty")
    best = items[0]
    for item in items:
        order = compare(item, best)
        if order is None:
            raise Impossible(f"{kind(item)} and {kind(best)} have no order")
        if order == sign:
            best = item
    return best


@builtin("sort(list: list, precedes: function)")
def sort(run: Run, items: list[Value], precedes: Function) -> list[Value]:
    """The list in the order of a function that says whether one item comes before another."""
    if len(precedes.parameters) != 2:
        raise Impossible("the function does not take two arguments")

    def holds(one: Value, other: Value) -> bool:
        found = precedes.call(one, other)
        if not isinstance(found, bool):
            raise Impossible("the function gives neither true nor false")
        return found

    def order(one: Value, other: Value) -> int:
        run.tick()
        return -1 if holds(one, other) else int(holds(other, one))

    return sorted(items, key=cmp_to_key(order))


@builtin("sort(list: list)")
def sort_naturally(run: Run, items: list[Value]) -> list[Value]:
    """The list in the order of its values."""
    if plain_kind(items) is not None:
        run.tick(len(items))
        return sorted(items)

    def order(one: Value, other: Value) -> int:
        run.tick()
        result = compare(one, other)
        if result is None:
            raise Impossible(f"{kind(one)} and {kind(other)} have no order")
        return result

    return sorted(items, key=cmp_to_key(order))

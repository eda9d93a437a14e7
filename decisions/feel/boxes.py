"""Lists, contexts, ranges, paths and filters (DMN 1.5 §10.3.2.5 to 10.3.2.7)."""

from collections.abc import Mapping
from decimal import Decimal

from decisions.feel import limits, tree
from decisions.feel.builder import Builder, form
from decisions.feel.frame import Closure, Frame
from decisions.feel.numbers import ONE, whole
from decisions.feel.properties import PROPERTIES
from decisions.values import Range, Value, compare, kind


@form(tree.Items)
def _items(builder: Builder, node: tree.Items) -> Closure:
    items = [builder.build(item) for item in node.items]
    return lambda frame: [item(frame) for item in items]


@form(tree.Entries)
def _entries(builder: Builder, node: tree.Entries) -> Closure:
    entries = compiled_entries(builder, node)

    def context(frame: Frame) -> Value:
        values: dict[str, Value] = {}
        inner = Frame(values, frame, frame.run)
        for key, closure in entries:
            values[key] = closure(inner)
        return values

    return context


def compiled_entries(builder: Builder, node: tree.Entries) -> list[tuple[str, Closure]]:
    """The entries in order; each sees those before it, and a function sees itself."""
    entries: list[tuple[str, Closure]] = []
    seen: list[str] = []
    for key, value in node.entries:
        itself = [key] if isinstance(value, tree.Lambda) else []
        with builder.binding([*seen, *itself]):
            entries.append((key, builder.build(value)))
        seen.append(key)
    return entries


@form(tree.Interval)
def _interval(builder: Builder, node: tree.Interval) -> Closure:
    start, end, place = builder.build(node.start), builder.build(node.end), builder.place(node)

    def interval(frame: Frame) -> Value:
        low, high = start(frame), end(frame)
        made = Range(low, high, node.start_included, node.end_included, node.sign)
        if low is None or high is None:
            half = isinstance(node.start, tree.Literal) or isinstance(node.end, tree.Literal)
            return made if half and low is not high else frame.run.fail(place, "a range of null")
        order = compare(low, high)
        if order is None or (order > 0 and not node.walk):
            return frame.run.fail(place, "the ends are no range")
        return made

    return interval


@form(tree.Path)
def _path(builder: Builder, node: tree.Path) -> Closure:
    base, name, place = builder.build(node.base), node.name, builder.place(node)

    def step(frame: Frame, value: Value) -> Value:
        if isinstance(value, Mapping):
            if name in value:
                return value[name]
            return frame.run.fail(place, f"the context has no entry {name}")
        if isinstance(value, list):
            frame.run.tick(len(value))
            return [step(frame, item) for item in value]
        of_kind = PROPERTIES.get(kind(value), {}).get(name)
        if of_kind is None:
            return frame.run.fail(place, f"{kind(value)} has no {name}")
        return of_kind(value)

    return lambda frame: step(frame, base(frame))


@form(tree.Filter)
def _filter(builder: Builder, node: tree.Filter) -> Closure:
    base, place = builder.build(node.base), builder.place(node)
    before = builder.lambdas
    with builder.filtering(), builder.noting("item") as noted:
        test, size = builder.body(node.test)
    cost, named = limits.ROUND + size, bool(noted)
    # A function made in the test remembers its frame; where there is none, one serves all items.
    shared = not named and builder.lambdas == before

    def filtered(frame: Frame) -> Value:
        value = base(frame)
        if value is None:
            return frame.run.fail(place, "null cannot be filtered")
        items = value if isinstance(value, list) else [value]
        frame.run.budget.spend(len(items) * cost)
        kept: list[Value] = []
        inner = Frame({}, frame, frame.run)
        for item in items:
            if shared and type(item) is dict:
                inner.values = item
                result = test(inner)
            else:
                result = test(_with_item(frame, item, named=named))
            if type(result) is Decimal:
                return _item(frame, place, items, result)
            if result is True:
                kept.append(item)
            elif result is not False and result is not None:
                return frame.run.fail(place, f"a filter cannot be {kind(result)}")
        if not items and type(frame.run.silently(test, frame)) is Decimal:
            return _item(frame, place, items, ONE)
        return kept

    return filtered


def _with_item(frame: Frame, item: Value, *, named: bool) -> Frame:
    """The frame of a filter's test: the item by its name, where it is used, and its entries."""
    outer = Frame({"item": item}, frame, frame.run) if named else frame
    return Frame(item, outer, frame.run) if isinstance(item, Mapping) else outer


def _item(frame: Frame, place: str, items: list[Value], number: Decimal) -> Value:
    """The item of that number, from 1, or from the end when negative."""
    index = whole(number)
    if index is None or index == 0 or abs(index) > len(items):
        return frame.run.fail(place, f"the list has no item {number}")
    return items[index - 1 if index > 0 else index]

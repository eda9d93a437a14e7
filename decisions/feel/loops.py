"""`for`, `some` and `every` (DMN 1.5 §10.3.2.14)."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from decisions import timeline
from decisions.feel import limits, tree
from decisions.feel.builder import Builder, form
from decisions.feel.frame import Closure, Frame
from decisions.feel.numbers import whole
from decisions.values import Range, Value, kind

_Walk = tuple[str, Closure]


@form(tree.For)
def _for(builder: Builder, node: tree.For) -> Closure:
    place = builder.place(node)
    with builder.noting("partial") as noted:
        walks, body, cost = _walks(builder, node.iterators, node.body, "partial")

    def loop(frame: Frame) -> Value:
        results: list[Value] = []
        own: dict[str, Value] = {"partial": results}
        try:
            for inner in _frames(walks, Frame(own, frame, frame.run), cost):
                if noted:
                    frame.run.tick(len(results))
                    own["partial"] = list(results)
                results.append(body(inner))
            frame.run.sized(results)
        except NoDomainError as error:
            return frame.run.fail(place, str(error))
        return results

    return loop


@form(tree.Quantified)
def _quantified(builder: Builder, node: tree.Quantified) -> Closure:
    place = builder.place(node)
    walks, body, cost = _walks(builder, node.iterators, node.body)
    decisive = not node.every

    def quantified(frame: Frame) -> Value:
        result: bool | None = node.every
        try:
            for inner in _frames(walks, frame, cost):
                answer = body(inner)
                if answer is decisive:
                    return decisive
                if answer is None:
                    result = None
                elif not isinstance(answer, bool):
                    return frame.run.fail(place, f"a condition cannot be {kind(answer)}")
        except NoDomainError as error:
            return frame.run.fail(place, str(error))
        if result is None:
            return frame.run.fail(place, "the condition is null for an item, and that is decisive")
        return result

    return quantified


class NoDomainError(Exception):
    """The loop has nothing to walk."""


def _walks(
    builder: Builder, iterators: tuple[tree.Iterator, ...], body: tree.Node, *names: str
) -> tuple[list[_Walk], Closure, int]:
    """The iterators, each seeing the variables of those before it, the body, its cost in steps."""
    walks: list[_Walk] = []
    for name, domain in iterators:
        with builder.binding([walk[0] for walk in walks]):
            walks.append((name, builder.build(domain)))
    with builder.binding([*names, *(walk[0] for walk in walks)]):
        closure, size = builder.body(body)
    return walks, closure, limits.ROUND + size


def _frames(walks: list[_Walk], frame: Frame, cost: int) -> Iterator[Frame]:
    """A frame for every combination; the last variable changes fastest."""
    (name, domain), *rest = walks
    for value in walked(domain(frame)):
        frame.run.budget.spend(cost)
        inner = Frame({name: value}, frame, frame.run)
        if rest:
            yield from _frames(rest, inner, cost)
        else:
            yield inner


def walked(domain: Value) -> Iterator[Value]:
    """What a loop walks: a list, a range, or one value. Raises NoDomainError."""
    if isinstance(domain, list):
        return iter(domain)
    if isinstance(domain, Range):
        return _walk(domain)
    if domain is None:
        raise NoDomainError("there is no list to walk")
    return iter([domain])


def _walk(domain: Range) -> Iterator[Value]:
    """The whole numbers, or the days, of a range; downwards when it ends below its start."""
    make: Callable[[int], Value]
    match kind(domain.start), kind(domain.end):
        case "number", "number":
            start, end = whole(domain.start), whole(domain.end)
            make = Decimal
        case "date", "date":
            start, end = timeline.ordinal(domain.start), timeline.ordinal(domain.end)
            make = timeline.of_ordinal
        case _:
            start = end = None
    if start is None or end is None:
        raise NoDomainError("only whole numbers and dates can be walked")
    step = 1 if start <= end else -1
    start += 0 if domain.start_included else step
    end -= 0 if domain.end_included else step
    return map(make, range(start, end + step, step))

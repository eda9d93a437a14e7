"""Sums and means of lists of numbers (DMN 1.5 §10.3.4.4)."""

from collections import Counter
from decimal import Decimal
from functools import reduce

from decisions.feel import durations
from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.frame import Run
from decisions.feel.numbers import CONTEXT, ONE, ZERO
from decisions.values import Months, Value, kind


@builtin("sum(list: list)", "sum(n...: any)")
def total(run: Run, items: list[Value]) -> Value:
    """The sum of numbers, or of durations of one kind; null for an empty list."""
    run.tick(len(items))
    _some(items)
    if all(kind(item) == "days and time duration" for item in items):
        return reduce(durations.total, items)
    if all(isinstance(item, Months) for item in items):
        return durations.of_months(sum(item.count for item in items))
    return _sum(_numbers(run, items))


@builtin("product(list: list)", "product(n...: any)")
def product(run: Run, items: list[Value]) -> Decimal:
    """The product of numbers; null for an empty list."""
    _some(items)
    result = ONE
    for number in _numbers(run, items):
        result = CONTEXT.multiply(result, number)
    return result


@builtin("mean(list: list)", "mean(n...: any)")
def mean(run: Run, items: list[Value]) -> Decimal:
    """The arithmetic mean; null for an empty list."""
    _some(items)
    return _mean(_numbers(run, items))


@builtin("median(list: list)", "median(n...: any)")
def median(run: Run, items: list[Value]) -> Decimal:
    """The middle of the numbers in their order; null for an empty list."""
    _some(items)
    numbers = sorted(_numbers(run, items))
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else _mean(numbers[middle - 1 : middle + 1])


@builtin("stddev(list: list)", "stddev(n...: any)")
def stddev(run: Run, items: list[Value]) -> Decimal:
    """The standard deviation of a sample; null for fewer than two numbers."""
    numbers = _numbers(run, items)
    if len(numbers) < 2:
        raise Impossible("fewer than two numbers do not deviate")
    middle = _mean(numbers)
    squares = [CONTEXT.power(CONTEXT.subtract(number, middle), Decimal(2)) for number in numbers]
    return CONTEXT.sqrt(CONTEXT.divide(_sum(squares), Decimal(len(numbers) - 1)))


@builtin("mode(list: list)", "mode(n...: any)")
def mode(run: Run, items: list[Value]) -> list[Decimal]:
    """The most frequent numbers, in ascending order."""
    counts = Counter(_numbers(run, items))
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


def _some(items: list[Value]) -> None:
    if not items:
        raise Impossible("the list is empty")


def _numbers(run: Run, items: list[Value]) -> list[Decimal]:
    run.tick(len(items))
    if not all(isinstance(item, Decimal) for item in items):
        raise Impossible("the list holds more than numbers")
    if any(item.is_snan() for item in items):
        raise Impossible("the list holds what is no number")
    return items


def _sum(numbers: list[Decimal]) -> Decimal:
    result = ZERO
    for number in numbers:
        result = CONTEXT.add(result, number)
    return result


def _mean(numbers: list[Decimal]) -> Decimal:
    return CONTEXT.divide(_sum(numbers), Decimal(len(numbers)))

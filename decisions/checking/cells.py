"""What a cell asks, as far as that can be known without running the procedure.

A test can be analysed when it compares the column's value with constants and nothing else: between
two neighbouring constants its answer is then the same for all values. Any other test (one that
reads variables, calls functions on the value, or puts strings in order) is opaque.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from decisions.errors import DecisionError
from decisions.expressions import Expression, UnaryTests
from decisions.feel import tree
from decisions.feel.compiler import compiled
from decisions.feel.parser import parse, parse_tests
from decisions.values import Range, Value

_PURE = frozenset(
    {"date", "time", "date and time", "duration", "years and months duration", "number"}
)
_ORDERS = frozenset({"<", "<=", ">", ">="})
_VALUE = "?"

Test = Callable[[Value], bool]
"""Whether a value is taken."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the tests between the commas; `constants` is None when it is opaque.

    `void` marks a constant that has no value, as a range whose ends are the wrong way round.
    """

    node: tree.Node
    constants: tuple[Value, ...] | None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: `parts` is empty where it takes any value, and None where it cannot be read here."""

    text: str
    parts: tuple[Part, ...] | None
    negated: bool = False

    @property
    def any(self) -> bool:
        """Whether the cell takes any value."""
        return self.parts == ()

    @property
    def opaque(self) -> bool:
        """Whether what it takes cannot be known whole."""
        return self.parts is None or any(part.constants is None for part in self.parts)

    @property
    def constants(self) -> tuple[Value, ...]:
        """The constants of all tests that can be analysed."""
        return tuple(value for part in self.parts or () for value in part.constants or ())

    def surely(self) -> Test:
        """The test that takes only values which the cell takes, whatever else is true."""
        return _never if self.opaque and (self.negated or not self.clear) else self._clear_test()

    def possibly(self) -> Test:
        """The test that takes all values which the cell may take."""
        if self.opaque and (not self.negated or not self.clear):
            return _always
        return self._clear_test()

    @property
    def clear(self) -> tuple[Part, ...]:
        """The tests that can be analysed."""
        return tuple(part for part in self.parts or () if part.constants is not None)

    def _clear_test(self) -> Test:
        return _test(self.text, self.clear, negated=self.negated)

    def separately(self) -> Iterator[Test]:
        """Each test that can be analysed by itself; a negated cell is one test."""
        groups = [self.clear] if self.negated else [(part,) for part in self.clear]
        return (_test(self.text, group, negated=self.negated) for group in groups if group)


def _always(_value: Value) -> bool:
    return True


def _never(_value: Value) -> bool:
    return False


def _test(text: str, parts: tuple[Part, ...], *, negated: bool) -> Test:
    node = tree.Tests(0, tuple(part.node for part in parts), negated)
    tests = UnaryTests(text, *compiled(text, node, frozenset({_VALUE})))
    return lambda value: tests.evaluate({}, value) is True


@lru_cache(maxsize=4096)
def read(text: str, known: frozenset[str] = frozenset()) -> Cell:
    """The cell of a text; an empty one takes any value."""
    try:
        node = parse_tests(text or "-", known | {_VALUE})
    except DecisionError:  # it needs names that are not known here
        return Cell(text, None)
    return Cell(text, tuple(map(_part, node.tests)), node.negated)


def _part(test: tree.Node) -> Part:
    if _closed(test) and not isinstance(test, tree.Literal) and _value(test) is None:
        return Part(test, (), void=True)
    return Part(test, _constants(test))


@lru_cache(maxsize=4096)
def constant(text: str, known: frozenset[str] = frozenset()) -> tuple[bool, Value]:
    """Whether an expression is a constant, and its value."""
    try:
        node = parse(text or "null", known)
    except DecisionError:
        return False, None
    return (True, _value(node)) if _closed(node) else (False, None)


def ends(value: Value) -> Iterator[Value]:
    """The values that a constant compares with: a list's items, a range's ends, or itself."""
    if isinstance(value, list):
        yield from (end for item in value for end in ([item] if _compound(item) else ends(item)))
    elif isinstance(value, Range):
        yield from (end for end in (value.start, value.end) if end is not None)
    else:
        yield value


def _constants(node: tree.Node) -> tuple[Value, ...] | None:
    """The constants that a test compares the value with; None when it does anything else."""
    match node:
        case tree.Test(operator=sign, operand=operand):
            return _compared(sign, operand)
        case tree.Comparison(operator=sign, left=left, right=right) if _is_value(left):
            return _compared(sign, right)
        case tree.Comparison(operator=sign, left=left, right=right) if _is_value(right):
            return _compared(sign, left)
        case tree.Between(value=value, low=low, high=high) if _is_value(value):
            return _joined([_compared("<", low), _compared("<", high)])
        case tree.In(value=value, tests=tests) if _is_value(value):
            return _joined(_constants(test) for test in tests)
        case tree.Logic(left=left, right=right):
            return _joined([_condition(left), _condition(right)])
        case tree.Call(callee=tree.Name(name="not"), arguments=(only,)):
            return _condition(only)
    return _matched(node)


def _condition(node: tree.Node) -> tuple[Value, ...] | None:
    """The constants of a condition: unlike a test, a constant alone is none."""
    return None if _closed(node) else _constants(node)


def _matched(node: tree.Node) -> tuple[Value, ...] | None:
    """The constants of a value, list or range that stands for itself."""
    if not _closed(node):
        return None
    value = _value(node)
    if isinstance(value, bool) and not isinstance(node, tree.Literal):
        return None  # a computed condition: it holds for any value or for none
    if isinstance(value, Range) and any(isinstance(end, str) for end in ends(value)):
        return None
    return _comparable(node, value)


def _compared(sign: str, operand: tree.Node) -> tuple[Value, ...] | None:
    if not _closed(operand):
        return None
    value = _value(operand)
    if sign in _ORDERS and isinstance(value, str):
        return None
    return _comparable(operand, value)


def _comparable(node: tree.Node, value: Value) -> tuple[Value, ...] | None:
    if value is None and not isinstance(node, tree.Literal):
        return ()  # it should have had a value: nobody names null here
    found = tuple(ends(value))
    if value == [] or any(map(_compound, found)):
        return None  # a list may be equal to it, and lists are not cut into atoms
    # Times with zones go round the clock: they have no order that could be cut.
    return None if any(isinstance(p, dt.time) and p.tzinfo for p in found) else found


def _compound(value: Value) -> bool:
    return isinstance(value, list | dict)


def _joined(parts: Iterable[tuple[Value, ...] | None]) -> tuple[Value, ...] | None:
    found: list[Value] = []
    for part in parts:
        if part is None:
            return None
        found.extend(part)
    return tuple(found)


def _is_value(node: tree.Node) -> bool:
    return isinstance(node, tree.Name) and node.name == _VALUE


def _closed(node: tree.Node) -> bool:
    """Whether the expression has the same value everywhere and always."""
    match node:
        case tree.Literal():
            return True
        case tree.Negation(operand=operand):
            return _closed(operand)
        case tree.Arithmetic(left=left, right=right) | tree.Interval(start=left, end=right):
            return _closed(left) and _closed(right)
        case tree.Items(items=items):
            return all(map(_closed, items))
        case tree.Call(callee=tree.Name(name=name), arguments=arguments):
            return name in _PURE and all(map(_closed, arguments))
    return False


def _value(node: tree.Node) -> Value:
    if isinstance(node, tree.Literal):
        return node.value
    return Expression("", *compiled("", node, frozenset())).evaluate({})

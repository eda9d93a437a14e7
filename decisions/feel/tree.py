"""The tree of an expression: one class per form of DMN 1.5 §10.3.1.2; `at` is an offset."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from decisions.values import Value


@dataclass(frozen=True, slots=True)
class Node:
    """What every form has: where it stands in the text."""

    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean, null, or date and time."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or a function's name."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`base.name`."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`base[test]`."""

    base: Node
    test: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`callee(1, 2)`, or `callee(a: 1, b: 2)` when there are names."""

    callee: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`+ - * / **`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`= != < <= > >=`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`and` and `or`, three-valued."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in test` and `value in (test, test)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A unary test with an operator, `< 5`; the value tested is left of it."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """The unary tests of a decision table's cell; none of them when it is `-`."""

    tests: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Type(Node):
    """A type: its name, and the types in its angle brackets, named for contexts.

    `allows` is what else a value must be; only the types of a model have it, not what is written.
    """

    name: str
    parts: tuple["Type", ...] = ()
    keys: tuple[str, ...] = ()
    allows: Callable[[Value], bool] | None = None


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: Type


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node


Iterator: TypeAlias = tuple[str, Node]
"""A variable, and the list or range that it walks."""


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for x in xs, y in ys return body`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` (every is False) or `every` `x in xs satisfies body`."""

    every: bool
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Items(Node):
    """A list."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entries(Node):
    """A context: later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """A range with its brackets; `walk` for the bare `a..b` of a loop, `sign` for `(< b)`."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool
    walk: bool = False
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    """`function(a, b: number) body`."""

    parameters: tuple[str, ...]
    types: tuple[Type | None, ...]
    body: Node

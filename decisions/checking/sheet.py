"""A decision table as its owner reads it: texts and types, apart from how it is evaluated."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from decisions.values import Value

Evaluate = Callable[[Sequence[Value]], Sequence[int]]
"""The numbers of all rules that fit these values of the columns, whatever the hit policy."""


@dataclass(frozen=True, slots=True)
class Column:
    """An input: its expression, FEEL type, allowed values, and the data that it reads.

    `names` are variables, or the dotted path where the expression is no more than that. Type and
    allowed values are "" where the table does not say them.
    """

    text: str
    type: str = ""
    allowed: str = ""
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Result:
    """An output: its name, FEEL type, allowed values, and its default where it has one."""

    name: str
    type: str = ""
    allowed: str = ""
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A rule: its number, counted from 1, and the texts of its cells."""

    number: int
    tests: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The table: `policy` and `aggregation` as in `tables.Table`.

    `known` are names of variables that the cells may read, needed for those with spaces.
    """

    policy: str
    aggregation: str
    columns: tuple[Column, ...]
    results: tuple[Result, ...]
    lines: tuple[Line, ...]
    evaluate: Evaluate
    known: frozenset[str] = frozenset()

    @property
    def has_default(self) -> bool:
        """Whether the table answers where no rule fits."""
        return any(result.default is not None for result in self.results)

"""From the tree to closures: the table of forms and what is known while compiling."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from decisions.feel import limits, tree
from decisions.feel.frame import Closure
from decisions.feel.lexer import invalid

_FORMS: dict[type[tree.Node], Callable[["Builder", Any], Closure]] = {}
_Form = TypeVar("_Form", bound=Callable[["Builder", Any], Closure])


def form(*kinds: type[tree.Node]) -> Callable[[_Form], _Form]:
    """Register how a form of the tree is compiled."""

    def register(function: _Form) -> _Form:
        for kind in kinds:
            _FORMS[kind] = function
        return function

    return register


class Builder:
    """Compiles one text and collects the names that it uses; `library` are functions of ours."""

    def __init__(self, text: str, names: frozenset[str], types: Mapping[str, tree.Type]) -> None:
        self.text = text
        self.declared = names
        self.types = types
        self._ends = _ends(text)
        self.free: set[str] = set()
        self.certain: set[str] = set()
        self.library: set[str] = set()
        self.lambdas = 0
        self._bound: tuple[str, ...] = ()
        self._used: set[str] = set()
        self._filters = 0
        self._depth = 0
        self._size = 0

    def build(self, node: tree.Node) -> Closure:
        """The closure of a form."""
        self._depth += 1
        self._size += 1
        if self._depth > limits.DEPTH:
            remedy = "Give the inner parts names, in variables or decisions of their own."
            raise invalid(self.text, node.at, "the expression is too deep", remedy)
        closure = _FORMS[type(node)](self, node)
        self._depth -= 1
        return closure

    @contextmanager
    def reading(self, text: str) -> Iterator[None]:
        """Compile forms of another text: their places are places in it."""
        outside = self.text, self._ends
        self.text, self._ends = text, _ends(text)
        yield
        self.text, self._ends = outside

    def body(self, node: tree.Node) -> tuple[Closure, int]:
        """The closure of what is done again and again, and how many forms it consists of."""
        before = self._size
        closure = self.build(node)
        return closure, self._size - before

    def place(self, node: tree.Node) -> str:
        """Where a form stands, for a reason."""
        line = bisect_left(self._ends, node.at)
        start = self._ends[line - 1] + 1 if line else 0
        return f"line {line + 1}, column {node.at - start + 1}"

    def gives(self, name: str) -> bool:
        """Whether the name may be a variable, and not the built-in function of that name."""
        return name in self.declared or self.binds(name)

    def binds(self, name: str) -> bool:
        """Whether the expression itself gives the name its value."""
        return name in self._bound

    def use(self, name: str, *, certain: bool = True) -> None:
        """Note that the expression needs a name from its context."""
        self._used.add(name)
        if name not in self._bound:
            self.free.add(name)
            if certain and not self._filters:
                self.certain.add(name)

    @contextmanager
    def binding(self, names: Iterable[str]) -> Iterator[None]:
        """Compile inside a block that gives these names their values."""
        outside, self._bound = self._bound, (*self._bound, *names)
        yield
        self._bound = outside

    @contextmanager
    def noting(self, name: str) -> Iterator[list[str]]:
        """Compile a part; afterwards the list holds the name if the part used it."""
        noted: list[str] = []
        outside = self._used
        self._used = set()
        yield noted
        if name in self._used:
            noted.append(name)
        self._used = outside | self._used

    @contextmanager
    def filtering(self) -> Iterator[None]:
        """Compile inside a filter, where a name may be an entry of the item."""
        self._filters += 1
        with self.binding(("item",)):
            yield
        self._filters -= 1


def _ends(text: str) -> list[int]:
    """Where the lines of a text end."""
    return [match.start() for match in re.finditer("\n", text)]

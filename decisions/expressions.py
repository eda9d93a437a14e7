"""Expressions: compiled once, evaluated often, safe for any text and any value.

A mistake in the text is told when it is compiled (`ExpressionInvalid`, with line and column). A
mistake in the values makes null, and `explain` tells why; only an evaluation that grows beyond all
measure is refused (`LimitExceeded`). Expressions that make one result together, as those of a
decision do, share one `Budget`.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from decisions.errors import LimitExceeded
from decisions.feel import tree
from decisions.feel.builder import Builder
from decisions.feel.cells import Cell, constant_cell
from decisions.feel.compiler import compiled
from decisions.feel.frame import Budget, Closure, Frame, Run, WorkingDays
from decisions.feel.lexer import invalid
from decisions.feel.parser import parse, parse_tests
from decisions.types import NONE, Types
from decisions.values import Value

_COMPOUND = (list, dict)


class Expression:
    """A compiled FEEL expression.

    `names` are the variables that it may read from its context; `certain` are those of them that
    cannot be entries of an item inside a filter, nor built-in functions; `path` is the dotted path
    when it is no more.
    """

    __slots__ = ("_closure", "certain", "names", "path", "text")

    def __init__(
        self, text: str, closure: Closure, builder: Builder, path: tuple[str, ...] | None = None
    ) -> None:
        self.text = text
        self._closure = closure
        self.names = frozenset(builder.free)
        self.certain = frozenset(builder.certain)
        self.path = path

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(
        self,
        context: Mapping[str, Value],
        *,
        calendar: WorkingDays | None = None,
        budget: Budget | None = None,
    ) -> Value:
        """The value in this context; null where it has none. Raises LimitExceeded."""
        return _evaluated(self._closure, Run(context, calendar, None, budget), context)

    def within(self, frame: Frame) -> Value:
        """The value inside an evaluation that goes on; raises LimitExceeded."""
        return self._closure(frame)

    def explain(
        self,
        context: Mapping[str, Value],
        *,
        calendar: WorkingDays | None = None,
        budget: Budget | None = None,
    ) -> tuple[Value, tuple[str, ...]]:
        """The value, and the reasons for what became null on the way."""
        reasons: list[str] = []
        value = _evaluated(self._closure, Run(context, calendar, reasons, budget), context)
        return value, tuple(reasons)


class UnaryTests:
    """The compiled unary tests of a decision table's cell; the value tested is `?` in them.

    `constant` is the same as `evaluate`, as a function of the value alone, where the cell needs
    nothing else; where it gives None, `evaluate` tells the reasons. It uses up no steps.
    """

    __slots__ = ("_closure", "constant", "library", "names", "text")

    def __init__(
        self, text: str, closure: Closure, builder: Builder, constant: Cell | None = None
    ) -> None:
        self.text = text
        self._closure = closure
        self.constant = constant
        self.library = frozenset(builder.library)
        self.names = frozenset(builder.free - {"?"})

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"

    def put(self, frame: Frame) -> Value:
        """Whether the value that the frame holds as `?` passes, inside an evaluation."""
        return self._closure(frame)

    def evaluate(
        self,
        context: Mapping[str, Value],
        value: Value,
        *,
        calendar: WorkingDays | None = None,
        reasons: list[str] | None = None,
        budget: Budget | None = None,
    ) -> bool | None:
        """Whether the value passes; None when that cannot be said. Raises LimitExceeded."""
        if self.constant is not None:
            quick = self.constant(value)
            if quick is not None or reasons is None:
                return quick
        run = Run(context, calendar, reasons, budget)
        result = _evaluated(self._closure, run, context, {"?": value})
        return result if isinstance(result, bool) else None


def _evaluated(
    closure: Closure,
    run: Run,
    context: Mapping[str, Value],
    inner: dict[str, Value] | None = None,
) -> Value:
    frame = Frame(context, None, run)
    try:
        value = closure(frame if inner is None else Frame(inner, frame, run))
        if isinstance(value, _COMPOUND):
            run.weighed(value)
    except RecursionError:
        raise too_deep() from None
    return value


def too_deep() -> LimitExceeded:
    """The error for an evaluation that Python's stack ended."""
    remedy = "Split the expression, or end its recursion."
    return LimitExceeded("expression-depth", "the evaluation goes too deep", remedy=remedy)


def compile(text: str, names: Iterable[str] = frozenset(), types: Types = NONE) -> Expression:  # noqa: A001
    """The expression of a text; `names` are known variables, needed for names with signs in them.

    `types` are the model's own types, for `instance of` and the parameters of functions.

    Raises ExpressionInvalid. The same text and names give the same object.
    """
    return _compile(text, frozenset(names), types)


@lru_cache(maxsize=4096)
def _compile(text: str, names: frozenset[str], types: Types) -> Expression:
    node = parse(text, names)
    closure, builder = compiled(text, node, names, types.trees)
    return Expression(text, closure, builder, _path(node))


def _path(node: tree.Node) -> tuple[str, ...] | None:
    if isinstance(node, tree.Name):
        return (node.name,)
    if isinstance(node, tree.Path):
        base = _path(node.base)
        return None if base is None else (*base, node.name)
    return None


def compile_unary(
    text: str, names: Iterable[str] = (), types: Types = NONE, entries: Iterable[str] = ()
) -> UnaryTests:
    """The unary tests of a cell; `entries` are names of contexts' entries with signs in them.

    Raises ExpressionInvalid.
    """
    return _compile_unary(text, frozenset(names), types, frozenset(entries))


@lru_cache(maxsize=4096)
def _compile_unary(
    text: str, names: frozenset[str], types: Types, entries: frozenset[str]
) -> UnaryTests:
    node = parse_tests(text, names, entries)
    closure, builder = compiled(text, node, names, types.trees)
    constant = constant_cell(node.tests, names.__contains__, negated=node.negated)
    return UnaryTests(text, closure, builder, constant)


def compile_context(
    text: str, names: Iterable[str] = frozenset()
) -> tuple[tuple[str, Expression], ...]:
    """The entries of a context literal, in order, as a script has them.

    An entry sees those before it when their values are put into the context it is evaluated in.
    Raises ExpressionInvalid.
    """
    return _compile_context(text, frozenset(names))


@lru_cache(maxsize=1024)
def _compile_context(text: str, names: frozenset[str]) -> tuple[tuple[str, Expression], ...]:
    node = parse(text, names)
    if not isinstance(node, tree.Entries):
        raise invalid(text, 0, "this is no context", "Write { name: value, other: value }.")
    entries = []
    for key, value in node.entries:
        closure, builder = compiled(text, value, names)
        entries.append((key, Expression(text, closure, builder, _path(value))))
    return tuple(entries)

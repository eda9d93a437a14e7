"""Boxed expressions of DMN (1.5 §10.2): each compiled to a function of the names in scope.

Literal expressions, contexts, lists, relations, invocations, functions, conditionals, filters and
iterators; decision tables have a module of their own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from decisions import expressions
from decisions.errors import DecisionError
from decisions.feel.frame import Budget, WorkingDays
from decisions.types import Types
from decisions.values import Function, Value

Scope = Mapping[str, Value]
Boxed = Callable[[Scope, "Evaluation"], Value]


@dataclass(slots=True)
class Evaluation:
    """One evaluation of a decision with all that it requires: one budget, one list of reasons."""

    calendar: WorkingDays | None = None
    budget: Budget = field(default_factory=Budget)
    reasons: list[str] = field(default_factory=list)
    rules: list[list[Value]] = field(default_factory=list)
    inputs: dict[str, Value] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """What compiling a boxed expression needs: the names in scope, the model's types, the place.

    `names` gathers what the expressions read; `table` compiles a decision table.
    """

    known: frozenset[str]
    types: Types
    place: str
    read: set[str]
    rules: list[str]
    table: Callable[[Any, "Reader"], Boxed]

    def within(self, names: Iterable[str]) -> "Reader":
        """The same with more names in scope."""
        known = self.known | frozenset(names)
        return Reader(known, self.types, self.place, self.read, self.rules, self.table)

    def literal(self, text: str) -> Boxed:
        """A literal expression; raises DecisionError naming the decision."""
        try:
            found = expressions.compile(text, self.known, self.types)
        except DecisionError as error:
            raise DecisionError(
                error.code, f"{text}: {error.message}", place=self.place, remedy=error.remedy
            ) from error
        self.read.update(found.names)

        def evaluate(scope: Scope, run: Evaluation) -> Value:
            value, reasons = found.explain(scope, calendar=run.calendar, budget=run.budget)
            run.reasons.extend(reasons)
            return value

        return evaluate


def null(_scope: Scope, _run: Evaluation) -> Value:
    """What nothing gives."""
    return None


def compiled(node: Any, reader: Reader) -> Boxed:
    """The boxed expression of a node; None is null."""
    if node is None:
        return null
    kind = local(node)
    maker = _MAKERS.get(kind)
    if maker is None:
        raise DecisionError("boxed", f"{kind} is not understood", place=reader.place)
    return maker(node, reader)


def expression_in(node: Any) -> Any:
    """The boxed expression that a node holds, or None."""
    return next((part for part in node if local(part) in _MAKERS), None)


def local(node: Any) -> str:
    """The name of an element without its namespace."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(node: Any, name: str) -> Any:
    """The first child of that name, or None."""
    return next((part for part in node if local(part) == name), None)


def children(node: Any, name: str) -> list[Any]:
    """Every child of that name."""
    return [part for part in node if local(part) == name]


def _text(node: Any, name: str = "text") -> str:
    found = child(node, name)
    return (found.text or "").strip() if found is not None else ""


def _literal(node: Any, reader: Reader) -> Boxed:
    text = _text(node)
    return reader.literal(text) if text else null


def _context(node: Any, reader: Reader) -> Boxed:
    entries: list[tuple[str | None, Boxed]] = []
    for entry in children(node, "contextEntry"):
        variable = child(entry, "variable")
        name = variable.get("name") if variable is not None else None
        entries.append((name, compiled(expression_in(entry), reader)))
        if name is not None:
            reader = reader.within([name])

    def evaluate(scope: Scope, run: Evaluation) -> Value:
        found: dict[str, Value] = {}
        for name, value in entries:
            given = value({**scope, **found}, run)
            if name is None:  # the result entry
                return given
            found[name] = given
        return found

    return evaluate


def _list(node: Any, reader: Reader) -> Boxed:
    items = [compiled(part, reader) for part in node if local(part) in _MAKERS]
    return lambda scope, run: [item(scope, run) for item in items]


def _relation(node: Any, reader: Reader) -> Boxed:
    columns = [column.get("name") for column in children(node, "column")]
    rows = [
        [compiled(cell, reader) for cell in row if local(cell) in _MAKERS]
        for row in children(node, "row")
    ]

    def evaluate(scope: Scope, run: Evaluation) -> Value:
        return [
            {name: cell(scope, run) for name, cell in zip(columns, row, strict=False)}
            for row in rows
        ]

    return evaluate


def _function(node: Any, reader: Reader) -> Boxed:
    names = tuple(parameter.get("name") for parameter in children(node, "formalParameter"))
    kind = node.get("kind", "FEEL").rpartition(":")[2]
    if kind != "FEEL":
        raise DecisionError(
            "boxed", f"a function of kind {kind} would run foreign code", place=reader.place,
            remedy="Write it in FEEL.",
        )  # fmt: skip
    body = compiled(expression_in(node), reader.within(names))

    def evaluate(scope: Scope, run: Evaluation) -> Value:
        def call(*values: Value) -> Value:
            run.budget.steps += 1
            return body({**scope, **dict(zip(names, values, strict=False))}, run)

        return Function(names, call)

    return evaluate


def _invocation(node: Any, reader: Reader) -> Boxed:
    called = compiled(expression_in(node), reader)
    bindings = [
        (child(binding, "parameter").get("name"), compiled(expression_in(binding), reader))
        for binding in children(node, "binding")
    ]

    def evaluate(scope: Scope, run: Evaluation) -> Value:
        function = called(scope, run)
        if not isinstance(function, Function):
            run.reasons.append("what is invoked is no function")
            return None
        given = {name: value(scope, run) for name, value in bindings}
        if given.keys() - set(function.parameters):
            run.reasons.append("a binding names no parameter of the function")
            return None
        return function.call(*(given.get(name) for name in function.parameters))

    return evaluate


def _conditional(node: Any, reader: Reader) -> Boxed:
    test, yes, no = (
        compiled(expression_in(child(node, part)), reader) for part in ("if", "then", "else")
    )
    return lambda scope, run: (yes if test(scope, run) is True else no)(scope, run)


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _filter(node: Any, reader: Reader) -> Boxed:
    source = compiled(expression_in(child(node, "in")), reader)
    match = compiled(expression_in(child(node, "match")), reader.within(["item"]))

    def evaluate(scope: Scope, run: Evaluation) -> Value:
        return [
            item
            for item in _items(source(scope, run))
            if match({**scope, **(item if isinstance(item, dict) else {}), "item": item}, run)
            is True
        ]

    return evaluate


def _iterator(node: Any, reader: Reader) -> Boxed:
    name, kind = node.get("iteratorVariable", "item"), local(node)
    source = compiled(expression_in(child(node, "in")), reader)
    part = "return" if kind == "for" else "satisfies"
    body = compiled(
        expression_in(child(node, part)),
        reader.within([name, "partial"] if kind == "for" else [name]),
    )

    def evaluate(scope: Scope, run: Evaluation) -> Value:
        results: list[Value] = []
        for item in _items(source(scope, run)):
            run.budget.steps += 1
            results.append(body({**scope, name: item, "partial": list(results)}, run))
        if kind == "for":
            return results
        wanted = kind == "some"
        if any(result is wanted for result in results):
            return wanted
        return not wanted if all(isinstance(result, bool) for result in results) else None

    return evaluate


_MAKERS: Mapping[str, Callable[[Any, Reader], Boxed]] = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "encapsulatedLogic": _function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
    "decisionTable": lambda node, reader: reader.table(node, reader),
}

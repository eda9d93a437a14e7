"""Boxed expressions of DMN (1.5 §10.2): read from XML into the tree of one FEEL expression.

A boxed context is a context, an invocation a call, a boxed loop a loop: what FEEL says of them
holds without being said again. What FEEL has no form for is a node of its own: a text inside the
box with a place of its own, a context with a result, a value brought to a type, a decision table.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from decisions.errors import DecisionError
from decisions.feel import tree
from decisions.feel.builder import Builder, form
from decisions.feel.frame import Closure, Frame
from decisions.feel.parser import parse
from decisions.notation import child, children, local, text
from decisions.types import Definitions, Types
from decisions.values import Value, kind

FEEL = frozenset({"", "feel", "FEEL"})


@dataclass(frozen=True, slots=True)
class Written(tree.Node):
    """An expression written in a box: its own text, and the place of the box."""

    text: str
    place: str
    node: tree.Node


@dataclass(frozen=True, slots=True)
class Block(tree.Node):
    """A boxed context with a result: entries, each seeing those before it, and what it gives."""

    entries: tree.Entries
    result: tree.Node


@dataclass(frozen=True, slots=True)
class Typed(tree.Node):
    """A value brought to a type; null, with a reason, where it cannot be."""

    node: tree.Node
    type: tree.Type
    named: str


NULL = tree.Literal(0, None)


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a boxed expression needs: the names in scope, the model's types, the place."""

    known: frozenset[str]
    types: Types
    definitions: Definitions
    place: str
    table: Callable[[Any, "Reader"], tree.Node]

    def within(self, names: Iterable[str | None]) -> "Reader":
        """The same with more names in scope."""
        return replace(self, known=self.known | {name for name in names if name})

    def at(self, where: str) -> "Reader":
        """The same at a place inside."""
        return replace(self, place=f"{self.place}, {where}")

    def literal(self, source: str) -> tree.Node:
        """The expression of a text; raises DecisionError naming the place."""
        try:
            return Written(0, source, self.place, parse(source, self.known))
        except DecisionError as error:
            raise self.fault(error, source) from error

    def typed(self, node: tree.Node, owner: Any, named: str) -> tree.Node:
        """The expression brought to the type that an element refers to, if it refers to one."""
        reference = (owner.get("typeRef") or "") if owner is not None else ""
        if not reference:
            return node
        found = self.type(owner, reference)
        return node if found.name in ("Any", "function") else Typed(0, node, found, named)

    def type(self, owner: Any, reference: str) -> tree.Type:
        """The type of a reference; raises DecisionError naming the place."""
        try:
            return self.definitions.type(owner, reference)
        except DecisionError as error:
            raise self.fault(error) from error

    def fault(self, error: DecisionError, source: str = "") -> DecisionError:
        """The error with the place, and with the text that it is about."""
        message = f"{source}: {error}" if source else error.message
        return DecisionError(error.code, message, place=self.place, remedy=error.remedy)


def read(node: Any, reader: Reader) -> tree.Node:
    """The tree of a boxed expression; null where there is no node."""
    if node is None:
        return NULL
    maker = _MAKERS.get(local(node))
    if maker is None:
        raise DecisionError("boxed", f"{local(node)} is not understood", place=reader.place)
    return maker(node, reader)


def expression_in(node: Any) -> Any:
    """The boxed expression that a node holds, or None."""
    if node is None:
        return None
    return next((part for part in node if local(part) in _MAKERS), None)


def _inside(node: Any, name: str, reader: Reader) -> tree.Node:
    return read(expression_in(child(node, name)), reader)


def _literal(node: Any, reader: Reader) -> tree.Node:
    language = (node.get("expressionLanguage") or "").rstrip("/").rpartition("/")[2]
    if language not in FEEL:
        raise DecisionError(
            "boxed", f"an expression in {language} is not executed", place=reader.place,
            remedy="Write it in FEEL.",
        )  # fmt: skip
    if child(node, "importedValues") is not None:
        raise DecisionError(
            "boxed", "values from outside the model are not read", place=reader.place,
            remedy="Write them into the model, as a list or a relation.",
        )  # fmt: skip
    source = text(node)
    return reader.literal(source) if source else NULL


def _context(node: Any, reader: Reader) -> tree.Node:
    entries: list[tuple[str, tree.Node]] = []
    for entry in children(node, "contextEntry"):
        variable = child(entry, "variable")
        name = variable.get("name") if variable is not None else None
        inner, value = reader.within([name]), expression_in(entry)
        # A function may call itself; any other entry sees those before it only.
        itself = value is not None and local(value) == "functionDefinition"
        found = read(value, inner if itself else reader)
        if name is None:
            return Block(0, tree.Entries(0, tuple(entries)), found)
        entries.append((name, reader.typed(found, variable, name)))
        reader = inner
    return tree.Entries(0, tuple(entries))


def _list(node: Any, reader: Reader) -> tree.Node:
    return tree.Items(0, tuple(read(part, reader) for part in node if local(part) in _MAKERS))


def _relation(node: Any, reader: Reader) -> tree.Node:
    columns = children(node, "column")
    rows = []
    for number, row in enumerate(children(node, "row"), 1):
        cells = [read(cell, reader) for cell in row if local(cell) in _MAKERS]
        if len(cells) != len(columns):
            raise DecisionError(
                "boxed", f"it has {len(cells)} cells for {len(columns)} columns",
                place=f"{reader.place}, row {number}", remedy="Fill every cell, if with null.",
            )  # fmt: skip
        named = ((column, str(column.get("name"))) for column in columns)
        typed = (
            (name, reader.typed(cell, column, name))
            for (column, name), cell in zip(named, cells, strict=True)
        )
        rows.append(tree.Entries(0, tuple(typed)))
    return tree.Items(0, tuple(rows))


def function(node: Any, reader: Reader) -> tree.Lambda:
    """A function definition, boxed or of a business knowledge model."""
    kind = node.get("kind", "FEEL").rpartition(":")[2]
    if kind != "FEEL":
        raise DecisionError(
            "boxed", f"a function of kind {kind} would run foreign code", place=reader.place,
            remedy="Write it in FEEL.",
        )  # fmt: skip
    parameters = children(node, "formalParameter")
    names = tuple(str(parameter.get("name")) for parameter in parameters)
    types = tuple(
        reader.type(parameter, reference) if (reference := parameter.get("typeRef")) else None
        for parameter in parameters
    )
    return tree.Lambda(0, names, types, read(expression_in(node), reader.within(names)))


def _invocation(node: Any, reader: Reader) -> tree.Node:
    bindings = children(node, "binding")
    parameters = [child(binding, "parameter") for binding in bindings]
    names = tuple(str(parameter.get("name")) for parameter in parameters)
    arguments = tuple(
        reader.typed(read(expression_in(binding), reader), parameter, name)
        for binding, parameter, name in zip(bindings, parameters, names, strict=True)
    )
    callee = read(expression_in(node), reader)
    if isinstance(callee, Written):  # the name alone, so that a built-in function is found too
        callee = callee.node
    return tree.Call(0, callee, arguments, names)


def _conditional(node: Any, reader: Reader) -> tree.Node:
    parts = (_inside(node, name, reader) for name in ("if", "then", "else"))
    return tree.If(0, *parts)


def _filter(node: Any, reader: Reader) -> tree.Node:
    test = _inside(node, "match", reader.within(["item"]))
    return tree.Filter(0, _inside(node, "in", reader), test)


def _for(node: Any, reader: Reader) -> tree.Node:
    name = str(node.get("iteratorVariable"))
    body = _inside(node, "return", reader.within([name, "partial"]))
    return tree.For(0, ((name, _inside(node, "in", reader)),), body)


def _quantified(node: Any, reader: Reader) -> tree.Node:
    name = str(node.get("iteratorVariable"))
    body = _inside(node, "satisfies", reader.within([name]))
    walk = ((name, _inside(node, "in", reader)),)
    return tree.Quantified(0, local(node) == "every", walk, body)


_MAKERS: Mapping[str, Callable[[Any, Reader], tree.Node]] = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": function,
    "encapsulatedLogic": function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "decisionTable": lambda node, reader: reader.table(node, reader),
}


class Boxes(Builder):
    """Compiles the tree of a boxed expression; reasons name the box and the place in its text."""

    def __init__(self, names: frozenset[str], types: Types, place: str) -> None:
        super().__init__("", names, types.trees)
        self.named = types
        self.where = place

    def place(self, node: tree.Node) -> str:
        """Where a form stands: the box, and line and column in its text."""
        return f"{self.where}, {super().place(node)}" if self.text else self.where


@form(Written)
def _written(builder: Any, node: Written) -> Closure:
    outside = builder.text, builder.where
    builder.text, builder.where = node.text, node.place
    closure: Closure = builder.build(node.node)
    builder.text, builder.where = outside
    return closure


@form(Block)
def _block(builder: Any, node: Block) -> Closure:
    entries = builder.build(node.entries)
    with builder.binding(key for key, _ in node.entries.entries):
        result = builder.build(node.result)
    return lambda frame: result(Frame(entries(frame), frame, frame.run))


@form(Typed)
def _typed(builder: Any, node: Typed) -> Closure:
    closure, place = builder.build(node.node), builder.place(node)
    check, wanted, named = builder.named.check(node.type), node.type, node.named

    def typed(frame: Frame) -> Value:
        value = closure(frame)
        if value is None:
            return None
        fits, found = check(value)
        if fits:
            return found
        return frame.run.fail(place, f"{named} cannot be {kind(value)}, it is {wanted.name}")

    return typed

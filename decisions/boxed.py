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
from decisions.notation import child, children, language, local, name, text
from decisions.types import ANY, Definitions, Types
from decisions.values import Value, kind


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
    """What reading a boxed expression needs: the names in scope, the model's types, the place.

    `entries` are names that mean something in contexts only; `wanted` is the type of what is read,
    where the element around it says one.
    """

    known: frozenset[str]
    entries: frozenset[str]
    types: Types
    definitions: Definitions
    place: str
    table: Callable[[Any, "Reader"], tree.Node]
    wanted: tree.Type = ANY

    def within(self, names: Iterable[str | None]) -> "Reader":
        """The same with more names in scope."""
        return replace(self, known=self.known | {name for name in names if name})

    def at(self, where: str) -> "Reader":
        """The same at a place inside."""
        return replace(self, place=f"{self.place}, {where}")

    def wanting(self, wanted: tree.Type) -> "Reader":
        """The same for what shall be of a type."""
        return replace(self, wanted=wanted)

    def text(self, node: Any) -> str:
        """The FEEL text that a node holds; raises DecisionError where it is in another language."""
        foreign = language(node)
        if foreign:
            raise DecisionError(
                "boxed", f"an expression in {foreign} is not executed", place=self.place,
                remedy="Write it in FEEL.",
            )  # fmt: skip
        return text(node)

    def name(self, node: Any, what: str, key: str = "name") -> str:
        """The name of a parameter, a column …; raises DecisionError where it has none."""
        found = name(node, key)
        if not found:
            raise DecisionError(
                "boxed", f"{what} has no name", place=self.place, remedy="Name it."
            )  # fmt: skip
        return found

    def literal(self, source: str) -> tree.Node:
        """The expression of a text; raises DecisionError naming the place."""
        try:
            return Written(0, source, self.place, parse(source, self.known, self.entries))
        except DecisionError as error:
            raise self.fault(error, source) from error

    def typed(self, node: tree.Node, owner: Any, named: str) -> tree.Node:
        """The expression brought to the type that an element refers to, if it refers to one."""
        return typed(node, self.named(owner), named)

    def named(self, owner: Any) -> tree.Type:
        """The type that an element refers to, Any where it refers to none."""
        reference = (owner.get("typeRef") or "") if owner is not None else ""
        return self.type(owner, reference) if reference.strip() else ANY

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


def typed(node: tree.Node, wanted: tree.Type, named: str) -> tree.Node:
    """The expression brought to a type, if it is to be of any."""
    return node if wanted.name == "Any" else Typed(0, node, wanted, named)


def read(node: Any, reader: Reader) -> tree.Node:
    """The tree of a boxed expression, brought to its type; null where there is no node.

    Raises DecisionError with the place and what is not understood.
    """
    if node is None:
        return NULL
    what = local(node)
    maker = _MAKERS[what]
    if maker is function:  # its type is that of a function, or of a result, as tools will have it
        return function(node, reader)
    wanted = reader.named(node)
    found = maker(node, reader if wanted is ANY else reader.wanting(wanted))
    return reader.typed(found, node, f"the {what}")


def expression_in(node: Any) -> Any:
    """The boxed expression that a node holds, or None."""
    if node is None:
        return None
    return next((part for part in node if local(part) in _MAKERS), None)


def _inside(node: Any, part: str, reader: Reader) -> tree.Node:
    return read(expression_in(child(node, part)), reader)


def _literal(node: Any, reader: Reader) -> tree.Node:
    if child(node, "importedValues") is not None:
        raise DecisionError(
            "boxed", "values from outside the model are not read", place=reader.place,
            remedy="Write them into the model, as a list or a relation.",
        )  # fmt: skip
    source = reader.text(node)
    return reader.literal(source) if source else NULL


def _context(node: Any, reader: Reader) -> tree.Node:
    entries: list[tuple[str, tree.Node]] = []
    rows = children(node, "contextEntry")
    for entry in rows:
        variable, value = child(entry, "variable"), expression_in(entry)
        key = name(variable)
        if not key:
            if entry is not rows[-1]:
                raise DecisionError(
                    "boxed", "an entry before the last one has no name", place=reader.place,
                    remedy="Name it; only the result at the end has none.",
                )  # fmt: skip
            return Block(0, tree.Entries(0, tuple(entries)), read(value, reader))
        if any(key == before for before, _ in entries):
            raise DecisionError(
                "boxed", f"there are two entries {key}", place=reader.place,
                remedy="Rename one of them.",
            )  # fmt: skip
        inner = reader.within([key])
        # A function may call itself; any other entry sees those before it only.
        itself = value is not None and local(value) == "functionDefinition"
        found = read(value, (inner if itself else reader).wanting(reader.named(variable)))
        entries.append((key, reader.typed(found, variable, key)))
        reader = inner
    return tree.Entries(0, tuple(entries))


def _list(node: Any, reader: Reader) -> tree.Node:
    inner = reader.wanting(reader.types.item(reader.wanted))
    return tree.Items(0, tuple(read(part, inner) for part in node if local(part) in _MAKERS))


def _relation(node: Any, reader: Reader) -> tree.Node:
    columns = children(node, "column")
    names = [reader.name(column, "a column") for column in columns]
    rows = []
    for number, row in enumerate(children(node, "row"), 1):
        here = reader.at(f"row {number}")
        cells = [cell for cell in row if local(cell) in _MAKERS]
        if len(cells) != len(columns) or len(set(names)) < len(names):
            raise DecisionError(
                "boxed", f"it has {len(cells)} cells for {len(columns)} columns of different names",
                place=here.place, remedy="Fill every cell, if with null.",
            )  # fmt: skip
        typed = (
            (key, here.typed(read(cell, here.wanting(here.named(column))), column, key))
            for column, key, cell in zip(columns, names, cells, strict=True)
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
    names = tuple(reader.name(parameter, "a parameter") for parameter in parameters)
    if len(set(names)) < len(names):
        raise DecisionError(
            "boxed", "two parameters have one name", place=reader.place, remedy="Rename one."
        )
    types = tuple(None if (of := reader.named(one)) is ANY else of for one in parameters)
    return tree.Lambda(0, names, types, read(expression_in(node), reader.within(names)))


def _invocation(node: Any, reader: Reader) -> tree.Node:
    bindings = children(node, "binding")
    parameters = [child(binding, "parameter") for binding in bindings]
    names = tuple(reader.name(parameter, "a binding") for parameter in parameters)
    arguments = tuple(
        reader.typed(
            read(expression_in(binding), reader.wanting(reader.named(parameter))), parameter, key
        )
        for binding, parameter, key in zip(bindings, parameters, names, strict=True)
    )
    called = expression_in(node)
    if called is not None and local(called) == "literalExpression":
        callee = _literal(called, reader)
        # The name alone, so that a built-in function is found too.
        callee = callee.node if isinstance(callee, Written) else callee
    else:
        callee = read(called, reader)
    return tree.Call(0, callee, arguments, names)


def _conditional(node: Any, reader: Reader) -> tree.Node:
    test = _inside(node, "if", reader.wanting(ANY))
    return tree.If(0, test, _inside(node, "then", reader), _inside(node, "else", reader))


def _filter(node: Any, reader: Reader) -> tree.Node:
    item = reader.within(["item", *reader.entries])  # an entry of the item is in sight
    test = _inside(node, "match", item.wanting(ANY))
    return tree.Filter(0, _inside(node, "in", reader), test)


def _for(node: Any, reader: Reader) -> tree.Node:
    key = reader.name(node, "the loop's variable", "iteratorVariable")
    inner = reader.within([key, "partial"]).wanting(reader.types.item(reader.wanted))
    walk = ((key, _inside(node, "in", reader.wanting(ANY))),)
    return tree.For(0, walk, _inside(node, "return", inner))


def _quantified(node: Any, reader: Reader) -> tree.Node:
    key = reader.name(node, "the loop's variable", "iteratorVariable")
    body = _inside(node, "satisfies", reader.within([key]).wanting(ANY))
    walk = ((key, _inside(node, "in", reader.wanting(ANY))),)
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
    outside, builder.where = builder.where, node.place
    with builder.reading(node.text):
        closure: Closure = builder.build(node.node)
    builder.where = outside
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

    def brought(frame: Frame) -> Value:
        value = closure(frame)
        if value is None:
            return None
        fits, found = check(frame.run.weighed(value))
        if fits:
            return found
        return frame.run.fail(place, f"{named} cannot be {kind(value)}, it is {wanted.name}")

    return brought

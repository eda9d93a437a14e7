"""The text of a tree, in one canonical form that reads back as the same tree.

There are as few brackets as the grammar needs (DMN 1.5 §10.3.1.2), except that a condition, loop
or function beside an operator keeps its own, which nobody should have to guess.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from decisions.feel import tree
from decisions.feel.builtins.registry import BUILTINS
from decisions.feel.cursor import KEYWORDS
from decisions.feel.pieces import Closing, Known, Opening, Piece, joined
from decisions.feel.spelling import constant, key_text, last_name, type_text
from decisions.feel.type_grammar import SPACED

_Writer = TypeVar("_Writer", bound=Callable[["_Printer", Any], None])
_WRITERS: dict[type[tree.Node], Callable[["_Printer", Any], None]] = {}

# How tightly forms bind; what is not listed needs no brackets anywhere.
_OPERAND, _UNARY, _POSTFIXED = 4, 7, 9
_OPERATORS = {"or": 1, "and": 2, "+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_LEVELS: dict[type[tree.Node], int] = {
    **dict.fromkeys((tree.If, tree.For, tree.Quantified, tree.Lambda), 0),
    **dict.fromkeys((tree.Comparison, tree.Between, tree.In), 3),
    tree.Negation: 7,
    tree.InstanceOf: 8,
}
_TYPES_THAT_GO_ON = (*SPACED, "list <", "range <", "context <", "function <")
# A `[` before one of these ends a range `]a..b[`; a filter cannot begin with them there.
_ENDS_RANGE = KEYWORDS - {"if", "for", "some", "every", "function", "true", "false"}


def printed(node: tree.Node, names: Iterable[str] = ()) -> str:
    """The FEEL text of a tree; `names` are those that were known when it was read."""
    printer = _Printer()
    printer.put(node)
    return joined(printer.pieces, [*(name for name in BUILTINS if " " in name), *names])


def _writes(*kinds: type[tree.Node]) -> Callable[[_Writer], _Writer]:
    def register(writer: _Writer) -> _Writer:
        _WRITERS.update(dict.fromkeys(kinds, writer))
        return writer

    return register


class _Printer:
    """The pieces so far."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def say(self, *pieces: Piece) -> None:
        """Signs and words."""
        self.pieces.extend(pieces)

    def put(self, node: tree.Node, least: int = 0) -> None:
        """A form, in brackets when it binds less tightly than the place demands."""
        if _level(node) < least:
            self.list("(", [node], ")")
        else:
            _WRITERS[type(node)](self, node)

    def list(self, start: str, nodes: Iterable[tree.Node], end: str, least: int = 0) -> None:
        """Forms with commas between them, within brackets."""
        self.say(start)
        for number, node in enumerate(nodes):
            self.say(", " if number else "")
            self.put(node, least)
        self.say(end)

    def begins_with(self, at: int, words: Iterable[str]) -> bool:
        """Whether the first word said since a place is one of these."""
        said = "".join(piece for piece in self.pieces[at:] if isinstance(piece, str))
        return re.match(r"\w*", said)[0] in words  # type: ignore[index]


def _level(node: tree.Node) -> int:
    if isinstance(node, tree.Arithmetic | tree.Logic):
        return _OPERATORS[node.operator]
    return _LEVELS.get(type(node), _POSTFIXED)


@_writes(tree.Literal)
def _literal(printer: _Printer, node: tree.Literal) -> None:
    printer.say(constant(node.value))


@_writes(tree.Name)
def _name(printer: _Printer, node: tree.Name) -> None:
    opening = Opening()
    printer.say(opening, node.name, Closing(opening, node.name))


@_writes(tree.Path)
def _path(printer: _Printer, node: tree.Path) -> None:
    opening = Opening()
    printer.say(opening)
    printer.put(node.base, _POSTFIXED)
    printer.say(".", node.name, Closing(opening, node.name))


@_writes(tree.Filter)
def _filter(printer: _Printer, node: tree.Filter) -> None:
    printer.put(node.base, _POSTFIXED)
    at = len(printer.pieces)
    printer.list("[", [node.test], "]")
    if printer.begins_with(at + 1, _ENDS_RANGE):
        printer.pieces[at] = "[("
        printer.pieces[-1] = ")]"


@_writes(tree.Call)
def _call(printer: _Printer, node: tree.Call) -> None:
    printer.put(node.callee, _POSTFIXED)
    if node.names is None:
        return printer.list("(", node.arguments, ")")
    printer.say("(")
    for number, (name, argument) in enumerate(zip(node.names, node.arguments, strict=True)):
        printer.list(f"{', ' if number else ''}{key_text(name)}: ", [argument], "")
    printer.say(")")
    return None


@_writes(tree.Negation)
def _negation(printer: _Printer, node: tree.Negation) -> None:
    printer.say("-")
    # The sign of a number may bind more tightly than `instance of`.
    typed = isinstance(node.operand, tree.InstanceOf)
    printer.put(node.operand, _POSTFIXED if typed else _UNARY)


@_writes(tree.Arithmetic, tree.Comparison, tree.Logic)
def _binary(printer: _Printer, node: tree.Arithmetic | tree.Comparison | tree.Logic) -> None:
    printer.put(node.left, _level(node))
    printer.say(f" {node.operator} ")
    printer.put(node.right, _level(node) + 1)


@_writes(tree.Between)
def _between(printer: _Printer, node: tree.Between) -> None:
    printer.put(node.value, _level(node))
    printer.say(" between ")
    printer.put(node.low, _OPERAND)
    printer.say(" and ")
    printer.put(node.high, _OPERAND)


@_writes(tree.In)
def _in(printer: _Printer, node: tree.In) -> None:
    printer.put(node.value, _level(node))
    printer.say(" in ")
    at = len(printer.pieces)
    printer.list("(", node.tests, ")", _OPERAND)
    if len(node.tests) == 1 and _stands_alone(printer, at + 1, node.tests[0]):
        printer.pieces[at] = printer.pieces[-1] = ""


def _stands_alone(printer: _Printer, at: int, test: tree.Node) -> bool:
    """Whether the only test of `in` needs no brackets; its own would be taken for them."""
    if isinstance(test, tree.Test) or (isinstance(test, tree.Interval) and not test.sign):
        return True
    said = "".join(piece for piece in printer.pieces[at:] if isinstance(piece, str))
    return not said.startswith("(")


@_writes(tree.Test)
def _test(printer: _Printer, node: tree.Test) -> None:
    printer.say(f"{node.operator} ")
    printer.put(node.operand, _OPERAND)


@_writes(tree.Tests)
def _tests(printer: _Printer, node: tree.Tests) -> None:
    if not node.tests:
        return printer.say("-")
    alone = len(node.tests) == 1 and not node.negated
    printer.say("not(" if node.negated else "")
    for number, test in enumerate(node.tests):
        printer.say(", " if number else "")
        printer.put(test, _POSTFIXED + 1 if alone and _is_not(test) else 0)
    return printer.say(")" if node.negated else "")


def _is_not(node: tree.Node) -> bool:
    """Whether this is a call of `not`, which alone in a cell would negate the cell."""
    callee = node.callee if isinstance(node, tree.Call) else None
    return isinstance(callee, tree.Name) and callee.name == "not"


@_writes(tree.Type)
def _type(printer: _Printer, node: tree.Type) -> None:
    printer.say(type_text(node))


@_writes(tree.InstanceOf)
def _instance_of(printer: _Printer, node: tree.InstanceOf) -> None:
    opening = Opening()
    printer.say(opening)
    printer.put(node.value, _level(node))
    printer.say(" instance of ", type_text(node.type))
    printer.say(Closing(opening, last_name(node.type), _TYPES_THAT_GO_ON))


@_writes(tree.If)
def _if(printer: _Printer, node: tree.If) -> None:
    for word, part in (("if ", node.condition), (" then ", node.yes), (" else ", node.no)):
        printer.say(word)
        printer.put(part)


@_writes(tree.For)
def _for(printer: _Printer, node: tree.For) -> None:
    _loop(printer, "for", node.iterators, "return", node.body)


@_writes(tree.Quantified)
def _quantified(printer: _Printer, node: tree.Quantified) -> None:
    _loop(printer, "every" if node.every else "some", node.iterators, "satisfies", node.body)


def _loop(
    printer: _Printer, start: str, iterators: Iterable[tree.Iterator], end: str, body: tree.Node
) -> None:
    printer.say(start)
    for number, (name, domain) in enumerate(iterators):
        printer.list(f"{', ' if number else ' '}{name} in ", [domain], "")
        printer.say(Known(name))
    printer.say(f" {end} ")
    printer.put(body)


@_writes(tree.Items)
def _items(printer: _Printer, node: tree.Items) -> None:
    printer.list("[", node.items, "]")


@_writes(tree.Entries)
def _entries(printer: _Printer, node: tree.Entries) -> None:
    printer.say("{")
    for number, (key, value) in enumerate(node.entries):
        printer.list(f"{', ' if number else ''}{key_text(key)}: ", [value], "")
        printer.say(Known(key))
    printer.say("}")


@_writes(tree.Interval)
def _interval(printer: _Printer, node: tree.Interval) -> None:
    if node.sign:
        end = node.start if node.sign in (">", ">=") else node.end
        return printer.list(f"({node.sign} ", [end], ")", _OPERAND)
    if node.walk:
        printer.list("", [node.start], "..")
        return printer.list("", [node.end], "")
    printer.list("[" if node.start_included else "(", [node.start], "..", _OPERAND)
    return printer.list("", [node.end], "]" if node.end_included else ")", _OPERAND)


@_writes(tree.Lambda)
def _lambda(printer: _Printer, node: tree.Lambda) -> None:
    printer.say("function(")
    for number, (name, of) in enumerate(zip(node.parameters, node.types, strict=True)):
        printer.say(f"{', ' if number else ''}{name}", Known(name))
        printer.say("" if of is None else f": {type_text(of)}")
    printer.say(") ")
    at = len(printer.pieces)
    printer.list("", [node.body], "")
    if printer.begins_with(at, {"external"}):
        printer.pieces[at] = "("
        printer.pieces[-1] = ")"

"""Types with names of their own: the item definitions of a model (DMN 1.5 §7.3.3).

An item definition becomes a FEEL type: components a context, a collection a list, a function item
a function. Its allowed values and constraints are unary tests beside it. A component with such
tests is a type of its own, named after its place: `tPerson/age`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from decisions.errors import DecisionError
from decisions.feel.function_types import resolved
from decisions.feel.kinds import Check, conforming
from decisions.feel.parser import parse_type
from decisions.feel.tree import Type
from decisions.notation import child, children, content, flag, language, local, name, text
from decisions.values import Value

ANY = Type(0, "Any")
_BASIC = {
    "any": "Any", "Any": "Any", "number": "number", "string": "string", "boolean": "boolean",
    "date": "date", "time": "time", "date and time": "date and time", "dateTime": "date and time",
    "days and time duration": "days and time duration", "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration", "list": "list", "context": "context",
    "function": "function", "range": "range",
    # what Camunda 7 writes
    "integer": "number", "long": "number", "double": "number",
    # what Drools and Kogito write for no type
    "<Undefined>": "Any",
}  # fmt: skip

Tests = Callable[[Value], bool]
"""Whether a value is among those that a type allows."""


@dataclass(frozen=True, slots=True, eq=False)
class Types:
    """The named types of a model as FEEL types, and their allowed values as they are written."""

    trees: Mapping[str, Type] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    """For the order of a table's results."""

    @classmethod
    def of(cls, definitions: Mapping[str, str]) -> "Types":
        """Types written as FEEL types; raises ExpressionInvalid."""
        return cls({name: parse_type(text, definitions) for name, text in definitions.items()})

    def base(self, wanted: Type) -> str:
        """The FEEL name of the type that a name stands for at last."""
        return resolved(wanted, self.trees)[1].name

    def allowed(self, wanted: Type) -> str:
        """The values that a type allows, as they are written; "" where it allows all."""
        for _ in range(len(self.trees) + 1):  # a type may stand for another one
            if wanted.name in self.texts:
                return self.texts[wanted.name]
            if wanted.name not in self.trees:
                break
            wanted = self.trees[wanted.name]
        return ""

    def item(self, wanted: Type) -> Type:
        """The type of the items of a list."""
        found = resolved(wanted, self.trees)[1]
        return found.parts[0] if found.name == "list" and found.parts else ANY

    def result(self, wanted: Type) -> Type:
        """The type of what a function gives, where the type is that of a function."""
        found = resolved(wanted, self.trees)[1]
        if found.name != "function":
            return wanted
        return found.parts[-1] if found.parts else ANY

    def component(self, wanted: Type, key: str) -> Type:
        """The type of an entry of a context."""
        found = resolved(wanted, self.trees)[1]
        return dict(zip(found.keys, found.parts, strict=False)).get(key, ANY)

    def check(self, wanted: Type) -> Check:
        """The function that says whether a value can be one of the type, and gives it as such."""
        return conforming(wanted, self.trees)


NONE = Types()
"""No named types."""


@dataclass(frozen=True, slots=True)
class Definitions:
    """What reading the item definitions of a file needs.

    `prefix` stands before the file's own names: "" in the file itself, `alias.` in one that imports
    it. `namespaces` are those of its imports, by which a prefix of XML names them in DMN 1.1.
    """

    prefix: str
    namespaces: Mapping[str, str]
    own: frozenset[str]
    compile: Callable[[str], Tests]

    def type(self, node: Any, reference: str) -> Type:
        """The type that an element refers to; raises DecisionError where there is none."""
        found = self._name(node, " ".join(reference.split()))
        if found in self.own:
            return Type(0, f"{self.prefix}{found}")
        if found not in _BASIC:
            raise DecisionError(
                "type", f"there is no type {reference}", remedy="Define it, or name another one."
            )
        return Type(0, _BASIC[found])

    def _name(self, node: Any, reference: str) -> str:
        """The reference without a prefix of XML, which DMN 1.1 writes before a name."""
        before, colon, last = reference.rpartition(":")
        if not colon or reference in self.own:
            return reference
        alias = self.namespaces.get(node.nsmap.get(before, before), "")
        return f"{alias}.{last}" if alias else last

    def read(self, root: Any) -> Types:
        """The types of a file; raises DecisionError with the definition at fault."""
        trees: dict[str, Type] = {}
        texts: dict[str, str] = {}
        for node in children(root, "itemDefinition"):
            for key, found, written in self._item(node, name(node)):
                if f"{self.prefix}{key}" in trees:
                    raise _fault(key, "there are two types of this name", "Rename one of them.")
                trees[f"{self.prefix}{key}"] = found
                if written:
                    texts[f"{self.prefix}{key}"] = written
        _refuse_circles(trees)
        return Types(trees, texts)

    def _item(self, node: Any, key: str) -> Iterator[tuple[str, Type, str]]:
        """A definition and those of its components: name, type, allowed values as written."""
        if not name(node):
            raise _fault(key, "a type or a component has no name", "Name it.")
        try:
            yield from self._defined(node, key)
        except DecisionError as error:
            if error.place.startswith("itemDefinition"):  # of a component
                raise
            raise DecisionError(
                error.code, str(error), place=f"itemDefinition {key}", remedy=error.remedy
            ) from error

    def _defined(self, node: Any, key: str) -> Iterator[tuple[str, Type, str]]:
        parts = children(node, "itemComponent")
        for part in parts:
            yield from self._item(part, f"{key}/{name(part)}")
        item = self._base(node, key, parts)
        values = _tests(child(node, "allowedValues"))
        constraint = _tests(child(node, "typeConstraint"))
        if not flag(node, "isCollection"):
            both = [self.compile(tests) for tests in (values, constraint) if tests]
            yield key, _allowing(item, both), values or constraint
            return
        if values:  # what is allowed is said of each item, a constraint of the whole
            yield f"{key}/*", _allowing(item, [self.compile(values)]), values
            item = Type(0, f"{self.prefix}{key}/*")
        limits = [self.compile(constraint)] if constraint else []
        yield key, _allowing(Type(0, "list", (item,)), limits), constraint

    def _base(self, node: Any, key: str, parts: list[Any]) -> Type:
        if parts:
            keys = tuple(map(name, parts))
            inner = tuple(Type(0, f"{self.prefix}{key}/{part}") for part in keys)
            return Type(0, "context", inner, keys)
        function = child(node, "functionItem")
        if function is not None:
            given = [
                self.type(part, part.get("typeRef") or "Any")
                for part in function
                if local(part) == "parameters"
            ]
            result = self.type(function, function.get("outputTypeRef") or "Any")
            return Type(0, "function", (*given, result))
        reference = child(node, "typeRef")  # a prefix of XML may be bound there
        return self.type(reference, content(reference) or "Any")


def _fault(key: str, message: str, remedy: str) -> DecisionError:
    return DecisionError("type", message, place=f"itemDefinition {key}", remedy=remedy)


def _tests(node: Any) -> str:
    """The unary tests that a definition holds; raises DecisionError for those not in FEEL."""
    foreign = language(node)
    if foreign:
        raise DecisionError("type", f"tests in {foreign} are not read", remedy="Write FEEL.")
    return text(node)


def _refuse_circles(trees: Mapping[str, Type]) -> None:
    """Raise DecisionError where a name stands for itself at last.

    A component or an item may well be of the type around it: a tree of values ends somewhere.
    """
    for key in trees:
        seen, at = {key}, trees[key].name
        while at in trees and at not in seen:
            seen.add(at)
            at = trees[at].name
        if at == key:
            raise _fault(key, "the type stands for itself", "Name a type that says what it is.")


def _allowing(item: Type, tests: list[Tests]) -> Type:
    """The type with these tests of its values, which stand for another type where it is one."""
    if not tests:
        return item
    return replace(item, allows=lambda value: all(test(value) for test in tests))

"""Types with names of their own: the item definitions of a model (DMN 1.5 §7.3.3).

An item definition becomes a FEEL type: components a context, a collection a list, a function item
a function. Its allowed values and constraints are unary tests beside it. A component with such
tests is a type of its own, named after its place: `tPerson/age`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from decisions.errors import DecisionError
from decisions.feel.kinds import conforming
from decisions.feel.parser import parse_type
from decisions.feel.tree import Type
from decisions.notation import child, children, content, local, text
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
}  # fmt: skip

Tests = Callable[[Value], bool]
"""Whether a value is among those that a type allows."""


@dataclass(frozen=True, slots=True, eq=False)
class Types:
    """The named types of a model: as FEEL types, and what else a value of each must be."""

    trees: Mapping[str, Type] = field(default_factory=dict)
    tests: Mapping[str, Tests] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    """The allowed values of each type as they are written, for the order of a table's results."""

    @classmethod
    def of(cls, definitions: Mapping[str, str]) -> "Types":
        """Types written as FEEL types; raises ExpressionInvalid."""
        return cls({name: parse_type(text, definitions) for name, text in definitions.items()})

    def base(self, wanted: Type) -> str:
        """The FEEL name of the type that a name stands for at last."""
        for _ in self.trees:  # a definition that names itself ends too
            if wanted.name not in self.trees:
                break
            wanted = self.trees[wanted.name]
        return wanted.name

    def coerced(self, value: Value, wanted: Type) -> tuple[bool, Value]:
        """Whether the value can be one of the type, and it as such (DMN 1.5 §10.3.2.9.4)."""
        fits, found = conforming(wanted, self.trees)(value)
        if fits and found is not None and self.tests and not self._allowed(found, wanted):
            return False, None
        return fits, found

    def _allowed(self, value: Value, wanted: Type) -> bool:
        if value is None:
            return True
        if (test := self.tests.get(wanted.name)) is not None and not test(value):
            return False
        if (named := self.trees.get(wanted.name)) is not None:
            return self._allowed(value, named)
        if isinstance(value, list) and wanted.name == "list" and wanted.parts:
            return all(self._allowed(item, wanted.parts[0]) for item in value)
        if isinstance(value, Mapping) and wanted.keys:
            pairs = zip(wanted.keys, wanted.parts, strict=True)
            return all(self._allowed(value.get(key), part) for key, part in pairs)
        return True


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
        name = self._name(node, reference)
        if name in self.own or "." in name:
            return Type(0, f"{self.prefix}{name}")
        if name not in _BASIC:
            raise DecisionError(
                "type", f"there is no type {reference}", remedy="Define it, or name another one."
            )
        return Type(0, _BASIC[name])

    def _name(self, node: Any, reference: str) -> str:
        """The reference without a prefix of XML, which DMN 1.1 writes before a name."""
        before, colon, name = reference.strip().rpartition(":")
        if not colon or reference in self.own:
            return reference.strip()
        uri = node.nsmap.get(before, before)
        alias = "" if uri.rstrip("/").endswith("FEEL") else self.namespaces.get(uri, "")
        return f"{alias}.{name}" if alias else name

    def read(self, root: Any) -> Types:
        """The types of a file; raises DecisionError with the definition at fault."""
        trees: dict[str, Type] = {}
        tests: dict[str, Tests] = {}
        texts: dict[str, str] = {}
        for node in children(root, "itemDefinition"):
            for name, found, allowed, written in self._item(node, str(node.get("name"))):
                trees[f"{self.prefix}{name}"] = found
                if allowed is not None:
                    tests[f"{self.prefix}{name}"] = allowed
                    texts[f"{self.prefix}{name}"] = written
        return Types(trees, tests, texts)

    def _item(self, node: Any, name: str) -> Iterator[tuple[str, Type, Tests | None, str]]:
        """A definition and those of its components: name, type, tests, and how they are written."""
        try:
            yield from self._defined(node, name)
        except DecisionError as error:
            raise DecisionError(
                error.code, error.message, place=error.place or f"itemDefinition {name}",
                remedy=error.remedy,
            ) from error  # fmt: skip

    def _defined(self, node: Any, name: str) -> Iterator[tuple[str, Type, Tests | None, str]]:
        parts = children(node, "itemComponent")
        for part in parts:
            yield from self._item(part, f"{name}/{part.get('name')}")
        item = self._base(node, name, parts)
        values, constraint = text(child(node, "allowedValues")), text(child(node, "typeConstraint"))
        allowed = self.compile(values) if values else None
        limited = self.compile(constraint) if constraint else None
        if node.get("isCollection") != "true":
            yield name, item, _both(allowed, limited), values or constraint
            return
        if allowed is not None:  # what is allowed is said of each item, a constraint of the whole
            yield f"{name}/*", item, allowed, values
            item = Type(0, f"{self.prefix}{name}/*")
        yield name, Type(0, "list", (item,)), limited, constraint

    def _base(self, node: Any, name: str, parts: list[Any]) -> Type:
        if parts:
            keys = tuple(str(part.get("name")) for part in parts)
            inner = tuple(Type(0, f"{self.prefix}{name}/{key}") for key in keys)
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
        return self.type(node, content(child(node, "typeRef")) or "Any")


def _both(one: Tests | None, other: Tests | None) -> Tests | None:
    if one is None or other is None:
        return one or other
    return lambda value: one(value) and other(value)

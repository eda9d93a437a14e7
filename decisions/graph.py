"""The requirements graph of a model (DMN 1.5 §6): its elements, read and compiled.

An element sees what it requires, under the names of the model, and the variables that are given
from outside. The name of an element that it does not require means nothing to it. What it imports
stands below the name of the import; the values given below that name are the imported model's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import unquote

from decisions import boxed, policies, tables
from decisions.boxed import Boxes, Reader
from decisions.errors import DecisionError
from decisions.feel import tree
from decisions.feel.frame import Closure
from decisions.feel.kinds import Check
from decisions.notation import child, local, name, targets
from decisions.tables import Table
from decisions.types import Definitions, Types

FORMS = (policies,)
"""What compiles the forms that FEEL has not: they register when they are imported."""
ELEMENTS = {
    "decision": "decision", "inputData": "input", "businessKnowledgeModel": "function",
    "decisionService": "service",
}  # fmt: skip
"""The elements of a graph that have a value."""
Above: TypeAlias = tuple[tuple[int, str], ...]
"""The elements whose requirements are being followed: each its file and its key."""
CHAIN = 100
"""Elements that require one another in a row: each one costs stack."""


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """An element of the graph, with what it requires: the namespace ("" for its own) and element.

    `height` counts the elements of the longest row of requirements below it, with itself.
    `hidden` are the names of elements that it does not require, `reads` the names its logic may
    read, `certain` those it reads for certain, `library` the functions it calls that the standard
    does not know, `aliases` the names of imports.
    """

    key: str
    name: str
    kind: str
    type: tree.Type
    check: Check
    requires: tuple[tuple[str, "Element"], ...] = ()
    height: int = 1
    hidden: frozenset[str] = frozenset()
    logic: Closure = lambda _: None
    reads: frozenset[str] = frozenset()
    certain: frozenset[str] = frozenset()
    library: frozenset[str] = frozenset()
    tables: tuple[Table, ...] = ()
    parameters: tuple[tuple[str, "Element"], ...] = ()
    outputs: tuple[tuple[str, "Element"], ...] = ()
    aliases: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """How messages name it."""
        return f"decision {self.name}"


@dataclass(frozen=True, slots=True)
class Import:
    """An imported model, the name before the names of its elements ("" for none), its file."""

    alias: str
    location: str
    graph: "Graph"

    @property
    def types(self) -> frozenset[str]:
        """The names of its own types."""
        return self.graph.scope.definitions.own


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Everything that a file defines or imports, before it is compiled.

    `names` are those of elements and imports, `entries` those that stand behind a point: of
    components and of what is imported.
    """

    namespace: str
    nodes: Mapping[str, Any]
    types: Types
    definitions: Definitions
    names: frozenset[str]
    entries: frozenset[str]
    imports: Mapping[str, Import]
    """By namespace."""


@dataclass(slots=True, eq=False)
class Graph:
    """The compiled elements of one file, by key; compiled when they are asked for."""

    scope: Scope
    elements: dict[str, Element] = field(default_factory=dict)
    names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Gather the names of the elements of the file."""
        self.names = frozenset(name(node) or key for key, node in self.scope.nodes.items())

    def element(self, key: str, above: Above = ()) -> Element:
        """The element of that key; raises DecisionError where it cannot be taken."""
        if key not in self.elements:
            self.elements[key] = self._compiled(key, above)
        return self.elements[key]

    def _compiled(self, key: str, above: Above) -> Element:
        node = self.scope.nodes[key]
        called, what = name(node) or key, ELEMENTS[local(node)]
        place = f"decision {called}"
        if len(above) > CHAIN:
            raise _too_long(place)
        if (id(self), key) in above:
            raise DecisionError(
                "cycle", "the decision requires itself", place=place,
                remedy="Take one requirement of the circle away.",
            )  # fmt: skip
        wanted = self._type(node, place)
        types = self.scope.types
        # The variable of a service has its type or, in older files, that of its result.
        given = types.result(wanted) if what == "service" else wanted
        made = Element(key, called, what, wanted, types.check(given))
        if what == "input":
            return made
        above = (*above, (id(self), key))
        requires = tuple(self._required(node, made, above))
        _refuse_requirements(requires, place)
        own = {one.name for _, one in requires}
        own |= {called} if what == "function" else set()  # which may call itself
        aliases = frozenset(one.alias for one in self.scope.imports.values()) - {""}
        made = replace(
            made, requires=requires, hidden=self.names - own, aliases=aliases,
            height=1 + max((one.height for _, one in requires), default=0),
        )  # fmt: skip
        if what == "service":
            return self._service(node, made, above)
        return self._with_logic(node, made)

    def _type(self, node: Any, place: str) -> tree.Type:
        variable = child(node, "variable")
        reference = (variable.get("typeRef") or "") if variable is not None else ""
        try:
            return self.scope.definitions.type(variable, reference or "Any")
        except DecisionError as error:
            raise DecisionError(
                error.code, error.message, place=place, remedy=error.remedy
            ) from error

    def _required(self, node: Any, made: Element, above: Above) -> Iterator[tuple[str, Element]]:
        hrefs = [
            reference.get("href")
            for requirement in node
            if local(requirement) in ("informationRequirement", "knowledgeRequirement")
            for reference in requirement
            if reference.get("href")
        ]
        for href in dict.fromkeys(hrefs):
            itself = made.kind == "function" and self._meant(href) == ("", made.key)
            if not itself:
                yield self._target(href, made.place, above)

    def _meant(self, href: str) -> tuple[str, str]:
        """The namespace ("" for the file itself) and the id that a reference names.

        It is a URI: what no URI holds may be written with percent signs. Before the id stands a
        namespace, or the place of an imported file.
        """
        before, _, key = href.strip().rpartition("#")
        imports = self.scope.imports
        located = (uri for uri, one in imports.items() if one.location and one.location == before)
        source = "" if before == self.scope.namespace else next(located, before)
        if source and source not in imports:
            return source, key
        nodes = imports[source].graph.scope.nodes if source else self.scope.nodes
        return source, key if key in nodes else unquote(key)

    def _target(self, href: str, place: str, above: Above) -> tuple[str, Element]:
        """The namespace ("" for the file itself) and the element that a reference means."""
        source, key = self._meant(href)
        imported = self.scope.imports.get(source)
        graph = imported.graph if imported else self
        if key not in graph.scope.nodes or (source and imported is None):
            raise DecisionError(
                "requirement", f"it requires {href.lstrip('#')}, which is not in the file",
                place=place,
                remedy="Draw the requirement anew, or import the model that it comes from.",
            )  # fmt: skip
        return source, graph.element(key, above)

    def _service(self, node: Any, made: Element, above: Above) -> Element:
        """A decision service: its inputs are parameters, input data first (§6.3.9)."""

        def found(what: str) -> Iterator[tuple[str, Element]]:
            for href in targets(node, what):
                yield self._target(href, made.place, above)

        outputs = tuple(found("outputDecision"))
        _refuse_requirements(outputs, made.place)
        if not outputs:
            raise DecisionError("service", "the service has no output decision", place=made.place)
        parameters = (*found("inputData"), *found("inputDecision"))
        _refuse_requirements(parameters, made.place)
        reads = frozenset(one.name for _, one in parameters)
        return replace(made, parameters=parameters, outputs=outputs, reads=reads, certain=reads,
                       hidden=made.hidden - reads,
                       height=1 + max(one.height for _, one in outputs))  # fmt: skip

    def _with_logic(self, node: Any, made: Element) -> Element:
        read: list[Table] = []

        def table(at: Any, reader: Reader) -> tree.Node:
            read.append(tables.read(at, reader))
            return read[-1]

        known = self.scope.names - made.hidden
        result = made.type if made.kind == "decision" else self.scope.types.result(made.type)
        reader = Reader(
            known,
            self.scope.entries,
            self.scope.types,
            self.scope.definitions,
            made.place,
            table,
            result,
        )
        body = boxed.read(boxed.expression_in(node), reader)
        if made.kind == "function" and isinstance(body, tree.Lambda):
            # The variable of a function has its type or, in older files, that of its result.
            body = replace(body, body=boxed.typed(body.body, result, made.name))
        elif made.kind == "decision":
            body = boxed.typed(body, made.type, made.name)
        builder = Boxes(frozenset(known), self.scope.types, made.place)
        try:
            logic = builder.build(body)
        except DecisionError as error:  # it is too large; it is FEEL, or it would not be read
            raise DecisionError(
                error.code, error.message, place=builder.where, remedy=error.remedy
            ) from error
        return replace(
            made, logic=logic, reads=frozenset(builder.free), certain=frozenset(builder.certain),
            library=frozenset(builder.library), tables=tuple(read),
        )  # fmt: skip


def _refuse_requirements(required: tuple[tuple[str, Element], ...], place: str) -> None:
    """Raise DecisionError where what is required cannot be told apart, or is too deep a row."""
    names = [(source, one.name) for source, one in required]
    twice = {one for source, one in names if names.count((source, one)) > 1}
    if twice:
        raise DecisionError(
            "requirement", f"it requires several elements named {min(twice)}", place=place,
            remedy="Rename one of them.",
        )  # fmt: skip
    if any(one.height >= CHAIN for _, one in required):
        raise _too_long(place)


def _too_long(place: str) -> DecisionError:
    return DecisionError(
        "requirement", f"more than {CHAIN} elements require one another in a row",
        place=place, remedy="Join some of the decisions.",
    )  # fmt: skip

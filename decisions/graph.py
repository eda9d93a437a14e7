"""The requirements graph of a model (DMN 1.5 §6): its elements, compiled, and how they are taken.

An element sees what it requires, under the names of the model, and the variables that are given
from outside. The name of an element that it does not require means nothing to it. What it imports
stands below the name of the import; the values given below that name are the imported model's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from decisions import boxed, policies, tables
from decisions.boxed import Boxes, Reader
from decisions.errors import DecisionError
from decisions.evaluation import Evaluation
from decisions.feel import tree
from decisions.feel.builtins.registry import Impossible
from decisions.feel.frame import Closure, Frame
from decisions.feel.kinds import Check
from decisions.notation import child, local, targets
from decisions.tables import Table
from decisions.types import Definitions, Types
from decisions.values import Function, Value, kind

FORMS = (policies,)
"""What compiles the forms that FEEL has not: they register when they are imported."""
ELEMENTS = {
    "decision": "decision", "inputData": "input", "businessKnowledgeModel": "function",
    "decisionService": "service",
}  # fmt: skip
"""The elements of a graph that have a value."""


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """An element of the graph, with what it requires: the namespace ("" for its own) and element.

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
    hidden: frozenset[str] = frozenset()
    logic: Closure = lambda _: None
    reads: frozenset[str] = frozenset()
    certain: frozenset[str] = frozenset()
    library: frozenset[str] = frozenset()
    tables: tuple[Table, ...] = ()
    parameters: tuple["Element", ...] = ()
    outputs: tuple[tuple[str, "Element"], ...] = ()
    aliases: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """How messages name it."""
        return f"decision {self.name}"


@dataclass(frozen=True, slots=True)
class Import:
    """An imported model, and the name before the names of its elements; "" for none."""

    alias: str
    graph: "Graph"

    @property
    def types(self) -> frozenset[str]:
        """The names of its own types."""
        return self.graph.scope.definitions.own


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Everything that a file defines or imports, before it is compiled."""

    nodes: Mapping[str, Any]
    types: Types
    definitions: Definitions
    names: frozenset[str]
    imports: Mapping[str, Import]
    """By namespace."""


@dataclass(slots=True, eq=False)
class Graph:
    """The compiled elements of one file, by key; compiled when they are asked for."""

    scope: Scope
    elements: dict[str, Element] = field(default_factory=dict)

    def element(self, key: str, above: tuple[str, ...] = ()) -> Element:
        """The element of that key; raises DecisionError where it cannot be taken."""
        if key not in self.elements:
            self.elements[key] = self._compiled(key, above)
        return self.elements[key]

    def _compiled(self, key: str, above: tuple[str, ...]) -> Element:
        node = self.scope.nodes[key]
        name, what = node.get("name") or key, ELEMENTS[local(node)]
        place = f"decision {name}"
        if key in above:
            raise DecisionError("cycle", "the decision requires itself", place=place)
        wanted = self._type(node, place)
        made = Element(key, name, what, wanted, self.scope.types.check(wanted))
        if what == "input":
            return made
        requires = tuple(self._required(node, place, (*above, key)))
        own = {one.name for _, one in requires}
        aliases = frozenset(one.alias for one in self.scope.imports.values()) - {""}
        made = replace(made, requires=requires, hidden=self._names() - own, aliases=aliases)
        if what == "service":
            return self._service(node, made, (*above, key))
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

    def _required(
        self, node: Any, place: str, above: tuple[str, ...]
    ) -> Iterator[tuple[str, Element]]:
        for requirement in node:
            if local(requirement) in ("informationRequirement", "knowledgeRequirement"):
                for reference in requirement:
                    if reference.get("href"):
                        yield self._target(reference.get("href"), place, above)

    def _target(self, href: str, place: str, above: tuple[str, ...]) -> tuple[str, Element]:
        """The namespace ("" for the file itself) and the element that a reference means."""
        namespace, _, key = href.rpartition("#")
        source = namespace if namespace in self.scope.imports else ""
        graph = self.scope.imports[source].graph if source else self
        node = graph.scope.nodes.get(key)
        if node is None or local(node) not in ELEMENTS:
            raise DecisionError(
                "requirement", f"it requires {href.lstrip('#')}, which is not in the file",
                place=place, remedy="Draw the requirement anew, or add the file it comes from.",
            )  # fmt: skip
        return source, graph.element(key, () if source else above)

    def _service(self, node: Any, made: Element, above: tuple[str, ...]) -> Element:
        """A decision service: its inputs are parameters, input data first (§6.3.9)."""

        def found(what: str) -> Iterator[tuple[str, Element]]:
            for href in targets(node, what):
                yield self._target(href, made.place, above)

        outputs = tuple(found("outputDecision"))
        if not outputs:
            raise DecisionError("service", "the service has no output decision", place=made.place)
        parameters = tuple(one for _, one in (*found("inputData"), *found("inputDecision")))
        reads = frozenset(one.name for one in parameters)
        return replace(made, parameters=parameters, outputs=outputs, reads=reads, certain=reads,
                       hidden=made.hidden - reads)  # fmt: skip

    def _with_logic(self, node: Any, made: Element) -> Element:
        read: list[Table] = []

        def table(at: Any, reader: Reader) -> tree.Node:
            read.append(tables.read(at, reader))
            return read[-1]

        known = self.scope.names - made.hidden
        reader = Reader(known, self.scope.types, self.scope.definitions, made.place, table)
        body = boxed.read(boxed.expression_in(node), reader)
        function = made.kind == "function"
        if self.scope.types.base(made.type) not in ("Any", "function"):
            if isinstance(body, tree.Lambda):
                body = replace(body, body=boxed.Typed(0, body.body, made.type, made.name))
            elif not function:
                body = boxed.Typed(0, body, made.type, made.name)
        builder = Boxes(frozenset(known), self.scope.types, made.place)
        logic = builder.build(body)
        return replace(
            made, logic=logic, reads=frozenset(builder.free), certain=frozenset(builder.certain),
            library=frozenset(builder.library), tables=tuple(read),
        )  # fmt: skip

    def _names(self) -> frozenset[str]:
        """The names of the elements of the file."""
        return frozenset(
            node.get("name") or key
            for key, node in self.scope.nodes.items()
            if local(node) in ELEMENTS
        )


class Environment:
    """Values given to one model, and those that its elements have taken from them."""

    __slots__ = ("_inside", "_taken", "given", "graph")

    def __init__(
        self, graph: Graph, given: Mapping[str, Value], taken: Mapping[str, Value] | None = None
    ) -> None:
        self.graph = graph
        self.given = given
        self._taken = dict(taken or {})
        self._inside: dict[str, Environment] = {}

    def result(self, element: Element, run: Evaluation) -> Value:
        """What an element decides; a service or function is called with the values given."""
        value = self.value("", element, run)
        if element.kind == "decision" or not isinstance(value, Function):
            return value
        with run.noting(element.key, element.name) as note:
            try:
                note.value = value.call(*(self.given.get(name) for name in value.parameters))
            except Impossible as error:
                run.fail(element.place, str(error))
        return note.value

    def value(self, source: str, element: Element, run: Evaluation) -> Value:
        """The value of an element of this model or of an imported one; it is taken once."""
        if source:
            return self._imported(source).value("", element, run)
        if element.key not in self._taken:
            self._taken[element.key] = self._take(element, run)
        return self._taken[element.key]

    def _imported(self, namespace: str) -> "Environment":
        """The environment of an imported model: what is given below the import's name is its."""
        if namespace not in self._inside:
            source = self.graph.scope.imports[namespace]
            below = self.given.get(source.alias) if source.alias else None
            given = {**self.given, **below} if isinstance(below, Mapping) else self.given
            self._inside[namespace] = Environment(source.graph, given)
        return self._inside[namespace]

    def _take(self, element: Element, run: Evaluation) -> Value:
        if element.kind == "input":
            return self._input(element, run)
        if element.kind == "service":
            return self._service(element, run)
        if element.kind == "function":
            return self._function(element, run)
        with run.noting(element.key, element.name) as note:
            note.value = element.logic(Frame(self._seen(element, run), None, run))
        return note.value

    def _seen(self, element: Element, run: Evaluation) -> dict[str, Value]:
        """What an element sees: what is given, and what it requires."""
        seen = dict(self.given)
        if element.hidden:
            for name in element.hidden & element.reads & seen.keys():
                del seen[name]
        for source, required in element.requires:
            alias = self.graph.scope.imports[source].alias if source else ""
            if alias:
                below = seen.get(alias)
                below = below if isinstance(below, Mapping) else {}
                seen[alias] = {**below, required.name: self.value(source, required, run)}
            elif required.kind != "input" or required.name in self.given:
                seen[required.name] = self.value(source, required, run)
        return seen

    def _input(self, element: Element, run: Evaluation) -> Value:
        value = self.given.get(element.name)
        fits, found = element.check(value)
        if fits:
            return found
        wanted = element.type.name
        return run.fail(f"input {element.name}", f"it cannot be {kind(value)}, it is {wanted}")

    def _function(self, element: Element, run: Evaluation) -> Value:
        """A business knowledge model, as a function that leaves a note of each call."""
        function = element.logic(Frame(self._seen(element, run), None, run))
        if not isinstance(function, Function):
            return function

        def call(*values: Value) -> Value:
            with run.noting(element.key, element.name) as note:
                note.inputs.update(zip(function.parameters, values, strict=False))
                note.value = function.call(*values)
            return note.value

        return replace(function, call=call)

    def _service(self, element: Element, run: Evaluation) -> Function:
        """A decision service as a function of its inputs (DMN 1.5 §10.4)."""
        names = tuple(one.name for one in element.parameters)

        def call(*values: Value) -> Value:
            if len(values) != len(names):
                raise Impossible(f"the service takes {len(names)} values")
            given: dict[str, Value] = {}
            for one, value in zip(element.parameters, values, strict=True):
                fits, given[one.name] = one.check(value)
                if not fits:
                    raise Impossible(f"{one.name} cannot be {kind(value)}")
            return self._served(element, given, run)

        return Function(names, call)

    def _served(self, element: Element, given: Mapping[str, Value], run: Evaluation) -> Value:
        taken = {one.key: given[one.name] for one in element.parameters if one.kind != "input"}
        inside = Environment(self.graph, given, taken)
        values = {one.name: inside.value(source, one, run) for source, one in element.outputs}
        return next(iter(values.values())) if len(values) == 1 else values

"""Decision models (DMN 1.1 to 1.5): read from XML, evaluated with all that they require.

A decision's value, and a trace that explains it: the inputs, the rules that fit, the reasons for
what became null, for each decision of its requirements graph. The trace is plain case values, fit
for a history.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from decisions import expressions
from decisions.environment import Environment
from decisions.errors import DecisionError
from decisions.evaluation import Evaluation
from decisions.feel.frame import WorkingDays
from decisions.graph import ELEMENTS, Element, Graph, Import, Scope
from decisions.notation import children, local, name, tree
from decisions.tables import Table
from decisions.types import Definitions, Tests, Types
from decisions.values import Value

MOST = 5_000
"""Decisions, input data, functions and services of one model."""
IMPORTS = 100
"""Imports of one model, with those of the models that it imports."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision gave.

    `fault` says why there is no value where the model contradicts itself (two rules of a unique
    table fit); a value that is null for want of data has none.
    """

    value: Value
    trace: dict[str, Any]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision, or a decision service, ready to be taken.

    `names` are the variables it may read, its own inputs and those of what it requires; `certain`
    those of them that it reads for certain. `tables` are the tables that its trace can name, by the
    element they belong to.
    """

    id: str
    name: str
    names: frozenset[str]
    certain: frozenset[str]
    tables: Mapping[str, tuple[Table, ...]]
    _element: Element
    _graph: Graph

    @property
    def library(self) -> frozenset[str]:
        """The functions that it calls itself and that the standard does not know."""
        return self._element.library

    @property
    def undrawn(self) -> frozenset[str]:
        """What it reads itself from outside the model: no requirement is drawn for it."""
        element = self._element
        drawn = {one.name for _, one in element.requires} | element.aliases | element.hidden
        return element.certain - drawn if element.kind == "decision" else frozenset()

    @property
    def unseen(self) -> frozenset[str]:
        """The elements of the model that it names and does not require: null to it."""
        return self._element.certain & self._element.hidden

    @property
    def kind(self) -> str:
        """What it is: `decision`, `service` or `function`."""
        return self._element.kind

    @property
    def outputs(self) -> tuple[str, ...]:
        """The decisions of a service, which it gives as a context where they are several."""
        return tuple(one.name for _, one in self._element.outputs)

    def evaluate(
        self, context: Mapping[str, Value], *, calendar: WorkingDays | None = None
    ) -> Outcome:
        """Take the decision on these values; raises LimitExceeded."""
        run = Evaluation(context, calendar)
        environment = Environment(self._graph, context)
        try:
            value = environment.result(self._element, run)
        except RecursionError:
            raise expressions.too_deep() from None
        return Outcome(None if run.fault else run.weighed(value), run.trace(), run.fault)


@dataclass(frozen=True, slots=True)
class Model:
    """The decisions of one file, by id and by name.

    `broken` are those that cannot be taken, with what is wrong: decision, rule, cell, remedy. One
    that requires such a decision cannot be taken either. `functions` are the business knowledge
    models, by name; they are decided by being given values for their parameters. `inputs` are the
    input data by name, with the FEEL name of their type; `imports` the names of imports by
    namespace.
    """

    decisions: Mapping[str, Decision]
    by_name: Mapping[str, Decision]
    functions: Mapping[str, Decision]
    inputs: Mapping[str, str]
    imports: Mapping[str, str]
    broken: Mapping[str, DecisionError]

    @property
    def faults(self) -> tuple[DecisionError, ...]:
        """What is wrong with the elements that cannot be taken, in their order."""
        return tuple(self.broken.values())


def read(xml: bytes, others: Iterable[bytes] = ()) -> Model:
    """Read a decision model; raises DecisionError where the file itself is none.

    `others` are the files beside it, among which it finds what it imports.
    """
    return _model(_graph(tree(xml), _Library(others), "", ()))


def among(files: Mapping[str, bytes], name: str) -> Model:
    """Read a model that lies in a folder, among the models that it may import."""
    others = (xml for file, xml in sorted(files.items()) if file.endswith(".dmn") and file != name)
    return read(files[name], others)


class _Library:
    """The files beside a model, by the namespace of their definitions."""

    def __init__(self, others: Iterable[bytes]) -> None:
        self._others = others
        self._roots: dict[str, Any] | None = None
        self._imports = 0

    def count(self, place: str) -> None:
        """Count an import; imports of imports multiply, each with values of its own."""
        self._imports += 1
        if self._imports > IMPORTS:
            raise DecisionError(
                "import", f"more than {IMPORTS} imports, with those of imported models",
                place=place, remedy="Import fewer models, or join some of them.",
            )  # fmt: skip

    def root(self, namespace: str) -> Any:
        """The model of that namespace, or None."""
        if self._roots is None:
            self._roots = {}
            for xml in self._others:
                try:
                    root = tree(xml)
                except DecisionError:
                    continue  # told where that file itself is read
                self._roots.setdefault(root.get("namespace"), root)
        return self._roots.get(namespace)


def _graph(root: Any, library: _Library, prefix: str, above: tuple[str, ...]) -> Graph:
    """The graph of a file with those it imports; types bear the names of the imports before."""
    namespace = root.get("namespace") or ""
    imports = {
        node.get("namespace") or "": _imported(node, library, prefix, (*above, namespace))
        for node in children(root, "import")
    }
    own = frozenset(map(name, children(root, "itemDefinition")))
    for one in imports.values():
        own |= {f"{one.alias}.{key}" if one.alias else key for key in one.types}
    aliases = {uri: one.alias for uri, one in imports.items()}
    definitions = Definitions(prefix, aliases, own, _tests)
    types = _together([*(o.graph.scope.types for o in imports.values()), definitions.read(root)])
    return Graph(
        Scope(namespace, _nodes(root), types, definitions, *_names(root, imports.values()), imports)
    )


def _nodes(root: Any) -> dict[str, Any]:
    """The elements of a file by id; raises DecisionError where two have one id.

    An id may be left out; what has none is required by nobody and is found by its name.
    """
    nodes: dict[str, Any] = {}
    for node in root:
        key = (node.get("id") or "").strip() or name(node)
        if local(node) not in ELEMENTS or not key:
            continue
        if key in nodes:
            raise DecisionError(
                "duplicate", f"two elements have the id {key}", place=f"decision {name(node)}",
                remedy="Give one of them another id.",
            )  # fmt: skip
        nodes[key] = node
    if len(nodes) > MOST:
        raise DecisionError(
            "size", f"the model has more than {MOST} elements", remedy="Split it; import its parts."
        )
    return nodes


def _imported(node: Any, library: _Library, prefix: str, above: tuple[str, ...]) -> Import:
    alias, namespace = name(node), node.get("namespace") or ""
    place = f"import {alias or namespace}"
    if "DMN" not in (node.get("importType") or "DMN"):
        raise DecisionError(
            "import", f"a file of type {node.get('importType')} is not read", place=place,
            remedy="Import a decision model (DMN).",
        )  # fmt: skip
    if namespace in above:
        raise DecisionError(
            "import", "the model imports itself", place=place,
            remedy="Move what both need into a model of its own.",
        )  # fmt: skip
    library.count(place)
    root = library.root(namespace)
    if root is None:
        raise DecisionError(
            "import", f"no decision model here has the namespace {namespace}", place=place,
            remedy="Put the file of the imported model beside this one.",
        )  # fmt: skip
    location = node.get("locationURI") or ""
    return Import(
        alias, location, _graph(root, library, f"{prefix}{alias}." if alias else prefix, above)
    )


def _together(every: list[Types]) -> Types:
    """All these types; one hides those of its name before it."""
    return Types(
        {name: found for types in every for name, found in types.trees.items()},
        {name: found for types in every for name, found in types.texts.items()},
    )


def _tests(text: str) -> Tests:
    found = expressions.compile_unary(text)
    return lambda value: found.evaluate({}, value) is True


def _names(root: Any, imports: Iterable[Import]) -> tuple[frozenset[str], frozenset[str]]:
    """The names of elements, and those that stand behind a point and are no words."""
    names = set(map(name, root))
    entries = {
        name(node) for node in root.iter() if local(node) in ("itemComponent", "column", "variable")
    }
    for one in imports:
        scope = one.graph.scope
        names |= {one.alias} if one.alias else scope.names
        entries |= scope.entries | scope.names
    signs = (one for one in entries if not one.isidentifier())
    return frozenset(names - {""}), frozenset(signs) - {""}


def _model(graph: Graph) -> Model:
    found: dict[str, Decision] = {}
    functions: dict[str, Decision] = {}
    broken: dict[str, DecisionError] = {}
    inputs: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    for key in graph.scope.nodes:
        try:
            element = graph.element(key)
            if (element.kind, element.name) in seen:
                raise DecisionError(
                    "duplicate", f"there are two elements {element.name}", place=element.place,
                    remedy="Rename one of them.",
                )  # fmt: skip
        except DecisionError as error:
            broken[name(graph.scope.nodes[key]) or key] = error
            continue
        seen.add((element.kind, element.name))
        if element.kind == "input":
            inputs[element.name] = graph.scope.types.base(element.type)
        elif element.kind == "function":
            functions[element.name] = _decision(element, graph)
        else:
            found[key] = _decision(element, graph)
    by_name = {decision.name: decision for decision in found.values()}
    imports = {uri: one.alias for uri, one in graph.scope.imports.items()}
    return Model(found, by_name, functions, inputs, imports, broken)


def _decision(element: Element, graph: Graph) -> Decision:
    every = list(_required(element, {}).values())
    names = frozenset(name for one in every for name in _outside(one, one.reads))
    certain = frozenset(name for one in every for name in _outside(one, one.certain))
    tables = {one.key: one.tables for one in every if one.tables}
    return Decision(element.key, element.name, names, certain, tables, element, graph)


def _required(element: Element, found: dict[int, Element]) -> dict[int, Element]:
    """The element and all that it requires, itself or through others; a service its outputs."""
    if id(element) not in found:
        found[id(element)] = element
        for _, required in (*element.requires, *element.outputs):
            if required.kind != "input":
                _required(required, found)
    return found


def _outside(element: Element, read: frozenset[str]) -> frozenset[str]:
    """What an element reads that no other element gives it."""
    given = {one.name for source, one in element.requires if one.kind != "input" or source}
    itself = {element.name} if element.kind == "function" else set()
    return read - given - itself - element.aliases - element.hidden


__all__ = ["Decision", "Model", "Outcome", "among", "read"]

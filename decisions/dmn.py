"""Decision models (DMN 1.1 to 1.5): read from XML, evaluated with all that they require.

A decision's value, and a trace that explains it: the inputs, the rules that fit, the reasons for
what became null, for each decision of its requirements graph. The trace is plain case values, fit
for a history.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from decisions import expressions
from decisions.errors import DecisionError
from decisions.evaluation import Evaluation
from decisions.feel.frame import WorkingDays
from decisions.graph import ELEMENTS, Element, Environment, Graph, Import, Scope
from decisions.notation import children, local, tree
from decisions.tables import Table
from decisions.types import Definitions, Tests, Types
from decisions.values import Value


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

    `faults` say what is wrong with those that cannot be taken: decision, rule, cell, remedy. One
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
    faults: tuple[DecisionError, ...] = ()


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

    def root(self, namespace: str) -> Any:
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
    own = frozenset(str(node.get("name")) for node in children(root, "itemDefinition"))
    own |= {name for one in imports.values() if not one.alias for name in one.types}
    aliases = {uri: one.alias for uri, one in imports.items()}
    definitions = Definitions(prefix, aliases, own, _tests)
    types = _together([*(o.graph.scope.types for o in imports.values()), definitions.read(root)])
    # An id may be left out; what has none is required by nobody and is found by its name.
    nodes = {key: node for node in root if (key := node.get("id") or node.get("name"))}
    return Graph(Scope(nodes, types, definitions, _names(root, imports.values()), imports))


def _imported(node: Any, library: _Library, prefix: str, above: tuple[str, ...]) -> Import:
    name, namespace = node.get("name") or "", node.get("namespace") or ""
    place = f"import {name or namespace}"
    if "DMN" not in (node.get("importType") or "DMN"):
        raise DecisionError(
            "import", f"a file of type {node.get('importType')} is not read", place=place,
            remedy="Import a decision model (DMN).",
        )  # fmt: skip
    if namespace in above:
        raise DecisionError("import", "the model imports itself", place=place)
    root = library.root(namespace)
    if root is None:
        raise DecisionError(
            "import", f"no decision model here has the namespace {namespace}", place=place,
            remedy="Put the file of the imported model beside this one.",
        )  # fmt: skip
    return Import(name, _graph(root, library, f"{prefix}{name}." if name else prefix, above))


def _together(every: list[Types]) -> Types:
    """All these types; one hides those of its name before it."""
    return Types(
        {name: found for types in every for name, found in types.trees.items()},
        {name: found for types in every for name, found in types.texts.items()},
    )


def _tests(text: str) -> Tests:
    found = expressions.compile_unary(text)
    return lambda value: found.evaluate({}, value) is True


def _names(root: Any, imports: Iterable[Import]) -> frozenset[str]:
    """The names that expressions may meet: elements, and components whose names are no words."""
    found = {str(name) for node in root if (name := node.get("name"))}
    for node in root.iter():
        name = node.get("name") or ""
        if local(node) in ("itemComponent", "column", "variable") and not name.isidentifier():
            found.add(name)
    for one in imports:
        found |= {one.alias, *one.graph.scope.names}
    return frozenset(found - {""})


def _model(graph: Graph) -> Model:
    found: dict[str, Decision] = {}
    functions: dict[str, Decision] = {}
    faults: list[DecisionError] = []
    inputs: dict[str, str] = {}
    for key, node in graph.scope.nodes.items():
        if local(node) not in ELEMENTS:
            continue
        try:
            element = graph.element(key)
        except DecisionError as error:
            faults.append(error)
            continue
        if element.kind == "input":
            inputs[element.name] = graph.scope.types.base(element.type)
        elif element.kind == "function":
            functions[element.name] = _decision(element, graph)
        else:
            found[key] = _decision(element, graph)
    by_name = {decision.name: decision for decision in found.values()}
    imports = {uri: one.alias for uri, one in graph.scope.imports.items()}
    return Model(found, by_name, functions, inputs, imports, tuple(faults))


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
    return read - given - element.aliases - element.hidden


__all__ = ["Decision", "Model", "Outcome", "among", "read"]

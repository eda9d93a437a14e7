"""Values given to a model, and what its elements make of them (DMN 1.5 §10.4).

An element is taken once, when another one requires it. What an import's elements need is looked up
below the name of the import.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from decisions.evaluation import Evaluation
from decisions.feel.builtins.registry import Impossible
from decisions.feel.frame import Frame
from decisions.graph import Element, Graph
from decisions.values import Function, Value, kind


class Environment:
    """Values given to one model, and those that its elements have taken from them."""

    __slots__ = ("_inside", "_taken", "given", "graph")

    def __init__(self, graph: Graph, given: Mapping[str, Value]) -> None:
        self.graph = graph
        self.given = given
        self._taken: dict[str, Value] = {}
        self._inside: dict[str, Environment] = {}

    def result(self, element: Element, run: Evaluation) -> Value:
        """What an element decides; a service or function is called with the values given."""
        value = self.value("", element, run)
        if element.kind == "decision":
            return value
        with run.noting(element.key, element.name) as note:
            try:
                if isinstance(value, Function):  # a function without logic is null
                    note.value = value.call(*self._arguments(element, value))
            except Impossible as error:
                run.fail(element.place, str(error))
        return note.value

    def _arguments(self, element: Element, function: Function) -> Iterator[Value]:
        """The values given for the parameters; those of an import's input below its name."""
        if element.kind != "service":
            return (self.given.get(key) for key in function.parameters)
        return (
            (self._imported(source) if source else self).given.get(one.name)
            for source, one in element.parameters
        )

    def value(self, source: str, element: Element, run: Evaluation) -> Value:
        """The value of an element of this model or of an imported one; it is taken once."""
        if source:
            return self._imported(source).value("", element, run)
        if element.key not in self._taken:
            self._taken[element.key] = self._take(element, run)
        return self._taken[element.key]

    def put(self, source: str, element: Element, value: Value) -> None:
        """Give an element of this model or of an imported one its value, already of its type."""
        inside = self._imported(source) if source else self
        inside._taken[element.key] = value

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
            elif self._has(required):
                seen[required.name] = self.value(source, required, run)
        return seen

    def _has(self, required: Element) -> bool:
        """Whether it has a value; input data that nobody gives is not known."""
        given = required.name in self.given or required.key in self._taken
        return given or required.kind != "input"

    def _input(self, element: Element, run: Evaluation) -> Value:
        value = run.weighed(self.given.get(element.name))
        fits, found = element.check(value)
        if fits:
            return found
        wanted = element.type.name
        return run.fail(f"input {element.name}", f"it cannot be {kind(value)}, it is {wanted}")

    def _function(self, element: Element, run: Evaluation) -> Value:
        """A business knowledge model, as a function that leaves a note of each call."""
        seen = self._seen(element, run)
        function = element.logic(Frame(seen, None, run))
        if not isinstance(function, Function):
            return function

        def call(*values: Value) -> Value:
            with run.noting(element.key, element.name) as note:
                note.inputs.update(zip(function.parameters, values, strict=False))
                note.value = function.call(*values)
            return note.value

        noted = replace(function, call=call)
        if element.name in element.reads:
            seen[element.name] = noted
        return noted

    def _service(self, element: Element, run: Evaluation) -> Function:
        """A decision service as a function of its inputs (DMN 1.5 §10.4)."""
        names = tuple(one.name for _, one in element.parameters)

        def call(*values: Value) -> Value:
            if len(values) != len(names):
                raise Impossible(f"the service takes {len(names)} values")
            given: list[Value] = []
            for (_, one), value in zip(element.parameters, values, strict=True):
                fits, found = one.check(value)
                if not fits:
                    raise Impossible(f"{one.name} cannot be {kind(value)}")
                given.append(found)
            return self._served(element, given, run)

        return Function(names, call)

    def _served(self, element: Element, given: list[Value], run: Evaluation) -> Value:
        inside = Environment(self.graph, {})
        for (source, one), value in zip(element.parameters, given, strict=True):
            inside.put(source, one, value)
        values = {one.name: inside.value(source, one, run) for source, one in element.outputs}
        value = next(iter(values.values())) if len(values) == 1 else values
        fits, found = element.check(value)
        if not fits:
            run.fail(element.place, f"it cannot be {kind(value)}, it is {element.type.name}")
        return found

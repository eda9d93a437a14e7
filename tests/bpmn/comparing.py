"""A case played twice: by the engine, through bytes at every step, and by the reference.

The reference says in which states the case may be; the engine must have come to one of them, and
those that it did not come to are forgotten. Whatever differs is told with the model and the moves.
"""

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.deployment.preparation import check, prepare
from engine.operations.operation import Operation
from engine.operations.signature import Signature
from engine.runtime import execution, looking
from engine.runtime.errors import LoopWithoutWait, ModelError
from engine.runtime.model import Model
from processes.bundle import Bundle
from tests.bpmn.graphs import HEAD, Graph, written
from tests.bpmn.reference import State, Unbounded, settled
from tests.deployment.bundles import TOML
from tests.runtime.models import World

_OUTSIDE = Operation("outside.work", Signature({}), Signature({}), lambda *_: None,
                     call=lambda _: {}, errors=frozenset({"E1", "E2"}), any_error=True)  # fmt: skip
OPERATIONS: Mapping[str, Any] = {"outside.work": _OUTSIDE}
VERBS = {"task": "complete", "timer": "fire", "message": "receive", "operation": "answer",
         "signal": "signal"}  # fmt: skip


class Differs(AssertionError):
    """The engine did what the reference does not allow."""


def bundle(graph: Graph) -> Bundle:
    """A procedure around a model: all its variables are asked for by the form of the start."""
    names = [*graph.variables, *(f"{key}_all" for key in _collecting(graph))]
    form = {
        "title": "Demande", "type": "object", "additionalProperties": False,
        "properties": {name: {"title": name, "type": "integer"} for name in names},
    }  # fmt: skip
    text = f"{HEAD}>{written(graph)}</definitions>"
    keys = [key for scope in graph.scopes.values() for key in scope.nodes]
    lane = "".join(f"<flowNodeRef>{key}</flowNodeRef>" for key in keys)
    for scope in graph.scopes.values():
        opening = f'<process id="{scope.id}" isExecutable="true">'
        lanes = f'<laneSet><lane name="Desk">{lane}</lane></laneSet>'
        text = text.replace(opening, opening + lanes)
    return Bundle(
        {
            "procedure.toml": TOML.encode(),
            "procedure.bpmn": text.encode(),
            "forms/start.json": json.dumps(form).encode(),
        }
    )


def deployed(graph: Graph) -> Model:
    """The model as deployment makes it; refused by its checks, the example is at fault."""
    made = bundle(graph)
    faults = [finding for finding in check(made, OPERATIONS) if finding.severity == "error"]
    if faults:
        raise Differs(f"{[(f.code, f.element, f.message) for f in faults]}\n{_shown(graph)}")
    return Model.read(prepare(made, OPERATIONS).model)


def undeployed(graph: Graph) -> Model:
    """The model as the runtime reads it, whether deployment would take it or not."""
    return Model.read(f'{HEAD} mq:main="{graph.main}">{written(graph)}</definitions>'.encode())


class Run:
    """One case on one model; `unlike` lets no value be written twice."""

    def __init__(
        self, graph: Graph, model: Model, state: type[State] = State, unlike: bool = False
    ) -> None:
        self.unlike = unlike
        self.graph, self.model = graph, model
        self.world = World(signal_send=lambda **_: None)
        self.moves: list[Any] = []
        self.said: list[tuple[str, list[Any], bytes]] = []
        self.hidden = _inside_many(graph)
        first = {name: 0 for name in graph.variables}
        given = {name: Decimal(0) for name in first}
        self.step: Any = None
        self.states = [state(graph, first)]
        self._take(lambda: execution.start(model, given, self.world), self.states)
        self.first = given

    def waits(self) -> list[tuple[str, str, int]]:
        """The open waits: element, kind, token."""
        if self.step is None:
            return []
        view = execution.look(self.model, self.step.state)
        return sorted((wait.element, wait.kind, wait.token) for wait in view.waits)

    def do(self, place: int, value: int, fails: str = "") -> None:
        """Do what one wait wants, on both sides; `value` is what a person or message brings."""
        element, kind, token = self.waits()[place]
        node = next(s.nodes[element] for s in self.graph.scopes.values() if element in s.nodes)
        value += 4 * len(self.moves) if self.unlike else 0
        given = {node.writes: value} if node.writes and kind in ("task", "message") else {}
        self.moves.append((element, kind, given, fails))
        verb = VERBS[kind] if not fails else "fail"
        sent = {name: Decimal(number) for name, number in given.items()}
        every: dict[str, list[Any]] = {
            "complete": [sent], "receive": [sent], "signal": [{}], "answer": [None],
            "fail": [fails, "as drawn"], "fire": [],
        }  # fmt: skip
        arguments = every[verb]
        call, state = getattr(execution, verb), self.step.state
        after: list[State] = []
        for one in self.states:
            for number in range(one.choices(element, kind)):
                other = one.copy()
                if fails:
                    other.fail(element, number, fails)
                else:
                    other.do(element, kind, number, given)
                after.append(other)
        self._take(lambda: call(self.model, state, token, *arguments, self.world), after)
        if self.step is not None and self.step.state != state:
            self.said.append((verb, [token, *arguments], self.step.digest))

    def _take(self, call: Any, states: list[State]) -> None:
        """Let both sides go on, and see that they agree."""
        possible = {one.key(): one for state in states for one in settled(state)}
        stuck = [one for one in possible.values() if one.refused or not (one.ended or one.waits())]
        try:
            step = call()
        except LoopWithoutWait as error:
            raise Unbounded(str(error)) from error
        except ModelError as error:
            if not stuck:
                raise self._differs(f"the engine refuses: {error}", possible) from error
            return
        shown = self._engine_shown(step)
        going = (one for one in possible.values() if one not in stuck)
        agreeing = [one for one in going if self._agrees(one, step, *shown[:2])]
        if not agreeing:
            raise self._differs(str(shown), possible)
        self.states, self.step = agreeing, step

    def _agrees(self, state: State, step: Any, taken: Any, waits: Any) -> bool:
        return bool(
            state.ended == (step.ended == "completed")
            and state.taken == taken
            and (Counter() if state.ended else state.waits()) == waits
            and self._values(state) == self._values(state, step.data)
        )

    def _values(self, state: State, values: Any = None) -> Any:
        given = state.values().items() if values is None else values.items()
        return {k: _listed(v) for k, v in given if self._compared(k, state)}

    def _compared(self, name: str, state: State) -> bool:
        """Whether a variable can be compared; what instances change stays their own."""
        own = name in self.hidden and any(t.at.many and t.parts for _, t in state.tokens())
        return name not in state.contested and name != "loopCounter" and not own

    def _engine_shown(self, step: Any) -> Any:
        flows = _flows(self.graph)
        view = execution.look(self.model, step.state)
        if looking.digest(view.waits, view.data, step.ended) != step.digest:
            raise self._differs("what is stored is not what was told", {})
        waits = Counter((wait.element, wait.kind) for wait in view.waits)
        return Counter(f for f in step.flows if f in flows), waits, step.data, step.ended

    def again(self) -> None:
        """The same commands, from the beginning, give the same digests."""
        step = execution.start(self.model, self.first, self.world)
        for verb, arguments, digest in self.said:
            step = getattr(execution, verb)(self.model, step.state, *arguments, self.world)
            if step.digest != digest:
                raise self._differs(f"{verb} {arguments} gives another digest", {})

    def _differs(self, what: str, possible: Mapping[Any, State]) -> Differs:
        allowed = "\n".join(
            f"  {s.taken} {s.waits()} {s.values()} ended={s.ended} refused={s.refused} "
            f"contested={s.contested}" for s in possible.values()
        )  # fmt: skip
        return Differs(f"{what}\nallowed:\n{allowed}\nmoves: {self.moves}\n{_shown(self.graph)}")


def _shown(graph: Graph) -> str:
    return f"{HEAD}>{written(graph)}</definitions>".replace("><", ">\n<")


def _flows(graph: Graph) -> set[str]:
    """The flows that a history shows when they are taken; those to events that wait side by side
    it shows as they begin to wait."""
    return {
        flow.id
        for scope in graph.scopes.values()
        for flow in scope.flows
        if scope.nodes[flow.source].kind != "eventBasedGateway"
    }


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _listed(item) for name, item in value.items()}
    return [_listed(item) for item in value] if isinstance(value, tuple) else value


def _collecting(graph: Graph) -> list[str]:
    return [n.id for scope in graph.scopes.values() for n in scope.nodes.values() if n.many]


def _inside_many(graph: Graph) -> frozenset[str]:
    """The variables that are written by instances only."""
    found: set[str] = set()
    for scope in graph.scopes.values():
        for node in scope.nodes.values():
            if node.many is not None:
                found |= {node.writes}
                found |= _written(graph, node.inner)
    return frozenset(found - {""})


def _written(graph: Graph, scope: str) -> set[str]:
    if not scope:
        return set()
    nodes = graph.scopes[scope].nodes.values()
    own = {n.writes for n in nodes} | {f"{n.id}_all" for n in nodes if n.many}
    return own.union(*(_written(graph, n.inner) for n in nodes))

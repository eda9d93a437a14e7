"""Random models: sound ones made of blocks, then tied together across their branches.

A block has one way in and one way out. Where a block's branches stand side by side, `crossed` ties
them together in ways that keep them sound: a parallel branch waits for another, an exclusive one
goes over into another, a loop is entered in its middle or left from it. What comes out has no
blocks any more, but every token still finds its way to an end.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.bpmn.graphs import Condition, Flow, Graph, Many, Node, Scope

Draw = Callable[[st.SearchStrategy[Any]], Any]
VALUES = range(4)


class Drawing:
    """A model being drawn: the choices, and what there is so far."""

    def __init__(self, draw: Draw, size: int, kinds: Sequence[str]) -> None:
        self.draw, self.size, self.kinds = draw, size, kinds
        self.number = 0
        self.variables = ["c0"]
        self.graph = Graph("test", {})
        self.scope = Scope("test")

    # Small things

    def some(self, *what: Any) -> Any:
        return self.draw(st.sampled_from(what))

    def perhaps(self) -> bool:
        return bool(self.draw(st.booleans()))

    def add(self, kind: str, **what: Any) -> Node:
        """A new node in the scope being drawn."""
        self.number += 1
        node = Node(f"{kind[:2].upper()}{self.number}", kind, **what)
        self.scope.nodes[node.id] = node
        return node

    def flow(
        self, source: str, target: str, test: Condition | None = None, default: bool = False
    ) -> None:
        self.number += 1
        self.scope.flows.append(Flow(f"f{self.number}", source, target, test, default))

    def variable(self) -> str:
        name = f"c{len(self.variables)}"
        self.variables.append(name)
        return name

    def test(self) -> Condition:
        among = self.draw(st.sets(st.sampled_from(VALUES), min_size=1, max_size=3))
        return Condition(self.draw(st.sampled_from(self.variables)), tuple(sorted(among)))

    # Blocks: from a node to a node

    def sequence(self, last: str, most: int = 3) -> str:
        """Some blocks one after the other; at least one."""
        for _ in range(self.draw(st.integers(1, most))):
            last = self.block(last)
        return last

    def block(self, last: str) -> str:
        self.size -= 1
        kinds = self.kinds if self.size > 0 else [k for k in self.kinds if k in SMALL] or ["task"]
        made: str = getattr(self, f"_{self.draw(st.sampled_from(kinds))}")(last)
        return made

    def _task(self, last: str) -> str:
        node = self.add("userTask", writes=self.variable())
        self.flow(last, node.id)
        return node.id

    def _script(self, last: str) -> str:
        node = self.add("scriptTask", writes=self.variable(), adds=self.some(1, 2))
        self.flow(last, node.id)
        return node.id

    def _service(self, last: str) -> str:
        node = self.add("serviceTask")
        self.flow(last, node.id)
        if self.perhaps():
            caught = self.add("boundaryEvent", event="error", host=node.id,
                              ref=self.some("", "E1"))  # fmt: skip
            return self._meet([node.id, caught.id], "exclusiveGateway")
        return node.id

    def _catch(self, last: str) -> str:
        node = self._caught(self.some("timer", "message", "receive", *self.caught))
        self.flow(last, node.id)
        return node.id

    def _caught(self, kind: str) -> Node:
        name = f"m{self.number}"
        if kind == "receive":
            return self.add("receiveTask", ref=name, writes=self.variable())
        if kind == "message":
            return self.add("intermediateCatchEvent", event="message", ref=name,
                            writes=self.variable())  # fmt: skip
        ref = self.some("s1", "s2") if kind == "signal" else ""
        return self.add("intermediateCatchEvent", event=kind, ref=ref)

    def _choice(self, last: str) -> str:
        return self._branches(last, "exclusiveGateway", "exclusiveGateway")

    def _parallel(self, last: str) -> str:
        return self._branches(last, "parallelGateway", self.some("parallelGateway", INCLUSIVE))

    def _inclusive(self, last: str) -> str:
        return self._branches(last, INCLUSIVE, INCLUSIVE)

    def _branches(self, last: str, split: str, join: str) -> str:
        """Branches between two gateways; one of them may be empty, or end its scope."""
        first = self.add(split)
        self.flow(last, first.id)
        count, empty = self.draw(st.integers(2, 3)), self.perhaps()
        ways: list[list[int]] = []
        lasts = []
        for number in range(count):
            begun = len(self.scope.flows)
            if empty and number == count - 1:
                lasts.append(first.id)
            else:
                lasts.append(self.sequence(first.id, 2))
            self._condition(begun, split, number == count - 1)
            ways.append([begun])
        if split == "exclusiveGateway" and self.draw(st.integers(0, 7)) == 0:
            self._terminated(lasts[0])
            lasts = lasts[1:]
        joined = self._meet(lasts, join, first.id)
        if self.perhaps():
            self._cross(split, ways)
        return joined

    def _condition(self, place: int, split: str, default: bool) -> None:
        if split == "parallelGateway" or place >= len(self.scope.flows):
            return
        flow = self.scope.flows[place]
        self.scope.flows[place] = replace(
            flow, test=None if default else self.test(), default=default
        )

    def _meet(self, lasts: list[str], join: str, split: str = "") -> str:
        met = self.add(join)
        for last in lasts:
            self.flow(last, met.id)
            if last == split and self.scope.nodes[split].kind != "parallelGateway":
                self.scope.flows[-1] = replace(self.scope.flows[-1], default=True)
        return met.id

    def _terminated(self, last: str) -> None:
        end = self.add("endEvent", event="terminate")
        self.flow(last, end.id)

    def _cross(self, split: str, ways: list[list[int]]) -> None:
        """From the beginning of one branch into the beginning of a later one."""
        one, other = ways[0][0], ways[1][0]
        if other >= len(self.scope.flows) or self.scope.flows[other].source == "":
            return
        parted = split if split != INCLUSIVE else "parallelGateway"
        joined = split if split == "parallelGateway" else self.some(INCLUSIVE, split)
        self._tie(one, other, parted, joined)

    def _tie(self, one: int, other: int, parted: str, joined: str) -> None:
        """A gateway in each of two flows, and a flow from the first to the second."""
        away, into = self.add(parted), self.add(joined)
        for place, middle in ((one, away), (other, into)):
            flow = self.scope.flows[place]
            self.scope.flows[place] = replace(flow, target=middle.id)
            stays = parted == "exclusiveGateway" and middle is away
            self.flow(middle.id, flow.target, default=stays)
        test = self.test() if parted == "exclusiveGateway" else None
        self.flow(away.id, into.id, test)

    def _loop(self, last: str) -> str:
        """A loop, perhaps entered in its middle or left from it."""
        before, entry = None, self.add("exclusiveGateway")
        if entered := self.perhaps():
            before = self.add("exclusiveGateway")
            self.flow(last, before.id)
            last = before.id
        self.flow(last, entry.id, default=entered)
        last = self._task(entry.id)
        middle = self.add("exclusiveGateway")
        self.flow(last, middle.id)
        leave = self.add("exclusiveGateway")
        self.flow(self.sequence(middle.id, 2), leave.id)
        if before is not None:
            self.flow(before.id, middle.id, self.test())
        self.flow(leave.id, entry.id, self.test())
        out = self.add("exclusiveGateway")
        self.flow(leave.id, out.id, default=True)
        return out.id

    def _events(self, last: str) -> str:
        gateway = self.add("eventBasedGateway")
        self.flow(last, gateway.id)
        lasts = []
        for kind in ("timer", self.some("message", "receive", "timer", *self.caught)):
            node = self._caught(kind)
            self.flow(gateway.id, node.id)
            lasts.append(self.sequence(node.id, 1) if self.perhaps() else node.id)
        return self._meet(lasts, "exclusiveGateway")

    # Activities with something inside or on their border

    def _sub(self, last: str) -> str:
        return self._inside(last, "subProcess")

    def _call(self, last: str) -> str:
        return self._inside(last, "callActivity")

    def _inside(self, last: str, kind: str, many: Many | None = None, error: str = "") -> str:
        self.number += 1
        key = f"{kind[:1].upper()}{self.number}"
        inner = key if kind == "subProcess" else f"{key}_called"
        outer, self.scope = self.scope, Scope(inner, "process" if kind != "subProcess" else kind)
        self.graph.scopes[inner] = self.scope
        self._filled(error)
        self.scope = outer
        self.scope.nodes[key] = Node(key, kind, inner=inner, many=many)
        self.flow(last, key)
        return key

    def _signal(self, last: str) -> str:
        return self._throw(last, "signal", self.some("s1", "s2"))

    def _escalation(self, last: str) -> str:
        return self._throw(last, "escalation", self.some("L1", "L2"))

    def _throw(self, last: str, event: str, ref: str) -> str:
        """Throw on the way, or beside it at the end of a branch."""
        if self.perhaps():
            node = self.add("intermediateThrowEvent", event=event, ref=ref)
            self.flow(last, node.id)
            return node.id
        split = self.add("parallelGateway")
        self.flow(last, split.id)
        self.flow(self._script(split.id), self.add("endEvent", event=event, ref=ref).id)
        return self._task(split.id)

    def _handler(self) -> None:
        """An event subprocess in the scope being drawn."""
        self.number += 1
        key = f"H{self.number}"
        outer, self.scope = self.scope, Scope(key, "subProcess")
        self.graph.scopes[key] = self.scope
        event = self.some("timer", "message", "signal", "escalation", "error")
        ref = {"message": f"h{self.number}", "signal": self.some("s1", "s2"),
               "escalation": self.some("", "L1"), "error": self.some("", "E1")}  # fmt: skip
        interrupts = event == "error" or self.perhaps()
        times = 1 if interrupts or event == "timer" else 0
        start = self.add("startEvent", event=event, ref=ref.get(event, ""), times=times,
                         interrupts=interrupts,
                         writes=self.variable() if event == "message" else "")  # fmt: skip
        self.flow(self.sequence(start.id, 2), self.add("endEvent").id)
        self.scope = outer
        self.scope.nodes[key] = Node(key, "subProcess", event="triggered", inner=key)

    def _filled(self, error: str) -> None:
        """A start, some blocks, an end; perhaps an error on the way."""
        start = self.add("startEvent")
        last = self.sequence(start.id, 2)
        if "handler" in self.borders and self.perhaps():
            self._handler()
        if error:
            split, end = (
                self.add("exclusiveGateway"),
                self.add("endEvent", event="error", ref=error),
            )
            self.flow(last, split.id)
            self.flow(split.id, end.id, self.test())
            after = self.add("endEvent")
            self.flow(split.id, after.id, default=True)
        else:
            self.flow(last, self.add("endEvent").id)

    def _bounded(self, last: str) -> str:
        """An activity with boundary events, whose ways join the main one or end by themselves."""
        kind = self.some("userTask", "subProcess", "receiveTask", "callActivity", "many")
        error = kind in ("subProcess", "callActivity") and self.perhaps()
        if kind in ("subProcess", "callActivity"):
            host = self._inside(last, kind, error="E1" if error else "")
        else:
            host = {"userTask": self._task, "many": self._many}.get(kind, self._receive)(last)
        lasts = [host]
        if error:
            lasts.append(self.add("boundaryEvent", event="error", host=host,
                                  ref=self.some("", "E1")).id)  # fmt: skip
        beside = False
        for _ in range(self.draw(st.integers(0 if error else 1, 2))):
            event = self._border(host)
            after = self.sequence(event.id, 1) if self.perhaps() else event.id
            if event.interrupts or (event.times == 1 and event.event == "timer"):
                beside |= not event.interrupts
                lasts.append(after)
            else:
                self.flow(after, self.add("endEvent").id)
        return self._meet(lasts, INCLUSIVE if beside else self.some(INCLUSIVE, "exclusiveGateway"))

    def _receive(self, last: str) -> str:
        node = self._caught("receive")
        self.flow(last, node.id)
        return node.id

    def _border(self, host: str) -> Node:
        events = [event for event in self.borders if event != "handler"]
        what: dict[str, Any] = {"event": self.some(*events), "host": host}
        what["interrupts"] = self.perhaps()
        if what["event"] in ("signal", "escalation"):
            what["ref"] = (
                self.some("s1", "s2") if what["event"] == "signal" else self.some("", "L1")
            )
        if what["event"] == "message":
            what |= {"ref": f"b{self.number}", "writes": self.variable(), "times": 0}
        elif what["event"] != "timer":
            what["times"] = 0
        elif not what["interrupts"]:
            what["times"] = self.some(1, 2, 0)
        return self.add("boundaryEvent", **what)

    borders: tuple[str, ...] = ("timer", "message")
    caught: tuple[str, ...] = ()

    def _many(self, last: str) -> str:
        count = self.draw(st.integers(0, 3))
        enough = self.draw(st.integers(0, max(count - 1, 0)))
        many = Many(count, self.perhaps(), enough)
        if self.perhaps() and self.size > 0:
            return self._inside(last, self.some("subProcess", "callActivity"), many)
        node = self.add("userTask", writes=self.variable(), many=many)
        self.flow(last, node.id)
        return node.id


INCLUSIVE = "inclusiveGateway"
SMALL = ("task", "script", "catch", "service")
KINDS = (
    "task", "task", "script", "service", "catch", "choice", "parallel", "inclusive", "loop",
    "events", "sub", "call", "bounded", "many",
)  # fmt: skip


@st.composite
def models(draw: Draw, size: int = 8, kinds: Sequence[str] = KINDS) -> Graph:
    """A sound model of about so many blocks."""
    drawing = Drawing(draw, draw(st.integers(1, size)), kinds)
    drawing.graph.scopes["test"] = drawing.scope
    drawing._filled("")
    return drawing.graph


EVENTFUL = (*KINDS, "signal", "signal", "escalation", "sub", "bounded")


@st.composite
def eventful(draw: Draw, size: int = 8) -> Graph:
    """A model with signals, escalations and event subprocesses as well."""
    drawing = Drawing(draw, draw(st.integers(1, size)), EVENTFUL)
    drawing.borders = ("timer", "message", "signal", "escalation", "handler")
    drawing.caught = ("signal",)
    drawing.graph.scopes["test"] = drawing.scope
    drawing._filled("")
    return drawing.graph

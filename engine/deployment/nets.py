"""The flows of one scope as a net that tokens move through (BPMN 2.0.2 §13): arcs and nodes.

An activity that holds others, or calls them, is one node: what it holds is a net of its own. A
branch that a non-interrupting boundary event begins and that meets no other is a net of its own,
too.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.deployment.trees import Scope, events, local, tag

# What a node waits for: each token alone, one on every arc, every one that can still come.
ANY, ALL, SOME = "any", "all", "some"
# What it sends: one token, one on every arc, on some arcs; or nothing, and takes the others away.
ONE, EACH, OPEN, CLEAR = "one", "each", "open", "clear"
_GATEWAYS = {
    "exclusiveGateway": (ANY, ONE), "eventBasedGateway": (ANY, ONE),
    "parallelGateway": (ALL, EACH), "inclusiveGateway": (SOME, OPEN),
}  # fmt: skip
_ABRUPT = frozenset({"error", "cancel"})


@dataclass(slots=True)
class Arc:
    """A place for tokens.  A token put here has completed `via` and is worth what it `covers`."""

    source: str
    target: str
    role: str = "always"
    via: tuple[str, ...] = ()
    covers: frozenset[str] = frozenset()


@dataclass(slots=True)
class Node:
    """An element: how it joins and splits, `beside` what its boundary events add to each way."""

    key: str
    join: str = ANY
    split: str = EACH
    ins: list[int] = field(default_factory=list)
    outs: list[int] = field(default_factory=list)
    covers: frozenset[str] = frozenset()
    beside: tuple[int, ...] = ()


@dataclass(slots=True)
class Net:
    """Nodes and arcs; `begins` are the arcs on one of which the first token lies."""

    nodes: dict[str, Node] = field(default_factory=dict)
    arcs: dict[int, Arc] = field(default_factory=dict)
    begins: list[int] = field(default_factory=list)
    activities: frozenset[str] = frozenset()
    known: bool = True

    def connect(self, source: str, target: str, role: str = "always") -> int:
        """A new arc."""
        number = len(self.arcs)
        self.arcs[number] = Arc(source, target, role)
        if source:
            self.nodes[source].outs.append(number)
        self.nodes[target].ins.append(number)
        return number


class Drawn:
    """What follows each element of a scope: by a flow, a link, a boundary event."""

    def __init__(self, scope: Scope, endless: Collection[str]) -> None:
        self.scope, self.endless = scope, endless
        self.flows: dict[str, list[tuple[str, str]]] = {key: [] for key in scope.nodes}
        for flow in scope.flows:
            source, target = flow.get("sourceRef"), flow.get("targetRef")
            if source in self.flows and target in self.flows:
                self.flows[source].append((target, self._role(flow, source)))
        self.attached: dict[str, list[str]] = {key: [] for key in scope.nodes}
        for key, node in scope.nodes.items():
            if local(node) == "boundaryEvent" and events(node) != ["compensate"]:
                self.attached.get(node.get("attachedToRef", ""), []).append(key)
        self._link()

    def _role(self, flow: Any, source: str) -> str:
        if self.scope.nodes[source].get("default") == flow.get("id"):
            return "default"
        return "if" if flow.find(tag("conditionExpression")) is not None else "always"

    def _link(self) -> None:
        catches: dict[str, str] = {}
        throws: list[tuple[str, str]] = []
        for key, node in self.scope.nodes.items():
            link = node.find(tag("linkEventDefinition"))
            if link is not None and local(node) == "intermediateCatchEvent":
                catches[link.get("name", "")] = key
            elif link is not None:
                throws.append((key, link.get("name", "")))
        for key, name in throws:
            if name in catches:
                self.flows[key].append((catches[name], "always"))

    def cuts(self, boundary: str) -> bool:
        """Whether a boundary event ends its activity."""
        return bool(self.scope.nodes[boundary].get("cancelActivity", "true") != "false")

    def starts(self) -> list[str]:
        """Where the scope begins: its start events, else what no flow leads to."""
        nodes = self.scope.nodes
        found = [key for key, node in nodes.items() if local(node) == "startEvent"]
        into = {target for flows in self.flows.values() for target, _ in flows}
        loose = [
            key for key, node in nodes.items()
            if node.get("instantiate") == "true" and key not in into
        ]  # fmt: skip
        return found + loose

    def reached(self, starts: Iterable[str]) -> set[str]:
        """All elements from these on, not by events that leave their activity going on."""
        seen: set[str] = set()
        todo = list(starts)
        while todo:
            key = todo.pop()
            if key not in seen:
                seen.add(key)
                todo += [target for target, _ in self.flows[key]]
                todo += [one for one in self.attached[key] if self.cuts(one)]
        return seen

    def parts(self) -> Iterator[tuple[list[str], set[str]]]:
        """The starts and elements of each net: the main one, and each branch that stands alone."""
        main = self.reached(self.starts())
        ends = {key for key, node in self.scope.nodes.items() if local(node) == "endEvent"}
        starts = self.starts()
        while starts:
            alone = self._beside(main, ends)
            yield starts, main
            starts, main = alone, self.reached(alone)

    def _beside(self, inside: set[str], ends: set[str]) -> list[str]:
        """The events whose branches meet nothing here; the branches of the others come inside.

        Their branches may meet each other: events of one activity often lead to one reminder.
        """
        while True:
            going = sorted(b for k in inside for b in self.attached[k] if b not in inside)
            joined = [one for one in going if (self.reached([one]) - ends) & inside]
            if not joined:
                return going
            inside |= self.reached(joined)


def nets(scope: Scope, activities: frozenset[str], endless: Collection[str]) -> Iterator[Net]:
    """The nets of a scope; `endless` are the activities in it that never end by themselves."""
    drawn = Drawn(scope, endless)
    for starts, inside in drawn.parts():
        net = Net(activities=activities)
        for key in (key for key in scope.nodes if key in inside):
            net.nodes[key] = _node(net, key, scope.nodes[key])
        for key in list(net.nodes):
            _leave(net, key, drawn)
        net.begins = [net.connect("", key) for key in starts]
        yield net


def _node(net: Net, key: str, node: Any) -> Node:
    kind = local(node)
    if kind == "complexGateway":
        net.known = False
    join, split = _GATEWAYS.get(kind, (ANY, EACH))
    if node.get("eventGatewayType") == "Parallel":
        split = EACH
    if kind == "endEvent" and _abrupt(node):
        split = CLEAR
    return Node(key, join, split)


def _abrupt(node: Any) -> bool:
    return bool(set(events(node)) & (_ABRUPT | {"terminate"}))


def _leave(net: Net, key: str, drawn: Drawn) -> None:
    """The arcs that leave an element; one whose activity has boundary events leaves by one."""
    node, flows = net.nodes[key], drawn.flows[key]
    attached = [one for one in drawn.attached[key] if one in net.nodes]
    if local(drawn.scope.nodes[key]) not in _GATEWAYS and any(r == "if" for _, r in flows):
        node.split = OPEN
    if not attached and key not in drawn.endless:
        for target, role in flows:
            net.connect(key, target, role)
        return
    if key not in drawn.endless:
        # What follows its own completion is one way beside those of its events.
        done = net.nodes[f"{key}/"] = Node(f"{key}/", ANY, node.split)
        net.connect(key, done.key)
        for target, role in flows:
            net.connect(done.key, target, role)
    node.split = ONE
    for one in attached:
        if drawn.cuts(one):
            net.connect(key, one)
    others = [net.connect(key, one) for one in attached if not drawn.cuts(one)]
    node.beside = tuple(others)
    node.outs = [number for number in node.outs if number not in others]

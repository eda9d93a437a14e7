"""What comes to a case from outside or is thrown inside it, and who catches it (§13.5)."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.bpmn.graphs import Graph, Node
from tests.bpmn.tokens import Body, Part, Token, Tree, Values, changed, having

WAITING = {"userTask": "task", "serviceTask": "operation", "receiveTask": "message"}
CALLED = frozenset({"error", "escalation", "cancel", "compensate"})


class Wait(NamedTuple):
    """Who waits for what: a token of a body, or the body itself for an event subprocess."""

    body: Body
    token: Token | None
    part: Part | None
    node: Node
    kind: str


class Occurring(Tree):
    """The events of a case."""

    graph: Graph
    taken: Counter[str]
    refused: bool

    def leave(self, body: Body, token: Token) -> None:
        """A node is done."""
        raise NotImplementedError

    def done(self, body: Body, token: Token, part: Part, values: Values) -> None:
        """An instance of an activity is done."""
        raise NotImplementedError

    # Who waits

    def waits(self) -> Counter[tuple[str, str]]:
        """What can be done from outside: elements, each with the kind of its wait."""
        return Counter((w.node.id, w.kind) for w in self.waiting() if w.kind not in CALLED)

    def waiting(self) -> Iterator[Wait]:
        """Every wait, those for what is thrown among them."""
        for body in self.bodies():
            for handler in body.scope.handlers:
                start = self.start_of(handler)
                if start.id in body.armed:
                    yield Wait(body, None, None, start, start.event)
            for token in body.tokens:
                if token.rests:
                    yield from self._at(body, token)

    def _at(self, body: Body, token: Token) -> Iterator[Wait]:
        kind, nodes = token.at.kind, body.scope.nodes
        if kind in WAITING:
            yield from (Wait(body, token, part, token.at, WAITING[kind]) for part in token.parts)
        elif kind == "intermediateCatchEvent":
            yield Wait(body, token, None, token.at, token.at.event)
        elif kind == "eventBasedGateway":
            for flow in body.scope.leaving[token.at.id]:
                node = nodes[flow.target]
                yield Wait(body, token, None, node, node.event or "message")
        yield from (Wait(body, token, None, nodes[key], nodes[key].event) for key in token.armed)

    def start_of(self, handler: Node) -> Node:
        """The start event of an event subprocess."""
        return self.graph.scopes[handler.inner].starts[0]

    # What comes

    def choices(self, element: str, kind: str) -> int:
        """How many tokens wait for this."""
        return self.waits()[element, kind]

    def do(self, element: str, kind: str, number: int, given: dict[str, Any]) -> None:
        """Do what an element waits for, at the token of this number among those that wait so."""
        self.taken = Counter()
        found = [w for w in self.waiting() if w.node.id == element and w.kind == kind]
        self.take(found[number], given)

    def take(self, wait: Wait, given: dict[str, Any]) -> None:
        """An event occurs, or work is done."""
        body, token, part, node, _ = wait
        if token is None:
            self._handle(body, node, given)
        elif node.kind == "boundaryEvent":
            self.catch(body, token, node, given)
        elif part is not None:
            self.done(body, token, part, having(part.values, given))
        else:
            token.at, token.values = node, having(token.values, given)
            self.leave(body, token)

    def catch(self, body: Body, token: Token, node: Node, given: dict[str, Any]) -> None:
        """A boundary event occurs: its activity ends, or goes on beside it (§13.5.3)."""
        values = having(self.at(token), given)
        if node.interrupts:
            body.tokens.remove(token)
        else:
            # The engine tells a copy from a change by values alone: it may take either for newer.
            self.contested |= changed(token.values, self.at(token)).keys()
            _once(token.armed, node)
        caught = Token(node, "", values)
        body.tokens.append(caught)
        self.leave(body, caught)

    def _handle(self, body: Body, start: Node, given: dict[str, Any]) -> None:
        """An event subprocess begins: alone in its scope, or beside what runs there (§13.5.4)."""
        values = having(self.known(body), given)
        handler = next(h for h in body.scope.handlers if self.start_of(h) is start)
        if start.interrupts:
            body.tokens, body.armed, body.left = [], {}, {}
        else:
            _once(body.armed, start)
        token = Token(handler, "", values)
        token.rests = True
        body.tokens.append(token)
        inner = Body(self.graph.scopes[handler.inner], body, token)
        inner.armed = self.listening(inner)
        token.parts = [Part(1, values, inner)]
        begun = Token(start, "", values)
        inner.tokens.append(begun)
        self.leave(inner, begun)

    def listening(self, body: Body) -> dict[str, int]:
        """The event subprocesses that wait while a scope runs."""
        starts = [self.start_of(handler) for handler in body.scope.handlers]
        return {start.id: start.times for start in starts}

    # What is thrown

    def fail(self, element: str, number: int, code: str) -> None:
        """The work of a service task fails by a code."""
        self.taken = Counter()
        found = [w for w in self.waiting() if w.node.id == element and w.part is not None]
        wait = found[number]
        if not self._caught(wait.body, wait.token, "error", code):
            self.throw(wait.body, "error", code)

    def throw(self, thrower: Body | None, kind: str, code: str) -> None:
        """It goes to the nearest that catches it, from the inside out; an error that nobody
        catches refuses the step, an escalation is not critical."""
        body = thrower
        while body is not None:
            if self._caught(body, None, kind, code):
                return
            if body.outer is not None and self._caught(body.outer, body.owner, kind, code):
                return
            body = body.outer
        self.refused = kind == "error"

    def _caught(self, body: Body, token: Token | None, kind: str, code: str) -> bool:
        """By the boundary events of a token, or by the event subprocesses of a body; who names
        the code goes before who names none."""
        fit = [
            wait
            for wait in self.waiting()
            if wait.body is body and wait.token is token and wait.kind == kind
            and wait.node.ref in ("", code)
        ]  # fmt: skip
        if fit:
            self.take(max(fit, key=lambda wait: wait.node.ref != ""), {})
        return bool(fit)

    def signal(self, name: str) -> None:
        """A signal reaches all who wait for it now, in every scope."""
        for wait in [w for w in self.waiting() if w.kind == "signal" and w.node.ref == name]:
            if self.alive(wait.body, wait.token) and self._still(wait):
                self.take(wait, {})

    def _still(self, wait: Wait) -> bool:
        return any(w.node is wait.node and w.token is wait.token for w in self.waiting())

    def alive(self, body: Body, token: Token | None) -> bool:
        """Whether a token, or a body, is still part of the case."""
        while token is not None or body.owner is not None:
            if token is not None and token not in body.tokens:
                return False
            token = body.owner
            if body.outer is None or token is None:
                break
            if all(part.body is not body for part in token.parts):
                return False
            body = body.outer
        return body is self.main


def _once(armed: dict[str, int], node: Node) -> None:
    """One turn fewer of an event that waits again; 0 turns are endless."""
    if armed[node.id] == 1:
        del armed[node.id]
    elif armed[node.id]:
        armed[node.id] -= 1

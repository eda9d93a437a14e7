"""The token rules of BPMN 2.0.2 (§13) as small as can be: what the engine is compared with.

It shares nothing with the engine but the standard. A state is a tree of tokens: an activity's token
holds its parts (one, or one for each instance), and a part of a subprocess holds a body, which
holds tokens. What happens by itself has no fixed order, so `settled` gives every state in which all
tokens can come to rest; the engine must have come to one of them.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.bpmn.graphs import Flow, Graph, Many, Node, Scope
from tests.bpmn.occurring import Occurring
from tests.bpmn.tokens import Body, Part, Token, Values, body_key, changed, copied

MOST_STATES, MOST_TOKENS, MOST_STEPS = 3000, 24, 400


class Unbounded(Exception):
    """The model makes more tokens or states than a comparison can follow."""


class State(Occurring):
    """A case: its tokens, the variables that are contested, the flows taken by this command."""

    def __init__(self, graph: Graph, values: dict[str, Any]) -> None:
        self.graph, self.contested, self.taken = graph, set[str](), Counter[str]()
        self.ended = self.refused = False
        self.main = Body(graph.scopes[graph.main], None, None)
        start = self.main.scope.starts[0]
        self.main.armed = self.listening(self.main)
        self.main.tokens.append(Token(start, "", {k: (v,) for k, v in values.items()}))

    def copy(self) -> "State":
        """The same state, which can go on by itself."""
        other = State.__new__(State)
        other.graph, other.contested, other.taken = (
            self.graph, set(self.contested), Counter(self.taken),
        )  # fmt: skip
        other.ended, other.refused = self.ended, self.refused
        other.main = copied(self.main, None, None)
        return other

    def key(self) -> Any:
        """Equal for states that nobody can tell apart."""
        return (
            self.ended, self.refused, frozenset(self.contested),
            frozenset(self.taken.items()), body_key(self.main),
        )  # fmt: skip

    # What happens by itself

    def steps(self) -> list[int]:
        """The tokens that can go on by themselves, by their place among all tokens."""
        if self.ended or self.refused:
            return []
        return [
            place
            for place, (body, token) in enumerate(self.tokens())
            if not token.rests or (token.at.kind == "inclusiveGateway" and self.opens(body, token))
        ]

    def step(self, place: int) -> None:
        """Let one token go on."""
        body, token = list(self.tokens())[place]
        kind = token.at.kind
        if token.rests:
            self._join(body, token.at, self._first(body, token.at))
        elif kind in _JOINS and len(body.scope.entering[token.at.id]) > 1:
            token.rests = True
            first = self._first(body, token.at)
            if kind == "parallelGateway" and len(first) == len(body.scope.entering[token.at.id]):
                self._join(body, token.at, first)
        else:
            _ENTERED.get(kind, State._pass)(self, body, token)

    def _pass(self, body: Body, token: Token) -> None:
        self.leave(body, token)

    def _script(self, body: Body, token: Token) -> None:
        """A script counts its variable up."""
        name = token.at.writes
        value = token.values[name][-1] + token.at.adds
        token.values = {**token.values, name: (*token.values[name], value)}
        self.leave(body, token)

    def _rest(self, body: Body, token: Token) -> None:
        token.rests = True

    def _activity(self, body: Body, token: Token) -> None:
        """An activity begins: its boundary events wait, its instances begin (§13.3)."""
        token.rests = True
        token.armed = {node.id: node.times for node in body.scope.guards[token.at.id]}
        many = token.at.many
        if many is None:
            self._begin(body, token)
            return
        for _ in range(1 if many.sequential else many.count):
            if token.begun < many.count and token in body.tokens:
                self._begin(body, token)
        if many.count == 0:
            self._all_done(body, token)

    def _begin(self, body: Body, token: Token) -> None:
        """Begin one instance."""
        token.begun += 1
        part = Part(token.begun, token.values)
        token.parts.append(part)
        if token.at.inner:
            inner = Body(self.graph.scopes[token.at.inner], body, token)
            inner.tokens.append(Token(inner.scope.starts[0], "", token.values))
            inner.armed = self.listening(inner)
            part.body = inner

    def _exclusive(self, body: Body, token: Token) -> None:
        """The first flow whose condition holds, else the default (§13.4.2)."""
        flows = body.scope.leaving[token.at.id]
        self._out(body, token, self._true(flows, token)[:1] or _default(flows))

    def _true(self, flows: list[Flow], token: Token) -> list[Flow]:
        now = {name: history[-1] for name, history in token.values.items()}
        names = {flow.test.name for flow in flows if flow.test is not None}
        if names & self.contested:
            raise Unbounded("a condition reads what branches contest")
        return [flow for flow in flows if flow.test is not None and flow.test.holds(now)]

    def _out(self, body: Body, token: Token, flows: list[Flow]) -> None:
        if not flows:
            self.refused = True  # §13.4: the gateway throws an exception
            return
        body.tokens.remove(token)
        self._send(body, flows, token.values)

    def _send(self, body: Body, flows: Iterable[Flow], values: Values) -> None:
        for flow in flows:
            self.taken[flow.id] += 1
            body.tokens.append(Token(body.scope.nodes[flow.target], flow.id, values))
        if sum(1 for _ in self.tokens()) > MOST_TOKENS:
            raise Unbounded("tokens")

    # Joins

    def _first(self, body: Body, node: Node) -> list[Token]:
        """The first token of each incoming flow that has one."""
        first: dict[str, Token] = {}
        for token in body.tokens:
            if token.at is node:
                first.setdefault(token.via, token)
        return list(first.values())

    def opens(self, body: Body, token: Token) -> bool:
        """Whether an inclusive gateway opens (§13.4.3): no token can reach an empty flow of it,
        unless that token can also reach one that has a token."""
        gateway = token.at
        if self._first(body, gateway)[0] is not token:
            return False
        full = {one.via for one in body.tokens if one.at is gateway}
        for other in body.tokens:
            ways = [other.at, *(body.scope.nodes[key] for key in other.armed)]
            for way in ways if other.at is not gateway else ():
                ahead = _ahead(body.scope, way, gateway)
                if ahead - full and not ahead & full:
                    return False
        return True

    def _join(self, body: Body, node: Node, group: list[Token]) -> None:
        """One token of each flow goes on as one; excess tokens stay."""
        values: Values = {}
        for token in group:
            values = self.meet(values, token.values)
            body.tokens.remove(token)
        joined = Token(node, "", values)
        body.tokens.append(joined)
        self._split(body, joined)

    def _split(self, body: Body, token: Token) -> None:
        flows = body.scope.leaving[token.at.id]
        if token.at.kind == "inclusiveGateway" and len(flows) > 1:
            self._out(body, token, self._true(flows, token) or _default(flows))
        else:
            self._out(body, token, flows)

    # Ends

    def _end(self, body: Body, token: Token) -> None:
        event = token.at.event
        if event == "terminate":
            body.tokens, body.left, body.armed = [], token.values, {}
            self._over(body)
        elif event == "error":
            self.throw(body, "error", token.at.ref)
        else:
            self._thrown(body, token)

    def _thrown(self, body: Body, token: Token) -> None:
        """Throw on the way or at an end; a token that its own event ended goes nowhere."""
        if token.at.event == "signal":
            self.signal(token.at.ref)
        elif token.at.event == "escalation":
            self.throw(body, "escalation", token.at.ref)
        if self.alive(body, token):
            self.leave(body, token)

    def leave(self, body: Body, token: Token) -> None:
        """A node is done: a token on each flow that leaves it, or none (§13.3.1)."""
        body.tokens.remove(token)
        flows = body.scope.leaving[token.at.id]
        self._send(body, flows, token.values)
        if not flows:
            body.left = self.meet(body.left, token.values)
            if not body.tokens:
                self._over(body)

    def _over(self, body: Body) -> None:
        """The last token of a body has ended: so has the body."""
        if body.owner is None or body.outer is None:
            self.ended = True
            return
        part = next(part for part in body.owner.parts if part.body is body)
        self.done(body.outer, body.owner, part, body.left)

    def done(self, body: Body, token: Token, part: Part, values: Values) -> None:
        """An instance of an activity is done; perhaps the activity is."""
        token.parts.remove(part)
        many = token.at.many
        if many is None:
            token.values = values
            self.leave(body, token)
            return
        if part.body is not None:
            token.results[part.index] = changed(token.values, values)
            if self.contested:
                self.contested.add(f"{token.at.id}_all")
        else:
            token.results[part.index] = values[token.at.writes][-1]
        enough = many.enough and len(token.results) >= many.enough
        if enough or len(token.results) == many.count:
            self._all_done(body, token)
        elif many.sequential:
            self._begin(body, token)

    def _all_done(self, body: Body, token: Token) -> None:
        token.parts = []
        output = f"{token.at.id}_all"
        given = tuple(token.results[index] for index in sorted(token.results))
        token.values = {**token.values, output: (*token.values.get(output, ()), given)}
        self.leave(body, token)


_JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
_ENTERED = {
    "scriptTask": State._script,
    "endEvent": State._end,
    "intermediateThrowEvent": State._thrown,
    "exclusiveGateway": State._exclusive,
    "eventBasedGateway": State._rest,
    "intermediateCatchEvent": State._rest,
    **dict.fromkeys(_JOINS, State._split),
    **dict.fromkeys(
        ("userTask", "serviceTask", "receiveTask", "subProcess", "callActivity"), State._activity
    ),
}


def settled(state: State) -> list[State]:
    """Every state in which the tokens can come to rest, whatever the order of their steps."""
    rest: dict[Any, State] = {}
    seen, todo = {state.key()}, [state]
    while todo:
        here = todo.pop()
        steps = here.steps()
        if not steps:
            rest[here.key()] = here
        for place in steps if here.graph.risky else steps[:1]:
            following = here.copy()
            following.step(place)
            key = following.key()
            if key not in seen:
                seen.add(key)
                todo.append(following)
            if len(seen) > MOST_STATES or following.taken.total() > MOST_STEPS:
                raise Unbounded("states")
    return list(rest.values())


def _ahead(scope: Scope, node: Node, gateway: Node) -> set[str]:
    """The flows into a gateway that a token at a node can reach without passing the gateway.

    The standard speaks of sequence flows only. Here an activity on the way can be left by its
    boundary events too; where a token stands, each event that waits is a way of its own.
    """
    found, seen, todo = set[str](), {node.id}, [node.id]
    while todo:
        here = todo.pop()
        beside = [guard.id for guard in scope.guards[here] if here != node.id]
        for flow in [f for key in (here, *beside) for f in scope.leaving[key]]:
            if flow.target == gateway.id:
                found.add(flow.id)
            elif flow.target not in seen:
                seen.add(flow.target)
                todo.append(flow.target)
    return found


def _default(flows: list[Flow]) -> list[Flow]:
    return [flow for flow in flows if flow.default or (len(flows) == 1 and flow.test is None)]


__all__ = ["Many", "State", "Unbounded", "settled"]

"""The token rules of BPMN 2.0.2 (§13), as small as they can be said: what the engine is compared with.

It shares nothing with the engine but the standard. A state is a tree of tokens: an activity's token
holds its parts (one, or one for each instance), and a part of a subprocess holds a body, which
holds tokens. What happens by itself has no fixed order, so `settled` gives every state in which all
tokens can come to rest; the engine must have come to one of them.

A value is kept with all that stood before it in its variable. Where branches meet, the longer
of two such histories stands if it goes on from the other; otherwise they contest the variable,
BPMN says nothing, and its name is noted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tests.bpmn.graphs import Flow, Graph, Many, Node, Scope

Values = dict[str, tuple[Any, ...]]
WAITING = {"userTask": "task", "serviceTask": "operation"}
MOST_STATES, MOST_TOKENS, MOST_STEPS = 3000, 24, 400


class Unbounded(Exception):
    """The model makes more tokens or states than a comparison can follow."""


class Part:
    """One instance of an activity; a subprocess's has a body."""

    def __init__(self, index: int, values: Values, body: "Body | None" = None) -> None:
        self.index, self.values, self.body = index, values, body


class Token:
    """A token at a node, where it came by the flow `via`; `rests` until something moves it."""

    def __init__(self, at: Node, via: str, values: Values) -> None:
        self.at, self.via, self.values = at, via, values
        self.rests = False
        self.parts: list[Part] = []
        self.armed: dict[str, int] = {}  # boundary events that wait, and turns left (0: endless)
        self.begun = 0
        self.results: dict[int, Any] = {}


class Body:
    """A process or subprocess that runs; `owner` is its activity's token in the body `outer`."""

    def __init__(self, scope: Scope, outer: "Body | None", owner: Token | None) -> None:
        self.scope, self.outer, self.owner = scope, outer, owner
        self.tokens: list[Token] = []
        self.left: Values = {}  # what tokens that ended here knew
        self.armed: dict[str, int] = {}  # starts of event subprocesses that wait


class State:
    """A case: its tokens, the variables that are contested, the flows taken by this command."""

    def __init__(self, graph: Graph, values: dict[str, Any]) -> None:
        self.graph, self.contested, self.taken = graph, set[str](), Counter[str]()
        self.ended = self.refused = False
        self.main = Body(graph.scopes[graph.main], None, None)
        start = self.main.scope.starts[0]
        self.main.tokens.append(Token(start, "", {k: (v,) for k, v in values.items()}))

    def copy(self) -> "State":
        """The same state, which can go on by itself."""
        other = State.__new__(State)
        other.graph, other.contested, other.taken = (
            self.graph, set(self.contested), Counter(self.taken),
        )  # fmt: skip
        other.ended, other.refused = self.ended, self.refused
        other.main = _copied(self.main, None, None)
        return other

    # What can be seen

    def bodies(self) -> Iterator[Body]:
        """Every body, outer before inner."""
        todo = [self.main]
        for body in todo:
            yield body
            todo += [p.body for t in body.tokens for p in t.parts if p.body is not None]

    def tokens(self) -> Iterator[tuple[Body, Token]]:
        """Every token with its body."""
        return ((body, token) for body in self.bodies() for token in body.tokens)

    def waits(self) -> Counter[tuple[str, str]]:
        """What can be done from outside: elements, each with the kind of its wait."""
        return Counter((node.id, kind) for _, _, _, node, kind in self._waits())

    def _waits(self) -> Iterator[tuple[Body, Token, Part | None, Node, str]]:
        for body, token in self.tokens():
            if not token.rests:
                continue
            kind = token.at.kind
            if kind in WAITING:
                yield from ((body, token, part, token.at, WAITING[kind]) for part in token.parts)
            elif kind == "receiveTask":
                yield from ((body, token, part, token.at, "message") for part in token.parts)
            elif kind == "intermediateCatchEvent":
                yield body, token, None, token.at, token.at.event
            elif kind == "eventBasedGateway":
                for flow in body.scope.leaving[token.at.id]:
                    node = body.scope.nodes[flow.target]
                    yield body, token, None, node, node.event or "message"
            for key in token.armed:
                node = body.scope.nodes[key]
                if node.event != "error":
                    yield body, token, None, node, node.event

    def values(self) -> dict[str, Any]:
        """The variables of the case, as they would be if all tokens met now."""
        known = self.known(self.main)
        return {name: history[-1] for name, history in known.items()}

    def known(self, body: Body) -> Values:
        """What the tokens in a body have made of the variables so far."""
        met = self.left(body)
        for token in body.tokens:
            met = self.meet(met, self.at(token))
        return met

    def left(self, body: Body) -> Values:
        return body.left

    def at(self, token: Token) -> Values:
        """What is known at a token: inside a subprocess, what its tokens have made of it."""
        values = token.values
        for part in token.parts:
            if part.body is not None and token.at.many is None:
                values = self.meet(values, self.known(part.body))
        return values

    def meet(self, one: Values, other: Values) -> Values:
        """Two branches' variables put together."""
        met = dict(one)
        for name, history in other.items():
            mine = met.get(name, ())
            if len(mine) < len(history):
                mine, history = history, mine
            if mine[: len(history)] != history and mine[-1] != history[-1]:
                self.contested.add(name)
            met[name] = mine
        return met

    def key(self) -> Any:
        """Equal for states that nobody can tell apart."""
        return (
            self.ended, self.refused, frozenset(self.contested),
            frozenset(self.taken.items()), _body_key(self.main),
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
            body.tokens, body.left = [], token.values
            self._over(body)
        elif event == "error":
            self.throw(body, token.at.ref)
        else:
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
            token.results[part.index] = _changed(token.values, values)
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

    # What comes from outside

    def choices(self, element: str, kind: str) -> int:
        """How many tokens wait for this."""
        return self.waits()[element, kind]

    def do(self, element: str, kind: str, number: int, given: dict[str, Any]) -> None:
        """Do what an element waits for, at the token of this number among those that wait so."""
        self.taken = Counter()
        found = [wait for wait in self._waits() if wait[3].id == element and wait[4] == kind]
        body, token, part, node, _ = found[number]
        if node.kind == "boundaryEvent":
            self.catch(body, token, node, given)
        elif part is not None:
            self.done(body, token, part, _with(part.values, given))
        elif token.at.kind == "eventBasedGateway":
            token.at, token.values = node, _with(token.values, given)
            self.leave(body, token)
        else:
            token.values = _with(token.values, given)
            self.leave(body, token)

    def catch(self, body: Body, token: Token, node: Node, given: dict[str, Any]) -> None:
        """A boundary event occurs: its activity ends, or goes on beside it (§13.5.3)."""
        values = _with(self.at(token), given)
        if not node.interrupts:
            # The engine tells a copy from a change by values alone: it may take either for newer.
            self.contested |= _changed(token.values, self.at(token)).keys()
        if node.interrupts:
            body.tokens.remove(token)
        elif token.armed[node.id] == 1:
            del token.armed[node.id]
        elif token.armed[node.id]:
            token.armed[node.id] -= 1
        caught = Token(node, "", values)
        body.tokens.append(caught)
        self.leave(body, caught)

    def fail(self, element: str, number: int, code: str) -> None:
        """The work of a service task fails by a code."""
        self.taken = Counter()
        found = [wait for wait in self._waits() if wait[3].id == element and wait[2] is not None]
        body, token, _, _, _ = found[number]
        if not self._caught(body, token, code):
            self.throw(body, code)

    def throw(self, body: Body, code: str) -> None:
        """An error goes to the nearest that catches it; uncaught, the step is refused."""
        while body.owner is not None and body.outer is not None:
            if self._caught(body.outer, body.owner, code):
                return
            body = body.outer
        self.refused = True

    def _caught(self, body: Body, token: Token, code: str) -> bool:
        fit = [body.scope.nodes[key] for key in token.armed]
        fit = [node for node in fit if node.event == "error" and node.ref in ("", code)]
        if not fit:
            return False
        self.catch(body, token, max(fit, key=lambda node: node.ref != ""), {})
        return True


_JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
_ENTERED = {
    "scriptTask": State._script,
    "endEvent": State._end,
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


def _copied(body: Body, outer: Body | None, owner: Token | None) -> Body:
    other = Body(body.scope, outer, owner)
    other.left, other.armed = body.left, dict(body.armed)
    for token in body.tokens:
        copied = Token(token.at, token.via, token.values)
        copied.rests, copied.begun = token.rests, token.begun
        copied.armed, copied.results = dict(token.armed), dict(token.results)
        for part in token.parts:
            inner = _copied(part.body, other, copied) if part.body is not None else None
            copied.parts.append(Part(part.index, part.values, inner))
        other.tokens.append(copied)
    return other


def _default(flows: list[Flow]) -> list[Flow]:
    return [flow for flow in flows if flow.default or (len(flows) == 1 and flow.test is None)]


def _changed(before: Values, after: Values) -> dict[str, Any]:
    """What an instance made of the variables, where no item says what it gives."""
    now = {name: history[-1] for name, history in after.items()}
    return {k: v for k, v in now.items() if k not in before or before[k][-1] != v}


def _with(values: Values, given: dict[str, Any]) -> Values:
    return {**values, **{name: (*values.get(name, ()), v) for name, v in given.items()}}


def _body_key(body: Body) -> Any:
    tokens = sorted((repr(_token_key(token)) for token in body.tokens))
    return body.scope.id, tuple(tokens), repr(sorted(body.left.items())), repr(body.armed)


def _token_key(token: Token) -> Any:
    return (
        token.at.id, token.via, token.rests, sorted(token.armed.items()), token.begun,
        sorted(token.results.items()), sorted(token.values.items()),
        [(part.index, sorted(part.values.items()), part.body and _body_key(part.body))
         for part in token.parts],
    )  # fmt: skip


__all__ = ["Many", "State", "Unbounded", "settled"]

"""Tokens in bodies, bodies in activities: what a case of the reference is made of.

A value is kept with all that stood before it in its variable. Where branches meet, the longer
of two such histories stands if it goes on from the other; otherwise they contest the variable,
BPMN says nothing, and its name is noted.
"""

from collections.abc import Iterator
from typing import Any

from tests.bpmn.graphs import Node, Scope

Values = dict[str, tuple[Any, ...]]


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


class Tree:
    """The tokens of a case, seen from its main process."""

    main: Body
    contested: set[str]

    def bodies(self) -> Iterator[Body]:
        """Every body, outer before inner."""
        todo = [self.main]
        for body in todo:
            yield body
            todo += [p.body for t in body.tokens for p in t.parts if p.body is not None]

    def tokens(self) -> Iterator[tuple[Body, Token]]:
        """Every token with its body."""
        return ((body, token) for body in self.bodies() for token in body.tokens)

    def values(self) -> dict[str, Any]:
        """The variables of the case, as they would be if all tokens met now."""
        known = self.known(self.main)
        return {name: history[-1] for name, history in known.items()}

    def known(self, body: Body) -> Values:
        """What the tokens in a body have made of the variables so far."""
        met = body.left
        for token in body.tokens:
            met = self.meet(met, self.at(token))
        return met

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


def copied(body: Body, outer: Body | None, owner: Token | None) -> Body:
    other = Body(body.scope, outer, owner)
    other.left, other.armed = body.left, dict(body.armed)
    for token in body.tokens:
        twin = Token(token.at, token.via, token.values)
        twin.rests, twin.begun = token.rests, token.begun
        twin.armed, twin.results = dict(token.armed), dict(token.results)
        for part in token.parts:
            inner = copied(part.body, other, twin) if part.body is not None else None
            twin.parts.append(Part(part.index, part.values, inner))
        other.tokens.append(twin)
    return other


def changed(before: Values, after: Values) -> dict[str, Any]:
    """What an instance made of the variables, where no item says what it gives."""
    now = {name: history[-1] for name, history in after.items()}
    return {k: v for k, v in now.items() if k not in before or before[k][-1] != v}


def having(values: Values, given: dict[str, Any]) -> Values:
    return {**values, **{name: (*values.get(name, ()), v) for name, v in given.items()}}


def body_key(body: Body) -> Any:
    tokens = sorted(repr(_token_key(token)) for token in body.tokens)
    return body.scope.id, tuple(tokens), repr(sorted(body.left.items())), repr(body.armed)


def _token_key(token: Token) -> Any:
    return (
        token.at.id, token.via, token.rests, sorted(token.armed.items()), token.begun,
        sorted(token.results.items()), sorted(token.values.items()),
        [(part.index, sorted(part.values.items()), part.body and body_key(part.body))
         for part in token.parts],
    )  # fmt: skip

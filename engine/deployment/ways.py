"""Where a token can go in the whole bundle: into subprocesses and calls, out of them, to errors.

One graph over every scope. An activity that holds others is left through its own key and a slash:
what follows it follows from that.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from engine.deployment.trees import HOLDERS, Scope, events, local
from engine.runtime.notation import details

HUMAN = frozenset({"userTask", "manualTask"})
_WAITING = HUMAN | {"receiveTask", "intermediateCatchEvent", "eventBasedGateway"}


class Ways:
    """The nodes of a bundle by id, the scope of each, and what follows each."""

    def __init__(self, scopes: Sequence[Scope], main: str, operations: Mapping[str, Any]) -> None:
        self.nodes = {key: node for scope in scopes for key, node in scope.nodes.items()}
        self.scope = {key: scope for scope in scopes for key in scope.nodes}
        self._scopes, self._main, self._operations = scopes, main, operations
        self._inner = {scope.node.get("id", ""): scope for scope in scopes}
        self.after: dict[str, set[str]] = {key: set() for key in self.nodes}
        for key, node in self.nodes.items():
            self._connect(key, node)

    @cached_property
    def start(self) -> str:
        """The start event of the main process."""
        return next(iter(_starts(self._inner[self._main])))

    def reached(self, starts: Iterable[str], without: Collection[str] = ()) -> set[str]:
        """Every element after these, not looking beyond those it is to go without."""
        seen: set[str] = set()
        todo = [key for start in starts for key in self.after[start]]
        while todo:
            key = todo.pop()
            if key not in seen and key not in without:
                seen.add(key)
                todo.extend(self.after[key])
        return seen

    def certain(self, wanted: Collection[str]) -> bool:
        """Whether one of these is met on every way before anything waits."""
        found = set(wanted)
        while True:
            more = {key for key in self.after.keys() - found if self._leads(key, found)}
            if not more:
                return self.start in found
            found |= more

    def _leads(self, key: str, found: set[str]) -> bool:
        # A timer or a message cuts off only what waits; an error comes before.
        kind, after = self.kind(key), {one for one in self.after[key] if not self._cuts(one)}
        if kind in _WAITING or kind == "boundaryEvent" or not after:
            return False
        return bool(after & found) if kind == "parallelGateway" else after <= found

    def _cuts(self, key: str) -> bool:
        return self.kind(key) == "boundaryEvent" and events(self.nodes[key]) != ["error"]

    def kind(self, key: str) -> str:
        """The kind of an element; empty where an activity is left."""
        return local(self.nodes[key]) if key in self.nodes else ""

    def within(self, activity: str) -> set[str]:
        """Every element inside an activity, however deep."""
        scope, found = self._held(activity), set[str]()
        todo = [scope] if scope is not None else []
        while todo:
            for key in todo.pop().nodes:
                if key not in found:
                    found.add(key)
                    inner = self._held(key)
                    todo += [inner] if inner is not None else []
        return found

    def _held(self, key: str) -> Scope | None:
        """What an activity holds: its own scope, or the process that it calls."""
        node = self.nodes[key]
        called = {**dict.fromkeys(HOLDERS, key), "callActivity": node.get("calledElement", "")}
        return self._inner.get(called.get(local(node), ""))

    def _connect(self, key: str, node: Any) -> None:
        scope, held = self.scope[key], self._held(key)
        left = key
        if held is not None:
            left = f"{key}/"
            self.after.setdefault(left, set())
            self.after[key] |= set(_starts(held))
            for last in _lasts(held):
                self.after.setdefault(last if self._held(last) is None else f"{last}/", set()).add(
                    left
                )
        self.after[left] |= {f.get("targetRef") for f in scope.outgoing(key)}
        if local(node) == "boundaryEvent":
            self._attach(key, node)

    def _attach(self, key: str, node: Any) -> None:
        """A boundary event can follow whatever its activity holds; an error, what gives it."""
        host = node.get("attachedToRef")
        inside = self.within(host) | {host}
        if events(node) == ["error"]:
            code = details(node).error
            inside = {one for one in inside if self._gives(one, code)}
        for one in inside:
            self.after[one].add(key)

    def _gives(self, key: str, code: str | None) -> bool:
        node = self.nodes[key]
        found = details(node)
        if local(node) == "endEvent":
            return events(node) == ["error"] and code in (None, found.error)
        if local(node) != "serviceTask":
            return False
        operation = self._operations.get(found.own.get("operation", ""))
        return operation is None or operation.any_error or code is None or code in operation.errors


def _starts(scope: Scope) -> Iterator[str]:
    if scope.adhoc:
        return iter(scope.first())
    return (key for key, node in scope.nodes.items() if local(node) == "startEvent")


def _lasts(scope: Scope) -> Iterator[str]:
    """The nodes after which a scope is left as its activity is done."""
    for key, node in scope.nodes.items():
        if not scope.outgoing(key) and events(node) != ["error"]:
            yield key

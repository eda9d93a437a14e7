"""Whether every error that a model throws is caught, and every transaction that is cancelled.

By a boundary event or an event subprocess, on the way out.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.deployment.findings import Finding
from engine.deployment.trees import Scope, events, local, tag
from engine.runtime.notation import details


def check(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """Every error end event whose error could end the whole case, every cancel that leads out."""
    for scope in scopes:
        for key, node in scope.nodes.items():
            if local(node) != "endEvent":
                continue
            if events(node) == ["cancel"]:
                yield from _cancelled(scope, key, scopes)
            elif events(node) == ["error"]:
                code = details(node).error or ""
                if not _caught(scope, code, scopes, frozenset()):
                    yield scope.told("uncaught", key, code=code)


def _cancelled(scope: Scope, key: str, scopes: Sequence[Scope]) -> Iterator[Finding]:
    """A cancel end event stands in a transaction that a cancel boundary event leaves."""
    if local(scope.node) != "transaction":
        yield scope.told("unsupported/cancel", key)
    elif not any(
        local(node) == "boundaryEvent"
        and node.get("attachedToRef") == scope.node.get("id")
        and events(node) == ["cancel"]
        for outer, _ in _entries(scope, scopes)
        for node in outer.nodes.values()
    ):
        yield scope.told("uncaught/cancel", key)


def _caught(
    scope: Scope, code: str, scopes: Sequence[Scope], seen: frozenset[str], gone: bool = False
) -> bool:
    """Whether an error that leaves a scope is caught, whichever way the scope was entered.

    `gone`: it comes out of an event subprocess that has ended all that listened there.
    """
    key = scope.node.get("id", "")
    if key in seen:
        return True  # a call that leads back to itself is another fault
    if not gone and any(_matches(start, code) for start in _listening(scope)):
        return True
    entries, gone = list(_entries(scope, scopes)), _ends_all(scope)
    return bool(entries) and all(
        _catches(outer, node.get("id"), code) or _caught(outer, code, scopes, seen | {key}, gone)
        for outer, node in entries
    )


def _ends_all(scope: Scope) -> bool:
    """Whether this is an event subprocess that interrupts the scope around it."""
    start = scope.node.find(tag("startEvent"))
    return scope.triggered and start is not None and start.get("isInterrupting") != "false"


def _listening(scope: Scope) -> Iterator[Any]:
    """The start events of the event subprocesses of a scope."""
    for node in scope.nodes.values():
        if node.get("triggeredByEvent") == "true":
            yield from node.iterfind(tag("startEvent"))


def _entries(scope: Scope, scopes: Sequence[Scope]) -> Iterator[tuple[Scope, Any]]:
    """The activities that open a scope, each with the scope it stands in."""
    key = scope.node.get("id")
    for outer in scopes:
        for node in outer.nodes.values():
            if node is scope.node or (scope.top and node.get("calledElement") == key):
                yield outer, node


def _catches(scope: Scope, activity: str, code: str) -> bool:
    return any(
        local(node) == "boundaryEvent"
        and node.get("attachedToRef") == activity
        and _matches(node, code)
        for node in scope.nodes.values()
    )


def _matches(node: Any, code: str) -> bool:
    return events(node) == ["error"] and details(node).error in (None, code)

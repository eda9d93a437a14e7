"""Whether every error that a model throws is caught: by a boundary event on the way out."""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.deployment.findings import Finding
from engine.deployment.trees import Scope, events, local, tag
from engine.runtime.notation import details


def check(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """Every error end event whose error could end the whole case."""
    for scope in scopes:
        for key, node in scope.nodes.items():
            if local(node) != "endEvent" or events(node) != ["error"]:
                continue
            code = details(node).error or ""
            if not _caught(scope, code, scopes, frozenset()):
                yield scope.told("uncaught", key, code=code)


def _caught(scope: Scope, code: str, scopes: Sequence[Scope], seen: frozenset[str]) -> bool:
    """Whether an error that leaves a scope meets a boundary event, whichever way it was entered."""
    key = scope.node.get("id", "")
    if key in seen:
        return True  # a call that leads back to itself is another fault
    entries = list(_entries(scope, scopes))
    return bool(entries) and all(
        _catches(outer, node.get("id"), code) or _caught(outer, code, scopes, seen | {key})
        for outer, node in entries
    )


def _entries(scope: Scope, scopes: Sequence[Scope]) -> Iterator[tuple[Scope, Any]]:
    """The activities that open a scope, each with the scope it stands in."""
    key = scope.node.get("id")
    for outer in scopes:
        for node in outer.nodes.values():
            if node is scope.node or (scope.top and node.get("calledElement") == key):
                yield outer, node


def _catches(scope: Scope, activity: str, code: str) -> bool:
    for node in scope.nodes.values():
        if local(node) == "boundaryEvent" and node.get("attachedToRef") == activity:
            catches = node.find(tag("errorEventDefinition")) is not None
            if catches and details(node).error in (None, code):
                return True
    return False

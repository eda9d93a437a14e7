"""Which elements are executed: element by event by place.  Everything else is refused by name.

SpiffWorkflow reads much that it then does as something else; what is not on this list would look
deployed and behave otherwise.
"""

from collections.abc import Iterator
from typing import Any

from engine.deployment.findings import Finding
from engine.deployment.trees import ACTIVITIES, Scope, events, local

_GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
)
# Element -> the events it may have; "" is none.
_EVENTS = {
    "endEvent": {"", "terminate", "error", "message"},
    "intermediateCatchEvent": {"timer", "message"},
    "intermediateThrowEvent": {"message"},
    "boundaryEvent": {"timer", "message", "error"},
}
# Parts of a scope that say nothing about execution.
_SILENT = frozenset(
    {"laneSet", "documentation", "extensionElements", "incoming", "outgoing", "sequenceFlow",
     "multiInstanceLoopCharacteristics"}
)  # fmt: skip
STRIPPED = frozenset(
    {"textAnnotation", "association", "group", "dataObject", "dataObjectReference",
     "dataStoreReference", "ioSpecification", "dataInputAssociation", "dataOutputAssociation",
     "property", "category"}
)  # fmt: skip
_DATA = STRIPPED - {"textAnnotation", "association", "group", "category"}
_PARTS = frozenset(
    {"documentation", "extensionElements", "incoming", "outgoing", "script",
     "multiInstanceLoopCharacteristics"}
)  # fmt: skip
_RESERVED = frozenset({"Start", "End", "Root"})
_DEFAULTS = {
    "isForCompensation": "false", "startQuantity": "1", "completionQuantity": "1",
    "instantiate": "false", "triggeredByEvent": "false", "parallelMultiple": "false",
    "eventGatewayType": "Exclusive",
}  # fmt: skip


def check(scope: Scope) -> Iterator[Finding]:
    """Every element of a scope that is not executed as BPMN means it."""
    for child in scope.node:
        kind = local(child)
        if not kind or kind in _SILENT:
            continue
        if kind in STRIPPED:
            if kind in _DATA:
                yield _no_effect(scope, child, kind)
        elif kind in ACTIVITIES:
            yield from _activity(scope, child, kind)
        elif kind in _GATEWAYS:
            yield from _attributes(scope, child)
        elif kind in _EVENTS or kind == "startEvent":
            yield from _event(scope, child, kind)
        else:
            yield scope.told("unsupported", child.get("id"), kind=kind)


def _activity(scope: Scope, node: Any, kind: str) -> Iterator[Finding]:
    yield from _attributes(scope, node)
    known = _PARTS | ({"*"} if kind == "subProcess" else set())
    for child in node:
        name = local(child)
        if kind == "subProcess" or not name or name in known:
            continue
        if name in STRIPPED:
            yield _no_effect(scope, node, name)
        else:
            yield scope.told("unsupported/part", node.get("id"), part=name, kind=kind)


def _event(scope: Scope, node: Any, kind: str) -> Iterator[Finding]:
    yield from _attributes(scope, node)
    found, key = events(node), node.get("id")
    allowed = _EVENTS.get(kind, {"", "message"} if scope.top else {""})
    if len(found) > 1:
        yield scope.told("several_events", key)
        return
    event = found[0] if found else ""
    if event not in allowed:
        wanted = ", ".join(sorted(name or "–" for name in allowed))
        yield scope.told(
            "unsupported/event" if event else "unsupported/no_event", key, kind=kind, event=event,
            known=wanted,
        )  # fmt: skip
    if kind == "boundaryEvent":
        yield from _boundary(scope, node, event)


def _boundary(scope: Scope, node: Any, event: str) -> Iterator[Finding]:
    key = node.get("id")
    host = scope.nodes.get(node.get("attachedToRef", ""))
    if host is None or local(host) not in ACTIVITIES:
        yield scope.told("unattached", key)
    if event == "error" and node.get("cancelActivity") == "false":
        yield scope.told("error_interrupts", key)


def _attributes(scope: Scope, node: Any) -> Iterator[Finding]:
    key = node.get("id") or ""
    if key in _RESERVED or key.endswith((".split", ".end", ".EndJoin", ".BoundaryEventSplit")):
        yield scope.told("reserved", key, key=key)
    if not key:
        yield scope.told("no_id", "", kind=local(node))
    for name, value in _DEFAULTS.items():
        if node.get(name, value) != value:
            yield scope.told("unsupported/attribute", node.get("id"), name=name,
                             value=node.get(name), default=value)  # fmt: skip


def _no_effect(scope: Scope, node: Any, kind: str) -> Finding:
    return scope.told("no_effect", node.get("id"), kind=kind)

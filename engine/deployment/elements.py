"""Which elements are executed: element by event by place.  Everything else is refused by name.

SpiffWorkflow reads much that it then does as something else; what is not on this list would look
deployed and behave otherwise.
"""

import re
from collections.abc import Iterator
from typing import Any

from engine.deployment.findings import Finding
from engine.deployment.trees import ACTIVITIES, SUBPROCESSES, Scope, apart, events, local, tag
from engine.runtime.instances import thrown_by

_GATEWAYS = frozenset(
    {
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
# Element -> the events it may have; "" is none.
_EVENTS = {
    "endEvent": {"", "terminate", "error", "message", "signal", "escalation", "compensate",
                 "cancel"},
    "intermediateCatchEvent": {"timer", "message", "signal", "conditional", "link"},
    "intermediateThrowEvent": {"", "message", "signal", "escalation", "compensate", "link"},
    "boundaryEvent": {"timer", "message", "error", "signal", "conditional", "escalation",
                      "compensate", "cancel"},
}  # fmt: skip
_STARTS = {"", "message", "signal", "timer", "conditional"}
_TRIGGERS = {"message", "signal", "timer", "conditional", "error", "escalation", "compensate"}
# What cannot go on beside what it ends.
_CRITICAL = frozenset({"error", "cancel", "compensate"})
# Parts of a scope that say nothing about execution.
_SILENT = frozenset(
    {"laneSet", "documentation", "extensionElements", "incoming", "outgoing", "sequenceFlow",
     "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"}
)  # fmt: skip
STRIPPED = frozenset(
    {"textAnnotation", "association", "group", "dataObject", "dataObjectReference",
     "dataStoreReference", "ioSpecification", "dataInputAssociation", "dataOutputAssociation",
     "property", "category"}
)  # fmt: skip
_DATA = STRIPPED - {"textAnnotation", "association", "group", "category"}
_PARTS = frozenset(
    {"documentation", "extensionElements", "incoming", "outgoing", "script",
     "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"}
)  # fmt: skip
_MOST_TOKENS = 100
_BEHAVIOURS = frozenset({"None", "One", "All", "Complex"})
_RESERVED = frozenset({"Start", "End", "Root"})
_DEFAULTS = {
    "instantiate": "false", "parallelMultiple": "false", "eventGatewayType": "Exclusive",
}  # fmt: skip


def check(scope: Scope) -> Iterator[Finding]:
    """Every element of a scope that is not executed as BPMN means it."""
    if scope.adhoc:
        yield from _adhoc(scope)
    for child in scope.node:
        kind = local(child)
        if scope.adhoc and kind == "completionCondition":
            continue
        if not kind or kind in _SILENT:
            continue
        if kind in STRIPPED:
            if kind in _DATA:
                yield _no_effect(scope, child, kind)
        elif kind in ACTIVITIES:
            yield from _activity(scope, child, kind)
        elif kind in _GATEWAYS:
            yield from _attributes(scope, child)
            yield from _gateway(scope, child, kind)
        elif kind in _EVENTS or kind == "startEvent":
            yield from _event(scope, child, kind)
        else:
            yield scope.told("unsupported", child.get("id"), kind=kind)


def _adhoc(scope: Scope) -> Iterator[Finding]:
    """An ad-hoc subprocess holds activities and what lies between them (BPMN 2.0.2 §10.3.5)."""
    ordering = scope.node.get("ordering", "Parallel")
    if ordering not in ("Parallel", "Sequential"):
        yield scope.told("unsupported/adhoc_order", scope.node.get("id"), value=ordering)
    first = scope.first()
    if not any(local(scope.nodes[key]) in ACTIVITIES for key in first):
        yield scope.told("unsupported/adhoc_empty", scope.node.get("id"))
    for key, node in scope.nodes.items():
        kind = local(node)
        if kind in ("startEvent", "endEvent") or node.get("triggeredByEvent") == "true":
            yield scope.told("unsupported/adhoc_border", key, kind=kind)
        elif key in first and kind not in ACTIVITIES:
            yield scope.told("unsupported/adhoc_first", key, kind=kind)


def _gateway(scope: Scope, node: Any, kind: str) -> Iterator[Finding]:
    key = node.get("id")
    into = [flow for flow in scope.flows if flow.get("targetRef") == key]
    if kind == "complexGateway" and len(into) > 1 and node.find(tag("activationCondition")) is None:
        yield scope.told("unsupported/complex_join", key)
    if kind != "eventBasedGateway":
        return
    for flow in scope.outgoing(key):
        if scope.after.get(flow.get("targetRef")) and any(
            other.get("attachedToRef") == flow.get("targetRef") for other in scope.nodes.values()
        ):
            yield scope.told("unsupported/receive_boundary", flow.get("targetRef"))


def _behaviour(scope: Scope, node: Any) -> Iterator[Finding]:
    """What a multi-instance activity throws is a signal, an escalation or an error of the model."""
    loop = node.find(tag("multiInstanceLoopCharacteristics"))
    if loop is None:
        return
    behavior = loop.get("behavior", "All")
    named = loop.findall(tag("complexBehaviorDefinition"))
    wanted = len(named) if behavior == "Complex" else 0
    if behavior in ("None", "One"):
        wanted = int(loop.get(f"{behavior.lower()}BehaviorEventRef") is not None)
    if behavior not in _BEHAVIOURS or len(thrown_by(loop)) != wanted:
        yield scope.told("unsupported/behaviour", node.get("id"), value=behavior)


def _repeated(scope: Scope, node: Any) -> Iterator[Finding]:
    """A loop says when it ends; quantities are numbers from 1."""
    loop = node.find(tag("standardLoopCharacteristics"))
    if loop is not None and not (
        (loop.findtext(tag("loopCondition")) or "").strip()
        or re.fullmatch(r"0*[1-9]\d*", loop.get("loopMaximum", ""))
    ):
        yield scope.told("unsupported/endless_loop", node.get("id"))
    for name in ("startQuantity", "completionQuantity"):
        text = node.get(name, "1")
        if not text.isdigit() or not 1 <= int(text) <= _MOST_TOKENS:
            yield scope.told(
                "unsupported/quantity", node.get("id"), name=name, value=text, most=_MOST_TOKENS
            )


def _activity(scope: Scope, node: Any, kind: str) -> Iterator[Finding]:
    yield from _attributes(scope, node)
    yield from _repeated(scope, node)
    if apart(node):
        yield from _apart(scope, node, kind)
    yield from _behaviour(scope, node)
    if kind in SUBPROCESSES:
        return
    for child in node:
        name = local(child)
        if not name or name in _PARTS:
            continue
        if name in STRIPPED:
            yield _no_effect(scope, node, name)
        else:
            yield scope.told("unsupported/part", node.get("id"), part=name, kind=kind)


def _event(scope: Scope, node: Any, kind: str) -> Iterator[Finding]:
    yield from _attributes(scope, node)
    found, key = events(node), node.get("id")
    allowed = _EVENTS.get(kind, _beginnings(scope))
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
    elif event == "link":
        yield from _link(scope, key)
    elif kind == "startEvent":
        yield from _interrupts(scope, node, event)


def _beginnings(scope: Scope) -> set[str]:
    if scope.triggered:
        inside = local(scope.node.getparent()) != "process"
        return _TRIGGERS if inside else _TRIGGERS - {"compensate"}
    return _STARTS if scope.top else {""}


def _link(scope: Scope, key: str) -> Iterator[Finding]:
    """A link has one catching event of its name in its scope, and something that throws it."""
    catchers = [target for source, target in scope.links if source == key]
    if len(catchers) != 1 and key not in {target for _, target in scope.links}:
        yield scope.told("link", key, count=len(catchers))


def _interrupts(scope: Scope, node: Any, event: str) -> Iterator[Finding]:
    if event in _CRITICAL and "false" in (node.get("cancelActivity"), node.get("isInterrupting")):
        yield scope.told("error_interrupts", node.get("id"), event=event)


def _apart(scope: Scope, node: Any, kind: str) -> Iterator[Finding]:
    """An event subprocess or compensation handler: no flow, no marker, no boundary event of its own
    that leads elsewhere, and something that sets it going."""
    key = node.get("id")
    flows = [f for f in scope.flows if key in (f.get("sourceRef"), f.get("targetRef"))]
    attached = [n for n in scope.nodes.values() if n.get("attachedToRef") == key]
    if flows or attached or (scope.node.get("id") and _many(node) and _triggered(node)):
        yield scope.told("apart", key)
    if _triggered(node) and (kind != "subProcess" or node.get("isForCompensation") == "true"):
        yield scope.told("unsupported/triggered", key, kind=kind)
    elif not _triggered(node) and key not in {target for _, target in scope.handlers}:
        yield scope.told("unreachable/handler", key)


def _triggered(node: Any) -> bool:
    return bool(node.get("triggeredByEvent") == "true")


def _many(node: Any) -> bool:
    return any(local(child) == "multiInstanceLoopCharacteristics" for child in node)


def _boundary(scope: Scope, node: Any, event: str) -> Iterator[Finding]:
    key = node.get("id")
    host = scope.nodes.get(node.get("attachedToRef", ""))
    if host is None or local(host) not in ACTIVITIES:
        yield scope.told("unattached", key)
    if event != "compensate":
        yield from _interrupts(scope, node, event)
    elif [source for source, _ in scope.handlers].count(key) != 1 or scope.outgoing(key):
        yield scope.told("handler", key)
    if event == "cancel" and host is not None and local(host) != "transaction":
        yield scope.told("unsupported/cancel", key)


def _attributes(scope: Scope, node: Any) -> Iterator[Finding]:
    key = node.get("id") or ""
    if key in _RESERVED or key.endswith(
        (
            ".split",
            ".end",
            ".gather",
            ".scatter",
            ".offers",
            ".offer",
            ".offers.start",
            ".EndJoin",
            ".BoundaryEventSplit",
        )
    ):
        yield scope.told("reserved", key, key=key)
    if not key:
        yield scope.told("no_id", "", kind=local(node))
    for name, value in _DEFAULTS.items():
        if node.get(name, value) != value:
            yield scope.told("unsupported/attribute", node.get("id"), name=name,
                             value=node.get(name), default=value)  # fmt: skip


def _no_effect(scope: Scope, node: Any, kind: str) -> Finding:
    return scope.told("no_effect", node.get("id"), kind=kind)

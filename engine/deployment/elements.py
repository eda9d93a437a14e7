"""Which elements are executed: element by event by place.  Everything else is refused by name.

SpiffWorkflow reads much that it then does as something else; what is not on this list would look
deployed and behave otherwise.
"""

import re
from collections.abc import Iterator
from typing import Any

from engine.deployment.findings import WARNING, Finding
from engine.deployment.trees import ACTIVITIES, Scope, events, local, tag

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
    "endEvent": {"", "terminate", "error", "message"},
    "intermediateCatchEvent": {"timer", "message"},
    "intermediateThrowEvent": {"message"},
    "boundaryEvent": {"timer", "message", "error"},
}
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
_RESERVED = frozenset({"Start", "End", "Root"})
_DEFAULTS = {
    "isForCompensation": "false", "instantiate": "false", "triggeredByEvent": "false",
    "parallelMultiple": "false", "eventGatewayType": "Exclusive",
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
            yield from _gateway(scope, child, kind)
        elif kind in _EVENTS or kind == "startEvent":
            yield from _event(scope, child, kind)
        else:
            yield scope.finding(
                child.get("id"), "unsupported", f"{kind} is not executed",
                "Model the step with tasks, gateways, subprocesses, timers, messages and errors.",
            )  # fmt: skip


def _gateway(scope: Scope, node: Any, kind: str) -> Iterator[Finding]:
    key = node.get("id")
    into = [flow for flow in scope.flows if flow.get("targetRef") == key]
    if kind == "complexGateway" and len(into) > 1 and node.find(tag("activationCondition")) is None:
        yield scope.finding(
            key, "unsupported", "a complex gateway without a condition does not say when to join",
            "Give it an activationCondition, as activationCount >= 2, or use another gateway.",
        )  # fmt: skip
    if kind != "eventBasedGateway":
        return
    for flow in scope.outgoing(key):
        if scope.after.get(flow.get("targetRef")) and any(
            other.get("attachedToRef") == flow.get("targetRef") for other in scope.nodes.values()
        ):
            yield scope.finding(
                flow.get("targetRef"), "unsupported",
                "a receive task after an event-based gateway has no boundary events",
                "Draw the events after the gateway (BPMN 2.0.2 §10.6.6).",
            )  # fmt: skip


def _repeated(scope: Scope, node: Any) -> Iterator[Finding]:
    """A loop says when it ends; quantities are numbers from 1."""
    loop = node.find(tag("standardLoopCharacteristics"))
    if loop is not None and not (
        (loop.findtext(tag("loopCondition")) or "").strip()
        or re.fullmatch(r"0*[1-9]\d*", loop.get("loopMaximum", ""))
    ):
        yield scope.finding(
            node.get("id"), "unsupported", "a loop that never ends is not executed",
            "Give it a loopCondition, or a loopMaximum.",
        )  # fmt: skip
    for name in ("startQuantity", "completionQuantity"):
        text = node.get(name, "1")
        if not text.isdigit() or not 1 <= int(text) <= _MOST_TOKENS:
            yield scope.finding(
                node.get("id"), "unsupported", f"{name}={text} is not executed",
                f"Write a number from 1 to {_MOST_TOKENS}.",
            )  # fmt: skip


def _activity(scope: Scope, node: Any, kind: str) -> Iterator[Finding]:
    yield from _attributes(scope, node)
    yield from _repeated(scope, node)
    known = _PARTS | ({"*"} if kind == "subProcess" else set())
    for child in node:
        name = local(child)
        if kind == "subProcess" or not name or name in known:
            continue
        if name in STRIPPED:
            yield _no_effect(scope, node, name)
        else:
            yield scope.finding(
                node.get("id"), "unsupported", f"{name} of a {kind} is not executed",
                "Use a multi-instance marker, or a gateway that leads back.",
            )  # fmt: skip


def _event(scope: Scope, node: Any, kind: str) -> Iterator[Finding]:
    yield from _attributes(scope, node)
    found, key = events(node), node.get("id")
    allowed = _EVENTS.get(kind, {"", "message"} if scope.top else {""})
    if len(found) > 1:
        yield scope.finding(key, "several_events", "it has several events", "Leave one.")
        return
    event = found[0] if found else ""
    if event not in allowed:
        what = event or "no event"
        wanted = ", ".join(sorted(name or "no event" for name in allowed))
        yield scope.finding(
            key, "unsupported", f"a {kind} with {what} is not executed", f"Executed are: {wanted}."
        )
    if kind == "boundaryEvent":
        yield from _boundary(scope, node, event)


def _boundary(scope: Scope, node: Any, event: str) -> Iterator[Finding]:
    key = node.get("id")
    host = scope.nodes.get(node.get("attachedToRef", ""))
    if host is None or local(host) not in ACTIVITIES:
        yield scope.finding(
            key, "unattached", "it is attached to no activity of its scope", "Attach it."
        )
    if event == "error" and node.get("cancelActivity") == "false":
        yield scope.finding(
            key, "error_interrupts", "an error always interrupts", "Let it cancel the activity."
        )


def _attributes(scope: Scope, node: Any) -> Iterator[Finding]:
    key = node.get("id") or ""
    if key in _RESERVED or key.endswith(
        (".split", ".end", ".gather", ".scatter", ".EndJoin", ".BoundaryEventSplit")
    ):
        yield scope.finding(key, "reserved", f"the id {key} has a meaning of its own", "Rename it.")
    if not key:
        yield scope.finding("", "no_id", f"a {local(node)} has no id", "Give it an id.")
    for name, value in _DEFAULTS.items():
        if node.get(name, value) != value:
            yield scope.finding(
                node.get("id"), "unsupported", f"{name}={node.get(name)} is not executed",
                f"Leave {name} at {value}.",
            )  # fmt: skip


def _no_effect(scope: Scope, node: Any, kind: str) -> Finding:
    return Finding(
        scope.file, node.get("id") or "", "no_effect", f"{kind} has no effect here",
        "Variables belong to the case; remove it, or leave it as a drawing.", WARNING,
    )  # fmt: skip

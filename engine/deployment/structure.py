"""Whether the flows of a scope lead somewhere: reachable, ending, waiting, meeting."""

from collections.abc import Iterator
from typing import Any

from engine.deployment.findings import Finding
from engine.deployment.trees import SUBPROCESSES, Scope, apart, events, local

# What lets time pass: a person, a timer, a message, work outside.
_WAITS = frozenset({"userTask", "manualTask", "receiveTask", "intermediateCatchEvent"})
_CONDITIONAL = frozenset({"exclusiveGateway", "inclusiveGateway"})


def check(scope: Scope, outside: frozenset[str]) -> Iterator[Finding]:
    """Every fault of a scope's flows; `outside` are the service tasks that wait for a worker."""
    yield from _ends_of_flows(scope)
    yield from _doubles(scope)
    starts = [key for key, node in scope.nodes.items() if local(node) == "startEvent"]
    if scope.adhoc:
        starts = scope.first()
    elif not starts or (len(starts) > 1 and not scope.top):
        yield scope.told("start", scope.node.get("id"), count=len(starts))
        return
    plain = [key for key in starts if not events(scope.nodes[key])]
    if len(plain) > 1 and not scope.adhoc:
        yield scope.told("start/several", plain[1])
    begun = [*starts, *(key for key, node in scope.nodes.items() if apart(node))]
    reached = {key for start in begun for key in scope.reached(start)} | set(begun)
    for key in scope.nodes.keys() - reached:
        yield scope.told("unreachable", key)
    yield from _conditions(scope)
    yield from _cycles(scope, outside)


def _ends_of_flows(scope: Scope) -> Iterator[Finding]:
    for flow in scope.flows:
        for end in ("sourceRef", "targetRef"):
            if flow.get(end) not in scope.nodes:
                yield scope.told("flow/end", flow.get("id"), end=end)
    for key, node in scope.nodes.items():
        kind, into = local(node), [f for f in scope.flows if f.get("targetRef") == key]
        if kind == "endEvent" and scope.outgoing(key):
            yield scope.told("flow/out_of_end", key)
        if kind in ("startEvent", "boundaryEvent") and into:
            yield scope.told("flow/into", key, kind=kind)


def _doubles(scope: Scope) -> Iterator[Finding]:
    """Two flows between the same two nodes: a history could not say which of them was taken."""
    first: dict[tuple[str, str], str] = {}
    for flow in scope.flows:
        ends, key = (flow.get("sourceRef"), flow.get("targetRef")), flow.get("id")
        if first.setdefault(ends, key) != key:
            yield scope.told("flow/twin", key, source=ends[0], target=ends[1], other=first[ends])


def _conditions(scope: Scope) -> Iterator[Finding]:
    for key, node in scope.nodes.items():
        flows, kind = scope.outgoing(key), local(node)
        default = node.get("default")
        if default and default not in {flow.get("id") for flow in flows}:
            yield scope.told("default", key, flow=default)
        for flow in flows:
            conditional = any(local(child) == "conditionExpression" for child in flow)
            yield from _condition(scope, flow.get("id"), kind, conditional,
                                  flow.get("id") == default, len(flows))  # fmt: skip


def _condition(
    scope: Scope, flow: str, kind: str, conditional: bool, default: bool, flows: int
) -> Iterator[Finding]:
    if conditional and default:
        yield scope.told("condition/default", flow)
    elif conditional and kind in ("parallelGateway", "eventBasedGateway", "startEvent"):
        yield scope.told("condition/kind", flow, kind=kind)
    elif not conditional and not default and kind in _CONDITIONAL and flows > 1:
        yield scope.told("condition/missing", flow)


def _cycles(scope: Scope, outside: frozenset[str]) -> Iterator[Finding]:
    """A way back to the same node without a wait would run for ever."""
    quick = {key for key, node in scope.nodes.items() if not _waits(key, node, outside)}
    told: set[str] = set()
    for key in scope.nodes:
        if key in quick and key not in told and key in _reached_within(scope, key, quick):
            cycle = {k for k in quick if key in _reached_within(scope, k, quick)}
            told |= cycle & _reached_within(scope, key, quick)
            yield scope.told("endless", key)


def _waits(key: str, node: Any, outside: frozenset[str]) -> bool:
    kind = local(node)
    if events(node) == ["link"]:
        return False
    if kind in _WAITS or key in outside or kind == "callActivity":
        return True
    if kind in SUBPROCESSES:
        return any(local(inner) in _WAITS for inner in node.iter())
    return kind == "boundaryEvent"


def _reached_within(scope: Scope, start: str, allowed: set[str]) -> set[str]:
    seen: set[str] = set()
    todo = [key for key in scope.after[start] if key in allowed]
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            todo.extend(k for k in scope.after[key] if k in allowed)
    return seen

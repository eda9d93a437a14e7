"""Whether the flows of a scope lead somewhere: reachable, ending, waiting, meeting."""

from collections.abc import Iterator
from typing import Any

from engine.deployment.findings import Finding
from engine.deployment.trees import HOLDERS, Scope, local

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
    elif len(starts) != 1:
        yield scope.finding(
            scope.node.get("id"), "start", f"it has {len(starts)} start events",
            "Draw exactly one; several beginnings are several procedures.",
        )  # fmt: skip
        return
    reached = {key for start in starts for key in (start, *scope.reached(start))}
    for key in scope.nodes.keys() - reached:
        yield scope.finding(key, "unreachable", "no path leads here", "Connect or remove it.")
    yield from _conditions(scope)
    yield from _cycles(scope, outside)
    yield from _loop_backs(scope)


def _ends_of_flows(scope: Scope) -> Iterator[Finding]:
    for flow in scope.flows:
        for end in ("sourceRef", "targetRef"):
            if flow.get(end) not in scope.nodes:
                yield scope.finding(
                    flow.get("id"), "flow", f"its {end} is no node of the same scope",
                    "Connect both ends; a flow does not cross the border of a subprocess.",
                )  # fmt: skip
    for key, node in scope.nodes.items():
        kind, into = local(node), [f for f in scope.flows if f.get("targetRef") == key]
        if kind == "endEvent" and scope.outgoing(key):
            yield scope.finding(key, "flow", "a flow leaves an end event", "Remove the flow.")
        if kind in ("startEvent", "boundaryEvent") and into:
            yield scope.finding(key, "flow", f"a flow leads into a {kind}", "Remove the flow.")


def _doubles(scope: Scope) -> Iterator[Finding]:
    """Two flows between the same two nodes: a history could not say which of them was taken."""
    first: dict[tuple[str, str], str] = {}
    for flow in scope.flows:
        ends, key = (flow.get("sourceRef"), flow.get("targetRef")), flow.get("id")
        if first.setdefault(ends, key) != key:
            yield scope.finding(
                key, "flow", f"it leads from {ends[0]} to {ends[1]}, as {first[ends]} does",
                "Draw one flow, its conditions joined with or; or put a node into one of them.",
            )  # fmt: skip


def _conditions(scope: Scope) -> Iterator[Finding]:
    for key, node in scope.nodes.items():
        flows, kind = scope.outgoing(key), local(node)
        default = node.get("default")
        if default and default not in {flow.get("id") for flow in flows}:
            yield scope.finding(key, "default", f"the default flow {default} does not leave it",
                                "Name one of its own flows.")  # fmt: skip
        for flow in flows:
            conditional = any(local(child) == "conditionExpression" for child in flow)
            yield from _condition(scope, flow.get("id"), kind, conditional,
                                  flow.get("id") == default, len(flows))  # fmt: skip


def _condition(
    scope: Scope, flow: str, kind: str, conditional: bool, default: bool, flows: int
) -> Iterator[Finding]:
    if conditional and default:
        yield scope.finding(flow, "condition", "a default flow has no condition", "Remove it.")
    elif conditional and kind in ("parallelGateway", "eventBasedGateway", "startEvent"):
        yield scope.finding(
            flow, "condition", f"a flow that leaves a {kind} has no condition", "Remove it."
        )
    elif not conditional and not default and kind in _CONDITIONAL and flows > 1:
        yield scope.finding(
            flow, "condition", "it says neither when it is taken nor that it is the default",
            "Give it a condition, or make it the default flow of the gateway.",
        )  # fmt: skip


def _cycles(scope: Scope, outside: frozenset[str]) -> Iterator[Finding]:
    """A way back to the same node without a wait would run for ever."""
    quick = {key for key, node in scope.nodes.items() if not _waits(key, node, outside)}
    told: set[str] = set()
    for key in scope.nodes:
        if key in quick and key not in told and key in _reached_within(scope, key, quick):
            cycle = {k for k in quick if key in _reached_within(scope, k, quick)}
            told |= cycle & _reached_within(scope, key, quick)
            yield scope.finding(
                key, "endless", "a cycle leads back here without ever waiting",
                "Put a task, a timer or a message into the cycle.",
            )  # fmt: skip


def _waits(key: str, node: Any, outside: frozenset[str]) -> bool:
    kind = local(node)
    if kind in _WAITS or key in outside or kind == "callActivity":
        return True
    if kind in HOLDERS:
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


def _loop_backs(scope: Scope) -> Iterator[Finding]:
    """A parallel join that waits for a token which only itself can send waits for ever."""
    for key, node in scope.nodes.items():
        into = [flow.get("sourceRef") for flow in scope.flows if flow.get("targetRef") == key]
        if local(node) != "parallelGateway" or len(into) < 2:
            continue
        below = scope.reached(key)
        if any(source in below for source in into) and not all(source in below for source in into):
            yield scope.finding(
                key, "deadlock", "the parallel join waits for a token that only it can send",
                "Lead the way back to an exclusive gateway before the block.",
            )  # fmt: skip

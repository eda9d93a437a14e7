"""Whether every case can come to its end, whatever the answers: proven by following the tokens.

Each scope is looked at by itself: what an activity holds is one step of the scope around it.
Conditions may come out either way, so what is proven sound is sound for all data.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from engine.deployment import reduction
from engine.deployment.findings import Finding
from engine.deployment.markings import Explored, Explorer, Marking
from engine.deployment.nets import ANY, Net, nets
from engine.deployment.trees import ACTIVITIES, Scope, local


def check(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """Where tokens never meet, go round for ever, come twice at once, or never come."""
    endless: set[str] = set()
    for scope in reversed(scopes):  # what is inside stands after what it is in
        if local(scope.node) == "adHocSubProcess":
            continue
        ends = False
        for place, net in enumerate(nets(scope, activities(scope), endless & scope.nodes.keys())):
            elements = set(net.nodes)
            reduction.reduce(net)
            found = [_explored(net, begin) for begin in net.begins]
            ends |= place == 0 and (not net.known or any(one.ends for one in found))
            yield from _told(scope, net, elements, found)
        if not ends:
            endless |= {scope.node.get("id", "")} | _calls(scope, scopes)


def activities(scope: Scope) -> frozenset[str]:
    """The elements of a scope that do something for which twice is not once."""
    return frozenset(key for key, node in scope.nodes.items() if local(node) in ACTIVITIES)


def _calls(scope: Scope, scopes: Sequence[Scope]) -> set[str]:
    key = scope.node.get("id")
    return {
        one
        for other in scopes
        for one, node in other.nodes.items()
        if scope.top and node.get("calledElement") == key
    }


def _explored(net: Net, begin: int) -> Explored:
    """The states of a net; in every order where what was found could hang on the order."""
    found = Explorer(net, every_order=False).explore(begin)
    if found.turning or (found.whole and net.nodes.keys() - found.done):
        found = Explorer(net, every_order=True).explore(begin)
    return found


def _told(
    scope: Scope, net: Net, elements: Collection[str], found: Sequence[Explored]
) -> Iterator[Finding]:
    if not net.known or not all(one.whole for one in found):
        count = sum(len(one.before) for one in found)
        yield scope.told("not_explored", scope.node.get("id"), count=count)
        if net.known:  # what was seen to wait for ever does, whatever was not seen
            yield from {f.element: f for one in found for f in _stuck(scope, net, one)}.values()
        return
    told = set()
    for one in found:
        for fault in (*_stuck(scope, net, one), *_turning(scope, net, one)):
            if fault.element not in told:
                told.add(fault.element)
                yield fault
        for key, marking in one.twice.items():
            if key not in told:
                told.add(key)
                yield replace(scope.told("unsynchronised", key), trace=one.trace(marking))
    done = {key for one in found for key in one.done}
    if not any(one.stuck or one.turning for one in found):
        yield from _dead(scope, elements, done)


def _stuck(scope: Scope, net: Net, found: Explored) -> Iterator[Finding]:
    for marking in found.stuck:
        for key in _joins(net, marking):
            tokens = {number for number, _ in marking}
            missing = [_source(net, n) for n in net.nodes[key].ins if n not in tokens]
            fault = scope.told("deadlock", key, missing=", ".join(missing))
            yield replace(fault, trace=found.trace(marking))


def _joins(net: Net, marking: Marking) -> list[str]:
    found = {net.arcs[number].target for number, _ in marking}
    return sorted(key for key in found if net.nodes[key].join != ANY)


def _source(net: Net, number: int) -> str:
    """The element from which a join waits for a token."""
    arc = net.arcs[number]
    return next((k for k in (*reversed(arc.via), arc.source) if k), "–").removesuffix("/")


def _turning(scope: Scope, net: Net, found: Explored) -> Iterator[Finding]:
    for marking in found.turning[:1]:
        key = min(net.arcs[number].target for number, _ in marking)
        fault = scope.told("livelock", key.removesuffix("/"))
        yield replace(fault, trace=found.trace(marking))


def _dead(scope: Scope, elements: Collection[str], done: set[str]) -> Iterator[Finding]:
    """The first elements that no marking reaches; what follows them follows from that."""
    dead = {key for key in elements if not key.endswith("/") and key not in done}
    for key in (key for key in scope.nodes if key in dead):
        before = {f.get("sourceRef") for f in scope.flows if f.get("targetRef") == key}
        if not before or before - dead:
            yield scope.told("dead", key)

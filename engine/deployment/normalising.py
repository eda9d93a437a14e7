"""One model that runs: what BPMN lets be left out is put in, what is only drawn is taken out.

Done after the checks. The version's digest is over the files as they were given; the normalised
model is stored beside them.
"""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from lxml import etree

from engine.deployment.elements import STRIPPED
from engine.deployment.trees import Scope, apart, compensates, local, scopes, tag
from engine.runtime.notation import BPMN, MQ

_ROOTS = frozenset({"message", "error", "signal", "escalation", "process"})


def normalised(trees: Iterable[Any], main: str) -> bytes:
    """The models of a bundle as one: `mq:main` names the process that a case begins with."""
    whole = etree.Element(tag("definitions"), nsmap={"bpmn": BPMN, "mq": MQ})
    whole.set(f"{{{MQ}}}main", main)
    whole.set("targetNamespace", "urn:mouqataa:normalised")
    for tree in trees:
        for child in tree:
            if local(child) in _ROOTS or local(child).endswith("EventDefinition"):
                whole.append(deepcopy(child))
    for holder in list(whole.iter()):
        kept = {source for source, _ in Scope("", holder).handlers}
        for child in [c for c in holder if local(c) in STRIPPED]:
            if local(child) != "association" or child.get("sourceRef") not in kept:
                holder.remove(child)
    for scope in list(scopes("", whole)):
        _link(Scope("", scope.node))
        if scope.adhoc:
            _offer(scope)
        else:
            _end_implicitly(scope)
        _split_explicitly(Scope("", scope.node))
        _scatter(Scope("", scope.node))
        _gather(Scope("", scope.node))
    for process in whole.iter(tag("process")):
        process.set("isExecutable", "true")
    text: bytes = etree.tostring(whole)
    return text


def _link(scope: Scope) -> None:
    """A pair of link events is a flow (BPMN 2.0.2 §10.5.1); both stay as places in the history."""
    for source, target in scope.links:
        _flow(scope, f"{source}.link", source, target)
    for key in {key for pair in scope.links for key in pair}:
        node = scope.nodes[key]
        node.tag = tag("intermediateThrowEvent")
        for event in node.findall(tag("linkEventDefinition")):
            node.remove(event)


def _end_implicitly(scope: Scope) -> None:
    """A path that simply stops ends there (BPMN 2.0.2 §10.5.3): give it its end event."""
    for key, node in scope.nodes.items():
        left = scope.outgoing(key) or compensates(node) or apart(node)
        if local(node) == "endEvent" or left:
            continue
        etree.SubElement(scope.node, tag("endEvent"), id=f"{key}.end")
        _flow(scope, f"{key}.end.flow", key, f"{key}.end")


def _split_explicitly(scope: Scope) -> None:
    """Several flows that leave a task or an event are a gateway (BPMN 2.0.2 §13.3.1).

    All are taken, or, where they have conditions, those whose condition is true.
    """
    for key, node in scope.nodes.items():
        flows = scope.outgoing(key)
        conditional = any(flow.find(tag("conditionExpression")) is not None for flow in flows)
        if local(node).endswith("Gateway") or (len(flows) < 2 and not conditional):
            continue
        gateway = f"{key}.split"
        kind = "inclusiveGateway" if conditional else "parallelGateway"
        split = etree.SubElement(scope.node, tag(kind), id=gateway)
        if conditional and node.get("default"):
            split.set("default", node.attrib.pop("default"))
        for flow in flows:
            flow.set("sourceRef", gateway)
        _flow(scope, f"{gateway}.flow", key, gateway)


def _offer(scope: Scope) -> None:
    """An ad-hoc subprocess begins with a node that offers each activity no flow leads to."""
    offers, first = f"{scope.node.get('id')}.offers", scope.first()
    gate = etree.SubElement(scope.node, tag("parallelGateway"), id=offers)
    gate.set(f"{{{MQ}}}offers", "")
    for kind, key, source, target in (
        ("startEvent", f"{offers}.start", f"{offers}.start", offers),
        ("endEvent", f"{offers}.end", offers, f"{offers}.end"),
    ):
        etree.SubElement(scope.node, tag(kind), id=key)
        _flow(scope, f"{key}.flow", source, target)
    for key in first:
        _flow(scope, f"{offers}.{key}", offers, key)


def _gather(scope: Scope) -> None:
    """An activity that needs several tokens waits for them before it (BPMN 2.0.2 §13.3.2)."""
    for key, node in scope.nodes.items():
        _counted(scope, key, node.get("startQuantity", "1"), "gather", "targetRef")


def _scatter(scope: Scope) -> None:
    """An activity that leaves several tokens sends them after it; it has its split already."""
    for key, node in scope.nodes.items():
        _counted(scope, key, node.get("completionQuantity", "1"), "scatter", "sourceRef")


def _counted(scope: Scope, key: str, quantity: str, word: str, end: str) -> None:
    """Put what counts tokens between an activity and the flows that have it at this end."""
    if int(quantity) == 1:
        return
    gate = f"{key}.{word}"
    etree.SubElement(scope.node, tag("parallelGateway"), {"id": gate, f"{{{MQ}}}{word}": quantity})
    for flow in scope.flows:
        if flow.get(end) == key:
            flow.set(end, gate)
    source, target = (key, gate) if end == "sourceRef" else (gate, key)
    _flow(scope, f"{gate}.flow", source, target)


def _flow(scope: Scope, key: str, source: str, target: str) -> None:
    etree.SubElement(scope.node, tag("sequenceFlow"), id=key, sourceRef=source, targetRef=target)

"""One model that runs: what BPMN lets be left out is put in, what is only drawn is taken out.

Done after the checks. The version's digest is over the files as they were given; the normalised
model is stored beside them.
"""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from lxml import etree

from engine.deployment.elements import STRIPPED
from engine.deployment.trees import Scope, local, scopes, tag
from engine.runtime.notation import BPMN, MQ

_ROOTS = frozenset({"message", "error", "process"})


def normalised(trees: Iterable[Any], main: str) -> bytes:
    """The models of a bundle as one: `mq:main` names the process that a case begins with."""
    whole = etree.Element(tag("definitions"), nsmap={"bpmn": BPMN, "mq": MQ})
    whole.set(f"{{{MQ}}}main", main)
    whole.set("targetNamespace", "urn:mouqataa:normalised")
    for tree in trees:
        for child in tree:
            if local(child) in _ROOTS:
                whole.append(deepcopy(child))
    for holder in list(whole.iter()):
        for child in [c for c in holder if local(c) in STRIPPED]:
            holder.remove(child)
    for scope in list(scopes("", whole)):
        _end_implicitly(scope)
        _scatter(Scope("", scope.node))
        _split_explicitly(Scope("", scope.node))
        _gather(Scope("", scope.node))
    for process in whole.iter(tag("process")):
        process.set("isExecutable", "true")
    text: bytes = etree.tostring(whole)
    return text


def _end_implicitly(scope: Scope) -> None:
    """A path that simply stops ends there (BPMN 2.0.2 §10.5.3): give it its end event."""
    for key, node in scope.nodes.items():
        if local(node) == "endEvent" or scope.outgoing(key):
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


def _gather(scope: Scope) -> None:
    """An activity that needs several tokens waits for them before it (BPMN 2.0.2 §13.3.2)."""
    for key, node in scope.nodes.items():
        quantity = node.get("startQuantity", "1")
        if int(quantity) == 1:
            continue
        gate = etree.SubElement(scope.node, tag("parallelGateway"), id=f"{key}.gather")
        gate.set(f"{{{MQ}}}gather", quantity)
        for flow in scope.flows:
            if flow.get("targetRef") == key:
                flow.set("targetRef", f"{key}.gather")
        _flow(scope, f"{key}.gather.flow", f"{key}.gather", key)


def _scatter(scope: Scope) -> None:
    """An activity that leaves several tokens sends them after it."""
    for key, node in scope.nodes.items():
        quantity = node.get("completionQuantity", "1")
        if int(quantity) == 1:
            continue
        gate = etree.SubElement(scope.node, tag("parallelGateway"), id=f"{key}.scatter")
        gate.set(f"{{{MQ}}}scatter", quantity)
        flows = scope.outgoing(key)
        conditional = any(flow.find(tag("conditionExpression")) is not None for flow in flows)
        after = f"{key}.scatter"
        if len(flows) > 1 or conditional:
            after = f"{key}.split"
            kind = "inclusiveGateway" if conditional else "parallelGateway"
            split = etree.SubElement(scope.node, tag(kind), id=after)
            if conditional and node.get("default"):
                split.set("default", node.attrib.pop("default"))
            _flow(scope, f"{after}.flow", f"{key}.scatter", after)
        for flow in flows:
            flow.set("sourceRef", after)
        _flow(scope, f"{key}.scatter.flow", key, f"{key}.scatter")


def _flow(scope: Scope, key: str, source: str, target: str) -> None:
    etree.SubElement(scope.node, tag("sequenceFlow"), id=key, sourceRef=source, targetRef=target)

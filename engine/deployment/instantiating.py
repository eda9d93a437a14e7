"""Receive tasks and event-based gateways that begin a process (BPMN 2.0.2 §10.3.3, §10.6.6).

A receive task with `instantiate` that nothing leads to is a message start event by another name; an
exclusive gateway with `instantiate` gives the choice among the start events behind it. The parallel
kind, which takes several messages into one case, stays as it is, and is refused.
"""

from typing import Any

from engine.deployment.trees import local, tag

_SAID = ("instantiate", "operationRef", "implementation", "messageRef")


def begun(tree: Any) -> Any:
    """Draw every such node as the start events that it means; the same tree."""
    for process in tree.iterchildren(tag("process")):
        flows = list(process.iterchildren(tag("sequenceFlow")))
        led = {flow.get("targetRef") for flow in flows}
        for node in list(process):
            if node.get("instantiate") != "true" or node.get("id") in led:
                continue
            if local(node) == "receiveTask" and _plain(process, node):
                _start(node)
            elif local(node) == "eventBasedGateway":
                _gateway(process, node, flows)
    return tree


def _gateway(process: Any, node: Any, flows: list[Any]) -> None:
    out = [flow for flow in flows if flow.get("sourceRef") == node.get("id")]
    targets = {flow.get("targetRef") for flow in out}
    behind = [one for one in process if one.get("id") in targets]
    alone = all(sum(f.get("targetRef") == key for f in flows) == 1 for key in targets)
    exclusive = node.get("eventGatewayType", "Exclusive") == "Exclusive"
    if not (alone and exclusive and behind and all(_plain(process, one) for one in behind)):
        return
    for one in behind:
        _start(one)
    for gone in (node, *out):
        process.remove(gone)


def _plain(process: Any, node: Any) -> bool:
    """Whether a start event says all that a node says: no loop, nothing attached."""
    loops = any(local(child).endswith("LoopCharacteristics") for child in node)
    hosts = {one.get("attachedToRef") for one in process}
    kind = local(node) in ("receiveTask", "intermediateCatchEvent")
    return kind and not loops and node.get("id") not in hosts


def _start(node: Any) -> None:
    if local(node) == "receiveTask":
        message = {"messageRef": node.get("messageRef") or ""}
        node.append(node.makeelement(tag("messageEventDefinition"), message))
    node.tag = tag("startEvent")
    for name in _SAID:
        node.attrib.pop(name, None)

"""What is drawn in one and means several, drawn out: events with several definitions (BPMN 2.0.2
§10.5.1, §13.5.1), flows of both kinds out of one node (§13.2.1).

One that throws throws all of them, one after the other; one that catches takes the first that
comes: an event-based gateway, or several boundary events. `parallelMultiple` stays as it is, and is
refused.
"""

from copy import deepcopy
from typing import Any

from engine.deployment.trees import ACTIVITIES, local, tag

_THROWN, _OTHER = ".and", ".or"


def split(tree: Any) -> Any:
    """Draw out every event with several definitions; the same tree."""
    for node in list(tree.iter()):
        kind = local(node)
        found = [child for child in node if local(child).endswith("EventDefinition")]
        if len(found) < 2 or node.get("parallelMultiple") == "true" or not node.get("id"):
            continue
        if kind in ("intermediateThrowEvent", "endEvent"):
            _thrown(node, found)
        elif kind == "intermediateCatchEvent":
            _caught(node, found)
        elif kind == "boundaryEvent":
            _others(node, found)
    for node in list(tree.iter()):
        if local(node) in ACTIVITIES or local(node).endswith("Event"):
            _mixed(node)
    return tree


def _mixed(node: Any) -> None:
    """Flows with conditions beside flows without: these are always taken, and of those each whose
    condition is true, else the default, else none (§13.2.1)."""
    key, scope = node.get("id"), node.getparent()
    out = [flow for flow in scope.iterchildren(tag("sequenceFlow")) if flow.get("sourceRef") == key]
    asked = [flow for flow in out if flow.find(tag("conditionExpression")) is not None]
    default = [flow for flow in out if flow.get("id") == node.get("default")]
    always = [flow for flow in out if flow not in asked and flow not in default]
    if not asked or not always:
        return
    every, some = f"{key}.all", f"{key}.some"
    scope.append(scope.makeelement(tag("parallelGateway"), {"id": every}))
    choice = scope.makeelement(tag("inclusiveGateway"), {"id": some})
    scope.append(choice)
    for flow in always:
        flow.set("sourceRef", every)
    for flow in (*asked, *default):
        flow.set("sourceRef", some)
    if default:
        choice.set("default", node.attrib.pop("default"))
    else:
        scope.append(scope.makeelement(tag("endEvent"), {"id": f"{some}.none"}))
        choice.set("default", _flow(scope, some, f"{some}.none"))
    _flow(scope, key, every)
    _flow(scope, every, some)


def whole(element: str) -> str:
    """The event that an element drawn out of it stands for."""
    before, mark, number = element.rpartition(_OTHER)
    return before if mark and number.isdigit() else element


def _thrown(node: Any, found: list[Any]) -> None:
    """A chain of events before the last one, which stays the event itself."""
    key, scope = node.get("id"), node.getparent()
    into = [
        flow for flow in scope.iterchildren(tag("sequenceFlow")) if flow.get("targetRef") == key
    ]
    chain = [f"{key}{_THROWN}{number}" for number in range(1, len(found))]
    for name, definition, after in zip(chain, found[:-1], [*chain[1:], key], strict=True):
        event = scope.makeelement(tag("intermediateThrowEvent"), {"id": name})
        event.append(definition)
        scope.append(event)
        _flow(scope, name, after)
    for flow in into:
        flow.set("targetRef", chain[0])


def _caught(node: Any, found: list[Any]) -> None:
    """The events wait side by side after a gateway, and go on where the one event went."""
    key, scope = node.get("id"), node.getparent()
    gateway = f"{key}.any"
    for flow in scope.iterchildren(tag("sequenceFlow")):
        if flow.get("targetRef") == key:
            flow.set("targetRef", gateway)
    scope.append(scope.makeelement(tag("eventBasedGateway"), {"id": gateway}))
    _flow(scope, gateway, key)
    for other in _others(node, found):
        _flow(scope, gateway, other)


def _others(node: Any, found: list[Any]) -> list[str]:
    """A copy of the event for each further definition, with flows of its own to the same nodes."""
    key, scope = node.get("id"), node.getparent()
    out = [flow for flow in scope.iterchildren(tag("sequenceFlow")) if flow.get("sourceRef") == key]
    for definition in found[1:]:
        node.remove(definition)
    names = []
    for number, definition in enumerate(found[1:], 2):
        copied = deepcopy(node)
        for child in [c for c in copied if local(c).endswith("EventDefinition")]:
            copied.remove(child)
        name = f"{key}{_OTHER}{number}"
        copied.set("id", name)
        copied.append(definition)
        scope.append(copied)
        for flow in out:
            _flow(scope, name, flow.get("targetRef"))
        names.append(name)
    return names


def _flow(scope: Any, source: str, target: str) -> str:
    key = f"{source}.to.{target}"
    ends = {"id": key, "sourceRef": source, "targetRef": target}
    scope.append(scope.makeelement(tag("sequenceFlow"), ends))
    return key

"""What a node of a model says beyond plain BPMN: our own attributes, inputs, events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from decisions import expressions
from decisions.expressions import Expression
from engine.runtime.timers import Timer

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MQ = "urn:mouqataa:bpmn:1"
OWN_REFERENCE = "case.reference"


@dataclass(frozen=True, slots=True)
class Details:
    """The details of one node; texts are FEEL unless said otherwise.

    `own` are the attributes of our namespace, by name; `message`, `signal`, `error` and
    `escalation` are the names and codes that the node refers to; `key` tells which case a message
    is for; `event` is the kind of its one event definition ("" for none), `activity` whom a
    compensation is for, `condition` what a conditional event waits for.
    """

    own: Mapping[str, str]
    inputs: Mapping[str, str]
    script: str
    message: str
    key: str
    error: str | None
    catches_error: bool
    timer: Timer | None
    terminates: bool
    interrupts: bool
    event: str = ""
    signal: str = ""
    escalation: str | None = None
    condition: Expression | None = None
    activity: str = ""


def own_attributes(node: Any) -> dict[str, str]:
    """The attributes of a node in our own namespace."""
    prefix = f"{{{MQ}}}"
    return {k.removeprefix(prefix): v for k, v in node.attrib.items() if k.startswith(prefix)}


def details(node: Any) -> Details:
    """Read a node; raises DecisionError where an expression in it is no FEEL."""
    own = own_attributes(node)
    inputs = {
        entry.get("name"): (entry.text or "").strip()
        for entry in node.iterfind(f"{{{BPMN}}}extensionElements/{{{MQ}}}input")
    }
    script = node.findtext(f"{{{BPMN}}}script") or ""
    error = node.find(f"{{{BPMN}}}errorEventDefinition")
    return Details(
        own=own,
        inputs=inputs,
        script=script,
        message=_message(node),
        key=own.get("key", OWN_REFERENCE),
        error=_named(node, error, "errorRef", "error", "errorCode"),
        catches_error=error is not None,
        timer=_timer(node),
        terminates=node.find(f"{{{BPMN}}}terminateEventDefinition") is not None,
        interrupts="false" not in (node.get("cancelActivity"), node.get("isInterrupting")),
        event=event_of(node),
        signal=_referred(node, "signal", "name") or "",
        escalation=_referred(node, "escalation", "escalationCode"),
        condition=_condition(node),
        activity=_compensated(node),
    )


def event_of(node: Any) -> str:
    """The kind of the first event definition of a node: "timer"; "" where it has none."""
    for child in node:
        name = str(child.tag)
        if name.startswith(f"{{{BPMN}}}") and name.endswith("EventDefinition"):
            return name.removeprefix(f"{{{BPMN}}}").removesuffix("EventDefinition")
    return ""


def _referred(node: Any, kind: str, attribute: str) -> str | None:
    """An attribute of the signal or escalation that a node's event definition refers to."""
    event = node.find(f"{{{BPMN}}}{kind}EventDefinition")
    return _named(node, event, f"{kind}Ref", kind, attribute)


def _condition(node: Any) -> Expression | None:
    text = node.findtext(f"{{{BPMN}}}conditionalEventDefinition/{{{BPMN}}}condition")
    return expressions.compile(text.strip()) if text and text.strip() else None


def _compensated(node: Any) -> str:
    event = node.find(f"{{{BPMN}}}compensateEventDefinition")
    return str(event.get("activityRef") or "") if event is not None else ""


def _message(node: Any) -> str:
    event = node.find(f"{{{BPMN}}}messageEventDefinition")
    holder = event if event is not None else node
    return _named(node, holder, "messageRef", "message", "name") or ""


def _named(node: Any, holder: Any, reference: str, kind: str, attribute: str) -> str | None:
    """An attribute of the root element that `holder` refers to."""
    key = holder.get(reference) if holder is not None else None
    if key is None:
        return None
    root = node.getroottree().getroot()
    found = root.find(f"{{{BPMN}}}{kind}[@id='{key}']")
    value: str | None = found.get(attribute) if found is not None else None
    return value


def _timer(node: Any) -> Timer | None:
    event = node.find(f"{{{BPMN}}}timerEventDefinition")
    if event is None:
        return None
    for kind in ("timeDate", "timeDuration", "timeCycle"):
        text = event.findtext(f"{{{BPMN}}}{kind}")
        if text is not None:
            return Timer.read(kind, text)
    return None

"""A deployed model, ready to run: parsed once per version, shared by all its cases and threads."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from lxml import etree

from engine.runtime import parsing
from engine.runtime.notation import BPMN, MQ, details, own_attributes
from engine.runtime.timers import Timer

__all__ = ["BPMN", "MQ", "Element", "Model", "Start"]


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the model as the engine sees it; `attributes` are those of our own namespace."""

    id: str
    kind: str
    name: str
    lane: str | None
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Start:
    """Where a case can begin: `kind` is none, message, signal, timer or condition.

    `name` is that of the message or signal, or the text of the condition.
    """

    element: str
    kind: str
    name: str = ""
    timer: Timer | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """One executable process with all that it calls.

    `flows` gives the id of the sequence flow from one element to another; `facts` are the variables
    that may hold in plain what was derived from personal values.
    """

    spec: Any
    scopes: Mapping[str, Any]
    elements: Mapping[str, Element]
    flows: Mapping[tuple[str, str], str]
    decisions: Mapping[str, Any]
    facts: frozenset[str]
    start_message: str
    starts: tuple[Start, ...] = ()

    @classmethod
    def read(
        cls,
        xml: bytes,
        decisions: Mapping[str, Any] = MappingProxyType({}),
        *,
        facts: frozenset[str] = frozenset(),
    ) -> "Model":
        """Read the normalised model that engine.deployment made."""
        tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
        main = str(tree.get(f"{{{MQ}}}main"))
        spec, scopes = parsing.specifications(tree, main)
        return cls(
            spec, MappingProxyType(scopes), MappingProxyType(elements_of(tree)), _flows(tree),
            decisions, facts, _start_message(tree, main), _starts(tree, main),
        )  # fmt: skip


def elements_of(tree: Any) -> dict[str, Element]:
    """Every node of a model's processes, by its id."""
    lanes = {
        ref.text.strip(): lane.get("name")
        for lane in tree.iter(f"{{{BPMN}}}lane")
        for ref in lane.iter(f"{{{BPMN}}}flowNodeRef")
    }
    found: dict[str, Element] = {}
    for process in tree.iter(f"{{{BPMN}}}process"):
        for node in process.iter(f"{{{BPMN}}}*"):
            key = node.get("id")
            if key is None or etree.QName(node).localname == "sequenceFlow":
                continue
            kind = etree.QName(node).localname
            name = node.get("name") or key
            found[key] = Element(key, kind, name, _lane(node, lanes), own_attributes(node))
    return found


def _lane(node: Any, lanes: Mapping[str, str]) -> str | None:
    """The lane of a node; inside a subprocess, that of the subprocess."""
    while node is not None:
        if node.get("id") in lanes:
            return lanes[node.get("id")]
        node = node.getparent()
    return None


def _flows(tree: Any) -> dict[tuple[str, str], str]:
    return {
        (flow.get("sourceRef"), flow.get("targetRef")): flow.get("id")
        for flow in tree.iter(f"{{{BPMN}}}sequenceFlow")
    }


def _starts(tree: Any, main: str) -> tuple[Start, ...]:
    """The start events of the main process, in the order of the document."""
    found = []
    for node in tree.iterfind(f"{{{BPMN}}}process[@id='{main}']/{{{BPMN}}}startEvent"):
        said = details(node)
        kind = {"": "none", "conditional": "condition"}.get(said.event, said.event)
        name = said.message or said.signal
        if said.condition is not None:
            name = said.condition.text
        found.append(Start(node.get("id"), kind, name, said.timer))
    return tuple(found)


def _start_message(tree: Any, main: str) -> str:
    start = tree.find(f"{{{BPMN}}}process[@id='{main}']/{{{BPMN}}}startEvent")
    event = start.find(f"{{{BPMN}}}messageEventDefinition") if start is not None else None
    if event is None:
        return ""
    message = tree.find(f"{{{BPMN}}}message[@id='{event.get('messageRef')}']")
    return str(message.get("name")) if message is not None else ""

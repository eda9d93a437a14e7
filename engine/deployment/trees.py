"""XML that a stranger may have written, and the parts of a BPMN model."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from engine.deployment.findings import Finding
from engine.runtime.notation import BPMN

LARGEST = 2_000_000
ACTIVITIES = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "businessRuleTask", "scriptTask",
     "sendTask", "receiveTask", "subProcess", "callActivity"}
)  # fmt: skip


class Unreadable(Exception):
    """The file is no XML that is accepted."""


def parse(xml: bytes) -> Any:
    """Parse without document type, without entities, without the network, up to a size."""
    if len(xml) > LARGEST:
        raise Unreadable(f"the model is larger than {LARGEST} bytes")
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", xml, re.IGNORECASE):
        raise Unreadable("a document type or entity is not allowed in a model")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"it is not well-formed XML: {error}") from error


def local(node: Any) -> str:
    """The name of an element without its namespace; empty where it is not BPMN's."""
    tag = node.tag
    return (
        tag.removeprefix(f"{{{BPMN}}}") if isinstance(tag, str) and tag[1:].startswith(BPMN) else ""
    )


def tag(name: str) -> str:
    """The full name of a BPMN element."""
    return f"{{{BPMN}}}{name}"


@dataclass(frozen=True)
class Scope:
    """A process or an embedded subprocess: its own nodes and flows, without those further in."""

    file: str
    node: Any

    @cached_property
    def nodes(self) -> dict[str, Any]:
        """The flow nodes by id, in the order of the document."""
        return {
            child.get("id", ""): child
            for child in self.node
            if local(child) in ACTIVITIES or local(child).endswith(("Event", "Gateway"))
        }

    @cached_property
    def flows(self) -> list[Any]:
        """The sequence flows."""
        return [child for child in self.node if local(child) == "sequenceFlow"]

    @cached_property
    def after(self) -> dict[str, list[str]]:
        """What follows each node; a boundary event follows from its activity."""
        found: dict[str, list[str]] = {key: [] for key in self.nodes}
        for flow in self.flows:
            source, target = flow.get("sourceRef"), flow.get("targetRef")
            if source in found and target in found:
                found[source].append(target)
        for key, node in self.nodes.items():
            if local(node) == "boundaryEvent" and node.get("attachedToRef") in found:
                found[node.get("attachedToRef")].append(key)
        return found

    @property
    def top(self) -> bool:
        """Whether this is a process and no subprocess."""
        return local(self.node) == "process"

    def outgoing(self, key: str) -> list[Any]:
        """The flows that leave a node."""
        return [flow for flow in self.flows if flow.get("sourceRef") == key]

    def reached(self, start: str) -> set[str]:
        """Every node that a token at `start` can reach, `start` included where a way leads back."""
        seen: set[str] = set()
        todo = list(self.after.get(start, ()))
        while todo:
            key = todo.pop()
            if key not in seen:
                seen.add(key)
                todo.extend(self.after[key])
        return seen

    def finding(self, element: str | None, code: str, message: str, remedy: str) -> Finding:
        """A fault at an element of this file."""
        return Finding(self.file, element or "", code, message, remedy)


def scopes(file: str, tree: Any) -> Iterator[Scope]:
    """Every process of a file, and every subprocess in it."""
    for process in tree.iter(tag("process")):
        yield Scope(file, process)
        for inner in process.iter(tag("subProcess")):
            yield Scope(file, inner)


def events(node: Any) -> list[str]:
    """The kinds of event definitions of a node: ["timer"]."""
    return [
        local(child).removesuffix("EventDefinition")
        for child in node
        if local(child).endswith("EventDefinition")
    ]

"""XML that a stranger may have written, and the parts of a BPMN model."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from engine.deployment.findings import Finding
from engine.deployment.sentences import finding
from engine.runtime.notation import BPMN

LARGEST = 2_000_000
ACTIVITIES = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "businessRuleTask", "scriptTask",
     "sendTask", "receiveTask", "subProcess", "transaction", "adHocSubProcess", "callActivity"}
)  # fmt: skip
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})


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
        """What follows each node; a boundary event follows from its activity, a link's catching
        event from what throws it, a compensation handler from its boundary event."""
        found: dict[str, list[str]] = {key: [] for key in self.nodes}
        for flow in self.flows:
            source, target = flow.get("sourceRef"), flow.get("targetRef")
            if source in found and target in found:
                found[source].append(target)
        for key, node in self.nodes.items():
            if local(node) == "boundaryEvent" and node.get("attachedToRef") in found:
                found[node.get("attachedToRef")].append(key)
        for source, target in [*self.links, *self.handlers]:
            if source in found and target in found:
                found[source].append(target)
        return found

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """Each throwing link event with the catching one of its name (BPMN 2.0.2 §10.5.1)."""
        named = {
            key: (local(node), event.get("name", ""))
            for key, node in self.nodes.items()
            for event in node.iterfind(tag("linkEventDefinition"))
        }
        return [
            (source, target)
            for source, (kind, name) in named.items()
            for target, (other, same) in named.items()
            if (kind, other, name) == ("intermediateThrowEvent", "intermediateCatchEvent", same)
        ]

    @cached_property
    def handlers(self) -> list[tuple[str, str]]:
        """Each compensation boundary event with the activity that undoes."""
        return [
            (child.get("sourceRef"), child.get("targetRef"))
            for child in self.node
            if local(child) == "association" and compensates(self.nodes.get(child.get("sourceRef")))
        ]

    @property
    def triggered(self) -> bool:
        """Whether this is an event subprocess."""
        return bool(self.node.get("triggeredByEvent") == "true")

    @property
    def adhoc(self) -> bool:
        """Whether this is an ad-hoc subprocess: its activities have no order."""
        return local(self.node) == "adHocSubProcess"

    def first(self) -> list[str]:
        """The nodes to which no flow leads, without those that something else begins."""
        into = {flow.get("targetRef") for flow in self.flows}
        return [
            key
            for key, node in self.nodes.items()
            if key not in into
            and local(node) != "boundaryEvent"
            and "true" not in (node.get("isForCompensation"), node.get("triggeredByEvent"))
        ]

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

    def told(self, sentence: str, element: str | None, **words: object) -> Finding:
        """A finding at an element of this file, with a sentence of `sentences`."""
        return finding(sentence, self.file, element or "", **words)


def scopes(file: str, tree: Any) -> Iterator[Scope]:
    """Every process of a file, and every subprocess in it."""
    for process in tree.iter(tag("process")):
        yield Scope(file, process)
        for inner in process.iter(*map(tag, sorted(SUBPROCESSES))):
            yield Scope(file, inner)


def compensates(node: Any) -> bool:
    """Whether a node is a compensation boundary event."""
    return node is not None and local(node) == "boundaryEvent" and events(node) == ["compensate"]


def apart(node: Any) -> bool:
    """Whether no flow leads to a node: an event subprocess, a compensation handler."""
    return "true" in (node.get("triggeredByEvent"), node.get("isForCompensation"))


def events(node: Any) -> list[str]:
    """The kinds of event definitions of a node: ["timer"]."""
    return [
        local(child).removesuffix("EventDefinition")
        for child in node
        if local(child).endswith("EventDefinition")
    ]

"""What a foreign model leaves out and ours must say: kinds of tasks, lanes, ways, names."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from engine.deployment.importing.notes import Note, Notes
from engine.deployment.trees import Scope, local, scopes, tag
from engine.runtime.notation import BPMN

DESK = "Agent"
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_PEOPLE = frozenset({"userTask", "manualTask"})
# What XML allows as an id.
_ID = re.compile(r"[^\W\d][\w.-]*")
_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
# Attributes that hold ids, and elements whose text is one.
_REFERS = re.compile(r"(Ref|Element|default)$")


def key_of(text: str) -> str:
    """A key of a procedure made of any text."""
    found = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    found = found if re.match(r"[a-z]", found) else f"p_{found}"
    return (found if len(found) > 2 else f"{found}_procedure")[:50]


def renamed(tree: Any, names: dict[str, str]) -> None:
    """Give elements other ids, wherever these are named."""
    for node in tree.iter(etree.Element):
        for attribute, value in node.attrib.items():
            name = etree.QName(attribute).localname
            if value in names and (name == "id" or _REFERS.search(name)):
                node.set(attribute, names[value])
        text = (node.text or "").strip()
        if text in names and local(node) in ("incoming", "outgoing", "flowNodeRef"):
            node.text = names[text]


def keyed(tree: Any, taken: set[str], notes: Notes) -> None:
    """Each process has the key of a procedure as its id; reserved ids of nodes get another."""
    names: dict[str, str] = {}
    for process in tree.iter(tag("process")):
        old = process.get("id", "")
        new = key_of(old or process.get("name", "") or "procedure")
        while new in taken:
            new = f"{new[:48]}_2"
        taken.add(new)
        if new != old:
            process.set("id", new)
            names[old] = new
    for scope in scopes("", tree):
        for old in scope.nodes:
            if old in ("Start", "End", "Root") or old.endswith((".split", ".end", ".EndJoin")):
                names[old] = f"{old}_"
    for node in tree.iter(etree.Element):
        old = node.get("id", "")
        if old and local(node) and old not in names and not _ID.fullmatch(old):
            names[old] = _valid(old, taken)
    names.pop("", None)
    renamed(tree, names)
    for old, new in names.items():
        notes.changes.append(Note(new, "renamed", "id", old, new))


def _valid(old: str, taken: set[str]) -> str:
    """An id of letters, digits and signs that XML allows, which nobody has."""
    new = re.sub(r"[^\w.-]", "_", old)
    new = new if _ID.match(new) else f"_{new}"
    while new in taken:
        new += "_"
    taken.add(new)
    return new


def kinds(tree: Any, notes: Notes) -> None:
    """A task that says not what does it becomes a person's, to be confirmed."""
    for node in list(tree.iter(tag("task"))):
        node.tag = tag("userTask")
        notes.todo.append(Note(node.get("id", ""), "kind", "task", node.get("name", "")))


def begun(tree: Any, notes: Notes) -> None:
    """A scope without a start event begins where nothing leads to (BPMN 2.0.2 §13.2)."""
    for scope in list(scopes("", tree)):
        nodes = scope.nodes.items()
        if any(_starts(n) for _, n in nodes) or scope.node.get("triggeredByEvent"):
            continue
        led = {flow.get("targetRef") for flow in scope.flows}
        first = [k for k, n in nodes if k not in led and _begins(n)]
        if not first or local(scope.node) == "adHocSubProcess":
            continue
        key = f"{scope.node.get('id')}_start"
        etree.SubElement(scope.node, tag("startEvent"), id=key)
        for number, target in enumerate(first, 1):
            etree.SubElement(scope.node, tag("sequenceFlow"), id=f"{key}_{number}",
                             sourceRef=key, targetRef=target)  # fmt: skip
        notes.changes.append(Note(scope.node.get("id", ""), "added", "startEvent", key))


def _starts(node: Any) -> bool:
    return local(node) == "startEvent" or node.get("instantiate") == "true"


def _begins(node: Any) -> bool:
    apart = node.get("isForCompensation") == "true" or node.get("triggeredByEvent") == "true"
    return local(node) != "boundaryEvent" and not apart


def tidied(tree: Any) -> None:
    """Pools whose process stands in another folder are black boxes; their shapes inside go."""
    there = {node.get("id") for node in tree.iter(etree.Element) if node.get("id")}
    for pool in tree.iter(tag("participant")):
        if pool.get("processRef") and pool.get("processRef") not in there:
            del pool.attrib["processRef"]
    for shape in list(tree.iter(f"{{{_DI}}}BPMNShape", f"{{{_DI}}}BPMNEdge")):
        if shape.get("bpmnElement", "").rpartition(":")[2] not in there:
            shape.getparent().remove(shape)


def lanes(process: Any, notes: Notes) -> None:
    """Every task of a person lies in a named lane."""
    placed = {
        (ref.text or "").strip(): lane
        for lane in process.iter(tag("lane"))
        for ref in lane.iterfind(tag("flowNodeRef"))
    }
    for node in [n for n in process.iter(etree.Element) if local(n) in _PEOPLE]:
        group, key = node.attrib.pop("lane-of", ""), node.get("id", "")
        if any(one.get("id") in placed for one in node.iterancestors()) or key in placed:
            continue
        lane = _lane(process, group or DESK)
        etree.SubElement(lane, tag("flowNodeRef")).text = key
        if not group:
            notes.todo.append(Note(key, "whose", DESK))


def _lane(process: Any, name: str) -> Any:
    holder = process.find(tag("laneSet"))
    if holder is None:
        holder = etree.Element(tag("laneSet"), id=f"{process.get('id')}_lanes")
        process.insert(0, holder)
    found = [lane for lane in holder if lane.get("name") == name]
    if found:
        return found[0]
    number = len(holder) + 1
    return etree.SubElement(holder, tag("lane"), id=f"{process.get('id')}_lane{number}", name=name)


def ways(scope: Scope, notes: Notes) -> dict[str, tuple[str, dict[str, str]]]:
    """A default where one way has no condition; a proposed question where none has one.

    Gives for each such gateway the nodes' ids that ask, its variable, and its ways with names.
    """
    asked: dict[str, tuple[str, dict[str, str]]] = {}
    for key, node in scope.nodes.items():
        flows = scope.outgoing(key)
        bare = [f for f in flows if f.find(tag("conditionExpression")) is None]
        bare = [f for f in bare if f.get("id") != node.get("default")]
        if local(node) not in _CHOOSING or len(flows) < 2 or not bare:
            continue
        if len(bare) == 1 and len(flows) > 1 and not node.get("default"):
            node.set("default", bare[0].get("id", ""))
            notes.changes.append(Note(key, "added", "default", bare[0].get("id", "")))
            continue
        variable = f"way_{re.sub(r'[^A-Za-z0-9]', '_', key)}"
        many = local(node) == "inclusiveGateway"
        for flow in bare:
            text = f'"{flow.get("id")}"'
            said = f"list contains({variable}, {text})" if many else f"{variable} = {text}"
            etree.SubElement(flow, tag("conditionExpression")).text = said
        asked[key] = (variable, {f.get("id", ""): _called(scope, f) for f in bare})
        notes.todo.append(Note(key, "choice", variable))
    return asked


def _called(scope: Scope, flow: Any) -> str:
    target = scope.nodes.get(flow.get("targetRef", ""))
    name = flow.get("name") or (target.get("name") if target is not None else "")
    return " ".join((name or flow.get("id", "")).split())


def sources(scope: Scope) -> dict[str, list[str]]:
    """What comes before each node of a scope."""
    before: dict[str, list[str]] = {key: [] for key in scope.nodes}
    for source, targets in scope.after.items():
        for target in targets:
            before[target].append(source)
    return before


def askers(scope: Scope, gateway: str, before: Mapping[str, list[str]]) -> Iterator[str]:
    """The persons' tasks and the start events whose doer can say which way is taken."""
    seen, todo = {gateway}, [gateway]
    while todo:
        for one in before[todo.pop()]:
            if one not in seen:
                seen.add(one)
                if local(scope.nodes[one]) in (*_PEOPLE, "startEvent"):
                    yield one
                else:
                    todo.append(one)


__all__ = [
    "BPMN",
    "DESK",
    "askers",
    "key_of",
    "keyed",
    "kinds",
    "lanes",
    "renamed",
    "sources",
    "ways",
]

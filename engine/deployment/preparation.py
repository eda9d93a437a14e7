"""From a procedure's folder to what runs: safe reading, a check that refuses, one model.

What the engine cannot execute as BPMN means it is refused here, with the element, the reason and
the remedy; nothing that passes behaves differently from what the diagram says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.runtime.model import BPMN, MQ, Model
from forms.errors import FormBroken
from forms.form import Form
from processes.bundle import Bundle

_MAX_XML = 2_000_000
_OPERATIONS = {"certificate.issue"}
_KEYS = {
    "key", "code", "name", "name_ar", "summary", "start", "roles", "law", "fees", "certificates",
}  # fmt: skip

# What this version executes; the rest is refused by name.  Event definitions are children.
_NODES = {"startEvent", "userTask", "serviceTask", "endEvent", "sequenceFlow"}
_SILENT = {
    "laneSet", "lane", "flowNodeRef", "incoming", "outgoing", "documentation", "extensionElements",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a procedure: where, what, why, and how to mend it."""

    file: str
    element: str
    code: str
    message: str
    remedy: str


class DeploymentRefused(Exception):
    """The procedure cannot be deployed; all its faults at once."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{f.file} {f.element}: {f.message}" for f in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Prepared:
    """A procedure ready to be stored: the bundle and the model that runs."""

    bundle: Bundle
    model: bytes


def prepare(bundle: Bundle) -> Prepared:
    """Check a bundle and normalise its model; raises DeploymentRefused with every finding."""
    findings = tuple(check(bundle))
    if findings:
        raise DeploymentRefused(findings)
    tree = _tree(bundle.files["procedure.bpmn"])
    for child in list(tree):
        if etree.QName(child).namespace != BPMN:
            tree.remove(child)  # the diagram is for people
    tree.set(f"{{{MQ}}}main", bundle.procedure["key"])
    model = etree.tostring(tree)
    Model.read(model)
    return Prepared(bundle, model)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Every fault of a bundle."""
    settings = bundle.procedure
    yield from _check_settings(settings)
    yield from _check_files(bundle)
    if "procedure.bpmn" not in bundle.files:
        yield Finding("procedure.bpmn", "", "file_missing", "the model is missing", "Add it.")
        return
    try:
        tree = _tree(bundle.files["procedure.bpmn"])
    except ValueError as error:
        yield Finding("procedure.bpmn", "", "xml", str(error), "Save the model again as BPMN 2.0.")
        return
    yield from _check_model(bundle, tree)


def _tree(xml: bytes) -> Any:
    """Parse XML that a stranger may have written: no document type, no entities, a cap."""
    if len(xml) > _MAX_XML:
        raise ValueError(f"the model is larger than {_MAX_XML} bytes")
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", xml, re.IGNORECASE):
        raise ValueError("a document type or entity is not allowed in a model")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is not well-formed XML: {error}") from error


def _check_settings(settings: dict[str, Any]) -> Iterator[Finding]:
    for key in ("key", "code", "name", "start", "roles"):
        if key not in settings:
            yield Finding("procedure.toml", key, "key_missing", "the key is missing", "Add it.")
    for key in settings.keys() - _KEYS:
        yield Finding("procedure.toml", key, "key_unknown", "no such key", "Remove or rename it.")


def _check_files(bundle: Bundle) -> Iterator[Finding]:
    forms = [name for name in bundle.files if name.startswith("forms/")]
    start = bundle.procedure.get("start")
    if start not in forms:
        yield Finding(
            "procedure.toml", "start", "form_missing", f"no file {start}", "Add the form."
        )
    for name in forms:
        try:
            Form.read(bundle.files[name])
        except FormBroken as error:
            yield Finding(name, "", "form_broken", str(error), "Correct the form.")
    for key, kind in bundle.procedure.get("certificates", {}).items():
        if kind.get("template") not in bundle.files:
            name = kind.get("template")
            yield Finding("procedure.toml", key, "template_missing", f"no file {name}", "Add it.")


def _check_model(bundle: Bundle, tree: Any) -> Iterator[Finding]:
    processes = [p for p in tree.iter(f"{{{BPMN}}}process")]
    if len(processes) != 1 or processes[0].get("id") != bundle.procedure.get("key"):
        key = bundle.procedure.get("key")
        yield _finding("", "process", f"one process named {key} is expected", "Name it so.")
        return
    nodes: dict[str, Any] = {}
    for node in processes[0].iter(f"{{{BPMN}}}*"):
        kind, key = etree.QName(node).localname, node.get("id") or ""
        if node is processes[0] or kind in _SILENT:
            continue
        if kind not in _NODES:
            owner = key or node.getparent().get("id")
            yield _finding(
                owner, "unsupported", f"{kind} is not executed by this version",
                "Model the step with user tasks, service tasks and plain events.",
            )  # fmt: skip
        else:
            nodes[key] = node
    yield from _check_nodes(bundle, nodes)
    yield from _check_flow(nodes)


def _check_nodes(bundle: Bundle, nodes: dict[str, Any]) -> Iterator[Finding]:
    lanes = set(bundle.procedure.get("roles", {}).values())
    model = bundle.files["procedure.bpmn"]
    elements = Model.read(_with_main(model, bundle)).elements if _runs(nodes) else {}
    for key, node in nodes.items():
        kind = etree.QName(node).localname
        form, operation = node.get(f"{{{MQ}}}form"), node.get(f"{{{MQ}}}operation")
        if form and form not in bundle.files:
            yield _finding(key, "form_missing", f"no file {form}", "Add the form or name another.")
        if kind == "serviceTask" and operation not in _OPERATIONS:
            known = ", ".join(sorted(_OPERATIONS))
            yield _finding(key, "operation", f"no operation {operation}", f"Known: {known}.")
        if kind == "userTask" and key in elements and elements[key].lane not in lanes:
            yield _finding(
                key, "lane", "the task lies in no lane that [roles] names", "Draw it into a lane."
            )


def _runs(nodes: dict[str, Any]) -> bool:
    """Whether the model is sound enough for SpiffWorkflow's parser to read it."""
    kinds = [etree.QName(node).localname for node in nodes.values()]
    flows = [n for n in nodes.values() if etree.QName(n).localname == "sequenceFlow"]
    ends_known = all(f.get("sourceRef") in nodes and f.get("targetRef") in nodes for f in flows)
    sources = [f.get("sourceRef") for f in flows]
    return kinds.count("startEvent") == 1 and ends_known and len(sources) == len(set(sources))


def _with_main(model: bytes, bundle: Bundle) -> bytes:
    tree = _tree(model)
    tree.set(f"{{{MQ}}}main", bundle.procedure["key"])
    text: bytes = etree.tostring(tree)
    return text


def _check_flow(nodes: dict[str, Any]) -> Iterator[Finding]:
    flows = [n for n in nodes.values() if etree.QName(n).localname == "sequenceFlow"]
    steps = {k: n for k, n in nodes.items() if etree.QName(n).localname != "sequenceFlow"}
    after: dict[str, list[str]] = {key: [] for key in steps}
    for flow in flows:
        source, target = flow.get("sourceRef"), flow.get("targetRef")
        if source not in steps or target not in steps:
            yield _finding(flow.get("id"), "flow", "it leads nowhere", "Connect both ends.")
        else:
            after[source].append(target)
    starts = [k for k, n in steps.items() if etree.QName(n).localname == "startEvent"]
    if len(starts) != 1:
        yield _finding("", "start", f"{len(starts)} start events", "Draw exactly one.")
        return
    yield from _check_paths(steps, after, starts[0])


def _check_paths(
    steps: dict[str, Any], after: dict[str, list[str]], start: str
) -> Iterator[Finding]:
    for key, targets in after.items():
        if len(targets) > 1:
            yield _finding(key, "split", "several flows leave it", "Leave one flow.")
        if not targets and etree.QName(steps[key]).localname != "endEvent":
            yield _finding(key, "dead_end", "nothing follows", "Lead it to an end event.")
    seen, here = set(), [start]
    while here:
        key = here.pop()
        if key not in seen:
            seen.add(key)
            here.extend(after[key])
    for key in steps.keys() - seen:
        yield _finding(key, "unreachable", "no path leads here", "Connect or remove it.")


def _finding(element: str | None, code: str, message: str, remedy: str) -> Finding:
    return Finding("procedure.bpmn", element or "", code, message, remedy)

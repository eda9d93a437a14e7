"""A file of any vendor made ready to be rehearsed: what it leaves open is filled, and told.

Nothing that is drawn changes its meaning; what nobody here can do is answered by the answers.
"""

import re
from collections.abc import Iterator
from typing import Any

from decisions import expressions
from decisions.errors import DecisionError
from engine.deployment.findings import WARNING, Finding
from engine.deployment.importing import juel
from engine.deployment.importing.tokens import Untranslatable
from engine.deployment.trees import Scope, local, tag
from engine.rehearsal.answers import Answers
from engine.runtime.notation import MQ

OPERATION, DECISION = f"{{{MQ}}}operation", f"{{{MQ}}}decision"
ANSWERED = "rehearsal.answer"
_TOLD = {"messageEventDefinition", "sendTask", "receiveTask"}
_CONDITIONS = {"conditionExpression", "condition", "loopCondition", "completionCondition",
               "activationCondition"}  # fmt: skip
# What FEEL would not write so: a condition without its braces.
_LIKELY = re.compile(r"==|&&|\|\||\w\.\w+\(")
_CODES = {"message": "name", "signal": "name", "error": "errorCode", "escalation": "escalationCode"}


def adapted(tree: Any, answers: Answers) -> Iterator[Finding]:
    """Adapt a tree in place; what was done is told."""
    for kind, attribute in _CODES.items():
        for root in tree.iterchildren(tag(kind)):
            if not root.get(attribute):
                root.set(attribute, root.get("name") or root.get("id") or "")
    for process in tree.iterchildren(tag("process")):
        for node in list(process.iter()):
            yield from _node(tree, node, answers)
            _begun(node)


def called(tree: Any) -> None:
    """A global task is a process of its own, of that one task: what calls it calls that."""
    for root in list(tree):
        kind = local(root).removeprefix("global")
        if kind not in ("Task", "UserTask", "ManualTask", "ScriptTask", "BusinessRuleTask"):
            continue
        key = str(root.get("id"))
        process = tree.makeelement(
            tag("process"), {"id": f"{key}.process", "isExecutable": "false"}
        )
        tree.replace(root, process)
        start, flow = f"{key}.start", f"{key}.flow"
        process.append(tree.makeelement(tag("startEvent"), {"id": start}))
        ends = {"id": flow, "sourceRef": start, "targetRef": key}
        process.append(tree.makeelement(tag("sequenceFlow"), ends))
        root.tag = tag(kind[0].lower() + kind[1:])
        process.append(root)
        for call in tree.iter(tag("callActivity")):
            if call.get("calledElement") == key:
                call.set("calledElement", f"{key}.process")


def _node(tree: Any, node: Any, answers: Answers) -> Iterator[Finding]:
    kind = local(node)
    if kind in ("task", "businessRuleTask", "serviceTask"):
        yield from _work(node, kind)
    elif kind == "scriptTask":
        yield from _script(node, answers)
    if kind in _TOLD and not node.get("messageRef"):
        _message(tree, node)
    if not len(node) and (
        juel.is_expression(node.text or "")
        or (kind in _CONDITIONS and _LIKELY.search(node.text or ""))
    ):
        yield from _translated(node)


def _begun(node: Any) -> None:
    """A scope without a start event begins at every node that nothing leads to (§10.5.2)."""
    plain = local(node) in ("process", "subProcess", "transaction")
    if not plain or node.get("triggeredByEvent") == "true" or len(node) == 0:
        return
    nodes = Scope("", node).nodes
    led = {flow.get("targetRef") for flow in Scope("", node).flows}
    first = [key for key, one in nodes.items() if key not in led and _free(one)]
    began = any(local(one) == "startEvent" or one.get("instantiate") for one in nodes.values())
    if began or not node.get("id"):
        return
    start = f"{node.get('id')}.start"
    node.append(node.makeelement(tag("startEvent"), {"id": start}))
    for key in first:
        ends = {"id": f"{start}.{key}", "sourceRef": start, "targetRef": key}
        node.append(node.makeelement(tag("sequenceFlow"), ends))


def _free(node: Any) -> bool:
    """Whether a node without incoming flows begins by itself."""
    event = local(node) == "boundaryEvent" or node.get("triggeredByEvent") == "true"
    return not event and node.get("isForCompensation") != "true"


def _work(node: Any, kind: str) -> Iterator[Finding]:
    """A task without a kind is done by whoever does it; work that names nothing is answered."""
    if kind == "task":
        node.tag = tag("manualTask")
    elif kind == "businessRuleTask" or not node.get(OPERATION):
        node.tag = tag("serviceTask")
        node.attrib.pop(DECISION, None)  # its tables do not come with the file
        node.set(OPERATION, ANSWERED)
        yield _told(node, "answered", f"nobody here can do the {kind}: the answers speak for it")


def _script(node: Any, answers: Answers) -> Iterator[Finding]:
    script = node.find(tag("script"))
    text = (script.text or "").strip() if script is not None else ""
    if _context(text) and (node.get("scriptFormat") or "feel").lower() == "feel":
        return
    if node.get("id") in answers.tasks:  # its values are given: no need to read it
        node.tag = tag("manualTask")
        if script is not None:
            node.remove(script)
    elif not node.get("scriptFormat") or not text:
        yield _told(node, "script", f"the script {text[:40]!r} assigns nothing: it does nothing")
        node.attrib.pop("scriptFormat", None)
        _set(node, script, "{}")


def _set(node: Any, script: Any, text: str) -> None:
    if script is None:
        script = node.makeelement(tag("script"), {})
        node.append(script)
    for child in list(script):
        script.remove(child)
    script.text = text


def _context(text: str) -> bool:
    try:
        expressions.compile_context(text)
    except DecisionError:
        return False
    return True


def _message(tree: Any, node: Any) -> None:
    """A message that has no name is that of its message flow, else its element's own."""
    element = node.getparent() if local(node).endswith("Definition") else node
    key, name = element.get("id") or "", ""
    for flow in tree.iter(tag("messageFlow")):
        if key in (flow.get("sourceRef"), flow.get("targetRef")):
            name = flow.get("messageRef") or flow.get("id") or ""
            break
    name = name or f"{key}.message"
    known = {root.get("id") for root in tree.iterchildren(tag("message"))}
    if name not in known:
        tree.insert(0, tree.makeelement(tag("message"), {"id": name, "name": name}))
    node.set("messageRef", name)


def _translated(node: Any) -> Iterator[Finding]:
    try:
        text = juel.translated(node.text.strip())
    except Untranslatable:
        return  # refused as what it is: no FEEL
    yield _told(node.getparent(), "translated", f"{node.text.strip()} is read as {text}")
    node.text = text


def _told(node: Any, code: str, message: str) -> Finding:
    while node is not None and not node.get("id"):
        node = node.getparent()
    element = node.get("id") if node is not None else ""
    return Finding("", element, code, message, "Say it in FEEL or in the answers.", WARNING)

"""The elements by which Camunda, Activiti and Flowable say what a task does, in our words.

Each function takes out of the element what it understands and gives our word for it, or None.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from lxml import etree

from engine.deployment.importing.forms import Forms, form_of
from engine.deployment.importing.juel import Untranslatable, checked, is_expression, translated
from engine.deployment.importing.shaping import key_of
from engine.deployment.trees import local, tag
from engine.runtime.notation import MQ

_INPUT = "loopDataInputRef"
Meaning = Callable[[Any, Any, Forms], str | None]


def own(node: Any, name: str, value: str | None) -> str | None:
    """Say a word of ours on a node."""
    if not value:
        return None
    node.set(f"{{{MQ}}}{name}", value)
    return f'mq:{name}="{value}"'


def feel(value: str) -> str | None:
    """FEEL for `=…` or `${…}`; None where it cannot be said, or is neither."""
    try:
        if value.startswith("="):
            return checked(value[1:].strip())
        return translated(value) if is_expression(value) else None
    except Untranslatable:
        return None


def due(node: Any, value: str) -> str | None:
    """Until when a task is to be done."""
    if local(node) != "userTask":
        return None
    return own(node, "due", value if value.startswith("P") else feel(value))


def topic(node: Any, value: str) -> str | None:
    """The topic under which a program outside fetches work."""
    word = value.strip().lower().replace("/", ".").replace(":", ".")
    if not word or is_expression(value) or value.startswith("=") or local(node) != "serviceTask":
        return None
    holder = node.find(tag("extensionElements"))
    if holder is None:
        holder = etree.Element(tag("extensionElements"))
        node.insert(0, holder)
    etree.SubElement(holder, f"{{{MQ}}}input", name="topic").text = f'"{word}"'
    return own(node, "operation", "external.work")


def group(node: Any, value: str) -> str | None:
    """The one group whose task it is: a lane, where it lies in none."""
    if (
        local(node) != "userTask"
        or _placed(node)
        or is_expression(value)
        or value.startswith("=")
        or "," in value
        or not value.strip()
    ):
        return None
    node.set("lane-of", value.strip())
    return f"lane “{value.strip()}”"


def _placed(node: Any) -> bool:
    root = node.getroottree().getroot()
    refs = {(ref.text or "").strip() for ref in root.iter(tag("flowNodeRef"))}
    return not refs.isdisjoint(one.get("id") for one in (node, *node.iterancestors()))


def collection(node: Any, value: str) -> str | None:
    """The list whose items an activity is done for."""
    text = value.strip() if value.strip().isidentifier() else feel(value)
    if local(node) != "multiInstanceLoopCharacteristics" or not text or _has(node, _INPUT):
        return None
    part = etree.Element(tag(_INPUT))
    part.text = text
    node.insert(0, part)
    return f"{_INPUT} {text}"


def item(node: Any, value: str) -> str | None:
    """The variable of the item of each instance."""
    if local(node) != "multiInstanceLoopCharacteristics" or not value.isidentifier():
        return None
    if _has(node, "inputDataItem"):
        return None
    node.insert(int(_has(node, _INPUT)), etree.Element(tag("inputDataItem"), name=value))
    return f"inputDataItem {value}"


def _has(node: Any, name: str) -> bool:
    return node.find(tag(name)) is not None


def _loop(node: Any, element: Any, _forms: Forms) -> str | None:
    """`zeebe:loopCharacteristics`: its list and item; what it collects stays a to-do."""
    ours = collection(node, element.get("inputCollection", ""))
    if ours is None:
        return None
    one = item(node, element.get("inputElement", ""))
    if one is not None:
        del element.attrib["inputElement"]
        ours = f"{ours}, {one}"
    return _taken(element, ours, "inputCollection")


def _job(node: Any, element: Any, _forms: Forms) -> str | None:
    ours = topic(node, element.get("type", ""))
    return _taken(element, ours, "type")


def _assignment(node: Any, element: Any, _forms: Forms) -> str | None:
    ours = group(node, element.get("candidateGroups", ""))
    return _taken(element, ours, "candidateGroups")


def _schedule(node: Any, element: Any, _forms: Forms) -> str | None:
    return _taken(element, due(node, element.get("dueDate", "")), "dueDate")


def _decision(node: Any, element: Any, _forms: Forms) -> str | None:
    name, result = element.get("decisionId", ""), element.get("resultVariable", "")
    if local(node) != "businessRuleTask" or not name or name.startswith("="):
        return None
    ours = own(node, "decision", name)
    if result.isidentifier():
        ours = f"{ours} {own(node, 'result', result)}"
        del element.attrib["resultVariable"]
    return _taken(element, ours, "decisionId")


def _called(node: Any, element: Any, _forms: Forms) -> str | None:
    name = element.get("processId", "")
    if local(node) != "callActivity" or not name or name.startswith("="):
        return None
    there = {one.get("id") for one in node.getroottree().iter(tag("process"))}
    name = key_of(name) if key_of(name) in there else name
    node.set("calledElement", name)
    return _taken(element, f'calledElement="{name}"', "processId")


def _script(node: Any, element: Any, _forms: Forms) -> str | None:
    text, result = feel(element.get("expression", "")), element.get("resultVariable", "")
    if local(node) != "scriptTask" or not text or not result.isidentifier():
        return None
    for old in node.findall(tag("script")):
        node.remove(old)
    etree.SubElement(node, tag("script")).text = f"{{ {result}: {text} }}"
    return _taken(element, f"{{ {result}: {text} }}", "expression", "resultVariable")


def _form(node: Any, element: Any, forms: Forms) -> str | None:
    if local(node) not in ("userTask", "startEvent"):
        return None
    file = forms.file_of(node)
    if not form_of(element, forms.named(file, node)):
        return None
    return file if local(node) == "startEvent" else own(node, "form", file)


def _taken(element: Any, ours: str | None, *names: str) -> str | None:
    for name in names if ours is not None else ():
        element.attrib.pop(name, None)
    return ours


ELEMENTS: Final[Mapping[str, Meaning]] = {
    "taskDefinition": _job,
    "assignmentDefinition": _assignment,
    "taskSchedule": _schedule,
    "calledDecision": _decision,
    "calledElement": _called,
    "script": _script,
    "formData": _form,
    "loopCharacteristics": _loop,
}

"""The words of other tools in a model: translated, removed and told, or left to a person."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from lxml import etree

from engine.deployment.importing.elements import ELEMENTS, collection, due, group, item, own, topic
from engine.deployment.importing.forms import Forms
from engine.deployment.importing.juel import (
    Untranslatable,
    checked,
    is_expression,
    translated,
)
from engine.deployment.importing.notes import Note, Notes
from engine.deployment.importing.scripts import translated_script
from engine.deployment.trees import local, tag
from engine.runtime.notation import BPMN, MQ

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DRAWN = ("http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/")
# Tools whose words say what a process does.
_MEANT = ("camunda.org", "activiti.org", "flowable.org", "spiffworkflow", "jboss.org", "drools")
# Other elements whose text may be an expression of another tool.
_TEXTS = ("completionCondition", "loopCardinality", "timeDuration", "timeDate", "timeCycle",
          "loopDataInputRef")  # fmt: skip
_NO_EFFECT = frozenset(
    {"asyncBefore", "asyncAfter", "exclusive", "jobPriority", "async", "modelerTemplate",
     "modelerTemplateVersion", "modelerTemplateIcon", "historyTimeToLive", "versionTag",
     "isStartableInTasklist"}
)  # fmt: skip


def name_of(part: Any) -> tuple[str, str]:
    """The namespace and the name of an element or attribute."""
    found = etree.QName(part)
    return found.namespace or "", found.localname


def shown(node: Any, key: str) -> str:
    """A foreign word as its file writes it: camunda:formKey."""
    space, name = name_of(key)
    prefix = next((p for p, uri in node.nsmap.items() if uri == space and p), "")
    return f"{prefix}:{name}" if prefix else name


def owner(node: Any) -> str:
    """The id of the nearest element that has one."""
    while node is not None:
        if node.get("id"):
            return str(node.get("id"))
        node = node.getparent()
    return ""


def settled(tree: Any, notes: Notes, forms: Forms) -> None:
    """Take every foreign word out of a model, and say of each what became of it."""
    for node in list(tree.iter(etree.Element)):
        for key in list(node.attrib):
            space, name = name_of(key)
            if space and space not in (MQ, XSI, BPMN) and not _drawn(space):
                _attribute(node, key, space, name, notes)
    for node in list(_outermost(tree)):
        _element(node, notes, forms)
    for holder in list(tree.iter(tag("extensionElements"))):
        if len(holder) == 0:
            holder.getparent().remove(holder)


def _drawn(space: str) -> bool:
    return space.startswith(_DRAWN)


def _ours(node: Any) -> bool:
    space = name_of(node)[0]
    return space in (MQ, BPMN) or _drawn(space)


def _outermost(tree: Any) -> Iterator[Any]:
    """The foreign elements that stand in one of BPMN's or of the diagram's."""
    for node in tree.iter(etree.Element):
        parent = node.getparent()
        if not _ours(node) and parent is not None and _ours(parent):
            yield node


def _attribute(node: Any, key: str, space: str, name: str, notes: Notes) -> None:
    value = node.attrib.pop(key)
    said, element = shown(node, key), owner(node)
    ours = _meaning(node, name, value) if _meant(space) else None
    if ours is not None:
        notes.changes.append(Note(element, "translated", said, value, ours))
    elif not _meant(space) or name in _NO_EFFECT:
        notes.changes.append(Note(element, "removed", said, value))
    else:
        notes.todo.append(Note(element, "meaningless", said, value))


def _meant(space: str) -> bool:
    return any(word in space for word in _MEANT)


def _meaning(node: Any, name: str, value: str) -> str | None:
    """Our word for a word of Camunda 7, Flowable or Activiti; None where there is none."""
    kind = local(node)
    if kind == "multiInstanceLoopCharacteristics":
        say = {"collection": collection, "elementVariable": item}.get(name)
        return None if say is None else say(node, value)
    if kind == "userTask":
        say = {"dueDate": due, "candidateGroups": group}.get(name)
        return None if say is None else say(node, value)
    if name == "resultVariable" and kind in ("businessRuleTask", "serviceTask"):
        return own(node, "result", value if value.isidentifier() else None)
    if name == "decisionRef" and kind == "businessRuleTask":
        return own(node, "decision", None if is_expression(value) else value)
    if name == "topic" and kind == "serviceTask":
        return topic(node, value)
    if name == "type" and kind == "serviceTask" and value == "external":
        return 'mq:operation="external.work"'
    return None


def _element(node: Any, notes: Notes, forms: Forms) -> None:
    """An element of another tool, told with every word in it."""
    element, (space, name) = owner(node), name_of(node)
    meant, parent = _meant(space), node.getparent()
    host = parent.getparent()
    if meant and name in ELEMENTS and host is not None:
        value = _words_of(node)
        ours = ELEMENTS[name](host, node, forms)
        if ours is not None:
            notes.changes.append(Note(element, "translated", shown(node, node.tag), value, ours))
            if not node.attrib and len(node) == 0:
                parent.remove(node)
                return
    for part in node.iter(etree.Element):
        said, value = shown(part, part.tag), _words_of(part)
        if meant:
            notes.todo.append(Note(element, "meaningless", said, value))
        else:
            notes.changes.append(Note(element, "removed", said, value))
    parent.remove(node)


def _words_of(part: Any) -> str:
    words = [*(f"{k}={v}" for k, v in part.attrib.items()), (part.text or "").strip()]
    return " ".join(words).strip()


def conditions(tree: Any, notes: Notes) -> None:
    """Every condition of a flow, every script, as FEEL, or left to a person as it stands."""
    for node in tree.iter(tag("conditionExpression")):
        text, language = (node.text or "").strip(), node.attrib.pop("language", "")
        _said(node, "condition", text, notes, partial(_condition, text, language))
    for node in tree.iter(*map(tag, _TEXTS)):
        text = (node.text or "").strip()
        if text.startswith("=") or is_expression(text):
            _said(node, local(node), text, notes, partial(_condition, text, ""))
    for node in tree.iter(tag("scriptTask")):
        script, language = node.find(tag("script")), node.get("scriptFormat", "feel")
        if script is None or language.lower() == "feel":
            continue
        text = script.text or ""
        if _said(script, "script", text, notes, partial(translated_script, text, language)):
            node.set("scriptFormat", "feel")


def _said(node: Any, name: str, text: str, notes: Notes, say: Callable[[], str]) -> bool:
    """Whether a text could be said in FEEL; it is told unless it was FEEL already."""
    element = owner(node)
    try:
        feel = say()
    except Untranslatable as error:
        notes.todo.append(Note(element, "expression", name, text, str(error)))
        return False
    if feel != text:
        node.text = feel
        notes.changes.append(Note(element, "translated", name, text, feel))
    return True


def _condition(text: str, language: str) -> str:
    if text.startswith("="):
        return checked(text[1:].strip())
    if is_expression(text):
        return translated(text)
    if language and "feel" not in language.lower():
        if language.lower() in ("javascript", "groovy", "juel"):
            return translated(text)
        raise Untranslatable(f"the language {language} is not understood")
    return _plain(text)


def _plain(text: str) -> str:
    """FEEL as it stands; else what the other languages say without braces: `a == 1`."""
    try:
        return checked(text)
    except Untranslatable:
        return translated(text)

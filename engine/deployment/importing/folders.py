"""From a foreign model to the folder of a procedure, with what was done and what is left to do."""

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.deployment import preparation, trees
from engine.deployment.findings import ERROR
from engine.deployment.importing import foreign, shaping
from engine.deployment.importing.forms import START, Forms, form
from engine.deployment.importing.notes import MESSAGES, Note, Notes
from engine.deployment.trees import Scope, Unreadable, local, scopes, tag
from engine.runtime.notation import MQ
from processes.bundle import Bundle

_DEEPEST = 60
_MOST = 2_000
_TODO = f"{{{MQ}}}todo"


@dataclass(frozen=True, slots=True)
class Imported:
    """`result`: executable, draft or refused; `folders`: the files of each procedure, by key."""

    result: str
    folders: Mapping[str, Mapping[str, bytes]]
    notes: Notes


def imported(
    xml: bytes, beside: Mapping[str, bytes], name: str, operations: Mapping[str, Any]
) -> Imported:
    """Import a model; `beside` are the files of the folder that it lies in, where it is ours."""
    notes = Notes()
    try:
        tree = _read(xml)
    except Unreadable as error:
        notes.findings.append(Note("", "unreadable", value=str(error)))
        return Imported("refused", {}, notes)
    notes.todo += _marked(tree)
    shaping.keyed(tree, set(), notes)
    forms = Forms()
    foreign.settled(tree, notes, forms)
    foreign.conditions(tree, notes)
    shaping.kinds(tree, notes)
    shaping.begun(tree, notes)
    _ask(tree, notes, forms)
    for process in tree.iter(tag("process")):
        shaping.lanes(process, notes)
        process.set("isExecutable", "true")
    _mark(tree, notes)
    folders = {}
    for key in _mains(tree):
        files = _folder(tree, key, forms.documents, beside, name)
        _check(files, operations, notes)
        files.setdefault("README.md", _readme(key, notes))
        folders[key] = files
    return Imported("draft" if notes.todo else "executable", folders, notes)


def _read(xml: bytes) -> Any:
    tree = trees.parse(xml)
    if local(tree) != "definitions":
        raise Unreadable(f"{etree.QName(tree).localname} is no BPMN 2.0 model")
    depth = max((_depth(node) for node in tree.iter(tag("subProcess"))), default=0)
    if depth > _DEEPEST:
        raise Unreadable(f"its subprocesses lie more than {_DEEPEST} deep")
    if sum(1 for _ in tree.iter(tag("sequenceFlow"))) > _MOST:
        raise Unreadable(f"it has more than {_MOST} flows")
    if any(process.getparent() is not tree for process in tree.iter(tag("process"))):
        raise Unreadable("a process stands inside another element")
    if not _mains(tree):
        raise Unreadable("it holds no process with elements")
    return tree


def _depth(node: Any) -> int:
    return sum(1 for _ in node.iterancestors())


def _mains(tree: Any) -> list[str]:
    """The processes that are procedures: not empty, and called by none."""
    called = {node.get("calledElement") for node in tree.iter(tag("callActivity"))}
    full = [p for p in tree.iter(tag("process")) if Scope("", p).nodes]
    return [p.get("id", "") for p in full if p.get("id") not in called] or [
        p.get("id", "") for p in full
    ]


def _ask(tree: Any, notes: Notes, forms: Forms) -> None:
    """Put the proposed questions of gateways into the forms of those who are asked before them."""
    for scope in scopes("", tree):
        before = shaping.sources(scope)
        for gateway, (variable, ways) in shaping.ways(scope, notes).items():
            many = local(scope.nodes[gateway]) == "inclusiveGateway"
            choice: dict[str, Any] = {"enum": list(ways), "x-labels": ways}
            field = {"type": "array", "items": choice} if many else {"type": "string"} | choice
            title = " ".join((scope.nodes[gateway].get("name") or gateway).split())
            for asker in shaping.askers(scope, gateway, before):
                node = scope.nodes[asker]
                file = forms.file_of(node)
                if local(node) != "startEvent":
                    node.set(f"{{{MQ}}}form", file)
                forms.named(file, node)["properties"][variable] = {"title": title} | field


def _marked(tree: Any) -> list[Note]:
    """What an earlier import left to do, taken out of the model to be marked anew."""
    found = []
    for mark in list(tree.iter(_TODO)):
        words = {word: mark.get(word, "") for word in ("name", "value", "ours")}
        code = mark.get("code", "")
        if code in MESSAGES:
            found.append(Note(foreign.owner(mark), code, **words))
        holder = mark.getparent()
        holder.remove(mark)
        if len(holder) == 0:
            holder.getparent().remove(holder)
    return found


def _mark(tree: Any, notes: Notes) -> None:
    """Every to-do stands in the model, at its element, until a person takes it out."""
    nodes = {node.get("id"): node for node in tree.iter(etree.Element) if node.get("id")}
    for note in notes.todo:
        node = nodes.get(note.element)
        if node is None or not local(node):
            continue
        holder = node.find(tag("extensionElements"))
        if holder is None:
            holder = etree.Element(tag("extensionElements"))
            node.insert(sum(local(c) == "documentation" for c in node), holder)
        words = {word: text for word, text in note.words.items() if text}
        etree.SubElement(holder, _TODO, {"code": note.code} | words)


def _folder(
    tree: Any, key: str, forms: Mapping[str, dict[str, Any]], beside: Mapping[str, bytes], name: str
) -> dict[str, bytes]:
    tree = deepcopy(tree)
    mains = set(_mains(tree)) - {key}
    for process in list(tree.iter(tag("process"))):
        if process.get("id") in mains:
            process.getparent().remove(process)
    shaping.tidied(tree)
    process = next(p for p in tree.iter(tag("process")) if p.get("id") == key)
    files = {path: content for path, content in beside.items() if path != preparation.MODEL}
    for path, document in ({START: form("Demande")} | dict(forms)).items():
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        files.setdefault(path, text.encode())
    files.setdefault("procedure.toml", _facts(tree, key, process.get("name") or name))
    files[preparation.MODEL] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
    return files


def _facts(tree: Any, key: str, name: str) -> bytes:
    code = re.sub(r"[^A-Z]", "", key.upper())[:3].ljust(2, "X")
    lines = [f'key = "{key}"', f'code = "{code}"', f"name = {json.dumps(name)}",
             f'start = "{START}"']  # fmt: skip
    seen: set[str] = set()
    for lane in tree.iter(tag("lane")):
        if lane.get("name") and lane.get("name") not in seen:
            seen.add(lane.get("name"))
            lines += ["", f"[roles.{shaping.key_of(lane.get('name'))}_{len(seen)}]",
                      f"lane = {json.dumps(lane.get('name'))}"]  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def _check(files: Mapping[str, bytes], operations: Mapping[str, Any], notes: Notes) -> None:
    """What the check of a procedure refuses is left to do; its warnings are told."""
    bundle = preparation.closed(Bundle(files))
    for finding in preparation.check(bundle, operations):
        if finding.code in ("todo", "untranslated"):
            continue
        place = finding.element or finding.file
        note = Note(place, "check", finding.code, finding.message, finding.remedy)
        (notes.todo if finding.severity == ERROR else notes.findings).append(note)


def _readme(key: str, notes: Notes) -> bytes:
    lines = [f"# {key}", "", "Imported. Left to do, and marked in procedure.bpmn (mq:todo):", ""]
    lines += [f"- [ ] {n.element}: {MESSAGES[n.code].format(**n.words)}" for n in notes.todo]
    return ("\n".join(lines if notes.todo else lines[:1]) + "\n").encode()

"""From a file to models that can be rehearsed: which processes it has, what is wrong with them."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from engine.deployment import attributes, elements, meaning, normalising, structure, throwing, trees
from engine.deployment.findings import ERROR, WARNING, Finding
from engine.deployment.instantiating import begun
from engine.deployment.references import in_place
from engine.deployment.sentences import finding
from engine.deployment.several import split
from engine.deployment.trees import Scope, Unreadable, local, tag
from engine.rehearsal import foreign
from engine.rehearsal.answers import Answers
from engine.runtime.model import Model
from engine.runtime.notation import details

# What a deployment refuses although it can be executed as drawn: a rehearsal shows where it leads.
_SHOWN = frozenset({"uncaught", "endless", "deadlock", "unreachable", "lane", "attribute"})


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read: its processes by id, and the ids that its author gave."""

    tree: Any
    processes: dict[str, Any]
    ids: frozenset[str]

    @property
    def executable(self) -> list[str]:
        """The processes meant to run; where the file says so of none, all of them."""
        found = self.processes.items()
        return [k for k, p in found if p.get("isExecutable") == "true"] or list(self.processes)

    def closure(self, key: str) -> list[str]:
        """A process and all that it calls."""
        found, todo = [], [key]
        while todo:
            here = todo.pop()
            if here in self.processes and here not in found:
                found.append(here)
                calls = self.processes[here].iter(tag("callActivity"))
                todo += [str(call.get("calledElement")) for call in calls]
        return found


def read(xml: bytes) -> File:
    """Read a file; raises Unreadable."""
    tree = trees.parse(xml)
    if local(tree) != "definitions":
        raise Unreadable("it is no BPMN 2.0 model")
    ids = frozenset(node.get("id") for node in tree.iter() if node.get("id"))
    tree = in_place(tree)
    foreign.called(tree)
    processes = {p.get("id", ""): p for p in tree.iterchildren(tag("process"))}
    if not processes:
        raise Unreadable("it holds no process")
    return File(begun(split(tree)), processes, ids)


def prepared(file: File, answers: Answers) -> list[Finding]:
    """Adapt what is foreign in a file; what was done."""
    return list(foreign.adapted(file.tree, answers))


def main(file: File, wanted: str | None) -> str:
    """The process to begin with; raises Unreadable where the file has none of this name."""
    if wanted is not None:
        if wanted not in file.processes:
            raise Unreadable(f"no process {wanted}: there are {', '.join(file.processes)}")
        return wanted
    called = {str(c.get("calledElement")) for c in file.tree.iter(tag("callActivity"))}
    free = [key for key in file.executable if key not in called] or file.executable
    return next((key for key in free if _begins(file.processes[key])), free[0])


def beside(file: File, key: str) -> list[str]:
    """The processes that run beside this one from the beginning: they need nobody to begin, and
    speak with it by a message or a signal."""
    called = {str(c.get("calledElement")) for c in file.tree.iter(tag("callActivity"))}
    spoken = _spoken(file.processes[key])
    return [
        other
        for other in file.executable
        if other not in (key, *called)
        and file.processes[other].find(tag("startEvent")) is not None
        and _begins(file.processes[other])
        and _spoken(file.processes[other]) & spoken
    ]


def _spoken(process: Any) -> set[str]:
    """The messages and signals that a process sends or waits for."""
    found = (node.get("messageRef") or node.get("signalRef") for node in process.iter())
    return {name for name in found if name}


def _begins(process: Any) -> bool:
    """Whether nothing from outside is needed to begin a process."""
    starts = list(process.iterchildren(tag("startEvent")))
    return any(not trees.events(start) for start in starts) or (
        not starts and process.find(f"{tag('receiveTask')}[@instantiate='true']") is None
    )


def check(file: File, keys: list[str]) -> Iterator[Finding]:
    """Every fault of these processes that keeps them from running as drawn."""
    scopes = [s for s in trees.scopes("", file.tree) if _top(s) in keys]
    for found in _faults(file, scopes):
        shown = found.severity == ERROR and found.code in _SHOWN
        yield replace(found, severity=WARNING) if shown else found


def _faults(file: File, scopes: list[Scope]) -> Iterator[Finding]:
    named = [str(n.get("id")) for s in scopes for n in [*s.nodes.values(), *s.flows]]
    for key in sorted({key for key in named if named.count(key) > 1}):
        yield finding("twice", "", key)
    for scope in scopes:
        if scope.nodes and all(scope.outgoing(key) for key in scope.nodes):
            yield scope.finding(scope.node.get("id"), "flow", "no path of it ends",
                                "Lead one to an end event.")  # fmt: skip
        outside = frozenset(k for k, n in scope.nodes.items() if local(n) == "serviceTask")
        yield from elements.check(scope)
        yield from structure.check(scope, outside)
    yield from throwing.check(scopes)
    yield from attributes.check(scopes)
    yield from _words(file, scopes)


def _words(file: File, scopes: list[Scope]) -> Iterator[Finding]:
    for scope in scopes:
        yield from (found for found in meaning.uses(scope) if isinstance(found, Finding))
        yield from _named(file, scope)


def _named(file: File, scope: Scope) -> Iterator[Finding]:
    """What must be named, and what is named that is not in the file."""
    for key, node in scope.nodes.items():
        called = node.get("calledElement")
        if local(node) == "callActivity" and called not in file.processes:
            yield scope.told("called", key, process=called)
        yield from meaning.check_message(scope, key, node, details(node))


def _top(scope: Scope) -> str:
    node = scope.node
    while local(node) != "process":
        node = node.getparent()
    return str(node.get("id"))


def model(file: File, key: str) -> Model:
    """The model of one process and what it calls; raises DecisionError, RuntimeRefusal."""
    tree, wanted = deepcopy(file.tree), set(file.closure(key))
    for process in list(tree.iterchildren(tag("process"))):
        if process.get("id") not in wanted:
            tree.remove(process)
    return Model.read(normalising.normalised([tree], key))

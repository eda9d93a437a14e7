"""A running case taken over by another version of its model: each token stands where it stood.

The rows of the document name nodes; they are given the names of the new model. Whatever a token, an
arrival at a join, an open scope or a waiting event cannot find there refuses the whole, with the
element and the reason (REASONS). What waits goes on as it was: its moment, its key, its number.
Only a boundary event that is new to an activity that is open begins, now; one that is gone ends.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime import codec
from engine.runtime.activities import OperationTask
from engine.runtime.boundaries import ActivitySplit, Boundary, Listener
from engine.runtime.command import Command
from engine.runtime.compensating import handlers
from engine.runtime.corresponding import MAIN, Correspondence, split_of
from engine.runtime.errors import Unmigratable
from engine.runtime.evaluating import element_of
from engine.runtime.events import Catch, EventGateway
from engine.runtime.gateways import EndJoin, Join
from engine.runtime.moving import is_instance, starved
from engine.runtime.tokens import ACTIVE, active, scopes

REASONS: Mapping[str, str] = {
    "lost": "the new version has no such element; name what stands for it",
    "kind": "it is another kind of element in the new version",
    "nature": "it waits for something else, or another number of times, in the new version",
    "level": "it lies on another level in the new version: in a subprocess, or outside this one",
    "operation": "its call is under way, and the new version calls something else there",
    "called": "another process is called there in the new version",
    "flow": "a token that waits at this join came by a flow that the new version does not have",
    "beside": "it waits beside other events in only one of the versions",
    "starves": "this join of parallel branches would wait for a token that nothing can send",
    "listens": "an event subprocess listens at this level in only one of the versions",
    "remembered": "it was done and could be undone: the new version undoes it otherwise",
    "unmapped": "the map names an element that is not there",
    "twice": "the map gives two elements the same name",
}
_SPLIT, _CHILD = ".BoundaryEventSplit", " [child]"
_AHEAD = TaskState.NOT_FINISHED_MASK


def checked(old: Any, new: Any, renamed: Mapping[str, str]) -> Correspondence:
    """The correspondence of two models; raises Unmigratable where a map makes no sense."""
    found = Correspondence(old, new, renamed)
    wrong = [("unmapped", key) for key in renamed if key not in found.before]
    wrong += [("unmapped", key) for key in renamed.values() if key not in found.after]
    named = [found.name(key) for key in found.before]
    wrong += [("twice", key) for key in sorted(set(renamed.values())) if named.count(key) > 1]
    if wrong:
        raise Unmigratable(tuple(wrong))
    return found


def converted(command: Command, between: Correspondence, state: bytes) -> Any:
    """The case of a document on the new model, as part of a command: what is new begins now.

    Raises Unmigratable.
    """
    case, command.last = codec.load(between.old, state)
    short = {between.name(element) for scope in scopes(case) for element in starved(scope)}
    _Conversion(between, case).run()
    case, _ = codec.load(between.new, codec.save(case, command.last))
    _begin_new(between, case)
    lacking = {element for scope in scopes(case) for element in starved(scope)} - short
    if lacking:
        raise Unmigratable(tuple(("starves", element) for element in sorted(lacking)))
    return case


class _Conversion:
    """The rows of one case, being given the nodes of the new model."""

    def __init__(self, between: Correspondence, case: Any) -> None:
        self.between, self.case = between, case
        self.wrong: list[tuple[str, str]] = []
        # Rows whose node is given when all have been looked at: checks ask what they were.
        self.given: list[tuple[Any, Any]] = []

    def run(self) -> None:
        """Convert every scope, the outer before the inner; raises Unmigratable."""
        specs = {MAIN: self.between.new.spec}
        for scope in scopes(self.case):
            _forget_ahead(scope)
            key = MAIN if scope is self.case else scope.parent_task_id
            spec = specs.get(key)
            if spec is None:
                continue  # its task was refused
            self._level(scope, spec)
            for task in list(scope.tasks.values()):
                self._row(task, spec)
                inner = self._inner(task, spec)
                if inner is not None:
                    specs[task.id] = inner
            self.given.append((scope, spec))
        if self.wrong:
            raise Unmigratable(tuple(dict.fromkeys(self.wrong)))
        for row, spec in self.given:
            if hasattr(row, "task_spec"):
                row.task_spec = spec
            else:
                row.spec = spec

    def _level(self, scope: Any, spec: Any) -> None:
        """Refuse where a level listens to other events, or has done what is undone otherwise."""
        heard = {self.between.name(name) for name in _listeners(scope.spec)}
        self.wrong += [("listens", name) for name in sorted(heard ^ _listeners(spec))]
        kept = [scope.memory, *(t.internal_data for t in scope.tasks.values())]
        done = [entry for each in kept for entry in (*each.get("done", ()), *each.get("plan", ()))]
        if any("memory" in each for each in kept):
            done.append([scope.spec.name])
        for name, *_ in done:
            was, now = handlers(scope.spec).get(name), handlers(spec).get(name)
            same = self.between.images.get(name) == name and was is not None and was == now
            if not same:
                self.wrong.append(("remembered", name))

    def _refuse(self, reason: str, task: Any) -> None:
        self.wrong.append((reason, element_of(task).removesuffix(_SPLIT)))

    def _inner(self, task: Any, spec: Any) -> Any:
        """The new specification of the scope that a task has opened."""
        below = self.case.subprocesses.get(task.id)
        if below is None:
            return None
        now = spec.task_specs.get(self._name(task))
        called = getattr(now, "spec", None)
        if called is not None and called == self.between.name(below.spec.name):
            return self.between.new.scopes[called]
        self._refuse("called", task)
        return None

    def _name(self, task: Any) -> str:
        """What the node of a row is called in the new model."""
        name, end = str(task.task_spec.name), ""
        for each in (_SPLIT, _CHILD):
            if name.endswith(each):
                name, end = name.removesuffix(each), each
        return self.between.name(name) + end

    def _row(self, task: Any, spec: Any) -> None:
        was = task.workflow.spec
        if task.task_spec in (was.start, was.end) or task.task_spec.name == "End":
            same = {was.start: spec.start, was.end: spec.end}
            self.given.append((task, same.get(task.task_spec, spec.task_specs["End"])))
        elif not task._state & ACTIVE:
            self.given.append((task, self._past(task, spec)))
        elif self._stands(task):
            now = spec.task_specs[self._name(task)]
            self.given.append((task, now))
            if isinstance(now, Join) and not isinstance(now, EndJoin):
                self._arrival(task, now)

    def _past(self, task: Any, spec: Any) -> Any:
        """The node of what is over: one that the new model lacks only keeps its values."""
        base = element_of(task).removesuffix(_SPLIT)
        kept = base in self.between.images
        return spec.task_specs.get(self._name(task), spec.start) if kept else spec.start

    def _stands(self, task: Any) -> bool:
        """Whether a token can stand in the new model where it stood."""
        element = element_of(task)
        if isinstance(task.task_spec, Boundary):
            return self._still_attached(task)
        reason = self.between.misfit(element)
        gateway = task.parent.task_spec if task.parent is not None else None
        if isinstance(gateway, EventGateway) and reason in ("lost", "nature"):
            return self._one_of_several(task, gateway, reason)
        if reason is None:
            reason = self._otherwise(task, self.between.after[self.between.images[element]].spec)
        if reason is not None:
            self._refuse(reason, task)
        return reason is None

    def _otherwise(self, task: Any, now: Any) -> str | None:
        """Why a token cannot wait at a node that corresponds."""
        was, above = task.task_spec, task.parent.task_spec
        if isinstance(was, OperationTask) and task._state == TaskState.STARTED:
            same = was.details.own["operation"] == now.details.own["operation"]
            return None if same and was.name == now.name else "operation"
        if isinstance(was, Catch):
            beside = [one.name for one in now.inputs if isinstance(one, EventGateway)]
            was_beside = isinstance(above, EventGateway)
            if was_beside != bool(beside):
                return "beside"
            if was_beside and self.between.images.get(above.name) not in beside:
                return "beside"
        return None

    def _one_of_several(self, task: Any, gateway: Any, reason: str) -> bool:
        """An event after a gateway is gone: it no longer waits, if another one still does."""
        left = [
            sibling for sibling in task.parent.children
            if sibling is not task and element_of(sibling) in self.between.images
        ]  # fmt: skip
        if left and gateway.name in self.between.images:
            _remove(task)
        else:
            self._refuse(reason, task)
        return False

    def _still_attached(self, task: Any) -> bool:
        """Whether a boundary event still waits with its activity; else it waits no more."""
        event = self.between.images.get(task.task_spec.name)
        hosts = [s for s in task.parent.children if not isinstance(s.task_spec, Boundary)]
        host = self.between.images.get(element_of(hosts[0])) if hosts else None
        spec = self.between.after[host].spec if host is not None else None
        split = split_of(spec) if spec is not None else None
        if split is not None and event in [one.name for one in split.outputs]:
            return True
        if host is not None:
            _remove(task)
        return False

    def _arrival(self, task: Any, join: Any) -> None:
        """A token at a join came by a flow: it is one of those that the new join waits for."""
        source = self._source(element_of(task.parent), join)
        if source is None:
            self._refuse("flow", task)
        elif source is not self.between.after.get(self.between.name(element_of(task.parent))):
            between = task.parent._add_child(task.task_spec, TaskState.COMPLETED)
            between.data = dict(task.data)
            _under(task, between)
            self.given.append((between, source.spec))

    def _source(self, source: str, join: Any) -> Any:
        """The node from which a flow enters the new join that stands for an old one's; or None."""
        begins = self._surviving(source)
        found = {name for begin in begins for name in self._leads(begin, join)}
        return self.between.after[found.pop()] if len(begins) == 1 and len(found) == 1 else None

    def _surviving(self, source: str) -> set[str]:
        """The node itself, or the nearest ones before it that the new model still has."""
        found, seen, todo = set(), {source}, [source]
        while todo:
            here = todo.pop()
            if here in self.between.images:
                found.add(self.between.images[here])
                continue
            node = self.between.before.get(here)
            for one in node.spec.inputs if node is not None else ():
                if one.name not in seen:
                    seen.add(one.name)
                    todo.append(one.name)
        return found

    def _leads(self, begin: str, join: Any) -> Iterator[str]:
        """The flows into a join that lead from a node by nothing but what is new."""
        seen, todo = {begin}, [begin]
        while todo:
            here = self.between.after[todo.pop()].spec
            for one in here.outputs:
                if one is join:
                    yield here.name
                elif one.name in self.between.fresh and one.name not in seen:
                    seen.add(one.name)
                    todo.append(one.name)


def _listeners(spec: Any) -> set[str]:
    """The nodes of a level that wait for what begins an event subprocess."""
    return {name for name, one in spec.task_specs.items() if isinstance(one, Listener)}


def _forget_ahead(scope: Any) -> None:
    """Drop what was foreseen: the new model foresees otherwise."""
    for task in [t for t in scope.tasks.values() if t._state < TaskState.WAITING]:
        _remove(task)


def _remove(task: Any) -> None:
    """Take a row out of the tree."""
    if task.id in task.workflow.tasks:
        del task.workflow.tasks[task.id]
        if task.parent is not None:
            task.parent._children.remove(task.id)


def _under(task: Any, above: Any) -> None:
    """Hang a row under another one."""
    task.parent._children.remove(task.id)
    above._children.append(task.id)
    task._parent = above.id


def _begin_new(between: Correspondence, case: Any) -> None:
    """Let the new model see ahead of each token, and begin what is new beside open activities."""
    came_from = {new: old for old, new in between.images.items()}
    for task in sorted(active(case), key=lambda task: int(task.id)):
        task.task_spec._predict(task, mask=_AHEAD)
        host = came_from.get(element_of(task))
        if host is not None and not isinstance(task.task_spec, Boundary) and not is_instance(task):
            _accompany(between, task, host)
        if isinstance(task.parent.task_spec, EventGateway):
            _beside(between, task.parent)


def _accompany(between: Correspondence, task: Any, host: str) -> None:
    """Begin the boundary events that an open activity has anew."""
    for event in between.newly_attached(host):
        if not isinstance(task.parent.task_spec, ActivitySplit):
            above = task.parent
            split = above._add_child(split_of(task.task_spec), TaskState.COMPLETED)
            split.data = dict(above.data)
            _under(task, split)
        _begin(task.parent, event)


def _beside(between: Correspondence, gateway: Any) -> None:
    """Begin the events that an open event-based gateway has anew."""
    there = {task.task_spec.name for task in gateway.children}
    for event in gateway.task_spec.outputs:
        if event.name in between.fresh and event.name not in there:
            _begin(gateway, event)


def _begin(above: Any, spec: Any) -> None:
    task = above._add_child(spec, TaskState.FUTURE)
    task.triggered = True
    spec._predict(task, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
    spec._update(task)

"""Ad-hoc subprocesses: activities without an order of their own (BPMN 2.0.2 §10.3.5, §13.3.5).

A person's activity that no flow leads to is offered as long as the subprocess goes on, and begun as
often as somebody chooses it; the others are begun once, at once. Where the order is sequential one
runs at a time: those that need nobody first, as they stand in the file. What an activity has set
is put together with what the others have, as a join would. The completion condition is asked
whenever something is completed; without one a person ends the subprocess, or, where none is
concerned, it ends when all is done.

The token `….offers` stands for the whole. Below it there is one for each activity, which waits as
long as it is offered and stays while it runs: it holds what the variables were at its beginning.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from decisions import expressions
from engine.runtime import evaluating
from engine.runtime.boundaries import values_of
from engine.runtime.command import current
from engine.runtime.errors import ModelError
from engine.runtime.merging import joined, merged
from engine.runtime.notation import BPMN
from engine.runtime.tokens import ACTIVE

SUFFIX = ".offers"


class Offer(BpmnSpecMixin):
    """An activity of an ad-hoc subprocess: offered to a person, or begun by itself."""

    def __init__(self, wf_spec: Any, element: str, target: str, person: bool) -> None:
        super().__init__(wf_spec, f"{element}.offer")
        self.bpmn_id, self.target, self.person = element, target, person
        self.within = str(wf_spec.name)

    def take(self, my_task: Any) -> None:
        """Begin the activity with the variables as they are now."""
        whole = my_task.parent
        my_task._set_state(TaskState.STARTED)
        my_task.data = dict(whole.data)
        if whole.task_spec.sequential:
            withdraw(whole)
        elif self.person:
            whole.task_spec.add(whole, self)
        spec = my_task.workflow.spec.task_specs[self.target]
        child = my_task._add_child(spec, TaskState.FUTURE)
        child.triggered = True
        spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        spec._update(child)


class Offers(BpmnSpecMixin):
    """The ad-hoc subprocess as a whole."""

    def __init__(self, wf_spec: Any, bpmn_id: str, node: Any, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.sequential = node.get("ordering") == "Sequential"
        self.cancels = node.get("cancelRemainingInstances", "true") == "true"
        text = (node.findtext(f"{{{BPMN}}}completionCondition") or "").strip()
        self.condition = expressions.compile(text) if text else None
        self.offered: list[Offer] = []
        wf_spec.whole = self

    def lead(self, element: str, target: Any, person: bool) -> None:
        """Add an activity."""
        offer = Offer(self._wf_spec, element, target.name, person)
        offer._connect_notify(self)
        target._connect_notify(offer)
        self.offered.append(offer)

    def _run_hook(self, my_task: Any) -> bool | None:
        if my_task.internal_data.get("over"):
            return True
        my_task.internal_data = {"next": 0}
        my_task._set_state(TaskState.STARTED)
        self._go_on(my_task)
        return True if my_task.internal_data.get("over") else None

    def add(self, my_task: Any, offer: Offer) -> Any:
        """A token for an activity, which waits."""
        task = my_task._add_child(offer, TaskState.WAITING)
        task.triggered, task.data = True, dict(my_task.data)
        return task

    def _go_on(self, my_task: Any) -> None:
        """Begin what needs nobody, offer the rest; end where nothing is left to do."""
        running, kept = runs(my_task), my_task.internal_data
        if kept.get("leaving"):
            if not running:
                self._end(my_task)
            return
        alone = [offer for offer in self.offered if not offer.person]
        while kept["next"] < len(alone) and not (self.sequential and running):
            offer = alone[kept["next"]]
            kept = my_task.internal_data = kept | {"next": kept["next"] + 1}
            offer.take(self.add(my_task, offer))
            running = runs(my_task)
        people = [offer for offer in self.offered if offer.person]
        waiting = {task.task_spec for task in my_task.children if task._state == TaskState.WAITING}
        if not (self.sequential and running):
            for offer in people:
                if offer not in waiting:
                    self.add(my_task, offer)
        if not people and not running:
            self._all_done(my_task)

    def _all_done(self, my_task: Any) -> None:
        if self.condition is not None:
            reason = f"all is done once, and {self.condition.text} is still not true"
            raise ModelError(self.bpmn_id.removesuffix(SUFFIX), reason)
        self._end(my_task)

    def _end(self, my_task: Any) -> None:
        my_task.internal_data = {"over": True}
        my_task._set_state(TaskState.READY)

    def leave(self, my_task: Any) -> None:
        """End the subprocess: at once, or when what runs is done."""
        withdraw(my_task)
        if self.cancels:
            my_task.data = level(my_task)
            for run in runs(my_task):
                for task in sorted(_below(run), key=lambda t: int(t.id), reverse=True):
                    task.cancel()
                run._set_state(TaskState.CANCELLED)
                run._drop_children()
        my_task.internal_data = my_task.internal_data | {"leaving": True}
        self._go_on(my_task)

    def left(self, my_task: Any, task: Any) -> None:
        """A token has left an element inside: put together what is done, ask the condition."""
        run = _run_of(my_task, task)
        if run is None or ("index" in task.internal_data and task.triggered):
            return
        if not any(child._state & ACTIVE for child in task.children):
            kept = run.internal_data
            found = merged(run.data, [kept.get("left", run.data), task.data])[0]
            run.internal_data = kept | {"left": found}
            if not _below(run):
                self._done(my_task, run)
        if not my_task.internal_data.get("leaving") and self._enough(my_task):
            self.leave(my_task)
        elif run._state == TaskState.COMPLETED:
            self._go_on(my_task)

    def level_of(self, scope: Any) -> dict[str, Any] | None:
        """The variables of a scope of this kind; None before it has begun and after its end."""
        whole = whole_of(scope)
        return None if whole is None or whole._state != TaskState.STARTED else level(whole)

    def _done(self, my_task: Any, run: Any) -> None:
        before = my_task.data
        my_task.data, names = merged(run.data, [before, run.internal_data["left"]])
        current().conflicts.extend(f"{self.bpmn_id.removesuffix(SUFFIX)}: {name}" for name in names)
        run.internal_data = {}
        run._set_state(TaskState.COMPLETED)

    def _enough(self, my_task: Any) -> bool:
        if self.condition is None:
            return False
        element = self.bpmn_id.removesuffix(SUFFIX)
        found = evaluating.evaluate(element, "completion", self.condition, level(my_task))
        if not isinstance(found, bool):
            raise ModelError(element, f"{self.condition.text} is neither true nor false")
        return found


def whole_of(scope: Any) -> Any:
    """The token that stands for an ad-hoc subprocess, of its scope; None elsewhere."""
    spec = getattr(scope.spec, "whole", None)
    if spec is None:
        return None
    found = (t for t in scope.tasks.values() if t.task_spec is spec and t._state & ACTIVE)
    return next(found, None)


def left(task: Any) -> None:
    """A token has left an element: an ad-hoc subprocess around it may end or go on."""
    whole = whole_of(task.workflow)
    if whole is not None and whole._state == TaskState.STARTED:
        whole.task_spec.left(whole, task)


def leave(task: Any) -> None:
    """End the ad-hoc subprocess of an offered activity by hand."""
    whole = task.parent
    if whole.task_spec.condition is not None:
        element = whole.task_spec.bpmn_id.removesuffix(SUFFIX)
        raise ModelError(element, "it ends by its own condition")
    whole.task_spec.leave(whole)


def runs(whole: Any) -> list[Any]:
    """The activities that run, each by the token that holds its beginning."""
    return [task for task in whole.children if task._state == TaskState.STARTED]


def withdraw(whole: Any) -> None:
    """Offer nothing more."""
    for task in whole.children:
        if task._state == TaskState.WAITING:
            task.cancel()


def level(whole: Any) -> dict[str, Any]:
    """The variables of an ad-hoc subprocess, with what running activities have made of them."""
    values = dict(whole.data)
    for run in runs(whole):
        tokens = _below(run)
        made = joined(tokens, [values_of(token) for token in tokens])[0] if tokens else run.data
        branches = [run.internal_data.get("left", run.data), made]
        values = merged(run.data, branches, onto=values)[0]
    return values


def _below(run: Any) -> list[Any]:
    """The tokens of a running activity and of what follows it."""
    found: list[Any] = []
    todo = list(run.children)
    while todo:
        task = todo.pop()
        todo.extend(task.children)
        if task._state & ACTIVE:
            found.append(task)
    return sorted(found, key=lambda task: int(task.id))


def _run_of(whole: Any, task: Any) -> Any:
    while task is not None and task.parent is not whole:
        task = task.parent
    return task if task is not None and isinstance(task.task_spec, Offer) else None

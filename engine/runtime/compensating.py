"""Compensation: what was done is undone, the last first (BPMN 2.0.2 §10.7, §13.5.5).

Each scope remembers, under `done` of its memory, the completed activities that can be compensated:
the name, what was the run's own (the item of one of many), what a subprocess inside remembered.
The thrower begins their handlers one by one and waits until the last is done.  A handler is a task
beside the flows; for a subprocess without a handler of its own, the scope is opened once more at a
hidden beginning, which compensates what happened in it, or runs its compensation event subprocess.
"""

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime.activities import Subprocess
from engine.runtime.events import Begin, Pass, begin_at
from engine.runtime.notation import Details
from engine.runtime.tokens import find


def remember(task: Any) -> None:
    """Note an activity that has completed, where it can be compensated."""
    spec, scope = task.task_spec, task.workflow
    activity = str(getattr(spec, "bpmn_id", "") or "")
    undone = activity in handlers(scope.spec) or f"{activity}.undo" in scope.spec.task_specs
    if not undone and "memory" not in task.internal_data:
        return
    if getattr(spec, "task_spec", "") or isinstance(spec, Undo):
        return  # the whole of many: each of them has been noted
    inner = task.internal_data.pop("memory", {}).get("done", [])
    if undone:
        many = getattr(scope.spec.task_specs.get(activity), "item", "")
        own = {k: task.data[k] for k in ("loopCounter", many) if "index" in task.internal_data
               and k in task.data}  # fmt: skip
        if activity not in handlers(scope.spec) and not inner and not _subprocess(scope, activity):
            return
        done = [*scope.memory.get("done", []), [activity, own, inner]]
        scope.memory = {**scope.memory, "done": done}


def handlers(spec: Any) -> dict[str, str]:
    """The compensation handler of each activity of a scope that has one."""
    found: dict[str, str] = getattr(spec, "handlers", {})
    return found


def _subprocess(scope: Any, activity: str) -> bool:
    """Whether an inner scope has a compensation event subprocess."""
    inner = scope.top_workflow.subprocess_specs[scope.spec.task_specs[f"{activity}.undo"].spec]
    return bool(getattr(inner, "undone_by", ""))


class _Compensating:
    """Begins handlers one by one; `plan` says which are left."""

    details: Details

    def _run_hook(self, my_task: Any) -> bool | None:
        scope, done = self.planned(my_task)
        my_task.internal_data |= {"plan": done, "scope": scope}
        return self.go_on(my_task)

    def planned(self, my_task: Any) -> tuple[int, list[Any]]:
        """The scope that is meant (0 for the main process) and what is to be undone, in order."""
        level = my_task.workflow
        wanted = self.details.activity
        if getattr(level.spec, "triggered", False):
            level = level.parent_workflow
        while wanted and wanted not in level.spec.task_specs and level.parent_workflow is not None:
            level = level.parent_workflow
        done = level.memory.get("done", [])
        chosen = [entry for entry in done if wanted in ("", entry[0])]
        left = [entry for entry in done if entry not in chosen]
        level.memory = {**level.memory, "done": left}
        return int(level.parent_task_id or 0), chosen[::-1]

    def go_on(self, my_task: Any) -> bool | None:
        """Begin the next handler; True when none is left."""
        kept = my_task.internal_data
        if not kept["plan"]:
            my_task.internal_data = {"plan": []}
            return self.finish(my_task)
        (activity, own, inner), left = kept["plan"][0], kept["plan"][1:]
        my_task.internal_data = kept | {"plan": left}
        level = _level(my_task, kept["scope"])
        spec = level.spec.task_specs[_undone_by(level.spec, activity)]
        above = my_task if level is my_task.workflow else _host(my_task, level)
        child = above._add_child(spec, TaskState.FUTURE)
        child.triggered, child.data = True, {**my_task.data, **own}
        child.internal_data |= {"thrower": int(my_task.id), "own": sorted(own), "inner": inner}
        spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        spec._update(child)
        return None

    def finish(self, my_task: Any) -> bool | None:
        """All is undone: go on."""
        del my_task
        return True


def _undone_by(spec: Any, activity: str) -> str:
    """The node that undoes an activity; of a whole scope, its compensation event subprocess."""
    if activity == getattr(spec, "undone_by", ""):
        return activity
    return handlers(spec).get(activity, f"{activity}.undo")


def _level(task: Any, scope: int) -> Any:
    case = task.workflow.top_workflow
    return case.subprocesses[scope] if scope else case


def _host(task: Any, level: Any) -> Any:
    """The task of an outer level inside which a token stands."""
    while task.workflow is not level:
        task = find(task.workflow.top_workflow, task.workflow.parent_task_id)
    return task


def handled(task: Any) -> Any:
    """A handler is done: its thrower goes on; the thrower if it is done too, else None."""
    key = task.internal_data.get("thrower")
    thrower = find(task.workflow.top_workflow, key) if key is not None else None
    if thrower is None or thrower._state != TaskState.STARTED:
        return None
    own = task.internal_data["own"]
    kept = {name: thrower.data[name] for name in own if name in thrower.data}
    thrower.data = {k: v for k, v in task.data.items() if k not in own} | kept
    return thrower if thrower.task_spec.go_on(thrower) else None


class Compensation(_Compensating, Pass):
    """A compensation event that throws, on the way or at the end of a path."""


class Undoing(_Compensating, Begin):
    """The hidden beginning of a scope that is opened once more to be undone."""

    hidden = True

    def planned(self, my_task: Any) -> tuple[int, list[Any]]:
        """Its compensation event subprocess if it has one, which may throw for the rest."""
        scope = my_task.workflow
        if by := getattr(scope.spec, "undone_by", ""):
            return int(scope.parent_task_id), [[by, {}, []]]
        return super().planned(my_task)


class Undo(Subprocess):
    """A completed subprocess opened once more to be undone."""

    def enter(self, my_task: Any, scope: Any) -> None:
        """Begin with what it remembers, at the hidden beginning."""
        scope.memory = {"done": my_task.internal_data.get("inner", [])}
        begin_at(scope, f"{scope.spec.name}.undoing")


__all__ = ["Compensation", "Undo", "Undoing", "handled", "handlers", "remember"]

"""Moving a token by hand: what waited is cancelled, the token stands before another element.

It stays on its level (a process, or one run of a subprocess) and keeps the variables that it had.
Where it may not be put is refused by name: a reason of REASONS.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime.boundaries import ActivitySplit, Boundary, Listener, values_of
from engine.runtime.compensating import handlers
from engine.runtime.errors import Immovable
from engine.runtime.evaluating import element_of
from engine.runtime.events import Catch, EventGateway
from engine.runtime.gateways import ParallelGateway, reached
from engine.runtime.model import Model
from engine.runtime.tokens import ACTIVE, active, find

REASONS: Mapping[str, str] = {
    "absent": "no token waits there",
    "several": "several tokens wait there: name one of them by its number",
    "attached": "a boundary event waits with its activity: name the activity",
    "listens": "an event subprocess waits for its event as long as its level runs",
    "handler": "it undoes something: only a compensation begins it",
    "instance": "it is one of many: name the activity as a whole",
    "unknown": "the model has no such element",
    "level": "it lies on another level: in a subprocess, or outside this one",
    "start": "a start event begins a level, and this one has begun",
    "boundary": "a boundary event waits with its activity: name what follows it",
    "beside": "it waits beside other events: name the gateway before it",
    "joins": "it joins parallel branches: name what follows it",
    "starves": "a gateway that joins parallel branches would wait for ever",
}


def holder(case: Any, source: str) -> tuple[int, str]:
    """The token that waits at an element, or that has this number, and the element.

    Raises Immovable where there is none, or several.
    """
    here = [task for task in active(case) if source in (element_of(task), str(task.id))]
    whole = [task for task in here if not is_instance(task)]
    found = whole or here
    if len(found) != 1:
        raise Immovable("several" if found else "absent", tuple(int(task.id) for task in found))
    return int(found[0].id), element_of(found[0])


def move(case: Any, model: Model, token: int, to: str) -> None:
    """Take a token from where it waits and put it before an element of the same level."""
    task = find(case, token)
    if task is None or not task._state & ACTIVE or element_of(task) not in model.elements:
        raise Immovable("absent")
    if isinstance(task.task_spec, Boundary):
        raise Immovable("attached")
    if isinstance(task.task_spec, Listener):
        raise Immovable("listens")
    if task.internal_data.get("thrower") is not None:
        raise Immovable("handler")
    if is_instance(task):
        raise Immovable("instance")
    level = task.workflow
    spec = _target(level, model, to)
    before, above, values = set(starved(level)), task.parent, values_of(task)
    for each in _together(task):
        each.cancel()
    _put(above, spec, values)
    if set(starved(level)) - before:
        raise Immovable("starves")


def is_instance(task: Any) -> bool:
    """Whether this is one of the instances of a multi-instance activity."""
    return "index" in task.internal_data and bool(task.triggered)


def _target(level: Any, model: Model, to: str) -> Any:
    """The specification before which a token stands that is put before this element."""
    if to not in model.elements:
        raise Immovable("unknown")
    spec = level.spec.task_specs.get(to)
    if spec is None:
        raise Immovable("level")
    if model.elements[to].kind == "startEvent":
        raise Immovable("start")
    if isinstance(spec, Boundary):
        raise Immovable("boundary")
    if any(isinstance(one, Listener) for one in spec.inputs):
        raise Immovable("listens")
    if to in (getattr(level.spec, "undone_by", ""), *handlers(level.spec).values()):
        raise Immovable("handler")
    if isinstance(spec, Catch) and any(isinstance(one, EventGateway) for one in spec.inputs):
        raise Immovable("beside")
    if _joins(spec):
        raise Immovable("joins")
    return next((one for one in spec.inputs if isinstance(one, ActivitySplit)), spec)


def _joins(spec: Any) -> bool:
    """Whether this gateway waits for a token of each of several branches."""
    return isinstance(spec, ParallelGateway) and len(spec.inputs) > 1


def _together(task: Any) -> list[Any]:
    """What waits as one: an activity with its boundary events, the events after a gateway."""
    if isinstance(task.parent.task_spec, ActivitySplit | EventGateway):
        return [each for each in task.parent.children if each._state & ACTIVE]
    return [task]


def _put(above: Any, spec: Any, values: dict[str, Any]) -> None:
    task = above._add_child(spec, TaskState.FUTURE)
    task.triggered, task.data = True, values
    spec._predict(task, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
    spec._update(task)


def starved(level: Any) -> Iterator[str]:
    """The joins of parallel branches that some token reaches, and none by one of their flows."""
    tokens = [task for task in level.tasks.values() if task._state & ACTIVE]
    for join in level.spec.task_specs.values():
        if _joins(join):
            fed: set[str] = set()
            for task in tokens:
                if task.task_spec is join:
                    fed.add(task.parent.task_spec.name)
                else:
                    fed |= reached(join, task.task_spec)
            if fed and not fed >= set(join._inputs):
                yield join.name

"""What corresponds between two models: the same id, kind, nature and level, or as a map says.

A map renames: old id to new id. What it does not name keeps its id. An element that stands in both
under one id but is of another kind, or lies on another level, corresponds to nothing: a token on
it would not know what it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.runtime.activities import OperationTask, SendTask
from engine.runtime.boundaries import ActivitySplit, Boundary
from engine.runtime.instances import Many
from engine.runtime.model import Model

# The scope in which the main process lies; that of a subprocess or a called process has its id.
MAIN = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a model: its kind, its nature (what it waits for or does), its level, its class."""

    id: str
    kind: str
    nature: str
    level: str
    spec: Any


def nodes(model: Model) -> dict[str, Node]:
    """Every node of a model that can hold a token, by id."""
    levels = {MAIN: model.spec, **model.scopes}
    return {
        name: Node(name, model.elements[name].kind, nature(spec), level, spec)
        for level, scope in levels.items()
        for name, spec in scope.task_specs.items()
        if name in model.elements
    }


def nature(spec: Any) -> str:
    """In one word what an element waits for, or how often it is done."""
    if isinstance(spec, Many):
        return "many, one by one" if spec.sequential else "many"
    details = getattr(spec, "details", None)
    if details is None or (isinstance(spec, OperationTask) and not isinstance(spec, SendTask)):
        return ""
    if details.timer is not None:
        return "timer" if details.timer.clock is None else "clock"
    if details.catches_error:
        return "error"
    if details.event:
        return str(details.event)
    return "message" if details.message else ""


@dataclass(frozen=True)
class Correspondence:
    """Two models and which nodes of the old one stand in the new one, and as what."""

    old: Model
    new: Model
    renamed: Mapping[str, str]

    @cached_property
    def before(self) -> dict[str, Node]:
        """The nodes of the old model."""
        return nodes(self.old)

    @cached_property
    def after(self) -> dict[str, Node]:
        """The nodes of the new model."""
        return nodes(self.new)

    @cached_property
    def images(self) -> dict[str, str]:
        """Each old node that corresponds to a new one."""
        found = {key: self.name(key) for key in self.before}
        return {key: new for key, new in found.items() if self.misfit(key) is None}

    @cached_property
    def fresh(self) -> frozenset[str]:
        """The new nodes that correspond to no old one."""
        return frozenset(self.after) - frozenset(self.images.values())

    def name(self, element: str) -> str:
        """What an old element is called in the new model, if it is there."""
        return self.renamed.get(element, element)

    def level(self, level: str) -> str:
        """The new level of an old one."""
        return MAIN if level == MAIN else self.name(level)

    def misfit(self, element: str) -> str | None:
        """Why an old node corresponds to no new one: a reason of migrating.REASONS, or None."""
        was, now = self.before.get(element), self.after.get(self.name(element))
        if was is None or now is None:
            return "lost"
        if now.kind != was.kind:
            return "kind"
        if now.nature != was.nature or type(now.spec) is not type(was.spec):
            return "nature"
        return None if now.level == self.level(was.level) else "level"

    def attached(self, host: str) -> frozenset[str]:
        """The boundary events of an old activity."""
        return frozenset(spec.name for spec in boundary_events(self.before[host].spec))

    def newly_attached(self, host: str) -> list[Any]:
        """The boundary events that an old activity has in the new model, and had not before."""
        had = {self.images.get(key) for key in self.attached(host)}
        spec = self.after[self.images[host]].spec
        return [event for event in boundary_events(spec) if event.name not in had]


def split_of(spec: Any) -> Any:
    """The node before an activity that begins it together with its boundary events, or None."""
    return next((one for one in spec.inputs if isinstance(one, ActivitySplit)), None)


def boundary_events(spec: Any) -> Iterator[Any]:
    """The boundary events of an activity, in their order in the model."""
    split = split_of(spec)
    if split is not None:
        yield from (one for one in split.outputs if isinstance(one, Boundary))

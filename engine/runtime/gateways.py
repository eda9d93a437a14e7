"""Gateways that join: which tokens they wait for, and how the branches' data come together.

SpiffWorkflow cancels a token that arrives early and later infers from the history that it was
there, which goes wrong in loops. Ours leaves every arrival waiting at the gateway: what is there
can be counted, one token per incoming flow is consumed, and excess tokens stay (BPMN 2.0.2 §13.4).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.MultiChoice import MultiChoice
from SpiffWorkflow.util.task import TaskState

from engine.runtime.boundaries import ActivitySplit, Boundary, Listener
from engine.runtime.command import current
from engine.runtime.errors import ModelError
from engine.runtime.evaluating import element_of
from engine.runtime.merging import joined
from engine.runtime.tokens import ACTIVE


class Join:
    """What every joining node does with the tokens that arrive."""

    name: str
    _update: Any

    def _update_hook(self, my_task: Any) -> bool | None:
        if my_task._state != TaskState.WAITING:
            my_task._inherit_data()
            my_task._set_state(TaskState.WAITING)
        arrivals = self.arrivals(my_task.workflow)
        group = self.group(my_task.workflow, arrivals)
        if my_task not in group:
            return None
        my_task.data, conflicts = joined(group)
        current().conflicts.extend(f"{self.name}: {name}" for name in conflicts)
        for other in group:
            if other is not my_task:
                other.cancel()
        return True

    def arrivals(self, workflow: Any) -> list[Any]:
        """The tokens that wait here, in the order of their arrival."""
        here = [
            task
            for task in workflow.tasks.values()
            if task.task_spec is self and task._state == TaskState.WAITING
        ]
        return sorted(here, key=lambda task: int(task.id))

    def group(self, workflow: Any, arrivals: list[Any]) -> Sequence[Any]:
        """The arrivals that go on together now, or nothing."""
        raise NotImplementedError

    def test(self) -> None:
        """What joins is checked at deployment."""


class ParallelGateway(Join, BpmnSpecMixin):
    """Waits for one token on each incoming flow; sends one down each outgoing flow."""

    def group(self, workflow: Any, arrivals: list[Any]) -> Sequence[Any]:
        """The first arrival of each incoming flow, once every one has some."""
        del workflow
        if len(self._inputs) == 1:  # only splits; a token that was put here came by no flow
            return arrivals[:1]
        first: dict[str, Any] = {}
        for task in arrivals:
            first.setdefault(task.parent.task_spec.name, task)
        return list(first.values()) if first.keys() >= set(self._inputs) else ()


class InclusiveGateway(Join, MultiChoice, BpmnSpecMixin):
    """Waits for every token that can still arrive; goes down each flow whose condition is true."""

    def group(self, workflow: Any, arrivals: list[Any]) -> Sequence[Any]:
        """Every first arrival, when no other token can reach a flow that is still empty.

        BPMN 2.0.2 §13.4.3: a token that could also reach a flow which has one does not count.
        """
        first: dict[str, Any] = {}
        for task in arrivals:
            first.setdefault(task.parent.task_spec.name, task)
        empty = set(self._inputs) - first.keys()
        waiting = set(arrivals)
        for task in workflow.tasks.values():
            if task._state & ACTIVE and task not in waiting:
                ahead = reached(self, task.task_spec)
                if ahead & empty and not ahead & first.keys():
                    return ()
        return list(first.values())

    def _run_hook(self, my_task: Any) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            reason = "no condition is true and there is no default flow"
            raise ModelError(element_of(my_task), reason)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class EndJoin(Join, _EndJoin):
    """Where every path of a scope ends: goes on when no other token is left.

    What only listens for an event subprocess to begin does not hold the scope (§13.5.4).
    """

    def group(self, workflow: Any, arrivals: list[Any]) -> Sequence[Any]:
        """All arrivals, once nothing else is active."""
        waiting = set(arrivals)
        others = any(
            task._state & ACTIVE and task not in waiting and not _listens(task)
            for task in workflow.tasks.values()
        )
        return () if others else arrivals

    def _run_hook(self, my_task: Any) -> bool:
        del my_task
        return True


def _listens(task: Any) -> bool:
    return task._state == TaskState.WAITING and isinstance(task.task_spec, Listener)


@cache
def reached(join: Any, spec: Any) -> frozenset[str]:
    """The flows into a join that a token at this node can reach without passing the join.

    A flow is named by the node it comes from. An activity may be left by its boundary events too;
    those that wait beside the token itself are asked on their own.
    """
    found, seen, todo = set(), {spec.name}, [spec]
    while todo:
        here = todo.pop()
        for following in _following(here) if here is not spec else spec.outputs:
            if following is join:
                found.add(here.name)
            elif following.name not in seen:
                seen.add(following.name)
                todo.append(following)
    return frozenset(found)


def _following(spec: Any) -> list[Any]:
    beside = [
        sibling
        for split in spec.inputs
        if isinstance(split, ActivitySplit)
        for sibling in split.outputs
        if isinstance(sibling, Boundary)
    ]
    return [*spec.outputs, *beside]


def reset(spec: Any) -> None:
    """Make the end of a scope join as ours do."""
    spec.end.__class__ = EndJoin
    TaskSpec.test(spec.end)

"""Complex gateways: begin when their condition says so, then wait for the rest (2.0.2 §13.4.5).

`activationCondition` is FEEL over `activationCount`, how many tokens wait, and over the id of each
incoming flow, how many wait there. When it is true one token of each flow that has some goes on.
Then the gateway waits for the flows that had none: it swallows what still comes, and once nothing
more can come (as for an inclusive gateway) it begins anew. A condition that reads
`waitingForStart` is asked both times; every other flow is taken at the beginning only.
"""

from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from decisions import expressions
from decisions.expressions import Expression
from engine.runtime import evaluating
from engine.runtime.command import current
from engine.runtime.errors import ModelError
from engine.runtime.gateways import Join, reached
from engine.runtime.merging import joined
from engine.runtime.notation import BPMN
from engine.runtime.tokens import ACTIVE

PHASE = "waitingForStart"


class ComplexGateway(Join, BpmnSpecMixin):
    """A complex gateway; the token that waits for the rest keeps from which flows some came."""

    def __init__(self, wf_spec: Any, bpmn_id: str, node: Any, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        text = (node.findtext(f"{{{BPMN}}}activationCondition") or "").strip()
        self.activation = expressions.compile(text) if text else None
        self.ways: list[tuple[Expression | None, str]] = []
        self.default = ""

    def lead(self, condition: str | None, target: Any, default: bool) -> None:
        """Add a flow that leaves."""
        self.connect(target)
        if default:
            self.default = target.name
        else:
            compiled = expressions.compile(condition.strip()) if condition else None
            self.ways.append((compiled, target.name))

    def _predict_hook(self, my_task: Any) -> None:
        """What is taken is known when it is taken."""

    def _update_hook(self, my_task: Any) -> bool | None:
        if my_task._state != TaskState.WAITING:
            my_task._inherit_data()
            my_task._set_state(TaskState.WAITING)
        here = self.arrivals(my_task.workflow)
        rest = next((task for task in here if "taken" in task.internal_data), None)
        if rest is None:
            return self._begin(my_task, here)
        return self._reset(my_task, [t for t in here if t is not rest]) if my_task is rest else None

    def _begin(self, my_task: Any, here: list[Any]) -> bool | None:
        first = self._first(here)
        if my_task not in first.values() or not self._activated(here):
            return None
        my_task.data, conflicts = joined(list(first.values()))
        current().conflicts.extend(f"{self.name}: {name}" for name in conflicts)
        if len(first) < len(set(self._inputs)):
            rest = my_task.parent._add_child(self, TaskState.WAITING)
            rest.triggered, rest.data = True, dict(my_task.data)
            rest.internal_data = {"taken": sorted(first)}
        for other in first.values():
            if other is not my_task:
                other.cancel()
        return True

    def _activated(self, here: list[Any]) -> bool:
        if self.activation is None:
            return True
        flows = current().model.flows
        counts = {
            flows[(name, self.name)]: sum(1 for t in here if t.parent.task_spec.name == name)
            for name in self._inputs
        }
        data = {**joined(here)[0], PHASE: True, "activationCount": Decimal(len(here))}
        data |= {name: Decimal(count) for name, count in counts.items()}
        return self._holds(self.activation, data)

    def _reset(self, rest: Any, here: list[Any]) -> bool | None:
        """Begin anew once nothing can come by the flows that had no token."""
        taken = set(rest.internal_data["taken"])
        late = {name: task for name, task in self._first(here).items() if name not in taken}
        empty, known = set(self._inputs) - taken - late.keys(), taken | late.keys()
        for task in rest.workflow.tasks.values():
            if task._state & ACTIVE and task.task_spec is not self:
                ahead = reached(self, task.task_spec)
                if ahead & empty and not ahead & known:
                    return None
        rest.data, conflicts = joined([rest, *late.values()])
        current().conflicts.extend(f"{self.name}: {name}" for name in conflicts)
        for task in late.values():
            task.cancel()
        rest.internal_data = {"again": True}
        if self._taken(rest):
            return True
        rest.cancel()
        for task in self.arrivals(rest.workflow):
            self._update(task)
        return None

    @staticmethod
    def _first(here: list[Any]) -> dict[str, Any]:
        first: dict[str, Any] = {}
        for task in here:
            first.setdefault(task.parent.task_spec.name, task)
        return first

    def _taken(self, my_task: Any) -> list[str]:
        """The flows that a token takes now, by where they lead."""
        again = "again" in my_task.internal_data
        data = {**my_task.data, PHASE: not again}
        ways = [w for w in self.ways if not again or (w[0] is not None and PHASE in w[0].names)]
        return [name for condition, name in ways if condition is None
                or self._holds(condition, data)]  # fmt: skip

    def _holds(self, condition: Expression, data: dict[str, Any]) -> bool:
        found = evaluating.evaluate(self.name, condition.text, condition, data)
        if not isinstance(found, bool):
            reason = f"the condition {condition.text} is neither true nor false"
            raise ModelError(self.name, reason)
        return found

    def _run_hook(self, my_task: Any) -> bool:
        names = self._taken(my_task) or [self.default] * bool(self.default)
        if not names:
            reason = "no condition is true and there is no default flow"
            raise ModelError(self.name, reason)
        specs = my_task.workflow.spec.task_specs
        my_task._sync_children([specs[name] for name in names], TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True

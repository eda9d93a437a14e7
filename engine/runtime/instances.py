"""Multi-instance activities: one task for each item of a collection, or so many times.

The collection is read once, when the activity begins. Each instance sees its item and
`loopCounter` (from 1); results are collected in the order of the items, whatever the order in which
people finish. An instance's other changes stay its own.

`behavior` says whether completions throw an event that the activity's boundary events catch: each
one (None), the first (One), none (All), or those whose condition is true (Complex); without a
reference nothing is thrown (BPMN 2.0.2 §10.3.8, §13.3.7).
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
from engine.runtime.notation import BPMN
from engine.runtime.throwing import throw_event
from engine.runtime.tokens import ACTIVE, living
from engine.runtime.values import Sealed
from engine.runtime.world import MISSING, Derived

MOST = 1_000


class Many(BpmnSpecMixin):
    """The activity as a whole; `task_spec` names the specification of one instance."""

    def __init__(self, wf_spec: Any, bpmn_id: str, node: Any, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.task_spec = ""
        self.sequential = node.get("isSequential") == "true"
        self.collection = _expression(node, "loopDataInputRef") or _expression(
            node, "loopCardinality"
        )
        self.item = _name(node, "inputDataItem")
        self.output = (node.findtext(f"{{{BPMN}}}loopDataOutputRef") or "").strip()
        self.output_item = _name(node, "outputDataItem")
        self.condition = _expression(node, "completionCondition")
        self.behavior = node.get("behavior", "All")
        self.thrown = thrown_by(node)

    def _update_hook(self, my_task: Any) -> bool | None:
        if my_task._state == TaskState.STARTED:
            return None
        my_task._inherit_data()
        items = self._items(my_task)
        my_task.internal_data |= {"items": items, "next": 0, "results": {}}
        my_task._set_state(TaskState.STARTED)
        for _ in items[: 1 if self.sequential else None]:
            self._begin_next(my_task)
        return None if items else True

    def _items(self, my_task: Any) -> list[Any]:
        if self.collection is None:
            raise ModelError(self.name, "neither a collection nor a number is given")
        found = evaluating.assign(
            self.name, "instances", self.collection, my_task.data, self.item or "instances"
        )
        if isinstance(found, Sealed):
            found = self._opened(found)
        if isinstance(found, Decimal) and found == found.to_integral_value() and 0 <= found <= MOST:
            found = [Decimal(number) for number in range(1, int(found) + 1)]
        if not isinstance(found, list) or len(found) > MOST:
            raise ModelError(
                self.name, f"{self.collection.text} is neither a list nor a number up to {MOST}"
            )
        return found

    def _opened(self, sealed: Sealed) -> Any:
        """A collection that is sealed as a whole: its items are sealed one by one."""
        command = current()
        found = command.world.recorded(self.name, "items")
        if found is MISSING:
            found = evaluating.unsealed(sealed)
            if isinstance(found, list):
                found = [command.world.seal(self.item or "item", item) for item in found]
        command.derived.append(Derived(self.name, "items", found))
        return found

    def _begin_next(self, my_task: Any) -> None:
        items, index = my_task.internal_data["items"], my_task.internal_data["next"]
        my_task.internal_data["next"] = index + 1
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.task_spec])
        child._set_state(TaskState.FUTURE)
        child.triggered = True
        child.internal_data["index"] = index
        child.data["loopCounter"] = Decimal(index + 1)
        if self.item:
            child.data[self.item] = items[index]
        child.task_spec._update(child)

    def instance_completed(self, _workflow: Any, child: Any) -> None:
        """Collect what an instance gave; begin the next, or end the whole."""
        my_task = child.parent
        kept = my_task.internal_data
        kept["results"][str(child.internal_data["index"])] = self._result(my_task, child)
        self._throw(my_task, child)
        if my_task._state != TaskState.STARTED or not living(my_task):
            return  # what it threw has interrupted it
        if self._enough(my_task, child):
            for other in my_task.children:
                if other is not child and other._state & ACTIVE:
                    other.cancel()
        elif len(kept["results"]) < len(kept["items"]):
            if self.sequential:
                self._begin_next(my_task)
            return
        my_task._set_state(TaskState.READY)

    def _result(self, my_task: Any, child: Any) -> Any:
        if self.output_item:
            return child.data.get(self.output_item)
        own = {self.item, "loopCounter"}
        return {
            name: value
            for name, value in child.data.items()
            if name not in own and my_task.data.get(name) != value
        }

    def _throw(self, my_task: Any, child: Any) -> None:
        """Throw what this completion is to throw, if anything."""
        first = len(my_task.internal_data["results"]) == 1
        if self.behavior == "All" or (self.behavior == "One" and not first):
            return
        for condition, event in self.thrown:
            if not living(my_task):
                return
            if condition is None or self._holds(condition, "behavior", my_task, child):
                throw_event(child, *event)

    def _enough(self, my_task: Any, child: Any) -> bool:
        if self.condition is None:
            return False
        return self._holds(self.condition, "completion", my_task, child)

    def _holds(self, condition: Expression, slot: str, my_task: Any, child: Any) -> bool:
        kept = my_task.internal_data
        done = len(kept["results"])
        counts = {
            "numberOfInstances": len(kept["items"]),
            "numberOfCompletedInstances": done,
            "numberOfActiveInstances": kept["next"] - done,
        }
        data = {**child.data, **{name: Decimal(count) for name, count in counts.items()}}
        found = evaluating.evaluate(self.name, slot, condition, data)
        if not isinstance(found, bool):
            raise ModelError(self.name, f"{condition.text} is neither true nor false")
        return found

    def _run_hook(self, my_task: Any) -> bool:
        results = my_task.internal_data["results"]
        if self.output:
            listed = [results[key] for key in sorted(results, key=int)]
            my_task.data = {**my_task.data, self.output: listed}
        my_task.internal_data = {}
        return True


def thrown_by(node: Any) -> list[tuple[Expression | None, tuple[str, str]]]:
    """What a multi-instance marker may throw: each with its condition, if it has one.

    An event is its kind and the name of its signal, or the code of its error or escalation.
    """
    behavior = node.get("behavior", "All")
    if behavior == "Complex":
        parts = node.findall(f"{{{BPMN}}}complexBehaviorDefinition")
        pairs = [(_expression(part, "condition"), _event(_inner(part))) for part in parts]
    else:
        pairs = [(None, _event(_by_id(node, node.get(f"{behavior.lower()}BehaviorEventRef"))))]
    return [(condition, event) for condition, event in pairs if event is not None]


def _inner(part: Any) -> Any:
    """The event definition that a complex behaviour holds, or refers to."""
    event = part.find(f"{{{BPMN}}}event")
    for child in () if event is None else event:
        if str(child.tag).endswith("EventDefinition"):
            return child
        if str(child.tag).endswith("eventDefinitionRef"):
            return _by_id(part, child.text)
    return None


def _by_id(node: Any, key: str | None) -> Any:
    root = node.getroottree().getroot()
    return next((one for one in root.iter() if key and one.get("id") == key.strip()), None)


def _event(definition: Any) -> tuple[str, str] | None:
    """The kind and the name of what is thrown; None where it is nothing that can be caught here."""
    if definition is None:
        return None
    kind = str(definition.tag).removeprefix(f"{{{BPMN}}}").removesuffix("EventDefinition")
    named = _by_id(definition, definition.get(f"{kind}Ref"))
    code = {"signal": "name", "escalation": "escalationCode", "error": "errorCode"}.get(kind)
    return None if code is None or named is None else (kind, str(named.get(code) or ""))


def _expression(node: Any, kind: str) -> Expression | None:
    text = (node.findtext(f"{{{BPMN}}}{kind}") or "").strip()
    return expressions.compile(text) if text else None


def _name(node: Any, kind: str) -> str:
    found = node.find(f"{{{BPMN}}}{kind}")
    return "" if found is None else str(found.get("name") or found.get("id"))

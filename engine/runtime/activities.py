"""Activities that the engine does itself: operations, decisions, assignments, messages sent."""

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import CallActivity as RawCall
from SpiffWorkflow.bpmn.specs.defaults import SubWorkflowTask as RawSubprocess
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from decisions import expressions
from decisions.errors import DecisionError
from engine.runtime import evaluating
from engine.runtime.boundaries import own_changes
from engine.runtime.catching import throw
from engine.runtime.command import current
from engine.runtime.errors import BusinessError, Erased, ModelError
from engine.runtime.evaluating import element_of
from engine.runtime.events import begin_at
from engine.runtime.notation import Details
from engine.runtime.timers import Timer
from engine.runtime.world import MISSING, Decided, Reply


class _Activity(BpmnSpecMixin):
    """An activity with what its node says in our own namespace."""

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.details = details
        self.inputs_given = {
            name: expressions.compile(text) for name, text in details.inputs.items()
        }

    def inputs_of(self, task: Any) -> dict[str, Any]:
        """The inputs of an operation; a personal one stays sealed."""
        element = element_of(task)
        return {
            name: evaluating.assign(element, f"input {name}", expression, task.data, name)
            for name, expression in self.inputs_given.items()
        }

    def keep(self, task: Any, value: Any) -> None:
        """Put a result into the variable that the model names, if it names one."""
        if variable := self.details.own.get("result"):
            task.data = {**task.data, variable: value}


class PersonTask(_Activity):
    """A user or manual task: waits for a person; `mq:due` says until when."""

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, details, manual=True, **kwargs)
        due = details.own.get("due")
        self.due = Timer.read("timeDuration", due) if due else None

    def _on_ready_hook(self, my_task: Any) -> None:
        super()._on_ready_hook(my_task)
        if self.due is not None:
            my_task.internal_data["due"], _ = evaluating.moment(my_task, self.due)


class OperationTask(_Activity):
    """A service task: an inside operation is done at once, an outside one is waited for."""

    def _run_hook(self, my_task: Any) -> bool | None:
        inputs, operation = self.inputs_of(my_task), self.details.own["operation"]
        if not current().world.is_inside(operation):
            my_task.internal_data["inputs"] = inputs
            return None
        return self.perform(my_task, operation, inputs)

    def perform(self, my_task: Any, operation: str, inputs: dict[str, Any]) -> bool | None:
        """Do an inside operation; its business error goes to the boundary event that catches it."""
        command, element = current(), element_of(my_task)
        try:
            result = command.world.perform(operation, inputs, element, my_task.id)
        except BusinessError as error:
            reply = Reply(element, operation, None, error.code, error.message)
            command.replies.append(reply)
            throw(my_task, error.code, error.message)
            return None
        command.replies.append(Reply(element, operation, result))
        self.keep(my_task, result)
        return True


class SendTask(OperationTask):
    """A send task or a throwing message event: the inside operation `message.send`."""

    def _run_hook(self, my_task: Any) -> bool | None:
        element = element_of(my_task)
        key = evaluating.evaluate(
            element, "key", expressions.compile(self.details.key), my_task.data
        )
        payload = self.inputs_of(my_task)
        inputs = {"message": self.details.message, "key": str(key), "payload": payload}
        return self.perform(my_task, "message.send", inputs)


class PassTask(_Activity):
    """A task without a kind: BPMN gives it no behaviour of its own (2.0.2 §13.3.3)."""


class AssignTask(_Activity):
    """A script task: the entries of one FEEL context, each into the variable it names.

    With `mq:result` the script is one expression of any kind, and its value goes in there.
    """

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, details, **kwargs)
        self.entries = script_entries(details)

    def _run_hook(self, my_task: Any) -> bool:
        element, data = element_of(my_task), dict(my_task.data)
        for name, expression in self.entries:
            data[name] = evaluating.assign(element, name, expression, data, name)
        my_task.data = data
        return True


def script_entries(details: Details) -> list[tuple[str, Any]]:
    """What a script assigns, in order; raises DecisionError where it is no FEEL."""
    if result := details.own.get("result"):
        return [(result, expressions.compile(details.script.strip()))]
    return list(expressions.compile_context(details.script))


class DecisionTask(_Activity):
    """A business rule task: one decision of the procedure's tables."""

    def _run_hook(self, my_task: Any) -> bool:
        command, element = current(), element_of(my_task)
        name = self.details.own["decision"]
        decision = command.model.decisions[name]
        sealed = evaluating.opened_names(decision.names, my_task.data)
        value = command.world.recorded(element, "decision") if sealed else MISSING
        trace: Any = {}
        if value is MISSING:
            value, trace = self._decided(my_task, decision, sealed)
            if sealed:
                variable = self.details.own.get("result", name)
                value = evaluating.stored(element, "decision", value, variable)
                # What the rules read shows the person: it stays where it can be erased.
                trace = {"sealed": command.world.seal(f"decision/{name}", trace)}
        command.decisions.append(Decided(element, name, value, trace))
        self.keep(my_task, value)
        return True

    def _decided(self, my_task: Any, decision: Any, sealed: list[str]) -> tuple[Any, Any]:
        element, command = element_of(my_task), current()
        context = evaluating.scope(command, my_task.data)
        try:
            context.update({name: evaluating.unsealed(context[name]) for name in sealed})
            outcome = decision.evaluate(context, calendar=command.world.calendar)
        except Erased as error:
            raise ModelError(element, "the personal value it needs was erased") from error
        except DecisionError as error:
            raise ModelError(element, str(error)) from error
        if outcome.fault:
            raise ModelError(element, outcome.fault)
        return evaluating.storable(element, outcome.value), outcome.trace


class _Shared:
    """A scope that takes the variables of the case in and gives them back."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        """Begin with what the task has."""
        subworkflow.task_tree.data = dict(my_task.data)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Go on with what the scope ended with."""
        my_task.data = own_changes(my_task, dict(subworkflow.data))
        if subworkflow.memory:
            my_task.internal_data["memory"] = subworkflow.memory

    def start_workflow(self, my_task: Any) -> None:
        """Open the scope and let its start event run."""
        scope = my_task.workflow.top_workflow.create_subprocess(my_task, self.spec)
        scope.completed_event.connect(self._on_subworkflow_completed, my_task)
        self.copy_data(my_task, scope)
        self.begin(my_task, scope)
        scope.task_tree.run()

    def begin(self, my_task: Any, scope: Any) -> None:
        """Say where the scope begins: at its start event."""
        del my_task
        begin_at(scope)

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Any) -> None:
        if my_task._state == TaskState.STARTED:
            self.update_data(my_task, subworkflow)
            my_task._set_state(TaskState.READY)

    spec: str


class Subprocess(_Shared, RawSubprocess):
    """An embedded subprocess."""


class CallActivity(_Shared, RawCall):
    """A called process of the same bundle."""

"""From the normalised XML to SpiffWorkflow's specification, every node one of our classes."""

from typing import Any, ClassVar

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import (
    CallActivityParser,
    ConditionalGatewayParser,
    GatewayParser,
    SubWorkflowParser,
)
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway

from engine.runtime.activities import (
    AssignTask,
    CallActivity,
    DecisionTask,
    OperationTask,
    PassTask,
    PersonTask,
    SendTask,
    Subprocess,
)
from engine.runtime.boundaries import ActivitySplit, Boundary, Listener
from engine.runtime.compensating import Compensation, Undo, Undoing
from engine.runtime.complex_gateways import ComplexGateway
from engine.runtime.ends import CancelEnd, ErrorEnd, EscalationThrow, MessageEnd, SignalThrow
from engine.runtime.errors import ModelError
from engine.runtime.events import Begin, Catch, End, EventGateway, Pass
from engine.runtime.gateways import InclusiveGateway, ParallelGateway, reset
from engine.runtime.instances import Many
from engine.runtime.loops import Loop
from engine.runtime.notation import BPMN, details, event_of, own_attributes
from engine.runtime.quantities import Gather, Scatter


class _Bounded:
    """What every activity's parser does our way: boundary events, many instances."""

    task: Any
    spec: Any
    node: Any
    bpmn_id: str
    bpmn_attributes: Any
    process_parser: Any
    _copy_task_attrs: Any

    def _add_boundary_event(self, children: Any) -> Any:
        split = ActivitySplit(self.spec, f"{self.bpmn_id}.BoundaryEventSplit", lane=self.task.lane)
        split.connect(self.task)
        for event in children:
            split.connect(self.process_parser.parse_node(event))
        return split

    def _add_multiinstance_task(self, loop_characteristics: Any) -> None:
        original = self.spec.task_specs.pop(self.task.name)
        self.task = Many(self.spec, original.name, loop_characteristics, lane=original.lane)
        self._copy_task_attrs(original)
        original.completed_event.connect(self.task.instance_completed)

    def _add_loop_task(self, loop_characteristics: Any) -> None:
        original = self.spec.task_specs.pop(self.task.name)
        self.task = Loop(self.spec, original.name, loop_characteristics, lane=original.lane)
        self._copy_task_attrs(original)
        original.completed_event.connect(self.task.run_completed)


class _Detailed(_Bounded, TaskParser):
    """A node whose class reads its details."""

    def create_task(self) -> Any:
        attributes = self.bpmn_attributes
        return self.spec_class(self.spec, self.bpmn_id, details=details(self.node), **attributes)


class _StartParser(_Detailed):
    def create_task(self) -> Any:
        task = super().create_task()
        self.spec.start.connect(task)
        return task


class _EndParser(_Detailed):
    def create_task(self) -> Any:
        found = details(self.node)
        kind = _THROWS.get(found.event, End)
        task = kind(self.spec, self.bpmn_id, details=found, **self.bpmn_attributes)
        task.connect(self.spec.end)
        return task


class _ThrowParser(_Detailed):
    def create_task(self) -> Any:
        found = details(self.node)
        kind = _THROWS.get(found.event, Pass)
        return kind(self.spec, self.bpmn_id, details=found, **self.bpmn_attributes)


_THROWS: dict[str, Any] = {
    "error": ErrorEnd,
    "message": MessageEnd,
    "signal": SignalThrow,
    "escalation": EscalationThrow,
    "compensate": Compensation,
    "cancel": CancelEnd,
}


class _ConditionalParser(ConditionalGatewayParser):
    """A single flow that leaves needs no condition: such a gateway only joins."""

    def connect_outgoing(
        self, outgoing_task: Any, sequence_flow_node: Any, is_default: bool
    ) -> Any:
        flows = self.process_parser.get_outgoing_sequence_flows(self.bpmn_id)
        alone = len(flows) == 1 and self.parse_condition(sequence_flow_node) is None
        super().connect_outgoing(outgoing_task, sequence_flow_node, is_default or alone)


class _ParallelParser(GatewayParser):
    """A parallel gateway, or what normalising put there for an activity's quantity of tokens."""

    def create_task(self) -> Any:
        own = own_attributes(self.node)
        for name, kind in (("gather", Gather), ("scatter", Scatter)):
            if name in own:
                return kind(self.spec, self.bpmn_id, int(own[name]), **self.bpmn_attributes)
        return super().create_task()


class _ComplexParser(GatewayParser):
    def create_task(self) -> Any:
        return ComplexGateway(self.spec, self.bpmn_id, self.node, **self.bpmn_attributes)

    def connect_outgoing(
        self, outgoing_task: Any, sequence_flow_node: Any, is_default: bool
    ) -> Any:
        self.task.lead(self.parse_condition(sequence_flow_node), outgoing_task, is_default)


class _SubprocessParser(_Bounded, SubWorkflowParser):
    pass


class _CallParser(_Bounded, CallActivityParser):
    pass


def _compensates(node: Any) -> bool:
    """Whether something inside a subprocess can be compensated."""
    return next(node.iter(f"{{{BPMN}}}compensateEventDefinition"), None) is not None


class _Process(ProcessParser):
    """A process or subprocess: where it can begin, what listens in it, what undoes its work."""

    def get_boundary_events(self, attached_to_ref: str) -> list[Any]:
        """Those that a token waits at; a compensation is remembered, not waited for."""
        found = super().get_boundary_events(attached_to_ref)
        return [event for event in found if event_of(event) != "compensate"]

    def add_tasks(self) -> None:
        """Parse from every beginning."""
        for node in self.xpath("./bpmn:startEvent"):
            self.parse_node(node)
        for node in self.xpath("./bpmn:subProcess[@triggeredByEvent='true']"):
            self._event_subprocess(node)
        self._compensation()

    def _event_subprocess(self, node: Any) -> None:
        start = node.find(f"{{{BPMN}}}startEvent")
        spec = self.parse_node(node)
        self.parser.get_spec(spec.spec).triggered = True
        if event_of(start) == "compensate":
            self.spec.undone_by = spec.name
            return
        listener = Listener(self.spec, start.get("id"), details=details(start), lane=self.lane)
        self.spec.start.connect(listener)
        listener.connect(spec)
        spec.connect(self.spec.end)

    def _compensation(self) -> None:
        """The handler of each activity, and how each subprocess inside is undone (§10.7)."""
        by_event = {
            event.get("id"): event.get("attachedToRef")
            for event in self.xpath("./bpmn:boundaryEvent[bpmn:compensateEventDefinition]")
        }
        self.spec.handlers = {
            by_event[flow.get("sourceRef")]: self.parse_node(
                self.get_node_by_id(flow.get("targetRef"))
            ).name
            for flow in self.xpath("./bpmn:association")
            if flow.get("sourceRef") in by_event
        }
        for node in self.xpath("./bpmn:subProcess|./bpmn:transaction"):
            key = str(node.get("id"))
            if key in self.spec.task_specs and _compensates(node):
                Undo(self.spec, f"{key}.undo", subworkflow_spec=key, lane=self.lane)
        if self.xpath("self::bpmn:subProcess|self::bpmn:transaction") and _compensates(self.node):
            undoing = Undoing(self.spec, f"{self.bpmn_id}.undoing", details=details(self.node))
            self.spec.start.connect(undoing)
            undoing.connect(self.spec.end)


class Parser(BpmnParser):
    """SpiffWorkflow's parser with a class of ours for every element that we execute."""

    PROCESS_PARSER_CLASS = _Process

    PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        full_tag(name): classes
        for name, classes in {
            "startEvent": (_StartParser, Begin),
            "endEvent": (_EndParser, End),
            "task": (_Detailed, PassTask),
            "userTask": (_Detailed, PersonTask),
            "manualTask": (_Detailed, PersonTask),
            "serviceTask": (_Detailed, OperationTask),
            "businessRuleTask": (_Detailed, DecisionTask),
            "scriptTask": (_Detailed, AssignTask),
            "sendTask": (_Detailed, SendTask),
            "receiveTask": (_Detailed, Catch),
            "intermediateCatchEvent": (_Detailed, Catch),
            "intermediateThrowEvent": (_ThrowParser, Pass),
            "boundaryEvent": (_Detailed, Boundary),
            "subProcess": (_SubprocessParser, Subprocess),
            "transaction": (_SubprocessParser, Subprocess),
            "callActivity": (_CallParser, CallActivity),
            "exclusiveGateway": (_ConditionalParser, ExclusiveGateway),
            "parallelGateway": (_ParallelParser, ParallelGateway),
            "complexGateway": (_ComplexParser, ComplexGateway),
            "inclusiveGateway": (_ConditionalParser, InclusiveGateway),
            "eventBasedGateway": (GatewayParser, EventGateway),
        }.items()
    }


def specifications(tree: Any, main: str) -> tuple[Any, dict[str, Any]]:
    """The specification of the main process, and those of its scopes by name."""
    parser = Parser()
    try:
        parser.add_bpmn_xml(tree)
        spec = parser.get_spec(main)
        inner = parser.get_subprocess_specs(main)
    except ValidationException as error:
        raise ModelError(str(error.node.get("id")) if hasattr(error.node, "get") else main,
                         str(error)) from error  # fmt: skip
    for each in (spec, *inner.values()):
        reset(each)
    return spec, inner

"""A deployed model, read once per version and shared by every case and thread.

SpiffWorkflow's own service task does nothing; ours asks the world for the operation and, where it
is an outside one, leaves the token waiting. What SpiffWorkflow would connect lazily is fixed
here, so that running a case never changes the shared specification.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MQ = "urn:mouqataa:bpmn:1"


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the model as the engine sees it; `attributes` are those of our own namespace."""

    id: str
    kind: str
    name: str
    lane: str | None
    attributes: Mapping[str, str]


class OperationTask(BpmnTaskSpec):
    """A service task: asks for an operation; the token waits until its answer comes back."""

    def _run_hook(self, my_task: Any) -> bool | None:
        return None  # STARTED: execution.py sees the token and the engine writes the work


class _OperationParser(TaskParser):
    pass


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        full_tag("serviceTask"): (_OperationParser, OperationTask)
    }


class Model:
    """One executable process: SpiffWorkflow's specification and our elements."""

    def __init__(self, spec: Any, subprocesses: Any, elements: Mapping[str, Element]) -> None:
        self.spec = spec
        self.subprocesses = subprocesses
        self.elements = elements

    @classmethod
    def read(cls, xml: bytes) -> "Model":
        """Read the normalised model that engine.deployment made."""
        tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
        main = tree.get(f"{{{MQ}}}main")
        parser = _Parser()
        parser.add_bpmn_xml(tree)
        spec = parser.get_spec(main)
        return cls(spec, parser.get_subprocess_specs(main), MappingProxyType(_elements(tree)))


def _elements(tree: Any) -> dict[str, Element]:
    lanes = {
        ref.text.strip(): lane.get("name")
        for lane in tree.iter(f"{{{BPMN}}}lane")
        for ref in lane.iter(f"{{{BPMN}}}flowNodeRef")
    }
    found: dict[str, Element] = {}
    for process in tree.iter(f"{{{BPMN}}}process"):
        for node in process.iter(f"{{{BPMN}}}*"):
            key = node.get("id")
            if key is None:
                continue
            own = {k.split("}")[1]: v for k, v in node.attrib.items() if k.startswith(f"{{{MQ}}}")}
            kind = etree.QName(node).localname
            found[key] = Element(key, kind, node.get("name") or key, lanes.get(key), own)
    return found

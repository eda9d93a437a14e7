"""Models as abstract syntax: what the reference interpreter walks and what is written as BPMN.

A node bears the name of its BPMN element. Conditions and assignments are data, not FEEL, so that
the reference needs no evaluator: they are written as FEEL only in the XML.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:mq="urn:mouqataa:bpmn:1" targetNamespace="t"'
)

RISKY = frozenset(
    {"terminate", "error", "escalation", "signal", "cancel", "compensate", "condition"}
)


@dataclass(frozen=True)
class Condition:
    """A condition: whether a variable, divided by four, leaves one of these numbers."""

    name: str
    among: tuple[int, ...]

    def holds(self, values: dict[str, Any]) -> bool:
        return values[self.name] % 4 in self.among

    @property
    def feel(self) -> str:
        return f"list contains([{', '.join(map(str, self.among))}], modulo({self.name}, 4))"


@dataclass(frozen=True)
class Many:
    """Several instances: so many, one after the other or not, until so many are done (0: all)."""

    count: int
    sequential: bool
    enough: int = 0


@dataclass(frozen=True)
class Repeat:
    """A standard loop: while a condition holds, asked before or after; 0 is no limit."""

    test: Condition
    before: bool
    most: int = 0


@dataclass(frozen=True)
class Node:
    """One element; `ref` is the name of its message or signal, or the code of its error."""

    id: str
    kind: str
    event: str = ""
    ref: str = ""
    interrupts: bool = True
    host: str = ""
    inner: str = ""
    writes: str = ""
    adds: int = 1
    many: Many | None = None
    repeat: Repeat | None = None
    times: int = 1
    test: Condition | None = None
    compensates: bool = False
    needs: int = 0  # tokens that open a complex gateway


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    test: Condition | None = None
    default: bool = False


@dataclass
class Scope:
    """A process or a subprocess: its nodes and flows; `kind` is its BPMN element."""

    id: str
    kind: str = "process"
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    @cached_property
    def leaving(self) -> dict[str, list[Flow]]:
        return {key: [f for f in self.flows if f.source == key] for key in self.nodes}

    @cached_property
    def entering(self) -> dict[str, list[Flow]]:
        return {key: [f for f in self.flows if f.target == key] for key in self.nodes}

    @cached_property
    def guards(self) -> dict[str, list[Node]]:
        """The boundary events of each activity."""
        return {
            key: [n for n in self.nodes.values() if n.kind == "boundaryEvent" and n.host == key]
            for key in self.nodes
        }

    @cached_property
    def starts(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "startEvent"]

    @cached_property
    def handlers(self) -> list[Node]:
        """The event subprocesses in it."""
        return [n for n in self.nodes.values() if n.kind == "subProcess" and n.event == "triggered"]


class Graph:
    """A model: its scopes by id, of which `main` is the process that a case begins with."""

    def __init__(self, main: str, scopes: dict[str, Scope]) -> None:
        self.main, self.scopes = main, scopes

    def __repr__(self) -> str:
        return "<the model>"

    @cached_property
    def risky(self) -> bool:
        """Whether the order in which tokens go on by themselves can make a difference."""
        return any(
            node.event in RISKY
            or node.kind == "inclusiveGateway"
            or (node.many is not None and node.many.enough > 0)
            for scope in self.scopes.values()
            for node in scope.nodes.values()
        )

    @cached_property
    def variables(self) -> list[str]:
        """Every variable that something reads or writes."""
        found = set()
        for scope in self.scopes.values():
            tests = [flow.test for flow in scope.flows]
            for node in scope.nodes.values():
                tests += [node.test, node.repeat.test if node.repeat else None]
                found.add(node.writes)
            found |= {test.name for test in tests if test is not None}
        return sorted(found - {""})


def written(graph: Graph) -> str:
    """The root elements of a model in BPMN, its processes among them."""
    named: dict[tuple[str, str], str] = {}
    inside = "".join(
        f'<process id="{scope.id}" isExecutable="true">{_scope(graph, scope, named)}</process>'
        for scope in graph.scopes.values()
        if scope.kind == "process"
    )
    beside = "".join(
        f'<{kind} id="{kind}_{ref}" name="{ref}"{_code(kind, ref)}/>' for kind, ref in named
    )
    return beside + inside


def _code(kind: str, ref: str) -> str:
    return f' {kind}Code="{ref}"' if kind in ("error", "escalation") else ""


def _scope(graph: Graph, scope: Scope, named: dict[tuple[str, str], str]) -> str:
    nodes = "".join(_node(graph, scope, node, named) for node in scope.nodes.values())
    return nodes + "".join(_flow(flow) for flow in scope.flows)


def _flow(flow: Flow) -> str:
    text = flow.test.feel if flow.test is not None else ""
    inside = f"<conditionExpression>{text}</conditionExpression>" if text else ""
    ends = f'sourceRef="{flow.source}" targetRef="{flow.target}"'
    return f'<sequenceFlow id="{flow.id}" {ends}>{inside}</sequenceFlow>'


def _node(graph: Graph, scope: Scope, node: Node, named: dict[tuple[str, str], str]) -> str:
    given = {"id": node.id, "name": node.id}
    if node.kind == "boundaryEvent":
        given |= {"attachedToRef": node.host}
        given |= {} if node.interrupts else {"cancelActivity": "false"}
    if node.kind == "startEvent" and not node.interrupts:
        given["isInterrupting"] = "false"
    if node.event == "triggered":
        given["triggeredByEvent"] = "true"
    default = next((flow.id for flow in scope.leaving[node.id] if flow.default), "")
    given |= {"default": default} if default else {}
    inside = _event(node, named)
    if node.kind == "receiveTask":
        named["message", node.ref] = ""
        given["messageRef"] = f"message_{node.ref}"
    elif node.kind == "serviceTask":
        given["mq:operation"] = "outside.work"
    elif node.kind == "scriptTask":
        inside += f"<script>{{ {node.writes}: {node.writes} + {node.adds} }}</script>"
    elif node.kind == "callActivity":
        given["calledElement"] = node.inner
    if node.many is not None:
        inside += _many(node, node.many)
    if node.kind == "subProcess":
        inside += _scope(graph, graph.scopes[node.inner], named)
    attributes = "".join(f' {name}="{value}"' for name, value in given.items())
    return f"<{node.kind}{attributes}>{inside}</{node.kind}>"


def _many(node: Node, many: Many) -> str:
    order = "true" if many.sequential else "false"
    output = f"<loopDataOutputRef>{node.id}_all</loopDataOutputRef>"
    item = f'<outputDataItem name="{node.writes}"/>' if node.writes else ""
    text = f"numberOfCompletedInstances = {many.enough}"
    enough = f"<completionCondition>{text}</completionCondition>" if many.enough else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{order}">'
        f"<loopCardinality>{many.count}</loopCardinality>{output}{item}{enough}"
        "</multiInstanceLoopCharacteristics>"
    )


def _event(node: Node, named: dict[tuple[str, str], str]) -> str:
    if node.event == "timer":
        cycle = (
            node.kind in ("boundaryEvent", "startEvent") and not node.interrupts and node.times != 1
        )
        text = f"R{node.times or ''}/PT1H" if cycle else "PT1H"
        kind = "timeCycle" if cycle else "timeDuration"
        return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"
    if node.event in ("", "triggered"):
        return ""
    ref = ""
    if node.ref:
        named[node.event, node.ref] = ""
        ref = f' {node.event}Ref="{node.event}_{node.ref}"'
    return f"<{node.event}EventDefinition{ref}/>"

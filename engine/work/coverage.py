"""What the scenarios of a procedure reach: of its sequence flows, and of its tables' rules.

Counted over the author's own drawing. What deployment adds (a gateway where several flows leave a
task, an end where a path stops) is no flow of the drawing and is not counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from decisions.dmn import Decision
from engine.deployment import trees
from processes.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Drawing:
    """The models of a bundle: every sequence flow with its two ends, and every node."""

    flows: Mapping[str, tuple[str, str]]
    nodes: frozenset[str]

    def told(self, flow: str) -> str:
        """A flow as people find it in the diagram: "F3 (Review → Refused)"."""
        source, target = self.flows[flow]
        return f"{flow} ({source} → {target})"


@dataclass(frozen=True, slots=True)
class Covered:
    """How many there are, how many were reached, and which were not."""

    reached: int
    total: int
    missing: tuple[str, ...]


def drawn(bundle: Bundle) -> Drawing:
    """The drawing of a bundle that has passed its checks."""
    flows: dict[str, tuple[str, str]] = {}
    nodes: set[str] = set()
    for name in sorted(n for n in bundle.files if n.endswith(".bpmn")):
        for scope in trees.scopes(name, trees.parse(bundle.files[name])):
            nodes |= scope.nodes.keys()
            flows |= {f.get("id"): (f.get("sourceRef"), f.get("targetRef")) for f in scope.flows}
    return Drawing(flows, frozenset(nodes))


def of_flows(drawing: Drawing, walked: Iterable[str]) -> Covered:
    """The sequence flows that were taken; one out of a boundary event counts for the event."""
    taken = set(walked)
    missing = tuple(drawing.told(flow) for flow in drawing.flows if flow not in taken)
    return Covered(len(drawing.flows) - len(missing), len(drawing.flows), missing)


def of_rules(decisions: Mapping[str, Decision], fitted: set[tuple[str, str]]) -> Covered:
    """The rules that fitted at least once, of every table that a decision may come to."""
    every = {
        (table.place, rule.id): f"{element} {rule.id}"
        for decision in decisions.values()
        for element, tables in decision.tables.items()
        for table in tables
        for rule in table.rules
    }
    missing = tuple(told for rule, told in every.items() if rule not in fitted)
    return Covered(len(every) - len(missing), len(every), missing)

"""Whether a scenario speaks of what there is: elements, flows, decisions, certificates, errors."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from decisions.dmn import Decision
from engine.errors import CODES
from engine.work.coverage import Drawing
from engine.work.outcome import NOTHING, Fault
from processes.procedure import Procedure
from processes.scenario import Scenario

_OF_TASKS = frozenset({"complete", "claim", "reopen"})


def unknown(
    scenario: Scenario, drawing: Drawing, decisions: dict[str, Decision], procedure: Procedure
) -> Iterator[Fault]:
    """Every name in a scenario that means nothing in its procedure."""
    for step in scenario.steps:
        if step.verb in _OF_TASKS:
            yield from _named(step.place, [step.what], drawing.nodes)
        if step.refused:
            yield from _named(f"{step.place}.refused", [step.refused], CODES)
    yield from _named("given.answers", scenario.answers, drawing.nodes)
    known: dict[str, Collection[str]] = {
        "tasks": drawing.nodes,
        "path": drawing.flows,
        "through": drawing.nodes | drawing.flows.keys(),
        "decisions": decisions,
        "certificates": procedure.certificates,
    }
    for name, names in known.items():
        yield from _named(f"then.{name}", scenario.then.get(name, ()), names)


def _named(place: str, names: Collection[str], known: Collection[str]) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            near = ", ".join(get_close_matches(name, list(known), 3, 0.5)) or NOTHING
            yield Fault(place, "unknown", {"name": name, "near": near})

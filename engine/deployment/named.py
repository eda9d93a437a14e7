"""What events must say to mean something: a signal its name, a condition what it waits for."""

from collections.abc import Iterator
from typing import Any

from engine.deployment.findings import Finding
from engine.deployment.trees import Scope, local
from engine.runtime.notation import Details

_MOMENTS = frozenset({"now", "today"})


def check(scope: Scope, key: str, node: Any, found: Details) -> Iterator[Finding]:
    """Every event of a node that lacks its name, its code or its condition."""
    if found.event == "signal" and not found.signal:
        yield scope.told("signal", key)
    throws = local(node) in ("endEvent", "intermediateThrowEvent")
    if found.event == "escalation" and throws and not found.escalation:
        yield scope.told("escalation", key)
    if found.event == "conditional":
        yield from _condition(scope, key, found)
    if found.event == "compensate" and throws:
        yield from _activity(scope, key, found.activity)


def _condition(scope: Scope, key: str, found: Details) -> Iterator[Finding]:
    if found.condition is None:
        yield scope.told("condition/none", key)
    elif read := sorted(found.condition.names & _MOMENTS):
        yield scope.told("condition/moment", key, name=read[0])


def _activity(scope: Scope, key: str, activity: str) -> Iterator[Finding]:
    """A compensation for one activity names one of its own level, or of a level around it."""
    here: Any = scope.node
    while activity and here is not None and local(here):
        if any(child.get("id") == activity for child in here):
            return
        here = here.getparent()
    if activity:
        yield scope.told("activity", key, activity=activity)

"""What begins cases by itself, and how long messages are kept: what a model must say of both."""

from collections.abc import Iterator, Sequence
from typing import Any

from decisions.errors import DecisionError
from engine.deployment.attributes import PEOPLE
from engine.deployment.findings import Finding
from engine.deployment.sentences import finding
from engine.deployment.trees import Scope, local, tag
from engine.runtime.notation import MQ
from engine.runtime.timers import Timer
from processes.procedure import Procedure


def check(scopes: Sequence[Scope], procedure: Procedure, model: str) -> Iterator[Finding]:
    """A start event with a timer needs an office to begin cases in; `mq:keep` is a duration.

    What only a person's choice could begin is refused: no command of the house makes that choice.
    """
    for scope in scopes:
        yield from _offers(scope)
        if scope.node.get("id") == procedure.key:
            yield from _starts(scope, procedure)
    roots = {scope.file: scope.node.getroottree().getroot() for scope in scopes}
    for file, root in roots.items():
        yield from _keeps(file or model, root)


def _starts(scope: Scope, procedure: Procedure) -> Iterator[Finding]:
    for key, node in scope.nodes.items():
        if local(node) != "startEvent":
            continue
        if node.find(tag("conditionalEventDefinition")) is not None:
            yield scope.told("unsupported/conditional_start", key)
        if node.find(tag("timerEventDefinition")) is not None and not procedure.schedule:
            yield scope.told("schedule", key)


def _offers(scope: Scope) -> Iterator[Finding]:
    for key in scope.first() if scope.adhoc else ():
        if local(scope.nodes[key]) in PEOPLE:
            yield scope.told("unsupported/offers", scope.node.get("id"), activity=key)


def _keeps(file: str, root: Any) -> Iterator[Finding]:
    for message in root.iterfind(tag("message")):
        keep = message.get(f"{{{MQ}}}keep")
        if keep is not None and not _lasts(keep):
            yield finding("attribute/keep", file, message.get("id", ""), keep=keep)


def _lasts(text: str) -> bool:
    try:
        return Timer.read("timeDuration", text).literal is not None
    except DecisionError:
        return False

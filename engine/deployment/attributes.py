"""What a model says in our own namespace: a word that nobody reads would be drawn in vain.

A mistyped `mq:not-by` would look like a separation of duties and be none.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from engine.deployment.findings import Finding
from engine.deployment.trees import Scope, local, tag
from engine.runtime.notation import MQ, own_attributes

PEOPLE = frozenset({"userTask", "manualTask"})
_CAUGHT, _THROWN = frozenset({"key", "form"}), frozenset({"key"})
OWN: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(PEOPLE, frozenset({"form", "due", "delegation", "not-by"})),
    "serviceTask": frozenset({"operation", "result", "skip"}),
    "businessRuleTask": frozenset({"decision", "result"}),
    "scriptTask": frozenset({"result"}),
    "receiveTask": _CAUGHT,
    "intermediateCatchEvent": _CAUGHT | {"skip"},
    "boundaryEvent": _CAUGHT | {"late"},
    **dict.fromkeys(("sendTask", "intermediateThrowEvent"), _THROWN),
    "endEvent": _THROWN | {"outcome"},
}
# A fact of the law may be recorded by any element that one flow leaves, and by an end event.
_FACT = frozenset({"fact", "fact-with", "fact-at", "fact-proof"})
_INPUTS = frozenset({"serviceTask", "sendTask", "intermediateThrowEvent", "endEvent"})


def check(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """Every word of ours that its element does not know, and every task named apart in vain."""
    people = {key for scope in scopes for key, node in scope.nodes.items() if local(node) in PEOPLE}
    for scope in scopes:
        for key, node in scope.nodes.items():
            yield from _words(scope, key, node)
            for other in own_attributes(node).get("not-by", "").split():
                if other not in people:
                    yield scope.finding(
                        key, "attribute", f"mq:not-by names {other}, which is no task of a person",
                        "Name the id of a user task.",
                    )  # fmt: skip
            yield from _skip(scope, key, node)
            yield from _late(scope, key, node)
            outcome = own_attributes(node).get("outcome", "refusal")
            if local(node) == "endEvent" and outcome != "refusal":
                yield scope.finding(
                    key, "attribute", f"mq:outcome cannot be {outcome}", "Write refusal, or none."
                )


def _skip(scope: Scope, key: str, node: Any) -> Iterator[Finding]:
    """Each element to which work that failed may be skipped is one where a token can be put."""
    for other in own_attributes(node).get("skip", "").split():
        if why := _unfit(scope, other):
            yield scope.finding(
                key, "attribute", f"mq:skip names {other}, {why}",
                "Name an activity, an event or a gateway of the same level that splits.",
            )  # fmt: skip


def _unfit(scope: Scope, key: str) -> str:
    """Why no token can be put before an element; empty where one can."""
    node = scope.nodes.get(key)
    kind = local(node) if node is not None else ""
    into = [flow.get("sourceRef") for flow in scope.flows if flow.get("targetRef") == key]
    if node is None:
        return "which is no element of its level"
    if kind in ("startEvent", "boundaryEvent"):
        return f"a {kind}"
    if kind == "parallelGateway" and len(into) > 1:
        return "which joins parallel branches"
    if any(local(scope.nodes[one]) == "eventBasedGateway" for one in into if one in scope.nodes):
        return "which waits beside other events"
    return ""


def _late(scope: Scope, key: str, node: Any) -> Iterator[Finding]:
    """How missed turns are caught up is said of a cycle, by one of two words."""
    late = own_attributes(node).get("late")
    if late is None or local(node) != "boundaryEvent":
        return
    if late not in ("each", "once"):
        yield scope.finding(key, "attribute", f"mq:late cannot be {late}", "Write each, or once.")
    elif node.find(f"{tag('timerEventDefinition')}/{tag('timeCycle')}") is None:
        yield scope.finding(
            key, "attribute", "mq:late is said of a timer that is no cycle",
            "Remove it: what fires once is not missed twice.",
        )  # fmt: skip


def _words(scope: Scope, key: str, node: Any) -> Iterator[Finding]:
    kind = local(node)
    known = OWN.get(kind, frozenset()) | _FACT
    for name in sorted(own_attributes(node).keys() - known):
        near = get_close_matches(name, known, 1)
        listed = ", ".join(f"mq:{word}" for word in (near or sorted(known))) or "none"
        yield scope.finding(
            key, "attribute", f"a {kind} does not read mq:{name}", f"Known here: {listed}."
        )
    for part in node.iterfind(f"{tag('extensionElements')}/{{{MQ}}}*"):
        name = str(part.tag).rpartition("}")[2]
        if name != "input" or kind not in _INPUTS or not part.get("name"):
            yield scope.finding(
                key, "attribute", f"a {kind} does not read this mq:{name}",
                'Written is <mq:input name="…"> of a task or event that asks or sends.',
            )  # fmt: skip

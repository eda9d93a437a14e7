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
    "serviceTask": frozenset({"operation", "result"}),
    "businessRuleTask": frozenset({"decision", "result"}),
    **dict.fromkeys(("receiveTask", "intermediateCatchEvent", "boundaryEvent"), _CAUGHT),
    **dict.fromkeys(("sendTask", "intermediateThrowEvent", "endEvent"), _THROWN),
}
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


def _words(scope: Scope, key: str, node: Any) -> Iterator[Finding]:
    kind = local(node)
    known = OWN.get(kind, frozenset())
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

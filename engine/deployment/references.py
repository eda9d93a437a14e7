"""What a model refers to, brought to where it is used: the first step before any check.

An event definition may stand at the root and be referred to (BPMN 2.0.2 §10.5.1); a reference may
bear the prefix of its file's namespace.
"""

from copy import deepcopy
from typing import Any

from engine.deployment.trees import local, tag

_NAMES = ("messageRef", "errorRef", "signalRef", "escalationRef", "calledElement", "attachedToRef",
          "activityRef", "processRef", "sourceRef", "targetRef", "itemSubjectRef")  # fmt: skip


def in_place(tree: Any) -> Any:
    """Put every event definition where it is referred to, and strip prefixes; the same tree."""
    known = {node.get("id"): node for node in tree.iter() if node.get("id")}
    for node in tree.iter():
        for name in _NAMES:
            found = node.get(name)
            if found is not None and found not in known and bare(found) in known:
                node.set(name, bare(found))
    for reference in list(tree.iter(tag("eventDefinitionRef"))):
        named = known.get(bare((reference.text or "").strip()))
        if named is not None and local(named).endswith("EventDefinition"):
            reference.getparent().replace(reference, _copied(named, reference))
    return tree


def _copied(named: Any, reference: Any) -> Any:
    copied = deepcopy(named)
    copied.tail = reference.tail
    copied.attrib.pop("id", None)  # an id stands once
    return copied


def bare(name: str) -> str:
    """A name without the prefix of its namespace."""
    return name.rpartition(":")[2]

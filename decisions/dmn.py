"""Decision models (DMN 1.3 to 1.5): read from XML, evaluated with all that they require.

A decision's value, and a trace that explains it: the inputs, the rules that fit, the reasons for
what became null. The trace is plain case values, fit for a history.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from decisions import boxed, tables
from decisions.boxed import Boxed, Evaluation, Reader, Scope
from decisions.errors import DecisionError
from decisions.feel.frame import WorkingDays
from decisions.types import NONE, Types
from decisions.values import Function, Value

LARGEST = 5_000_000
_BASIC = {
    "string", "number", "boolean", "date", "time", "date and time", "days and time duration",
    "years and months duration", "Any",
}  # fmt: skip
_OTHER_NAMES = {
    "dateTime": "date and time", "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration", "integer": "number",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision gave.

    `fault` says why there is no value where the model contradicts itself (two rules of a unique
    table fit); a value that is null for want of data has none.
    """

    value: Value
    trace: dict[str, Any]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision ready to be taken.

    `names` are the inputs it reads, its own and those of the decisions it requires; `rules` the ids
    of its table's rules, for coverage, and `place` what they are watched under.
    """

    id: str
    name: str
    names: frozenset[str]
    rules: tuple[str, ...]
    _logic: Boxed
    _before: tuple[tuple[str, Boxed], ...]

    @property
    def place(self) -> str:
        """How messages and watchers name it."""
        return f"decision {self.name}"

    def evaluate(
        self, context: Mapping[str, Value], *, calendar: WorkingDays | None = None
    ) -> Outcome:
        """Take the decision on these values; raises LimitExceeded."""
        run = Evaluation(calendar=calendar)
        scope: dict[str, Value] = dict(context)
        for name, logic in self._before:
            scope[name] = logic(scope, run)
        run.inputs, run.rules = {}, []
        value = None if run.fault else self._logic(scope, run)
        trace = {
            "decision": self.id, "inputs": run.inputs, "rules": run.rules, "reasons": run.reasons
        }  # fmt: skip
        return Outcome(value, trace, run.fault)


@dataclass(frozen=True, slots=True)
class Model:
    """The decisions of one file, by id and by name.

    `faults` say what is wrong with those that cannot be taken: decision, rule, cell, remedy. One
    that requires such a decision cannot be taken either.
    """

    decisions: Mapping[str, Decision]
    by_name: Mapping[str, Decision]
    faults: tuple[DecisionError, ...] = ()


def read(xml: bytes) -> Model:
    """Read a decision model; raises DecisionError where the file itself is none."""
    root = _tree(xml)
    # An id may be left out; what has none is required by nobody and is found by its name.
    nodes = {key: node for node in root if (key := node.get("id") or node.get("name"))}
    types = _types(root)
    found: dict[str, Decision] = {}
    faults: list[DecisionError] = []
    for key, node in nodes.items():
        if boxed.local(node) == "decision":
            try:
                found[key] = _decision(key, nodes, types)
            except DecisionError as error:
                faults.append(error)
    by_name = {decision.name: decision for decision in found.values()}
    return Model(found, by_name, tuple(faults))


def _tree(xml: bytes) -> Any:
    if len(xml) > LARGEST:
        raise DecisionError("xml", f"the model is larger than {LARGEST} bytes")
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", xml, re.IGNORECASE):
        raise DecisionError("xml", "a document type or entity is not allowed in a model")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise DecisionError("xml", f"it is not well-formed XML: {error}") from error
    if boxed.local(root) != "definitions" or "DMN" not in str(root.tag):
        raise DecisionError("xml", "it is no decision model (DMN definitions)")
    return root


def _decision(key: str, nodes: Mapping[str, Any], types: Types) -> Decision:
    order: list[str] = []
    _order(key, nodes, order, ())
    inputs = {node.get("name") for node in nodes.values() if boxed.local(node) == "inputData"}
    known, before = frozenset(inputs), []
    reads: set[str] = set()
    for required in order[:-1]:
        node = nodes[required]
        logic, _ = _logic(node, known, types, reads)
        before.append((node.get("name"), logic))
        known |= {node.get("name")}
    logic, rules = _logic(nodes[key], known, types, reads)
    names = frozenset(reads) - {name for name, _ in before}
    node = nodes[key]
    return Decision(key, node.get("name") or key, names, tuple(rules), logic, tuple(before))


def _order(key: str, nodes: Mapping[str, Any], found: list[str], above: tuple[str, ...]) -> None:
    """What a node requires before it, deepest first, then itself."""
    if key in above:
        raise DecisionError("cycle", "the decision requires itself", place=f"decision {key}")
    if key in found:
        return
    for requirement in nodes[key]:
        if boxed.local(requirement) not in ("informationRequirement", "knowledgeRequirement"):
            continue
        for reference in requirement:
            target = (reference.get("href") or "").rpartition("#")[2]
            if target not in nodes:
                raise DecisionError(
                    "requirement", f"it requires {target}, which is not in the file",
                    place=f"decision {key}",
                )  # fmt: skip
            if boxed.local(nodes[target]) != "inputData":
                _order(target, nodes, found, (*above, key))
    found.append(key)


def _logic(
    node: Any, known: frozenset[str], types: Types, reads: set[str]
) -> tuple[Boxed, list[str]]:
    place = f"decision {node.get('name') or node.get('id')}"
    rules: list[str] = []
    reader = Reader(known, types, place, reads, rules, tables.compiled)
    kind = boxed.local(node)
    if kind == "decisionService":
        raise DecisionError("service", "decision services are not executed", place=place)
    logic = boxed.compiled(boxed.expression_in(node), reader)
    variable = boxed.child(node, "variable")
    wanted = _type_name(variable.get("typeRef") or "") if variable is not None else ""
    if kind == "businessKnowledgeModel" or not wanted or not _usable(wanted, types):
        return logic, rules

    def typed(scope: Scope, run: Evaluation) -> Value:
        value = logic(scope, run)
        return value if isinstance(value, Function) else types.coerced(value, wanted)

    return typed, rules


def _usable(name: str, types: Types) -> bool:
    return name in types.trees or (name in _BASIC and name != "Any")


def _type_name(reference: str) -> str:
    name = reference.rpartition(":")[2] if ":" in reference else reference
    return _OTHER_NAMES.get(name, name)


def _types(root: Any) -> Types:
    """The item definitions of the model as FEEL types."""
    found = {
        node.get("name"): _type_text(node)
        for node in root
        if boxed.local(node) == "itemDefinition" and node.get("name")
    }
    try:
        return Types(found) if found else NONE
    except DecisionError as error:
        raise DecisionError(
            error.code, error.message, place="itemDefinition", remedy=error.remedy
        ) from error


def _type_text(node: Any) -> str:
    parts = [child for child in node if boxed.local(child) == "itemComponent"]
    if parts:
        inner = ", ".join(f"{part.get('name')}: {_type_text(part)}" for part in parts)
        text = f"context<{inner}>"
    else:
        reference = boxed.child(node, "typeRef")
        text = _type_name((reference.text or "").strip()) if reference is not None else "Any"
    return f"list<{text}>" if node.get("isCollection") == "true" else text

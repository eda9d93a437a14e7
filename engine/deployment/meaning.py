"""What the elements of a model name: forms, expressions, decisions, operations, lanes, messages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from decisions import expressions
from decisions.checking.model import AMBIENT
from decisions.dmn import Decision
from decisions.errors import DecisionError
from decisions.expressions import Expression
from engine.deployment import named
from engine.deployment.findings import Finding
from engine.deployment.trees import Scope, local, tag
from engine.runtime import clock_timers
from engine.runtime.activities import script_entries
from engine.runtime.model import Element
from engine.runtime.notation import Details, details
from forms.form import Form
from processes.procedure import Procedure

_COUNTS = frozenset(
    {"loopCounter", "numberOfInstances", "numberOfCompletedInstances", "numberOfActiveInstances"}
)
_THROWING = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})
_PEOPLE = frozenset({"userTask", "manualTask"})
_TOPIC = re.compile(r'"[a-z][a-z0-9_.-]{0,79}"')


@dataclass(frozen=True, slots=True)
class Known:
    """What a bundle offers to its model."""

    procedure: Procedure
    forms: Mapping[str, Form]
    decisions: Mapping[str, Decision]
    operations: Mapping[str, Any]
    called: frozenset[str]
    elements: Mapping[str, Element]
    variables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Use:
    """An expression of the model: where, for what, and the variable that its value goes into."""

    element: str
    slot: str
    expression: Expression
    variable: str = ""


def check(scope: Scope, known: Known) -> Iterator[Finding]:
    """Every name in a scope that means nothing in the bundle."""
    for key, node in scope.nodes.items():
        try:
            found = details(node)
        except DecisionError as error:
            yield scope.told("expression/element", key, reason=error,
                              hint=error.remedy or "Correct it.")  # fmt: skip
            continue
        kind = local(node)
        yield from _form(scope, key, found, known)
        if kind in _PEOPLE:
            yield from _lane(scope, key, known)
        elif kind == "serviceTask":
            yield from _operation(scope, key, found, known)
        elif kind == "businessRuleTask":
            yield from _decision(scope, key, found, known)
        elif kind == "callActivity" and node.get("calledElement") not in known.called:
            yield scope.told("called", key, process=node.get("calledElement"))
        yield from check_message(scope, key, node, found)
        yield from named.check(scope, key, node, found)


def uses(scope: Scope) -> Iterator[Use | Finding]:
    """Every expression of a scope, or what is wrong with its text."""
    for key, node in scope.nodes.items():
        yield from _uses_of(scope, key, node)
    for flow in scope.flows:
        text = flow.findtext(tag("conditionExpression"))
        if text is not None:
            yield _compiled(scope, flow.get("id", ""), "condition", text.strip())


def _uses_of(scope: Scope, key: str, node: Any) -> Iterator[Use | Finding]:
    try:
        found = details(node)
    except DecisionError:
        return  # told by `check`
    for name, text in found.inputs.items():
        yield _compiled(scope, key, f"input {name}", text, name)
    if local(node) == "scriptTask":
        yield from _script(scope, key, node, found)
    if found.message:
        yield _compiled(scope, key, "key", found.key)
    if (timed := _timed(found)) is not None:
        yield Use(key, "timer", timed)
    if due := found.own.get("due"):
        yield (
            _compiled(scope, key, "due", due)
            if not due.startswith("P")
            else Use(key, "due", expressions.compile("null"))
        )
    if found.condition is not None:
        yield Use(key, "condition", found.condition)
    yield from _repeating(scope, key, node)


def _repeating(scope: Scope, key: str, node: Any) -> Iterator[Use | Finding]:
    """The expressions of loops and of joins that a condition lets go on."""
    for part in (
        "standardLoopCharacteristics/loopCondition",
        "activationCondition",
        "completionCondition",
    ):
        text = (node.findtext("/".join(tag(name) for name in part.split("/"))) or "").strip()
        if text:
            yield _compiled(scope, key, part.rpartition("/")[2], text)
    loop = node.find(tag("multiInstanceLoopCharacteristics"))
    if loop is not None:
        for name in ("loopCardinality", "loopDataInputRef", "completionCondition"):
            if text := (loop.findtext(tag(name)) or "").strip():
                yield _compiled(scope, key, name, text, _item(loop))
        for part in loop.iterfind(f"{tag('complexBehaviorDefinition')}/{tag('condition')}"):
            yield _compiled(scope, key, "behavior", (part.text or "").strip())


def _timed(found: Details) -> Expression | None:
    """What a timer computes: the value for which a clock runs, where it names one."""
    if found.timer is None:
        return None
    clock = clock_timers.read(found.timer.text)
    return found.timer.expression if clock is None else clock.each


def variables(scope: Scope) -> Iterator[str]:
    """The variables that the elements of a scope may set."""
    yield from _COUNTS
    for node in scope.nodes.values():
        try:
            found = details(node)
            if local(node) == "scriptTask":
                yield from (name for name, _ in script_entries(found))
        except DecisionError:
            continue
        if result := found.own.get("result"):
            yield result
        if local(node) == "complexGateway":
            yield from ("activationCount", "waitingForStart")
            yield from (
                f.get("id", "") for f in scope.flows if f.get("targetRef") == node.get("id")
            )
        yield from found.inputs if local(node) in _THROWING else ()
        loop = node.find(tag("multiInstanceLoopCharacteristics"))
        if loop is not None:
            yield from (name for name in (_item(loop), _output(loop)) if name)


def _compiled(scope: Scope, key: str, slot: str, text: str, variable: str = "") -> Use | Finding:
    try:
        return Use(key, slot, expressions.compile(text), variable)
    except DecisionError as error:
        return scope.told("expression", key, slot=slot, text=text, reason=error,
                          hint=error.remedy or "Write it in FEEL.")  # fmt: skip


def _script(scope: Scope, key: str, node: Any, found: Details) -> Iterator[Use | Finding]:
    if node.get("scriptFormat", "feel").lower() != "feel":
        yield scope.told("script/language", key, language=node.get("scriptFormat"))
        return
    try:
        for name, expression in script_entries(found):
            yield Use(key, name, expression, name)
    except DecisionError as error:
        yield scope.told("script", key, reason=error,
                         hint=error.remedy or "Write { name: value }.")  # fmt: skip


def _form(scope: Scope, key: str, found: Details, known: Known) -> Iterator[Finding]:
    name = found.own.get("form")
    if name and name not in known.forms:
        yield scope.told("form_missing", key, name=name)


def _lane(scope: Scope, key: str, known: Known) -> Iterator[Finding]:
    element = known.elements.get(key)
    lane = element.lane if element is not None else None
    if known.procedure.role_of(lane) is None:
        yield scope.told("lane" if lane else "lane/none", key, lane=lane)


def _operation(scope: Scope, key: str, found: Details, known: Known) -> Iterator[Finding]:
    name = found.own.get("operation", "")
    operation = known.operations.get(name)
    if operation is None:
        names = ", ".join(sorted(known.operations))
        yield scope.told("operation" if name else "operation/unnamed", key, name=name, known=names)
        return
    given, takes = frozenset(found.inputs), operation.takes
    for missing in sorted(takes.required.keys() - given):
        yield scope.told("input/missing", key, operation=name, input=missing)
    if not takes.open:
        for extra in sorted(given - takes.types.keys()):
            yield scope.told("input/extra", key, operation=name, input=extra)
    yield from _constants(scope, key, found, takes)
    if not operation.any_error:
        yield from _caught(scope, key, name, operation.errors)
    yield from _literals(scope, key, name, found, known)
    yield from _topic(scope, key, name, found)


def _caught(scope: Scope, key: str, name: str, errors: frozenset[str]) -> Iterator[Finding]:
    """A boundary event that waits for a code which its operation never gives waits in vain."""
    for event, node in scope.nodes.items():
        if local(node) == "boundaryEvent" and node.get("attachedToRef") == key:
            code = details(node).error
            if code is not None and code not in errors:
                near = get_close_matches(code, errors, 1) or sorted(errors)[:3] or ["–"]
                yield scope.told(
                    "error_code", event, operation=name, code=code, known=", ".join(near)
                )


def _constants(scope: Scope, key: str, found: Details, takes: Any) -> Iterator[Finding]:
    """An input that is the same in every case must be of its type; one that is no FEEL is told
    elsewhere."""
    for name, text in found.inputs.items():
        try:
            expression = expressions.compile(text)
            if expression.names or takes.fits(name, expression.evaluate({})):
                continue
        except DecisionError:
            continue
        yield scope.told("input/type", key, input=name, type=takes.types[name], text=text)


def _literals(scope: Scope, key: str, name: str, found: Details, known: Known) -> Iterator[Finding]:
    """A register or certificate that is named outright must be one of the procedure's."""
    for operation, entry, names in (
        ("certificate.issue", "kind", set(known.procedure.certificates)),
        ("register.take", "register", set(known.procedure.registers)),
    ):
        text = found.inputs.get(entry, "")
        if name == operation and text.startswith('"') and text.strip('"') not in names:
            yield scope.told(entry, key, name=text)


def _topic(scope: Scope, key: str, name: str, found: Details) -> Iterator[Finding]:
    """Who fetches work asks by its topic: the model says it outright."""
    text = found.inputs.get("topic")
    if name == "external.work" and text is not None and not _TOPIC.fullmatch(text.strip()):
        yield scope.told("topic", key, text=text)


def _decision(scope: Scope, key: str, found: Details, known: Known) -> Iterator[Finding]:
    name = found.own.get("decision", "")
    decision = known.decisions.get(name)
    if decision is None:
        names = ", ".join(sorted(known.decisions)) or "–"
        yield scope.told("decision" if name else "decision/unnamed", key, name=name, known=names)
        return
    for unknown in sorted(decision.certain - known.variables - AMBIENT):
        yield scope.told("variable/decision", key, decision=name, name=unknown)


def check_message(scope: Scope, key: str, node: Any, found: Details) -> Iterator[Finding]:
    """Whether a message and a timer are said where an element needs one."""
    wants = local(node) in ("receiveTask", "sendTask") or any(
        local(child) == "messageEventDefinition" for child in node
    )
    if wants and not found.message:
        yield scope.told("message", key)
    if local(node) == "intermediateCatchEvent" and found.timer and found.timer.kind == "timeCycle":
        yield scope.told("timer/cycle", key)
    if any(local(c) == "timerEventDefinition" for c in node) and found.timer is None:
        yield scope.told("timer", key)


def _item(loop: Any) -> str:
    node = loop.find(tag("inputDataItem"))
    return "" if node is None else str(node.get("name") or node.get("id"))


def _output(loop: Any) -> str:
    return (loop.findtext(tag("loopDataOutputRef")) or "").strip()

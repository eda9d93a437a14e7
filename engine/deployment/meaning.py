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
            yield scope.finding(key, "expression", str(error), error.remedy or "Correct it.")
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
            yield scope.finding(
                key, "called", f"no process {node.get('calledElement')} is in the bundle",
                "Add its .bpmn file, or name another.",
            )  # fmt: skip
        yield from _message(scope, key, node, found)


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
    yield from _repeating(scope, key, node)


def _repeating(scope: Scope, key: str, node: Any) -> Iterator[Use | Finding]:
    """The expressions of loops and of joins that a condition lets go on."""
    for part in ("standardLoopCharacteristics/loopCondition", "activationCondition"):
        text = (node.findtext("/".join(tag(name) for name in part.split("/"))) or "").strip()
        if text:
            yield _compiled(scope, key, part.rpartition("/")[2], text)
    loop = node.find(tag("multiInstanceLoopCharacteristics"))
    if loop is not None:
        for name in ("loopCardinality", "loopDataInputRef", "completionCondition"):
            if text := (loop.findtext(tag(name)) or "").strip():
                yield _compiled(scope, key, name, text, _item(loop))


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
        yield from found.inputs if local(node) in ("sendTask", "intermediateThrowEvent") else ()
        loop = node.find(tag("multiInstanceLoopCharacteristics"))
        if loop is not None:
            yield from (name for name in (_item(loop), _output(loop)) if name)


def _compiled(scope: Scope, key: str, slot: str, text: str, variable: str = "") -> Use | Finding:
    try:
        return Use(key, slot, expressions.compile(text), variable)
    except DecisionError as error:
        return scope.finding(key, "expression", f"{slot}: {text}: {error}",
                             error.remedy or "Write it in FEEL.")  # fmt: skip


def _script(scope: Scope, key: str, node: Any, found: Details) -> Iterator[Use | Finding]:
    if node.get("scriptFormat", "feel").lower() != "feel":
        yield scope.finding(
            key, "script", f"a script in {node.get('scriptFormat')} is not executed",
            "Write one FEEL context: { variable: expression }, or FEEL with mq:result.",
        )  # fmt: skip
        return
    try:
        for name, expression in script_entries(found):
            yield Use(key, name, expression, name)
    except DecisionError as error:
        yield scope.finding(key, "script", str(error), error.remedy or "Write { name: value }.")


def _form(scope: Scope, key: str, found: Details, known: Known) -> Iterator[Finding]:
    name = found.own.get("form")
    if name and name not in known.forms:
        yield scope.finding(
            key, "form_missing", f"no form {name}", "Add the file, or name another."
        )


def _lane(scope: Scope, key: str, known: Known) -> Iterator[Finding]:
    element = known.elements.get(key)
    lane = element.lane if element is not None else None
    if known.procedure.role_of(lane) is None:
        where = f"the lane {lane} is" if lane else "the task lies in no lane that is"
        yield scope.finding(
            key, "lane", f"{where} named by no [roles] of procedure.toml",
            "Draw it into a lane, and name the lane in procedure.toml.",
        )  # fmt: skip


def _operation(scope: Scope, key: str, found: Details, known: Known) -> Iterator[Finding]:
    name = found.own.get("operation", "")
    operation = known.operations.get(name)
    if operation is None:
        names = ", ".join(sorted(known.operations))
        yield scope.finding(
            key, "operation", f"no operation {name or 'is named'}", f"Known: {names}."
        )
        return
    given, takes = frozenset(found.inputs), operation.takes
    for missing in sorted(takes.required.keys() - given):
        yield scope.finding(
            key, "input", f"{name} needs the input {missing}", f'Add <mq:input name="{missing}">.'
        )
    if not takes.open:
        for extra in sorted(given - takes.types.keys()):
            yield scope.finding(key, "input", f"{name} takes no input {extra}", "Remove it.")
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
                near = get_close_matches(code, errors, 1) or sorted(errors)[:3] or ["none"]
                yield scope.finding(
                    event, "error_code", f"{name} never gives the error {code}",
                    f"Known here: {', '.join(near)}.",
                )  # fmt: skip


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
        yield scope.finding(
            key, "input", f"the input {name} is no {takes.types[name]}: {text}",
            "Write a value of this type.",
        )  # fmt: skip


def _literals(scope: Scope, key: str, name: str, found: Details, known: Known) -> Iterator[Finding]:
    """A register or certificate that is named outright must be one of the procedure's."""
    for operation, entry, names, where in (
        ("certificate.issue", "kind", set(known.procedure.certificates), "certificates"),
        ("register.take", "register", set(known.procedure.registers), "registers"),
    ):
        text = found.inputs.get(entry, "")
        if name == operation and text.startswith('"') and text.strip('"') not in names:
            yield scope.finding(
                key, entry, f"{text} is not among [{where}]", f"Add it to [{where}]."
            )


def _topic(scope: Scope, key: str, name: str, found: Details) -> Iterator[Finding]:
    """Who fetches work asks by its topic: the model says it outright."""
    text = found.inputs.get("topic")
    if name == "external.work" and text is not None and not _TOPIC.fullmatch(text.strip()):
        yield scope.finding(
            key, "topic", f"{text} is no topic", 'Write one word between quotes: "cadastre.search".'
        )


def _decision(scope: Scope, key: str, found: Details, known: Known) -> Iterator[Finding]:
    name = found.own.get("decision", "")
    decision = known.decisions.get(name)
    if decision is None:
        names = ", ".join(sorted(known.decisions)) or "none"
        yield scope.finding(
            key, "decision", f"no decision {name or 'is named'}", f"Known: {names}."
        )
        return
    for unknown in sorted(decision.certain - known.variables - AMBIENT):
        yield scope.finding(
            key, "variable", f"the decision {name} reads {unknown}, which nothing sets",
            "Correct the name in the table, or ask for it in a form.",
        )  # fmt: skip


def _message(scope: Scope, key: str, node: Any, found: Details) -> Iterator[Finding]:
    wants = local(node) in ("receiveTask", "sendTask") or any(
        local(child) == "messageEventDefinition" for child in node
    )
    if wants and not found.message:
        yield scope.finding(
            key, "message", "it names no message of the model", "Add a message with a name."
        )
    if local(node) == "intermediateCatchEvent" and found.timer and found.timer.kind == "timeCycle":
        yield scope.finding(
            key, "timer", "a cycle has no meaning where a token waits once",
            "Write a duration or a date; cycles are for boundary events that do not interrupt.",
        )  # fmt: skip
    if any(local(c) == "timerEventDefinition" for c in node) and found.timer is None:
        yield scope.finding(key, "timer", "the timer says neither when nor how long", "Say it.")


def _item(loop: Any) -> str:
    node = loop.find(tag("inputDataItem"))
    return "" if node is None else str(node.get("name") or node.get("id"))


def _output(loop: Any) -> str:
    return (loop.findtext(tag("loopDataOutputRef")) or "").strip()

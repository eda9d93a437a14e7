"""From a procedure's folder to what runs: read, close, check, normalise.

What the engine cannot execute as BPMN means it is refused here, with the element, the reason and
the remedy; nothing that passes behaves differently from what the diagram says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from decisions import dmn
from decisions.checking import model as tables
from decisions.dmn import Decision
from decisions.errors import DecisionError
from documents import layouts
from engine.deployment import (
    answers,
    attributes,
    beginning,
    clocks,
    elements,
    instantiating,
    law,
    meaning,
    normalising,
    personal,
    reaching,
    references,
    several,
    soundness,
    structure,
    templates,
    texts,
    throwing,
    timing,
    trees,
)
from engine.deployment.findings import ERROR, DeploymentRefused, Finding
from engine.deployment.meaning import Known, Use
from engine.deployment.sentences import finding
from engine.deployment.trees import Scope, Unreadable
from engine.runtime.errors import RuntimeRefusal
from engine.runtime.model import Element, Model, elements_of
from engine.runtime.notation import Details, details
from forms import documents as form_documents
from forms import shared_parts
from forms.errors import FormBroken
from forms.form import Form
from processes import jurisdictions
from processes.bundle import Bundle
from processes.procedure import FILE

MODEL = "procedure.bpmn"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A procedure ready to be stored: the closed bundle, the model that runs, the warnings."""

    bundle: Bundle
    model: bytes
    warnings: tuple[Finding, ...]


def prepare(bundle: Bundle, operations: Mapping[str, Any]) -> Prepared:
    """Close, check and normalise a bundle; raises DeploymentRefused with every fault."""
    bundle = closed(bundle)
    found = tuple(check(bundle, operations))
    if any(one.severity == ERROR for one in found):
        raise DeploymentRefused(bundle.procedure.key, found)
    return Prepared(bundle, normalising.normalised(_trees(bundle).values(), _main(bundle)), found)


def closed(bundle: Bundle) -> Bundle:
    """The bundle with a copy of every shared part and layout that its forms and templates use, and
    of the rules of its jurisdiction: it needs nothing else.  What it brings itself is kept, so that
    an exported version closes to itself."""
    files = dict(bundle.files)
    todo = [content for name, content in files.items() if name.startswith("forms/")]
    while todo:
        for name in sorted(form_documents.references(todo.pop())):
            part = shared_parts.part(name)
            if part is not None and f"forms/{name}" not in files:
                files[f"forms/{name}"] = part
                todo.append(part)
    rules = jurisdictions.part(name := bundle.procedure.jurisdiction)
    if rules is not None:
        files.setdefault(f"{jurisdictions.FOLDER}{name}.toml", rules)
    return Bundle(layouts.closed(files))


def check(bundle: Bundle, operations: Mapping[str, Any]) -> Iterator[Finding]:
    """Every fault and warning of a closed bundle."""
    forms, faults = _forms(bundle)
    yield from faults
    yield from answers.check(forms, bundle.procedure)
    yield from reaching.check(forms, bundle.procedure)
    decisions, faults = _decisions(bundle)
    yield from faults
    yield from _facts(bundle)
    yield from templates.check(bundle)
    yield from clocks.check(bundle)
    try:
        found = _trees(bundle)
    except Unreadable as error:
        yield finding("xml", MODEL, "", reason=error)
        return
    scopes = [scope for file, tree in found.items() for scope in trees.scopes(file, tree)]
    shape = [*_processes(bundle, scopes), *_shape(scopes, operations)]
    shape += beginning.check(scopes, bundle.procedure, MODEL)
    yield from shape
    # What an import left to do hides nothing of what is wrong beside it.
    if any(one.severity == ERROR and one.code != "todo" for one in shape):
        return
    yield from soundness.check(scopes)
    named = {key: e for tree in found.values() for key, e in elements_of(tree).items()}
    yield from _signers(bundle, named)
    known = _known(bundle, scopes, forms, decisions, operations, named)
    meant = list(_meanings(scopes, known))
    yield from meant
    if not any(one.severity == ERROR for one in meant):
        yield from law.check(bundle, scopes, known)
        yield from _readable(bundle, found)
    yield from texts.check(bundle, named, forms, decisions)


def _readable(bundle: Bundle, found: Mapping[str, Any]) -> Iterator[Finding]:
    """What is left: the runtime itself must be able to read the model."""
    try:
        Model.read(normalising.normalised(found.values(), _main(bundle)))
    except (DecisionError, RuntimeRefusal) as error:
        element = getattr(error, "element", "")
        yield finding("model", MODEL, element, reason=error)


def _main(bundle: Bundle) -> str:
    return bundle.procedure.key


def _trees(bundle: Bundle) -> dict[str, Any]:
    if MODEL not in bundle.files:
        raise Unreadable("the model procedure.bpmn is missing")
    names = [MODEL, *sorted(n for n in bundle.files if n.endswith(".bpmn") and n != MODEL)]
    parsed = {name: references.in_place(trees.parse(bundle.files[name])) for name in names}
    return {name: instantiating.begun(several.split(tree)) for name, tree in parsed.items()}


def _forms(bundle: Bundle) -> tuple[dict[str, Form], list[Finding]]:
    forms: dict[str, Form] = {}
    faults: list[Finding] = []
    for name in sorted(bundle.files):
        if name.startswith("forms/") and name.count("/") == 1:
            try:
                part = lambda file: bundle.files.get(f"forms/{file}")  # noqa: E731
                forms[name] = Form.read(bundle.files[name], part)
            except FormBroken as error:
                faults.append(
                    finding(
                        "form_broken", name, error.pointer, reason=error.reason, hint=error.remedy
                    )
                )
    return forms, faults


def _decisions(bundle: Bundle) -> tuple[dict[str, Decision], list[Finding]]:
    found: dict[str, Decision] = {}
    faults: list[Finding] = []
    for name in sorted(n for n in bundle.files if n.endswith(".dmn")):
        try:
            model = dmn.among(bundle.files, name)
        except DecisionError as error:
            faults.append(finding("dmn", name, "", reason=error.message,
                                  hint=error.remedy or "Correct it."))  # fmt: skip
            continue
        found |= model.decisions
        faults += [
            finding("dmn", name, e.place, reason=e.message, hint=e.remedy or "Correct the cell.")
            for e in model.faults
        ]
        faults += [fault for one in model.decisions.values() for fault in _tables(name, one)]
    return found, faults


def _tables(name: str, decision: Decision) -> Iterator[Finding]:
    """What is proven wrong in a decision's tables; the notes are for `decision check`."""
    for _, found in tables.findings(decision):
        if found.severity != "note":
            told = finding(f"dmn-{found.code}", name, decision.id, **found.details)
            yield replace(told, severity=found.severity)


def _facts(bundle: Bundle) -> Iterator[Finding]:
    facts, file = bundle.procedure, "procedure.toml"
    if facts.start not in bundle.files:
        yield finding("form_missing", file, "start", name=facts.start)
    for key, certificate in facts.certificates.items():
        if certificate.register not in facts.registers:
            where = f"certificates.{key}"
            yield finding("register", file, where, name=certificate.register)
        if certificate.template not in bundle.files:
            where = f"certificates.{key}"
            yield finding("template_missing", file, where, name=certificate.template)


def _signers(bundle: Bundle, named: Mapping[str, Element]) -> Iterator[Finding]:
    """A certificate is signed by whoever did a task, or began the case."""
    for key, certificate in bundle.procedure.certificates.items():
        signer = named.get(certificate.signer)
        kind = signer.kind if signer is not None else ""
        if certificate.signer and kind not in ("userTask", "manualTask", "startEvent"):
            yield finding("signer", FILE, f"certificates.{key}", signer=certificate.signer)


def _processes(bundle: Bundle, scopes: list[Scope]) -> Iterator[Finding]:
    tops = [scope.node.get("id") for scope in scopes if scope.top]
    if _main(bundle) not in tops:
        yield finding("process", MODEL, "", key=_main(bundle))
    keys = [node.get("id") for scope in scopes for node in [*scope.nodes.values(), *scope.flows]]
    for key in sorted({key for key in [*tops, *keys] if [*tops, *keys].count(key) > 1}):
        yield finding("twice", MODEL, key or "")


def _shape(scopes: list[Scope], operations: Mapping[str, Any]) -> Iterator[Finding]:
    for scope in scopes:
        yield from elements.check(scope)
        yield from structure.check(scope, _outside(scope, operations))
    yield from timing.shape(scopes)
    yield from throwing.check(scopes)
    yield from attributes.check(scopes)


def _outside(scope: Scope, operations: Mapping[str, Any]) -> frozenset[str]:
    """The service tasks whose operation waits for the worker."""
    found = set()
    for key, node in scope.nodes.items():
        if trees.local(node) == "serviceTask":
            operation = operations.get(details(node).own.get("operation", ""))
            if operation is not None and not operation.inside:
                found.add(key)
    return frozenset(found)


def _known(
    bundle: Bundle, scopes: list[Scope], forms: Mapping[str, Form],
    decisions: Mapping[str, Decision], operations: Mapping[str, Any],
    named: Mapping[str, Element],
) -> Known:  # fmt: skip
    asked = {name for form in forms.values() for name in form.names}
    made = {name for scope in scopes for name in meaning.variables(scope)}
    called = frozenset(str(scope.node.get("id")) for scope in scopes if scope.top)
    return Known(
        bundle.procedure, forms, decisions, operations, called, named,
        frozenset(asked | made | set(decisions)),
    )  # fmt: skip


def _meanings(scopes: list[Scope], known: Known) -> Iterator[Finding]:
    found = {scope: list(meaning.uses(scope)) for scope in scopes}
    every = [use for uses in found.values() for use in uses if isinstance(use, Use)]
    private = personal.personal_variables(known.forms.values(), known.procedure, every)
    reads = {name: decision.names for name, decision in known.decisions.items()}
    for scope in scopes:
        yield from meaning.check(scope, known)
        yield from (one for one in found[scope] if isinstance(one, Finding))
        used = [use for use in found[scope] if isinstance(use, Use)]
        yield from _unknown(scope, used, known)
        yield from personal.check(scope, used, known.procedure, private)
        rules = _detailed(scope, "businessRuleTask")
        yield from personal.check_decisions(scope, rules, reads, known.procedure, private)
        services = _detailed(scope, "serviceTask")
        yield from personal.check_operations(
            scope, services, known.operations, used, known.procedure, private
        )


def _detailed(scope: Scope, kind: str) -> dict[str, Details]:
    """What the nodes of a kind say, by their ids."""
    return {k: details(node) for k, node in scope.nodes.items() if trees.local(node) == kind}


def _unknown(scope: Scope, used: list[Use], known: Known) -> Iterator[Finding]:
    for use in used:
        for name in sorted(use.expression.certain - known.variables - tables.AMBIENT):
            yield scope.told("variable", use.element, slot=use.slot, name=name,
                             text=use.expression.text)  # fmt: skip


__all__ = ["DeploymentRefused", "Finding", "Prepared", "check", "closed", "prepare"]

"""What the law asks of acts: a receipt first, a refusal with its reason, and the appeal."""

from collections.abc import Iterator

from engine.deployment.findings import Finding
from engine.deployment.law_clocks import requests
from engine.deployment.legal import Legal
from engine.deployment.sentences import against
from engine.runtime.notation import own_attributes
from processes.jurisdictions import Requirement
from processes.procedure import FILE, Certificate

_RECEIPT, _MOTIVE, _APPEAL = "law.no_receipt", "law.refusal_without_motive", "law.appeal_missing"


def check(legal: Legal) -> Iterator[Finding]:
    """Every act that is missing, or lacks what it must say."""
    if asked := legal.asked(_RECEIPT):
        yield from _receipt(legal, asked)
    if asked := legal.asked(_MOTIVE):
        yield from _motive(legal, asked)
    if asked := legal.asked(_APPEAL):
        yield from _appeal(legal, asked)


def refusals(legal: Legal) -> set[str]:
    """The elements that refuse: ends that say so, and steps that issue a refusal."""
    ends = {k for k, n in legal.ways.nodes.items() if own_attributes(n).get("outcome") == "refusal"}
    return ends | set(legal.issuing("refusal"))


def _receipt(legal: Legal, asked: Requirement) -> Iterator[Finding]:
    receipts = legal.issuing("receipt")
    if not legal.ways.certain(receipts.keys()):
        yield against(asked, _RECEIPT, FILE, "certificates", missing="–")
    for name, certificate in legal.procedure.certificates.items():
        missing = asked.words - _printed(legal, certificate, asked)
        if certificate.kind == "receipt" and missing:
            told = ", ".join(sorted(missing))
            yield against(asked, _RECEIPT, FILE, f"certificates.{name}", missing=told)


def _printed(legal: Legal, certificate: Certificate, asked: Requirement) -> frozenset[str]:
    """Which of the words of a requirement stand in a template, or in a layout that it extends."""
    text = legal.template(certificate)
    return frozenset(word for word in asked.words if word in text)


def _motive(legal: Legal, asked: Requirement) -> Iterator[Finding]:
    """On every way to a refusal its motive is asked, decided or assigned; its paper prints it."""
    refusing = {k: c for k, c in legal.procedure.certificates.items() if c.kind == "refusal"}
    motives = {c.motive for c in refusing.values() if c.motive}
    stating = {key for key in legal.ways.nodes if legal.certainly_sets(key) & motives}
    silent = legal.ways.reached(legal.ways.starts, stating) & refusals(legal)
    for key in sorted(silent):
        yield against(asked, _MOTIVE, legal.ways.scope[key].file, key)
    for name, certificate in refusing.items():
        said = f"data.{certificate.motive}" in legal.template(certificate)
        if not certificate.motive or not said:
            yield against(asked, _MOTIVE, FILE, f"certificates.{name}")


def _appeal(legal: Legal, asked: Requirement) -> Iterator[Finding]:
    """A refusal, and an end without consent, open an appeal that the paper names."""
    begun = {fact for c in legal.clocks if c.obliged == "applicant" for fact in c.start}
    office = requests(legal)
    refusing = refusals(legal)
    if refusing and not any(set(clock.stop) & begun for clock in office):
        yield against(asked, _APPEAL, FILE, "clock")
    for clock in office:
        if clock.silence.effect in ("none", "refusal") and clock.lapse not in begun:
            yield against(asked, _APPEAL, FILE, f"clock.{clock.name}")
    if legal.procedure.appeal is None and (refusing or office):
        yield against(asked, _APPEAL, FILE, "appeal")
    for name, certificate in legal.procedure.certificates.items():
        if certificate.kind == "refusal" and asked.words - _printed(legal, certificate, asked):
            yield against(asked, _APPEAL, FILE, f"certificates.{name}")

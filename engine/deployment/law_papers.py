"""What the law asks of papers and conditions: none that is not listed, held, legalised, taxed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.deployment.findings import Finding
from engine.deployment.legal import Legal
from engine.deployment.sentences import against
from engine.deployment.trees import tag
from engine.runtime.notation import details
from processes.procedure import FILE

_WORDS = re.compile(r"[a-z0-9]+")


def check(legal: Legal) -> Iterator[Finding]:
    """Every paper that may not be asked, or not so, and every condition that is none of the law."""
    for paper in legal.procedure.papers:
        place = f"papers.{paper.key}"
        asked = legal.asked("law.legalised_paper")
        if asked and (paper.form not in asked.words or paper.copies != 1):
            yield against(asked, "law.legalised_paper", FILE, place, paper=paper.key,
                          form=paper.form, copies=paper.copies)  # fmt: skip
        asked = legal.asked("law.paper_held")
        if asked and paper.issuer in asked.words:
            yield against(asked, "law.paper_held", FILE, place, paper=paper.key,
                          issuer=paper.issuer)  # fmt: skip
    if asked := legal.asked("law.unlisted_paper"):
        listed = {paper.key for paper in legal.procedure.papers}
        for name, form in legal.forms.items():
            for paper_key in sorted(_papers(form.document, "") - listed):
                yield against(asked, "law.unlisted_paper", name, paper_key, paper=paper_key)
    if asked := legal.asked("law.tax_condition"):
        for place, name in _named(legal):
            for word in sorted(asked.words & set(_WORDS.findall(name.lower()))):
                yield against(asked, "law.tax_condition", FILE, place, place=name, word=word)


def _papers(node: Any, name: str) -> set[str]:
    """The papers that a form asks for: files by their field, keys in `papers`."""
    if not isinstance(node, Mapping):
        return set()
    found = {name} if node.get("x-widget") == "file" else set()
    if name == "papers" and isinstance(node.get("items"), Mapping):
        found |= set(node["items"].get("enum", ()))
    for key, inner in node.items():
        if key == "properties":
            found |= {one for field, part in inner.items() for one in _papers(part, field)}
        elif isinstance(inner, Mapping):
            found |= _papers(inner, name)
        elif isinstance(inner, list):
            found |= {one for part in inner for one in _papers(part, name)}
    return found


def _named(legal: Legal) -> Iterator[tuple[str, str]]:
    """What the way of a case can depend on: papers, conditions, and what is asked of others."""
    for paper in legal.procedure.papers:
        yield f"papers.{paper.key}", paper.key
    for key, node in legal.ways.nodes.items():
        found = details(node)
        for text in (found.own.get("decision", ""), *found.inputs.values()):
            yield key, text
        for flow in legal.ways.scope[key].outgoing(key):
            yield flow.get("id", ""), flow.findtext(tag("conditionExpression")) or ""

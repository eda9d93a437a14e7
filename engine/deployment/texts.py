"""Every text of a bundle that people read, and which of them lack a translation."""

from collections.abc import Iterator, Mapping
from typing import Any

from decisions.dmn import Decision
from engine.deployment.findings import Finding
from engine.deployment.sentences import finding
from engine.runtime.model import Element
from forms.form import Form
from processes.bundle import Bundle

_WORDS = ("title", "x-hint", "x-error", "x-after", "x-page")


def texts(
    bundle: Bundle, named: Mapping[str, Element], forms: Mapping[str, Form],
    decisions: Mapping[str, Decision],
) -> tuple[str, ...]:  # fmt: skip
    """The French texts, each once: facts, elements, forms, what a decision is explained with."""
    found = list(bundle.procedure.texts)
    found += [element.name for element in named.values() if element.name != element.id]
    for name in sorted(forms):
        found += _form_texts(forms[name].document)
    for decision in decisions.values():
        found += _decision_texts(decision)
    return tuple(dict.fromkeys(text for text in found if text))


def check(
    bundle: Bundle, named: Mapping[str, Element], forms: Mapping[str, Form],
    decisions: Mapping[str, Decision],
) -> Iterator[Finding]:  # fmt: skip
    """A warning for each text without a translation."""
    every = texts(bundle, named, forms, decisions)
    for language in bundle.procedure.languages:
        if language == "fr":
            continue
        for text in bundle.translations.missing(every, language):
            yield finding("untranslated", f"locale/{language}.po", text, text=text)


def _decision_texts(decision: Decision) -> Iterator[str]:
    """Its name, the labels of columns that have one, the notes beside rules."""
    yield decision.name
    for table in (table for tables in decision.tables.values() for table in tables):
        yield from (column.label for column in table.inputs if column.label != column.text)
        yield from (column.label for column in table.outputs if column.label != column.name)
        yield from (rule.note for rule in table.rules)


def _form_texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (node[word] for word in _WORDS if isinstance(node.get(word), str))
        labels = node.get("x-labels")
        if isinstance(labels, dict):
            yield from (str(label) for label in labels.values())
        for value in node.values():
            yield from _form_texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _form_texts(value)

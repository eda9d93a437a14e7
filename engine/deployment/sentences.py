"""Findings made from a sentence of a table, so that each can be told in the reader's language."""

from collections.abc import Mapping

from decisions.checking import findings as tables
from engine.deployment import clock_texts, event_texts, model_texts, name_texts
from engine.deployment.findings import ERROR, WARNING, Finding
from processes.jurisdictions import Requirement

# Each sentence with its remedy: under its code, or its code, a slash and what tells it apart.
MESSAGES: Mapping[str, tuple[str, str]] = {
    **clock_texts.MESSAGES,
    **event_texts.MESSAGES,
    **model_texts.MESSAGES,
    **name_texts.MESSAGES,
    **{f"dmn-{code}": texts for code, texts in tables.MESSAGES.items()},
}
_WARNINGS = clock_texts.WARNINGS | event_texts.WARNINGS | model_texts.WARNINGS | name_texts.WARNINGS


def finding(sentence: str, file: str, element: str, **words: object) -> Finding:
    """A finding with this sentence, at an element or key of a file."""
    told = {name: str(word) for name, word in words.items()}
    message, remedy = (text.format(**told) for text in MESSAGES[sentence])
    code = sentence.partition("/")[0]
    return Finding(file, element, code, message, remedy, severity(sentence), told, sentence)


def severity(sentence: str) -> str:
    """Whether a finding with this sentence refuses the procedure, or can be deployed."""
    return WARNING if sentence in _WARNINGS else ERROR


def against(asked: Requirement, code: str, file: str, element: str, **words: object) -> Finding:
    """A finding against what a jurisdiction asks, with its article."""
    return finding(code, file, element, article=asked.basis.article, **words)

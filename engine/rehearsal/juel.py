"""Conditions of other engines that say no more than FEEL can: `${x == 1}`, `${s.contains("a")}`."""

import re

from decisions import expressions
from decisions.errors import DecisionError

_WRITTEN = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_STRING = re.compile(r"('[^']*'|\"[^\"]*\")")
_CALLS = {"contains": "contains", "startsWith": "starts with", "endsWith": "ends with"}
_CALL = re.compile(r"([A-Za-z_][\w.]*)\.(contains|startsWith|endsWith)\(\s*([^()]*?)\s*\)")
_NOT = re.compile(r"!\s*([A-Za-z_][\w.]*|\([^()]*\))")
_WORDS = (("&&", " and "), ("||", " or "), ("==", "="))


class Untranslatable(Exception):
    """It says more than FEEL can be sure to say alike."""


def written(text: str) -> bool:
    """Whether a text is one of another engine's expressions."""
    return _WRITTEN.fullmatch(text) is not None


def likely(text: str) -> bool:
    """Whether a condition without its braces is one all the same."""
    return _CALL.search(text) is not None or any(word in text for word in ("==", "&&", "||"))


def feel(text: str) -> str:
    """The same in FEEL; raises Untranslatable."""
    matched = _WRITTEN.fullmatch(text)
    inner = matched[1].strip() if matched else text
    if "${" in inner or "#{" in inner:
        raise Untranslatable(text)
    kept: list[str] = []

    def hidden(string: re.Match[str]) -> str:
        kept.append('"' + string[0][1:-1].replace('"', '\\"') + '"')
        return f"\0{len(kept) - 1}\0"

    inner = _STRING.sub(hidden, inner)
    inner = _CALL.sub(lambda call: f"{_CALLS[call[2]]}({call[1]}, {call[3]})", inner)
    for theirs, ours in _WORDS:
        inner = inner.replace(theirs, ours)
    inner = _NOT.sub(r"not(\1)", inner.replace("!=", "\1")).replace("\1", "!=")
    inner = re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], inner).strip()
    try:
        expressions.compile(inner)
    except DecisionError as error:
        raise Untranslatable(text) from error
    return inner

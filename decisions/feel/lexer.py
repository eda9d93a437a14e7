"""From text to tokens (DMN 1.5 §10.3.1.2, rules 21 to 37)."""

import re
from typing import NamedTuple

from decisions.errors import ExpressionInvalid
from decisions.feel import limits

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff01-\ufffd"
    "\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_TOKEN = re.compile(
    rf"""
    (?P<space>(?:[\s\u180e\u200b\u2060\ufeff]|//[^\n]*|/\*.*?\*/)+)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<word>[?]|[{_START}][{_PART}]*)
    |(?P<sign>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.@'])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"""\\(?:(["\\'/nrt])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6}))""")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}


class Token(NamedTuple):
    """One word, number, string or sign of the text; the last one is of kind "end"."""

    kind: str
    text: str
    start: int
    end: int


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def invalid(text: str, at: int, message: str, remedy: str = "") -> ExpressionInvalid:
    """The error that says what is wrong at an offset of the text."""
    line, column = place(text, at)
    return ExpressionInvalid(message, line=line, column=column, remedy=remedy)


def tokens(text: str) -> list[Token]:
    """All tokens of the text; raises ExpressionInvalid for a character that FEEL has not."""
    if len(text) > limits.TEXT:
        remedy = "Split it into several decisions or variables."
        raise invalid(text, 0, f"the expression exceeds {limits.TEXT} characters", remedy)
    found = scanned(text)
    if len(found) > limits.TOKENS:
        remedy = "Split it into several decisions or variables."
        raise invalid(text, 0, f"more than {limits.TOKENS} words and signs", remedy)
    return found


def scanned(text: str) -> list[Token]:
    """The tokens of a text of any length; raises ExpressionInvalid."""
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            remedy = "Close the string." if text[at] == '"' else "Remove it or put it in quotes."
            raise invalid(text, at, f"{text[at]!r} cannot stand here", remedy)
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup or "", match[0], at, match.end()))
        at = match.end()
    found.append(Token("end", "", at, at))
    return found


def unescaped(token: str) -> str:
    """The characters of a string literal; an unknown escape keeps its backslash."""
    body = token[1:-1]
    if "\\" not in body:
        return body
    joined = _ESCAPE.sub(_character, body)
    # Two escapes may be the two halves of one character.
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _PLAIN.get(match[1], match[1])
    code = int(match[2] or match[3], 16)
    return chr(code) if code <= 0x10FFFF else match[0]

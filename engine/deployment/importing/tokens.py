"""The words of foreign expression languages: JUEL, and what JavaScript and Groovy share with it."""

import re
from dataclasses import dataclass

LONGEST = 4_000
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)[lLdDfFgG]?(?![\w.])
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<name>[^\W\d]\w*)
    |(?P<sign>===|!==|==|!=|<=|>=|&&|\|\||[-+*/%!<>?:.,;=()\[\]])""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class Untranslatable(Exception):
    """A text has no FEEL that means the same; the message says what stands in the way."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: `kind` is number, text, name, sign or end; `place` counts from 1."""

    kind: str
    text: str
    place: int


def tokens(text: str) -> list[Token]:
    """The words of a text, an end after the last; raises Untranslatable."""
    if len(text) > LONGEST:
        raise Untranslatable(f"it is longer than {LONGEST} characters")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Untranslatable(f"“{text[at]}” at place {at + 1} is not understood")
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Token(kind, match[kind], at + 1))
        at = match.end()
    return [*found, Token("end", "", at + 1)]


def unquoted(literal: str) -> str:
    """The text that a literal between quotes means."""
    inner = literal[1:-1]
    if re.search(r"\\[ux0-7]", inner):
        raise Untranslatable("an escaped character code is not understood")
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), inner)


def quoted(text: str) -> str:
    """The text as a FEEL literal."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    for letter, sign in _ESCAPES.items():
        plain = plain.replace(sign, f"\\{letter}")
    return f'"{plain}"'

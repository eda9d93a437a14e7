"""The pieces of a printed text, and the brackets that keep a name from running on.

Names hold spaces and signs, and the longest known one is read: where `date and time` is known, a
variable `date` before `and time` needs brackets. What is known grows along the text, as it does
for the parser.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from decisions.errors import ExpressionInvalid
from decisions.feel.lexer import scanned


@dataclass(frozen=True, slots=True)
class Known:
    """From here on this is a name that is read as one."""

    name: str


@dataclass(eq=False, slots=True)
class Opening:
    """Where a form begins that ends in a name, and the bracket that it may need."""

    bracket: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """Where it ends: with this name, or with one of these that are known here only."""

    opening: Opening
    name: str
    others: tuple[str, ...] = ()


Piece: TypeAlias = str | Known | Opening | Closing
_Words: TypeAlias = tuple[str, ...]


def joined(pieces: list[Piece], names: Iterable[str]) -> str:
    """The text of the pieces; `names` are known from its beginning."""
    known = [_words(name) for name in names]
    known += [_words(piece.name) for piece in pieces if isinstance(piece, Known)]
    count = len(known)
    after: list[str] = []  # what follows, the last piece first
    for piece in reversed(pieces):
        match piece:
            case str():
                after.append(piece)
            case Known():
                count -= 1
            case Closing():
                others = [_words(name) for name in piece.others]
                if _runs_on(_words(piece.name), [*known[:count], *others], after):
                    piece.opening.bracket = "("
                    after.append(")")
            case Opening():
                after.append(piece.bracket)
    return "".join(reversed(after))


def _runs_on(own: _Words, known: list[_Words], after: list[str]) -> bool:
    """Whether a longer known name would be read here."""
    size = len(own)
    longer = [name[size:] for name in known if len(name) > size and name[:size] == own]
    if not longer:
        return False
    follows = tuple(token.text for token in scanned("".join(reversed(after))))
    return any(follows[: len(rest)] == rest for rest in longer)


def _words(name: str) -> _Words:
    try:
        return tuple(token.text for token in scanned(name)[:-1])
    except ExpressionInvalid:
        return ()

"""Where the parser stands in the tokens, and how it reads names with spaces and signs.

FEEL lets a name hold spaces and `+ - * / . '`. What a name is depends on the names that are known:
the longest known one wins (DMN 1.5 §10.3.1.2, rule 27). Words that stand next to each other, which
no operator joins, are read as one unknown name.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from decisions.errors import ExpressionInvalid
from decisions.feel import limits
from decisions.feel.lexer import Token, invalid, tokens, unescaped

KEYWORDS = frozenset(
    {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or"}
    | {"between", "instance", "function", "true", "false", "null"}
)
_SPACES = re.compile(r"\s+")


class _Branch:
    """The known names that begin with the same tokens: the one that ends here, and longer ones.

    `blocks` counts the blocks around this place that give the name a value.
    """

    __slots__ = ("blocks", "name", "next")

    def __init__(self) -> None:
        self.name: str | None = None
        self.blocks = 0
        self.next: dict[str, _Branch] = {}


@lru_cache(maxsize=8192)  # every cell of a table knows the same names
def _parts(name: str) -> tuple[str, ...] | None:
    """The words and signs of a name; None for one that cannot be read as one."""
    try:
        parts = tuple(part.text for part in tokens(name)[:-1])
    except ExpressionInvalid:
        return None
    return parts if len(parts) <= limits.NAME_PARTS else None


class Cursor:
    """The tokens of one text and the place in them."""

    def __init__(self, text: str, names: Iterable[str], entries: Iterable[str] = ()) -> None:
        """Read a text; `entries` are names that mean something in contexts only."""
        self.text = text
        self._tokens = tokens(text)
        self._at = 0
        self._nesting = 0
        self._known = _Branch()
        self._in_sight: list[_Branch] = []
        self._filters = 0
        with self.block():
            for name in entries:
                self.know(name)
        for name in names:
            self.know(name)

    def know(self, name: str) -> None:
        """Read this name as one from here to the end of the block, and after a point for good."""
        parts = _parts(name)
        if parts is None:
            return
        branch = self._known
        for part in parts:
            branch = branch.next.setdefault(part, _Branch())
        branch.name = name
        branch.blocks += 1
        self._in_sight.append(branch)

    @contextmanager
    def block(self) -> Iterator[None]:
        """Read a block; the names that it makes known are variables inside of it only."""
        before = len(self._in_sight)
        yield
        for branch in self._in_sight[before:]:
            branch.blocks -= 1
        del self._in_sight[before:]

    @contextmanager
    def filtering(self) -> Iterator[None]:
        """Read inside a filter, where the entries of an item are variables."""
        self._filters += 1
        yield
        self._filters -= 1

    @property
    def token(self) -> Token:
        """The next token."""
        return self._tokens[self._at]

    def ahead(self, count: int = 1) -> Token:
        """The token that many places after the next one."""
        return self._tokens[min(self._at + count, len(self._tokens) - 1)]

    def advance(self) -> Token:
        """Take the next token."""
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def sees(self, *texts: str) -> bool:
        """Whether the next token is one of these signs or keywords."""
        token = self.token
        return token.text in texts and token.kind in ("sign", "word")

    def accept(self, *texts: str) -> Token | None:
        """Take the next token if it is one of these signs or keywords."""
        return self.advance() if self.sees(*texts) else None

    def expect(self, *texts: str) -> Token:
        """Take the next token, which must be one of these."""
        if not self.sees(*texts):
            wanted = " or ".join(f"'{text}'" for text in texts)
            raise self.error(f"{wanted} is expected, not {self.found()}")
        return self.advance()

    def separated(self, closing: str, read: Callable[[], None]) -> None:
        """Read parts with commas between them, maybe none, and the sign that closes them."""
        if not self.sees(closing):
            read()
            while self.accept(","):
                read()
        self.expect(closing)

    def found(self) -> str:
        """The next token, for a message."""
        return f"'{self.token.text}'" if self.token.text else "the end of the expression"

    def error(self, message: str, remedy: str = "") -> ExpressionInvalid:
        """The error at this place."""
        return invalid(self.text, self.token.start, message, remedy)

    def enter(self) -> None:
        """Go one level deeper; every level costs stack, therefore they are limited."""
        self._nesting += 1
        if self._nesting > limits.NESTING:
            remedy = "Give the inner parts names, in variables or decisions of their own."
            raise self.error(f"more than {limits.NESTING} levels within each other", remedy)

    def leave(self) -> None:
        """Come back up."""
        self._nesting -= 1

    def known_name(self, *, least: int = 1, of_entry: bool = False) -> str | None:
        """Take the longest known name that stands here with at least that many tokens."""
        anywhere = of_entry or self._filters > 0
        branch: _Branch | None = self._known
        found, length, count = None, 0, 0
        while branch is not None:
            if branch.name is not None and count >= least and (anywhere or branch.blocks):
                found, length = branch.name, count
            branch = branch.next.get(self.ahead(count).text)
            count += 1
        self._at += length
        return found

    def name(self, *, of_entry: bool = False) -> str:
        """Take a name: a known one, or else the words that stand here."""
        known = self.known_name(least=2 if of_entry else 1, of_entry=of_entry)
        if known is not None:
            return known
        if self.token.kind != "word" or (self.token.text in KEYWORDS and not of_entry):
            raise self.error(f"a name is expected, not {self.found()}")
        words = [self.advance().text]
        while words[0] != "?" and self._continues():
            words.append(self.advance().text)
        return " ".join(words)

    def _continues(self) -> bool:
        token = self.token
        if token.kind == "number":
            return token.text.isdigit()
        return token.kind == "word" and token.text not in KEYWORDS and token.text != "?"

    def key(self) -> str:
        """Take the key of a context's entry or a parameter's name, and the colon after it."""
        if self.token.kind == "string" and self.ahead().text == ":":
            key = unescaped(self.advance().text)
        else:
            key = self.new_name()
        self.expect(":")
        return key

    def new_name(self, end: str = "") -> str:
        """Take the name that is given to something here: all words and signs, up to that word."""
        first = last = self.token
        if first.kind != "word":
            raise self.error(f"a name is expected, not {self.found()}")
        self.advance()
        while self._names() and self.token.text != end:
            last = self.advance()
        return _SPACES.sub(" ", self.text[first.start : last.end])

    def _names(self) -> bool:
        return self.token.kind in ("word", "number") or self.sees("+", "-", "*", "/", ".", "'")

    def key_stands_here(self) -> bool:
        """Whether a name and a colon come next."""
        if self.token.kind == "string":
            return self.ahead().text == ":"
        if self.token.kind != "word":
            return False
        count = 0
        while (token := self.ahead(count)).kind in ("word", "number") or token.text in "+-*/.'":
            if token.kind == "end":
                return False
            count += 1
        return self.ahead(count).text == ":"

"""Expressions of JUEL, and simple ones of JavaScript and Groovy, as FEEL that means the same.

What FEEL cannot say, or says with another meaning, is `Untranslatable`: a person must write it.
Where the languages differ on a value that is missing, FEEL gives null, and a condition that is null
refuses its step: a difference is loud, never a way not meant.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from decisions import expressions
from decisions.errors import DecisionError
from engine.deployment.importing.tokens import (
    LONGEST,
    Token,
    Untranslatable,
    quoted,
    tokens,
    unquoted,
)

_DEEPEST = 40
_LEVELS: Final[tuple[dict[str, str], ...]] = (
    {"||": "or", "or": "or"},
    {"&&": "and", "and": "and"},
    {"==": "=", "===": "=", "eq": "=", "!=": "!=", "!==": "!=", "ne": "!="},
    {"<": "<", ">": ">", "<=": "<=", ">=": ">=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="},
    {"+": "+", "-": "-"},
    {"*": "*", "/": "/", "div": "/", "%": "%", "mod": "%"},
)
# What the engines call the counters of many instances; theirs counts from 0, ours from 1.
_COUNTERS = {
    "loopCounter": "(loopCounter - 1)",
    "nrOfInstances": "numberOfInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
}
# Names that every expression of ours sees with a meaning of its own.
_OURS = frozenset({"case", "now", "today"})
_WORDS = {"true": "true", "false": "false", "null": "null"}
_SCOPES = frozenset({"execution", "delegateExecution", "task", "caseExecution"})
_METHODS: Final[Mapping[tuple[str, int], str]] = {
    ("equals", 1): "({0} = {1})",
    ("equalsIgnoreCase", 1): "(lower case({0}) = lower case({1}))",
    ("contains", 1): "(if {0} instance of string then contains({0}, {1}) "
    "else list contains({0}, {1}))",
    ("startsWith", 1): "starts with({0}, {1})",
    ("endsWith", 1): "ends with({0}, {1})",
    ("isEmpty", 0): 'list contains(["", [], {{}}], {0})',
    ("size", 0): "count({0})",
    ("length", 0): "string length({0})",
    ("toLowerCase", 0): "lower case({0})",
    ("toUpperCase", 0): "upper case({0})",
    ("trim", 0): "trim({0})",
    ("toString", 0): "string({0})",
    ("intValue", 0): "round down({0}, 0)",
}
_EMPTY = 'list contains([null, "", [], {{}}], {0})'


def translated(text: str) -> str:
    """FEEL for `${…}`, `#{…}`, a text with such parts in it, or a bare expression.

    Raises Untranslatable.
    """
    text = text.strip()
    parts = re.findall(r"[$#]\{([^{}]*)\}", text)
    if not parts:
        if "${" in text or "#{" in text:
            raise Untranslatable("it holds braces within braces")
        return Translation(tokens(text)).whole()
    if len(parts) == 1 and re.fullmatch(r"[$#]\{[^{}]*\}", text):
        return Translation(tokens(parts[0])).whole()
    pieces = re.split(r"[$#]\{[^{}]*\}", text)
    said = [quoted(piece) if piece else "" for piece in pieces]
    inner = [f"string({Translation(tokens(part)).whole()})" for part in parts]
    woven = [piece for pair in zip(said, [*inner, ""], strict=True) for piece in pair if piece]
    return checked(" + ".join(woven))


def is_expression(text: str) -> bool:
    """Whether a text holds `${…}` or `#{…}`; else it means itself."""
    return "${" in text or "#{" in text


def checked(feel: str) -> str:
    """The text, where it is FEEL; raises Untranslatable, also for functions that nobody knows."""
    try:
        names = expressions.compile(feel).names
    except DecisionError as error:
        raise Untranslatable(str(error)) from error
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', feel)
    if method := re.search(r"\.\s*([^\W\d]\w*)\s*\(", bare):
        raise Untranslatable(f"there is no method {method[1]}")
    for name in names:
        if re.search(rf"(?<![\w.]){re.escape(name)}\s*\(", bare):
            raise Untranslatable(f"there is no function {name}")
    return feel


def _short(feel: str) -> str:
    """The text, up to a length: some forms say a part of theirs twice."""
    if len(feel) > LONGEST:
        raise Untranslatable(f"it would be longer than {LONGEST} characters")
    return feel


class Translation:
    """One pass over the words of an expression; `known` are names that stand for FEEL already."""

    def __init__(self, words: list[Token], known: Mapping[str, str] | None = None) -> None:
        self._words = words
        self._known = known or {}
        self._at = 0
        self._depth = 0

    def whole(self) -> str:
        """The expression up to the end of the words."""
        found = self.expression()
        if not self.sees("end"):
            raise self.unexpected()
        return checked(found)

    def expression(self) -> str:
        """A choice, or what stands below it."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Untranslatable(f"it goes deeper than {_DEEPEST} brackets")
        found = self._level(0)
        if self.accepts("?"):
            first = self.expression()
            self.wants(":")
            found = f"(if {found} then {first} else {self.expression()})"
        self._depth -= 1
        return found

    def _level(self, level: int) -> str:
        if level == len(_LEVELS):
            return self._unary()
        found = self._level(level + 1)
        count = 0
        while self.word.kind in ("sign", "name") and self.word.text in _LEVELS[level]:
            sign, word = _LEVELS[level][self.word.text], self.word
            self._at += 1
            count += 1
            if count > _DEEPEST:
                raise Untranslatable(f"it joins more than {_DEEPEST} parts")
            found = _short(self._joined(found, sign, word, self._level(level + 1)))
        return found

    def _joined(self, left: str, sign: str, word: Token, right: str) -> str:
        if sign == "+" and (left.startswith('"') or right.startswith('"')):
            raise Untranslatable(f"+ at place {word.place} joins texts, or adds numbers")
        if sign == "%":  # the sign is that of the dividend, FEEL's modulo has the divisor's
            return f"({left} - {right} * round down({left} / {right}, 0))"
        return f"({left} {sign} {right})"

    def _unary(self) -> str:
        prefixes: list[str] = []
        while self.word.text in ("!", "-", "not", "empty") and self.word.kind != "text":
            prefixes.append(self.word.text)
            self._at += 1
        if len(prefixes) > _DEEPEST:
            raise Untranslatable(f"it repeats {prefixes[0]} more than {_DEEPEST} times")
        found = self._postfix(self._primary())
        for prefix in reversed(prefixes):
            forms = {"-": "(-{0})", "empty": _EMPTY}
            found = forms.get(prefix, "not({0})").format(found)
        return found

    def _primary(self) -> str:
        word = self.word
        self._at += 1
        if word.kind == "number":
            return format(Decimal(word.text), "f")
        if word.kind == "text":
            return quoted(unquoted(word.text))
        if word.text == "(":
            found = self.expression()
            self.wants(")")
            return f"({found})" if not found.startswith("(") else found
        if word.kind == "name":
            return self._named(word)
        self._at -= 1
        raise self.unexpected()

    def _named(self, word: Token) -> str:
        name = word.text
        if name in _WORDS:
            return _WORDS[name]
        if self.word.text == "(":
            return self._function(name)
        if name in _SCOPES:
            return self._variable_asked(name)
        if name in self._known:
            return self._known[name]
        if name in _COUNTERS:
            return _COUNTERS[name]
        if name in _OURS:
            raise Untranslatable(f"the name {name} means something else here")
        self._readable(name)
        return name

    def _function(self, name: str) -> str:
        if name in ("now", "dateTime"):
            self.wants("(")
            self.wants(")")
            return "now"
        raise Untranslatable(f"the function {name} is not known here")

    def _variable_asked(self, scope: str) -> str:
        """`execution.getVariable("x")` is x."""
        self.wants(".")
        method, name = self.word.text, ""
        if method == "getVariable":
            self._at += 1
            self.wants("(")
            if self.word.kind == "text":
                name = unquoted(self.word.text)
                self._at += 1
        if not name:
            raise Untranslatable(f"{scope}.{method} has no meaning here")
        self.wants(")")
        if not re.fullmatch(r"[^\W\d]\w*", name) or name in _OURS:
            raise Untranslatable(f"{name} cannot be the name of a variable")
        self._readable(name)
        return self._known.get(name, name)

    @staticmethod
    def _readable(name: str) -> None:
        """A word of FEEL cannot be a variable."""
        try:
            if name in expressions.compile(name).names:
                return
        except DecisionError:
            pass
        raise Untranslatable(f"{name} is a word of FEEL and no name")

    def _postfix(self, found: str) -> str:
        for _ in range(_DEEPEST):
            if self.accepts("."):
                found = _short(self._member(found))
            elif self.accepts("["):
                found = self._index(found)
            else:
                return found
        raise Untranslatable(f"its path has more than {_DEEPEST} steps")

    def _member(self, found: str) -> str:
        name = self.word.text
        if self.word.kind != "name":
            raise self.unexpected()
        self._at += 1
        if not self.accepts("("):
            if name in ("length", "size"):
                raise Untranslatable(f".{name} may be a text's, a list's, or an entry")
            return f"{found}.{name}"
        return self._called(found, name, self._arguments())

    def _arguments(self) -> list[str]:
        found: list[str] = []
        while not self.accepts(")"):
            if found:
                self.wants(",")
            found.append(self.expression())
        return found

    def _called(self, found: str, name: str, arguments: list[str]) -> str:
        if (pattern := _METHODS.get((name, len(arguments)))) is not None:
            return pattern.format(found, *arguments)
        if name == "get" and len(arguments) == 1:
            return self._item(found, arguments[0])
        raise Untranslatable(f"the method {name} is not known here")

    def _index(self, found: str) -> str:
        inner = self.expression()
        self.wants("]")
        return self._item(found, inner)

    @staticmethod
    def _item(found: str, inner: str) -> str:
        """A list is counted from 0 there and from 1 here; a context is asked by its key."""
        if inner.isdigit():
            return f"{found}[{int(inner) + 1}]"
        if inner.startswith('"'):
            return f"get value({found}, {inner})"
        raise Untranslatable("what stands between [ and ] may be a place or a key")

    # The words themselves, for whoever reads statements made of expressions too.

    @property
    def word(self) -> Token:
        """The next word."""
        return self._words[self._at]

    def sees(self, kind: str) -> bool:
        """Whether the next word is of this kind."""
        return self.word.kind == kind

    def accepts(self, sign: str) -> bool:
        """Take the next word where it is this sign."""
        found = self.word.kind in ("sign", "name") and self.word.text == sign
        self._at += found
        return found

    def takes(self, kind: str) -> str:
        """Take the next word, which must be of this kind."""
        if not self.sees(kind):
            raise self.unexpected()
        self._at += 1
        return self._words[self._at - 1].text

    def wants(self, sign: str) -> None:
        """Take this sign; anything else cannot stand here."""
        if not self.accepts(sign):
            raise self.unexpected()

    def unexpected(self) -> Untranslatable:
        """The error for the next word."""
        said = f"“{self.word.text}”" if not self.sees("end") else "the end"
        return Untranslatable(f"{said} at place {self.word.place} is not understood")


__all__ = ["Translation", "Untranslatable", "checked", "is_expression", "translated"]

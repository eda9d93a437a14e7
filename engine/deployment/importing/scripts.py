"""Scripts of JavaScript and Groovy that only assign, as one FEEL context."""

from collections.abc import Iterator
from typing import Final

from decisions import expressions
from decisions.errors import DecisionError
from engine.deployment.importing.juel import Translation, Untranslatable, checked
from engine.deployment.importing.tokens import Token, tokens, unquoted

_LANGUAGES = frozenset({"javascript", "groovy", "ecmascript", "js", "juel"})
_SCOPES: Final = ("execution", "delegateExecution", "task")
_DECLARES = frozenset({"var", "let", "const", "def"})


def translated_script(text: str, language: str, result: str = "") -> str:
    """A FEEL context for `execution.setVariable("x", …)` statements, or for one expression whose
    value goes into `result`.  Raises Untranslatable."""
    language = language.strip().lower().removeprefix("text/").removeprefix("application/")
    if language == "feel":
        return _feel(text.strip().removeprefix("=").strip(), result)
    if language not in _LANGUAGES:
        raise Untranslatable(f"the language {language or '(none)'} is not understood")
    local: dict[str, str] = {}
    entries: dict[str, str] = {}
    statements = [statement for statement in _statements(text) if statement]
    for number, statement in enumerate(statements, 1):
        reader = _Reader([*statement, Token("end", "", 0)], local | _read(entries))
        if not reader.assigns(local, entries):
            if not result or number < len(statements):
                raise Untranslatable("a statement is no assignment")
            entries[result] = reader.whole()
    if not entries:
        raise Untranslatable("it sets no variable")
    return _context(entries)


def _read(entries: dict[str, str]) -> dict[str, str]:
    """A variable that was set is read by its name: each entry sees those before it."""
    return {name: name for name in entries}


def _feel(text: str, result: str) -> str:
    if result:
        return _context({result: checked(text)})
    try:
        expressions.compile_context(text)
    except DecisionError as error:
        raise Untranslatable(str(error)) from error
    return text


def _context(entries: dict[str, str]) -> str:
    text = "{ " + ", ".join(f"{name}: {value}" for name, value in entries.items()) + " }"
    try:
        expressions.compile_context(text)
    except DecisionError as error:
        raise Untranslatable(str(error)) from error
    return text


def _statements(text: str) -> Iterator[list[Token]]:
    """The statements, each ended by `;` or by a line that ends outside brackets."""
    for line in text.splitlines() if ";" not in text else [text]:
        found: list[Token] = []
        for token in tokens(line):
            if token.kind == "end" or (token.text == ";" and token.kind == "sign"):
                yield found
                found = []
            else:
                found.append(token)


class _Reader(Translation):
    """A statement."""

    def assigns(self, local: dict[str, str], entries: dict[str, str]) -> bool:
        """Whether the statement is an assignment; then it is noted."""
        words = [word.text for word in self._words[:4]]
        if words[0] in _DECLARES and len(words) > 2 and words[2] == "=":
            self._at = 1
            name = self.takes("name")
            self.wants("=")
            local[name] = f"({self.whole()})"
            return True
        if words[0] in _SCOPES and words[1:3] == [".", "setVariable"]:
            self._at = 3
            self.wants("(")
            name = unquoted(self.takes("text"))
            self.wants(",")
            value = self.expression()
            self.wants(")")
            if not self.sees("end") or not name.isidentifier():
                raise self.unexpected()
            if name in entries:
                raise Untranslatable(f"it sets {name} twice")
            entries[name] = checked(value)
            return True
        return False

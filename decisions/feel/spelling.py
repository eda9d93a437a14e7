"""How the smallest parts of an expression are spelled: literals, keys and types."""

from decimal import Decimal

from decisions.errors import ExpressionInvalid
from decisions.feel import tree
from decisions.feel.lexer import scanned
from decisions.feel.numbers import plain
from decisions.feel.writing import temporal_text
from decisions.values import Value

_LONGEST_PLAIN = 40
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def constant(value: Value) -> str:
    """A literal."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value) if abs(value.adjusted()) < _LONGEST_PLAIN else str(value)
    if isinstance(value, str):
        return _quoted(value)
    return f'@"{temporal_text(value)}"'


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(character) or _shown(character) for character in text) + '"'


def _shown(character: str) -> str:
    """The character, or its code when it cannot be seen."""
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:06x}"


def key_text(key: str) -> str:
    """The key of an entry: bare when it is nothing but words."""
    try:
        words = scanned(key)[:-1]
    except ExpressionInvalid:
        return _quoted(key)
    bare = words and words[0].kind == "word" and all(w.kind in ("word", "number") for w in words)
    return key if bare and key == " ".join(word.text for word in words) else _quoted(key)


def type_text(node: tree.Type) -> str:
    """A type, with the types in its angle brackets."""
    parts = [type_text(part) for part in node.parts]
    if node.name == "function" and parts:
        return f"function<{', '.join(parts[:-1])}> -> {parts[-1]}"
    if node.keys:
        parts = [f"{key_text(key)}: {part}" for key, part in zip(node.keys, parts, strict=True)]
    return f"{node.name}<{', '.join(parts)}>" if parts else node.name


def last_name(node: tree.Type) -> str:
    """The name that the text of a type ends in; empty when it ends in a bracket."""
    if node.name == "function" and node.parts:
        return last_name(node.parts[-1])
    return "" if node.parts else node.name

"""Types as they are written (DMN 1.5 §10.3.1.2, rule 39)."""

from decisions.feel.cursor import Cursor
from decisions.feel.tree import Type

SPACED = (
    "date and time",
    "days and time duration",
    "years and months duration",
    "day time duration",
    "year month duration",
)
"""Names of types that are several words."""


def read_type(cursor: Cursor) -> Type:
    """Take a type: `number`, `list<date>`, `context<a: string>`, `function<number> -> string`."""
    cursor.enter()
    at = cursor.token.start
    name = _name(cursor)
    parts: list[Type] = []
    keys: list[str] = []
    if name in ("list", "range", "context", "function") and cursor.accept("<"):

        def part() -> None:
            if name == "context":
                keys.append(cursor.key())
            parts.append(read_type(cursor))

        cursor.separated(">", part)
        if name == "function":
            cursor.expect("->")
            parts.append(read_type(cursor))
    cursor.leave()
    return Type(at, name, tuple(parts), tuple(keys))


def _name(cursor: Cursor) -> str:
    for spaced in SPACED:
        words = spaced.split()
        if [cursor.ahead(index).text for index in range(len(words))] == words:
            for _ in words:
                cursor.advance()
            return spaced
    known = cursor.known_name(least=2)
    if known is not None:
        return known
    if cursor.token.kind != "word":
        raise cursor.error(f"a type is expected, not {cursor.found()}")
    name = cursor.advance().text
    while cursor.accept("."):
        name += "." + cursor.advance().text
    return name

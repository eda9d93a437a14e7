"""A form's document: read, its shared parts put in, its own words checked.

JSON Schema 2020-12 and a small vocabulary of ours. `$ref` names a part of a shared file,
`shared/identity.json#/$defs/cin`; the part is put in its place, so that a form is one document.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from forms.errors import FormBroken

Fragments = Callable[[str], bytes | None]
Schema = Mapping[str, Any]

# Word: what its value must be.
WORDS: Mapping[str, type | tuple[type, ...]] = {
    "x-personal": bool,  # kept where it can be erased
    "x-index": bool,  # cases are found by it
    "x-labels": dict,  # value of a choice -> what people read
    "x-hint": str,  # a sentence under the question
    "x-error": str,  # said instead of the general message
    "x-after": str,  # a unit or a word after the field
    "x-page": str,  # the page of the form it stands on
    "x-widget": str,
    "x-dir": str,
    "x-autocomplete": str,
    "x-accept": (str, list),
    "x-maxBytes": int,
    "x-min": str,  # a date, "today", or a duration from today: "-P18Y"
    "x-max": str,
    "x-compute": str,  # FEEL; the answer is not asked
    "x-source": str,  # choices from a list that the engine knows
}
LARGEST = 200_000
_DEEPEST = 12
_NESTED = re.compile(r"\([^)]*[+*][^)]*\)[+*{]")


def read(text: bytes | Schema, fragments: Fragments) -> dict[str, Any]:
    """The whole document of a form; raises FormBroken with the place of the first fault."""
    document = _parsed(text) if isinstance(text, bytes) else dict(text)
    if document.get("type") != "object":
        raise FormBroken("a form is a JSON Schema of type object")
    whole: dict[str, Any] = _whole(document, fragments, "", ())
    _check(whole, "")
    return whole


def references(text: bytes) -> frozenset[str]:
    """The shared files that a document names, for closing a bundle; empty where it is no JSON."""
    try:
        return frozenset(_references(json.loads(text)))
    except ValueError:
        return frozenset()


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str) and node["$ref"].startswith("shared/"):
            yield node["$ref"].partition("#")[0]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _parsed(text: bytes) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise FormBroken(f"it is larger than {LARGEST} bytes")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormBroken(f"it is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise FormBroken("it is not a JSON object")
    return document


def _whole(node: Any, fragments: Fragments, where: str, seen: tuple[str, ...]) -> Any:
    """The node with every reference replaced by what it names; its own words go before."""
    if isinstance(node, list):
        return [_whole(v, fragments, f"{where}/{i}", seen) for i, v in enumerate(node)]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = node["$ref"]
        found = _named(name, fragments, where, seen)
        own = {key: value for key, value in node.items() if key != "$ref"}
        node = {**found, **own}
        seen = (*seen, str(name))
    return {
        key: _whole(value, fragments, f"{where}/{key}", seen)
        for key, value in node.items()
        if key != "$defs"
    }


def _named(name: Any, fragments: Fragments, where: str, seen: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(name, str) or not name.startswith("shared/"):
        remedy = "Write shared/<file>.json#/$defs/<name>."
        raise FormBroken(f"the reference {name} leads outside the shared parts", where, remedy)
    if name in seen or len(seen) > _DEEPEST:
        raise FormBroken(f"the reference {name} leads back to itself", where)
    file, _, path = name.partition("#")
    text = fragments(file)
    if text is None:
        raise FormBroken(f"there is no {file}", where, "Name one of forms/shared.")
    found: Any = _parsed(text)
    for step in path.strip("/").split("/") if path else ():
        found = found.get(step) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        raise FormBroken(f"the reference {name} leads nowhere", where)
    return found


def _check(schema: Schema, where: str) -> None:
    for name, field in schema.get("properties", {}).items():
        _check_field(field, f"{where}/properties/{name}")
    if "properties" in schema:
        closed = (schema.get("additionalProperties"), schema.get("unevaluatedProperties"))
        if not any(word is False for word in closed):
            remedy = 'Add "additionalProperties": false (with conditions: unevaluatedProperties).'
            raise FormBroken("unknown keys would pass", where or "/", remedy)
    for word in ("then", "else"):
        if isinstance(schema.get(word), dict):
            _check({**schema[word], "additionalProperties": False}, f"{where}/{word}")
    for number, part in enumerate(schema.get("allOf", ())):
        _check({**part, "additionalProperties": False}, f"{where}/allOf/{number}")


def _check_field(field: Any, place: str) -> None:
    if not isinstance(field, dict):
        raise FormBroken("a field is an object", place)
    if "title" not in field and "x-compute" not in field:
        raise FormBroken("a field needs a title that people can read", place, "Add a title.")
    if field.get("type") == "object":
        _check(field, place)
    elif isinstance(field.get("items"), dict) and "properties" in field["items"]:
        _check(field["items"], f"{place}/items")
    _check_words(field, place)


def _check_words(field: Schema, place: str) -> None:
    for word, value in field.items():
        if word.startswith("x-") and word not in WORDS:
            raise FormBroken(f"unknown word {word}", place, f"Known: {', '.join(WORDS)}.")
        if word in WORDS and not isinstance(value, WORDS[word]):
            raise FormBroken(f"{word} has a value of the wrong kind", place)
    pattern = field.get("pattern", "")
    if _NESTED.search(pattern):
        remedy = "Repeat one thing only: no + or * inside a group that is repeated itself."
        raise FormBroken(f"the pattern {pattern} can take for ever", place, remedy)

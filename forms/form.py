"""A form: one JSON Schema 2020-12 document, compiled once.

The same document validates, is asked in the terminal and says what is personal (`x-personal`) and
what clerks search by (`x-index`).
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import jsonschema_rs

from forms.errors import FieldError, FormBroken, FormInvalid

_OWN = frozenset({"x-personal", "x-index"})
# Marks that turn the direction of a text about: they hide in pasted names and mean nothing there.
_BIDI = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class Form:
    """A compiled form."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.title: str = document.get("title", "")
        self.fields: Mapping[str, Any] = document.get("properties", {})
        self.personal = frozenset(k for k, v in self.fields.items() if v.get("x-personal"))
        self.indexed = frozenset(k for k, v in self.fields.items() if v.get("x-index"))
        try:
            self._validator = jsonschema_rs.Draft202012Validator(
                dict(document), validate_formats=True
            )
        except ValueError as error:
            raise FormBroken(str(error)) from error

    @classmethod
    def read(cls, text: bytes) -> "Form":
        """Compile a form's document; FormBroken says what is wrong with it."""
        try:
            document = json.loads(text)
        except ValueError as error:
            raise FormBroken(f"it is not JSON: {error}") from error
        if not isinstance(document, dict) or document.get("type") != "object":
            raise FormBroken("a form is a JSON Schema of type object")
        if document.get("additionalProperties") is not False:
            raise FormBroken('"additionalProperties": false is missing: unknown keys would pass')
        for name, schema in document.get("properties", {}).items():
            unknown = {word for word in schema if word.startswith("x-")} - _OWN
            if unknown:
                raise FormBroken(f"{name}: unknown word {', '.join(sorted(unknown))}")
            if "title" not in schema:
                raise FormBroken(f"{name}: a field needs a title that people can read")
        return cls(document)

    def validate(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Clean values (numbers as Decimal, texts trimmed and composed), or FormInvalid."""
        cleaned = {key: _clean(value) for key, value in values.items() if value not in (None, "")}
        errors = [found for e in self._validator.iter_errors(cleaned) for found in _error(e)]
        if errors:
            raise FormInvalid(tuple(sorted(errors, key=lambda error: error.pointer)))
        return {key: _exact(value) for key, value in cleaned.items()}

    def seal(self, values: Mapping[str, Any], sealer: Callable[[str, Any], Any]) -> dict[str, Any]:
        """The values with every personal one handed to `sealer(name, value)` and replaced."""
        return {k: sealer(k, v) if k in self.personal else v for k, v in values.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.translate(_BIDI)).strip()
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return value


def _exact(value: Any) -> Any:
    """Numbers as Decimal: what a person typed, never its nearest binary fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float | list | dict):
        return value
    if isinstance(value, list):
        return [_exact(item) for item in value]
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    return Decimal(str(value))


def _error(error: Any) -> list[FieldError]:
    pointer = "".join(f"/{part}" for part in error.instance_path)
    kind = error.kind
    name = type(kind).__name__.removeprefix("ValidationErrorKind_")
    match name:
        case "Required":
            return [FieldError(f"{pointer}/{kind.property}", "required")]
        case "AdditionalProperties":
            return [FieldError(f"{pointer}/{key}", "unknown") for key in kind.unexpected]
    return [FieldError(pointer or "/", name.lower())]

"""A form: one JSON Schema 2020-12 document, compiled once.

The same document validates, is asked in the terminal, and says what is personal (`x-personal`)
and what clerks search by (`x-index`). Conditions are `if`/`then`: a field that does not apply is
not asked, and its answer is refused.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

import jsonschema_rs

from forms import checks, documents, formats
from forms.documents import Fragments, Schema
from forms.errors import FieldError, FormBroken, FormInvalid

Evaluate = Callable[[str, Mapping[str, Any]], Any]
Choices = Mapping[str, Collection[str]]
NO_CHOICES: Choices = MappingProxyType({})
LARGEST_ANSWERS = 64_000


def _none(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Field:
    """A question that applies: its place ("applicant/cin"), its schema, whether it must be
    answered."""

    pointer: str
    schema: Schema
    required: bool

    @property
    def title(self) -> str:
        """The question."""
        return str(self.schema.get("title", self.pointer))

    @property
    def kind(self) -> str:
        """object, array, string, number, integer or boolean."""
        return str(self.schema.get("type", "string"))


class Form:
    """A compiled form."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self.title: str = document.get("title", "")
        try:
            self._validator = jsonschema_rs.Draft202012Validator(
                dict(document), validate_formats=True, formats=dict(formats.FORMATS)
            )
        except ValueError as error:
            raise FormBroken(str(error)) from error
        every = list(_every(document, ""))
        self.personal = frozenset(p for p, field in every if field.get("x-personal"))
        self.indexed = frozenset(p for p, field in every if field.get("x-index"))
        self.computed = {p: field["x-compute"] for p, field in every if "x-compute" in field}
        self.sources = {p: field["x-source"] for p, field in every if "x-source" in field}
        self.labels = {p: field["x-labels"] for p, field in every if "x-labels" in field}
        self.titles = {p: field["title"] for p, field in every if "title" in field}
        self._conditions: dict[int, Any] = {}

    @classmethod
    def read(cls, text: bytes | Schema, fragments: Fragments = _none) -> "Form":
        """Compile a form's document; FormBroken says what is wrong with it, and where."""
        return cls(documents.read(text, fragments))

    @cached_property
    def names(self) -> frozenset[str]:
        """The variables that the form's answers become."""
        return frozenset(p.split("/")[0] for p, _ in _every(self.document, ""))

    def order(self, pointer: str) -> int:
        """Where in the document a question stands; those that it does not ask come last."""
        return self._places.get(generic(pointer), len(self._places))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {pointer: n for n, pointer in enumerate(self.titles)}

    def fields(self, answers: Mapping[str, Any]) -> list[Field]:
        """The questions that apply, given what was answered so far, in their order."""
        return list(self._fields(self.document, answers, ""))

    def validate(
        self, values: Mapping[str, Any], *, today: date | None = None,
        evaluate: Evaluate | None = None, partial: bool = False, choices: Choices = NO_CHOICES,
    ) -> dict[str, Any]:  # fmt: skip
        """Clean values (Decimal, dates, texts composed), or FormInvalid with every fault.

        `today` is what relative limits count from; `evaluate` computes `x-compute`;
        `choices` are the lists that `x-source` names; `partial` accepts what is there and misses
        nothing: for drafts, and for one value to be corrected.
        """
        if len(repr(values)) > LARGEST_ANSWERS:
            raise FormInvalid((FieldError("/", "too-large", {"limit": LARGEST_ANSWERS}),))
        tidied: dict[str, Any] = _tidied(dict(values), self.document)
        fields = {field.pointer: field for field in self.fields(tidied)}
        errors = [
            found
            for error in self._validator.iter_errors(tidied)
            for found in checks.errors(error, fields)
            if not (partial and found.code == "required")
        ]
        if not errors and today is not None:
            errors = list(checks.limits(fields, tidied, today))
        for pointer, source in self.sources.items():
            errors += checks.chosen(tidied, pointer, choices.get(source))
        if errors:
            unique = {(error.pointer, error.code): error for error in errors}
            raise FormInvalid(tuple(sorted(unique.values(), key=lambda e: e.pointer)))
        kept: dict[str, Any] = _kept(tidied, self.document, fields)
        return self._computed(kept, evaluate) if evaluate is not None else kept

    def seal(self, values: Mapping[str, Any], sealer: Callable[[str, Any], Any]) -> dict[str, Any]:
        """The values with every personal one handed to `sealer(pointer, value)` and replaced."""
        sealed: dict[str, Any] = self._sealed(dict(values), "", sealer)
        return sealed

    def index(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """The plain values that cases are found by, each with its pointer."""
        for pointer in sorted(self.indexed - self.personal):
            yield from ((pointer, found) for found in _at(values, pointer.split("/")))

    def _sealed(self, value: Any, where: str, sealer: Callable[[str, Any], Any]) -> Any:
        if generic(where) in self.personal:
            return sealer(where, value)
        if isinstance(value, dict):
            return {
                k: self._sealed(v, f"{where}/{k}".lstrip("/"), sealer) for k, v in value.items()
            }
        if isinstance(value, list):
            return [self._sealed(v, f"{where}/{i}", sealer) for i, v in enumerate(value)]
        return value

    def _computed(self, values: dict[str, Any], evaluate: Evaluate) -> dict[str, Any]:
        for name, text in self.computed.items():
            values[name] = evaluate(text, values)
        return values

    def _fields(self, schema: Schema, answers: Any, where: str) -> Iterator[Field]:
        required = set(schema.get("required", ()))
        for part in self._applying(schema, answers):
            required |= set(part.get("required", ()))
        for part in (schema, *self._applying(schema, answers)):
            for name, field in part.get("properties", {}).items():
                if not field.get("title") or "x-compute" in field:
                    continue
                pointer = f"{where}/{name}".lstrip("/")
                yield Field(pointer, field, name in required)
                given = answers.get(name) if isinstance(answers, Mapping) else None
                if field.get("type") == "object":
                    yield from self._fields(field, given or {}, pointer)

    def _applying(self, schema: Schema, answers: Any) -> Iterator[Schema]:
        """The parts of a schema that hold beside it for these answers."""
        for part in (schema, *schema.get("allOf", ())):
            if part is not schema:
                yield part
            if "if" in part:
                branch = part.get("then" if self._holds(part["if"], answers) else "else")
                if branch:
                    yield branch
                    yield from self._applying(branch, answers)

    def _holds(self, condition: Schema, answers: Any) -> bool:
        validator = self._conditions.get(id(condition))
        if validator is None:
            validator = jsonschema_rs.Draft202012Validator(dict(condition))
            self._conditions[id(condition)] = validator
        holds: bool = validator.is_valid(answers)
        return holds


def generic(pointer: str) -> str:
    """A pointer with the numbers of rows left open: "witnesses/2/name" -> "witnesses/*/name"."""
    return "/".join("*" if step.isdigit() else step for step in pointer.split("/"))


def _every(schema: Schema, where: str) -> Iterator[tuple[str, Schema]]:
    """Every field that the document may ask, whatever the answers, by its generic pointer."""
    for name, field in schema.get("properties", {}).items():
        pointer = f"{where}/{name}".lstrip("/")
        if isinstance(field, dict):
            yield pointer, field
            yield from _every(field, pointer)
            if isinstance(field.get("items"), dict):
                yield f"{pointer}/*", field["items"]
                yield from _every(field["items"], f"{pointer}/*")
    for part in (schema.get("then"), schema.get("else"), *schema.get("allOf", ())):
        if isinstance(part, dict):
            yield from _every(part, where)


def _property(schema: Schema, name: str) -> Schema:
    """The schema of a name wherever the document holds it."""
    return next((field for pointer, field in _every(schema, "") if pointer == name), {})


def _tidied(value: Any, schema: Schema) -> Any:
    if isinstance(value, dict):
        found = {str(k): _tidied(v, _property(schema, str(k))) for k, v in value.items()}
        return {k: v for k, v in found.items() if v not in (None, "", {}, [])}
    if isinstance(value, list):
        return [_tidied(item, schema.get("items", {})) for item in value]
    if isinstance(value, str):
        return formats.tidy(value, schema.get("format", ""))
    return formats.plain(value)


def _kept(value: Any, schema: Schema, fields: Mapping[str, Field]) -> Any:
    if isinstance(value, dict):
        return {k: _kept(v, _property(schema, k), fields) for k, v in value.items()}
    if isinstance(value, list):
        return [_kept(item, schema.get("items", {}), fields) for item in value]
    return formats.kept(value, schema.get("format", ""))


def _at(values: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield values
    elif path[0] == "*" and isinstance(values, list):
        for item in values:
            yield from _at(item, path[1:])
    elif isinstance(values, Mapping) and path[0] in values:
        yield from _at(values[path[0]], path[1:])

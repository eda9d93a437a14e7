"""From a validator's findings to errors of fields, and the limits that JSON Schema cannot say."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from forms.errors import FieldError

KNOWN_FORMATS = ("cin", "phone-ma", "date", "email")
_DURATION = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")


def errors(error: Any, fields: Mapping[str, Any]) -> Iterator[FieldError]:
    """The errors of fields that one finding of the validator means."""
    pointer = "/".join(str(part) for part in error.instance_path)
    kind, code = error.kind, error.kind.name
    if code == "required":
        yield FieldError(_below(pointer, kind.property), code)
    elif code in ("additionalProperties", "unevaluatedProperties"):
        # A field that is wrong in itself counts as unevaluated too; it has its own error.
        names = [f"{pointer}/{key}".lstrip("/") for key in kind.unexpected]
        yield from (FieldError(f"/{name}", "unknown") for name in names if name not in fields)
    elif code not in ("if", "allOf", "falseSchema"):
        field = fields.get(pointer)
        schema = field.schema if field is not None else {}
        params = {"limit": kind.limit} if hasattr(kind, "limit") else {}
        if code == "format" and schema.get("format") in KNOWN_FORMATS:
            code = f"format-{schema['format']}"
        yield FieldError(f"/{pointer}", code, params, str(schema.get("x-error", "")))


def _below(pointer: str, name: str) -> str:
    return f"/{pointer}/{name}" if pointer else f"/{name}"


def limits(
    fields: Mapping[str, Any], values: Mapping[str, Any], today: date
) -> Iterator[FieldError]:
    """Dates before `x-min` or after `x-max`; both may count from today."""
    for pointer, field in fields.items():
        value = _value(values, pointer)
        if not isinstance(value, str) or field.schema.get("format") != "date":
            continue
        given, own = date.fromisoformat(value), str(field.schema.get("x-error", ""))
        if "x-min" in field.schema and given < (least := moment(field.schema["x-min"], today)):
            yield FieldError(f"/{pointer}", "too-early", {"limit": least.isoformat()}, own)
        if "x-max" in field.schema and given > (most := moment(field.schema["x-max"], today)):
            yield FieldError(f"/{pointer}", "too-late", {"limit": most.isoformat()}, own)


def chosen(values: Any, pointer: str, known: Collection[str] | None) -> Iterator[FieldError]:
    """Answers that are not in the list that their `x-source` names."""
    for place, value in _places(values, pointer.split("/"), ""):
        if known is not None and value not in known:
            yield FieldError(place, "enum")


def _places(values: Any, path: list[str], where: str) -> Iterator[tuple[str, Any]]:
    """Every answer at a generic pointer, each with its own."""
    if not path:
        yield where, values
    elif path[0] == "*" and isinstance(values, list):
        for number, item in enumerate(values):
            yield from _places(item, path[1:], f"{where}/{number}")
    elif isinstance(values, Mapping) and path[0] in values:
        yield from _places(values[path[0]], path[1:], f"{where}/{path[0]}")


def moment(text: str, today: date) -> date:
    """A limit: a date, "today", or a duration from today ("-P18Y": eighteen years ago)."""
    if text == "today":
        return today
    matched = _DURATION.fullmatch(text)
    if matched is None:
        return date.fromisoformat(text)
    sign = -1 if matched[1] else 1
    years, months, days = (sign * int(part or 0) for part in matched.groups()[1:])
    month = today.month - 1 + months + 12 * years
    year, month = today.year + month // 12, month % 12 + 1
    day = min(today.day, _last_day(year, month))
    return date.fromordinal(date(year, month, day).toordinal() + days)


def _last_day(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1).day


def _value(values: Any, pointer: str) -> Any:
    for step in pointer.split("/"):
        values = values.get(step) if isinstance(values, Mapping) else None
    return values

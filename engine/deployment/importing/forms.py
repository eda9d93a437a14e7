"""Forms that other tools hold inside a model, as JSON Schema; and those that an import proposes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lxml import etree

from engine.deployment.trees import local
from engine.runtime.notation import MQ

START = "forms/start.json"
_TYPES: Final[Mapping[str, dict[str, Any]]] = {
    "string": {"type": "string"},
    "long": {"type": "integer"},
    "double": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "enum": {"type": "string"},
}


class Forms:
    """The forms of a model by their file, as documents that can still grow."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {}

    def file_of(self, node: Any) -> str:
        """The file of the form of a task or start event."""
        given = node.get(f"{{{MQ}}}form")
        if given:
            return str(given)
        name = re.sub(r"[^A-Za-z0-9_-]", "_", node.get("id", ""))
        return START if local(node) == "startEvent" else f"forms/{name}.json"

    def named(self, file: str, node: Any) -> dict[str, Any]:
        """The form in a file, made where there is none."""
        return self.documents.setdefault(file, form(node.get("name") or "Étape"))


def form(title: str) -> dict[str, Any]:
    """A form that asks nothing yet."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": " ".join(title.split()), "type": "object", "additionalProperties": False,
        "properties": {},
    }  # fmt: skip


def form_of(data: Any, document: dict[str, Any]) -> bool:
    """Move every field that is understood out of `formData`; whether there was one."""
    moved = False
    for field in list(data):
        if etree.QName(field).localname != "formField":
            continue
        schema = _field(field)
        name = field.get("id", "")
        if schema is None or not re.fullmatch(r"[^\W\d]\w*", name):
            continue
        document["properties"][name] = schema
        if any(_constraint(c) == "required" for c in field.iter(etree.Element)):
            document.setdefault("required", []).append(name)
        data.remove(field)
        moved = True
    return moved


def _field(field: Any) -> dict[str, Any] | None:
    """A field, where all that it says is understood."""
    found = _TYPES.get(field.get("type", ""))
    title = " ".join((field.get("label") or field.get("id", "")).split())
    understood = {"id", "label", "type"}
    if found is None or not title or not set(field.attrib) <= understood:
        return None
    schema = {"title": title} | found
    if field.get("type") == "enum":
        values = {v.get("id", ""): v.get("name") or v.get("id", "") for v in _named(field, "value")}
        if not values:
            return None
        schema |= {"enum": list(values), "x-labels": values}
    known = {"formField", "value", "validation", "constraint"}
    for part in field.iter(etree.Element):
        name = etree.QName(part).localname
        if name not in known or (name == "constraint" and _constraint(part) != "required"):
            return None
    return schema


def _named(field: Any, name: str) -> Iterator[Any]:
    return (part for part in field if etree.QName(part).localname == name)


def _constraint(part: Any) -> str:
    return str(part.get("name", "")) if etree.QName(part).localname == "constraint" else ""

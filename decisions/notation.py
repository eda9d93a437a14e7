"""Decision models as XML (DMN 1.1 to 1.5): read with care, and walked without their namespaces."""

import re
from typing import Any

from lxml import etree

from decisions.errors import DecisionError

LARGEST = 5_000_000
VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",  # early Camunda 7
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
"""The version of the standard by the namespace of the file."""


def tree(xml: bytes) -> Any:
    """The root of a model; raises DecisionError where it is none, or none that is known."""
    if len(xml) > LARGEST:
        raise DecisionError("xml", f"the model is larger than {LARGEST} bytes")
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", xml, re.IGNORECASE):
        raise DecisionError("xml", "a document type or entity is not allowed in a model")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise DecisionError("xml", f"it is not well-formed XML: {error}") from error
    namespace = etree.QName(root).namespace or ""
    if local(root) != "definitions" or "DMN" not in namespace:
        raise DecisionError("xml", "it is no decision model (DMN definitions)")
    if namespace not in VERSIONS:
        raise DecisionError(
            "xml", f"no version of DMN has the namespace {namespace}",
            remedy=f"Save it as DMN {' or '.join(sorted({*VERSIONS.values()}))}.",
        )  # fmt: skip
    return root


def local(node: Any) -> str:
    """The name of an element without its namespace."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(node: Any, name: str) -> Any:
    """The first child of that name, or None; also where there is no node."""
    return None if node is None else next((part for part in node if local(part) == name), None)


def children(node: Any, name: str) -> list[Any]:
    """Every child of that name."""
    return [part for part in node if local(part) == name]


def name(node: Any, key: str = "name") -> str:
    """The name of an element, its spaces and line breaks as FEEL reads them; "" for none."""
    return "" if node is None else " ".join((node.get(key) or "").split())


def language(node: Any) -> str:
    """The language of a text where it is not FEEL, as it is written; "" for FEEL.

    A text that names none is in the language of the file.
    """
    if node is None or not text(node):
        return ""
    root = node.getroottree().getroot()
    named = node.get("expressionLanguage") or root.get("expressionLanguage") or ""
    named = named.strip()
    feel = not named or "feel" in named.lower() or "www.omg.org/spec/" in named
    return "" if feel else named


def flag(node: Any, key: str) -> bool:
    """Whether an attribute that is true or false is true."""
    return (node.get(key) or "").strip() in ("true", "1")


def text(node: Any) -> str:
    """The text that a cell or a literal expression holds, without the space around it."""
    return content(child(node, "text"))


def content(node: Any) -> str:
    """What stands inside an element, without the space around it."""
    return ((node.text if node is not None else "") or "").strip()


def targets(node: Any, *names: str) -> list[str]:
    """The hrefs of the children of these names, as written."""
    return [part.get("href") or "" for part in node if local(part) in names]

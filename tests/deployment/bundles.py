"""Bundles for the tests of deployment: a sound one, and how to spoil it."""

import json
from typing import Any

from processes.bundle import Bundle
from tests.runtime.models import START, ends, flows, node, user

FORM = {
    "title": "Demande", "type": "object", "additionalProperties": False,
    "properties": {
        "name": {"title": "Nom", "type": "string", "x-personal": True},
        "born": {"title": "Né le", "type": "string", "format": "date", "x-personal": True},
        "n": {"title": "Nombre", "type": "integer"},
    },
}  # fmt: skip
TOML = """
key = "test"
code = "TST"
name = "Essai"
start = "forms/start.json"
languages = ["fr"]
[roles.desk]
lane = "Desk"
"""
OPEN = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:mq="urn:mouqataa:bpmn:1" targetNamespace="t">'
)


def bpmn(*parts: str, beside: str = "", lanes: bool = True) -> bytes:
    """A model of one process, every task in the lane of the one role."""
    inside = "".join(parts)
    keys = [piece.split('"')[0] for piece in inside.split(' id="')[1:]]
    refs = "".join(f"<flowNodeRef>{key}</flowNodeRef>" for key in keys)
    lane = f'<laneSet id="L"><lane id="L1" name="Desk">{refs}</lane></laneSet>' if lanes else ""
    return f'{OPEN}{beside}<process id="test">{lane}{inside}</process></definitions>'.encode()


SOUND = (START, user("A"), ends("E"), flows("S > A > E"))


def bundle(
    *parts: str, toml: str = "", files: dict[str, bytes] | None = None, **how: Any
) -> Bundle:
    """A bundle around a model; `toml` is added to its facts."""
    given = {
        "procedure.toml": (TOML + toml).encode(),
        "procedure.bpmn": bpmn(*(parts or SOUND), **how),
        "forms/start.json": json.dumps(FORM).encode(),
    }
    return Bundle(given | (files or {}))


__all__ = ["FORM", "SOUND", "bpmn", "bundle", "node"]

"""A house for the tests of commands: procedures made of a few nodes, and who works with them.

Two roles, `desk` and `chief`, each with its lane; one start form with personal and public fields.
"""

import json
from collections.abc import Callable
from typing import Any

from engine.commands import cases, procedures
from engine.engine import Engine
from engine.transaction import By
from processes.bundle import Bundle
from tests.conftest import ADMIN
from tests.deployment.bundles import OPEN
from tests.runtime.models import START, ends, flows, user

Hire = Callable[..., By]
FORM = {
    "title": "Demande", "type": "object", "additionalProperties": False, "required": ["n"],
    "properties": {
        "name": {"title": "Nom", "type": "string", "x-personal": True, "x-index": True},
        "name_ar": {"title": "Nom arabe", "type": "string", "x-personal": True, "x-index": True},
        "cin": {"title": "CIN", "type": "string", "x-personal": True, "x-index": True},
        "parcel": {"title": "Parcelle", "type": "string", "x-index": True},
        "n": {"title": "Nombre", "type": "integer", "minimum": 0, "maximum": 9},
    },
}  # fmt: skip
APPLICATION = {
    "name": "Fatima-Zahra Bennani", "name_ar": "فاطمة الزهراء بناني", "cin": "BX000001",
    "parcel": "TF 4211/C", "n": 1,
}  # fmt: skip
ANSWERS = {
    "title": "Réponse", "type": "object", "additionalProperties": False,
    "properties": {
        "ok": {"title": "Accord", "type": "boolean"},
        "remark": {"title": "Remarque", "type": "string", "x-personal": True},
    },
}  # fmt: skip
TOML = """
name = "Essai"
start = "forms/start.json"
languages = ["fr"]
[roles.desk]
lane = "Guichet"
may = ["start"]
[roles.chief]
lane = "Chef"
[[papers]]
key = "deed"
name = "Acte"
source = "test"
read = 2026-01-01
[subject]
identity = ""
"""
ONE = (START, user("A"), ends("E"), flows("S > A > E"))
TWO = (START, user("A", "B"), ends("E"), flows("S > A > B > E"))
FORMED = '<userTask id="A" name="A" mq:form="forms/answers.json"/>'


def bundle(
    *parts: str, key: str = "essai", code: str = "TST", chief: tuple[str, ...] = (),
    top: str = "", toml: str = "", beside: str = "", files: dict[str, bytes] | None = None,
) -> Bundle:  # fmt: skip
    """A procedure of these nodes; those that `chief` names lie in the chief's lane."""
    inside = "".join(parts or ONE)
    keys = [piece.split('"')[0] for piece in inside.split(' id="')[1:]]
    lanes = _lane("L1", "Guichet", [k for k in keys if k not in chief])
    lanes += _lane("L2", "Chef", list(chief)) if chief else ""
    process = f'<process id="{key}"><laneSet id="L">{lanes}</laneSet>{inside}</process>'
    given = {
        "procedure.toml": f'key = "{key}"\ncode = "{code}"\n{top}{TOML}{toml}'.encode(),
        "procedure.bpmn": f"{OPEN}{beside}{process}</definitions>".encode(),
        "forms/start.json": json.dumps(FORM).encode(),
        "forms/answers.json": json.dumps(ANSWERS).encode(),
    }
    return Bundle(given | (files or {}))


def _lane(key: str, name: str, nodes: list[str]) -> str:
    refs = "".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in nodes)
    return f'<lane id="{key}" name="{name}">{refs}</lane>'


def deploy(engine: Engine, *parts: str, **how: Any) -> procedures.Deployed:
    return engine.run(ADMIN, procedures.deploy, bundle(*parts, **how))


def start(
    engine: Engine, by: By, key: str = "essai", office: str = "MAR", **values: Any
) -> cases.Started:
    return engine.run(by, cases.start, key, APPLICATION | values, office)

"""The model that all ways run: tasks of a person in a row, and a choice to go round once more."""

import json
from itertools import pairwise

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
VALUES = {"present": True, "comment": "Pièces conformes", "again": False}
_FORM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Étape",
    "type": "object",
    "additionalProperties": False,
    "required": ["present"],
    "properties": {
        "present": {"title": "Présent", "type": "boolean"},
        "comment": {"title": "Observation", "type": "string", "maxLength": 200},
        "again": {"title": "Encore", "type": "boolean"},
    },
}
_PROCEDURE = """key = "{key}"
code = "{code}"
name = "Mesure"
summary = "Un modèle pour mesurer."
start = "forms/step.json"

[roles.guichet]
lane = "Agent de guichet"
may = ["start"]
"""


_LAW = """
[clock.decision]
article = "measured"
source = "bench"
read = 2026-11-24
obliged = "office"
length = [[60, "days"]]
rule = "fr.641"
start = ["case.filed"]
stop = ["decision.notified"]

[clock.answer]
article = "measured"
source = "bench"
read = 2026-11-24
obliged = "other"
length = [[10, "working_days"]]
start = ["case.filed"]
stop = ["decision.notified"]
"""


def lawful(model: bytes, tasks: int) -> dict[str, bytes]:
    """The folder of the procedure under two clocks of the law, which its last task ends."""
    last = f'<userTask id="T{tasks}"'.encode()
    marked = model.replace(last, last + b' mq:fact="decision.notified"')
    found = files(marked)
    procedure = found["procedure.toml"].replace(b"name = ", b'jurisdiction = "france"\nname = ', 1)
    return found | {"procedure.toml": procedure + _LAW.encode()}


def xml(tasks: int, *, loop: bool) -> bytes:
    """A process of `tasks` tasks; with a loop, the last leads back to the first while `again`."""
    names = [f"T{number}" for number in range(1, tasks + 1)]
    last = "Again" if loop else "Delivered"
    path = ["Deposited", *names, last]
    flows = "".join(
        f'<sequenceFlow id="F{i}" sourceRef="{a}" targetRef="{b}"/>'
        for i, (a, b) in enumerate(pairwise(path))
    )
    choice = _choice(names[0]) if loop else ""
    refs = "".join(f"<flowNodeRef>{n}</flowNodeRef>" for n in dict.fromkeys([*path, "Delivered"]))
    steps = "".join(f'<userTask id="{n}" name="{n}" mq:form="forms/step.json"/>' for n in names)
    return (
        f'<definitions xmlns="{BPMN}" xmlns:mq="urn:mouqataa:bpmn:1" targetNamespace="bench" '
        f'mq:main="bench"><process id="bench" name="Mesure" isExecutable="true">'
        f'<laneSet id="Lanes"><lane id="Lane" name="Agent de guichet">{refs}</lane></laneSet>'
        f'<startEvent id="Deposited"/>{steps}{choice}<endEvent id="Delivered"/>{flows}'
        "</process></definitions>"
    ).encode()


def waiting(key: str, element: str) -> bytes:
    """A process that waits at an element X, and then for a person."""
    refs = "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in ("S", "X", "T", "E"))
    return (
        f'<definitions xmlns="{BPMN}" xmlns:mq="urn:mouqataa:bpmn:1" targetNamespace="bench" '
        f'mq:main="{key}"><process id="{key}" name="Mesure" isExecutable="true">'
        f'<laneSet id="Lanes"><lane id="Lane" name="Agent de guichet">{refs}</lane></laneSet>'
        f'<startEvent id="S"/>{element}<userTask id="T" name="T"/><endEvent id="E"/>'
        '<sequenceFlow id="F1" sourceRef="S" targetRef="X"/>'
        '<sequenceFlow id="F2" sourceRef="X" targetRef="T"/>'
        '<sequenceFlow id="F3" sourceRef="T" targetRef="E"/></process></definitions>'
    ).encode()


def files(model: bytes, key: str = "bench") -> dict[str, bytes]:
    """The folder of the procedure of this key around a model."""
    form = json.dumps(_FORM, ensure_ascii=False).encode()
    return {
        "procedure.toml": _PROCEDURE.format(key=key, code=key[:3].upper()).encode(),
        "procedure.bpmn": model,
        "forms/step.json": form,
    }


def _choice(first: str) -> str:
    return (
        '<exclusiveGateway id="Again" default="Out"/>'
        f'<sequenceFlow id="Back" sourceRef="Again" targetRef="{first}">'
        "<conditionExpression>again</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="Out" sourceRef="Again" targetRef="Delivered"/>'
    )

"""A small procedure that the law of Morocco finds nothing in, and how to spoil it.

A building permit: a receipt first, one complement with its own delay, a reasoned extension, consent
by silence that the wali attests, a refusal with its motive, and an appeal.
"""

import json
from collections.abc import Mapping

from engine.commands.procedures import examine
from processes.bundle import Bundle
from tests.deployment.bundles import FORM, OPEN
from tests.runtime.models import START, ends, flows, node, user

SOURCE = 'article = "A 1"\nsource = "a book"\nread = 2026-11-23\n'
HEAD = """
key = "test"
code = "TST"
name = "Essai"
jurisdiction = "morocco"
act = "building_permit"
start = "forms/start.json"
languages = ["fr"]
[roles.desk]
lane = "Desk"
[subject]
identity = ""
[appeal]
authority = "Gouverneur"
text = "Un recours est ouvert."
source = "a book"
read = 2026-11-23
[[papers]]
key = "plan"
name = "Plan"
source = "a book"
read = 2026-11-23
[registers.all]
name = "Registre"
"""
DECISION = f"""
[clock.decision]
{SOURCE}length = [[30, "days"]]
rule = "ma.default"
obliged = "office"
start = ["case.filed"]
stop = ["decision.notified"]
cancel = ["case.cancelled", "clock.complement.lapsed"]
reminders = ["80%"]
[[clock.decision.suspension]]
on = "complement.requested"
until = ["complement.received"]
at_most = 1
[clock.decision.extension]
on = "delay.extended"
length = [[30, "days"]]
motives = ["expertise"]
[clock.decision.silence]
effect = "consent"
"""
COMPLEMENT = f"""
[clock.complement]
{SOURCE}length = [[30, "days"]]
obliged = "applicant"
start = ["complement.requested"]
stop = ["complement.received"]
"""
APPEAL = f"""
[clock.appeal]
{SOURCE}length = [[30, "days"]]
rule = "ma.full"
obliged = "applicant"
start = ["decision.notified", "clock.decision.lapsed"]
"""


def certificate(key: str, kind: str, more: str = "") -> str:
    """A table of a certificate."""
    title = f'title = "{key}"\ntemplate = "templates/{key}.html"\nregister = "all"\n'
    return f'[certificates.{key}]\n{title}kind = "{kind}"\n{more}'


CERTIFICATES = "\n".join(
    [
        certificate("permit", "permit"),
        certificate("refusal", "refusal", 'motive = "motive"\n'),
        certificate("receipt", "receipt"),
        certificate("attestation", "attestation"),
    ]
)
TOML = HEAD + CERTIFICATES + DECISION + COMPLEMENT + APPEAL


def issue(element: str, key: str) -> str:
    """A step that issues a certificate."""
    inside = f'<extensionElements><mq:input name="kind">"{key}"</mq:input></extensionElements>'
    return node("serviceTask", element, inside, mq__operation="certificate.issue")


def timer(text: str, kind: str = "timeDate") -> str:
    """The definition of a timer."""
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def gate(key: str, default: str) -> str:
    """An exclusive gateway."""
    return node("exclusiveGateway", key, default=default)


INNER = "".join(
    [
        node("startEvent", "S2"), user("Look"), gate("G", "G_Decide"),
        node("userTask", "Ask", mq__fact="complement.requested"),
        node("receiveTask", "Bring", messageRef="m", mq__fact="complement.received"),
        node("userTask", "Extend", mq__form="forms/extend.json", mq__fact="delay.extended",
             mq__fact_with="motive"),
        user("Decide"), ends("E2"),
        flows("S2 > Look > G > Decide > E2", "G > Ask if n = 1", "Ask > Bring > Extend > Decide"),
    ]
)  # fmt: skip
PARTS = (
    START, issue("Receive", "receipt"), node("subProcess", "U", INNER),
    node("boundaryEvent", "Over", timer('clock("decision").end'), attachedToRef="U"),
    node("boundaryEvent", "Soon", timer('clock("decision").reminder("80%")'), attachedToRef="U",
         cancelActivity="false"),
    ends("E0"), issue("Attest", "attestation"), ends("E1"), gate("How", "How_Permit"),
    issue("Permit", "permit"), node("userTask", "Give", mq__fact="decision.notified"), ends("E"),
    node("userTask", "Refuse", mq__form="forms/refuse.json"), issue("Refusal", "refusal"),
    node("userTask", "Tell", mq__fact="decision.notified"),
    node("endEvent", "Refused", mq__outcome="refusal"),
    flows("S > Receive > U > How > Permit > Give > E", "How > Refuse if n = 2",
          "Refuse > Refusal > Tell > Refused", "Over > Attest > E1", "Soon > E0"),
)  # fmt: skip


def _form(name: str, required: bool) -> bytes:
    fields = {name: {"title": "Motif", "type": "string"}}
    form = {"title": "Motif", "type": "object", "additionalProperties": False, "properties": fields}
    return json.dumps(form | ({"required": [name]} if required else {})).encode()


FILES: Mapping[str, bytes] = {
    "forms/start.json": json.dumps(FORM).encode(),
    "forms/extend.json": _form("motive", required=True),
    "forms/refuse.json": _form("motive", required=True),
    "forms/loose.json": _form("motive", required=False),
    "templates/receipt.html": b'{% extends "receipt.html" %}',
    "templates/permit.html": b'{% extends "certificate.html" %}',
    "templates/attestation.html": b'{% extends "certificate.html" %}',
    "templates/refusal.html": b'{% extends "certificate.html" %}{{ data.motive }}'
                              b"{{ receipt.appeal_fr }}",
}  # fmt: skip


def model(*parts: str) -> bytes:
    """The model of these parts, every task in the one lane."""
    inside = "".join(parts).replace("mq:fact_", "mq:fact-")
    keys = [piece.split('"')[0] for piece in inside.split(' id="')[1:]]
    refs = "".join(f"<flowNodeRef>{key}</flowNodeRef>" for key in keys)
    lane = f'<laneSet id="L"><lane id="L1" name="Desk">{refs}</lane></laneSet>'
    message = '<message id="m" name="papers"/>'
    return f'{OPEN}{message}<process id="test">{lane}{inside}</process></definitions>'.encode()


def found(
    *changes: tuple[str, str], toml: str = TOML, parts: tuple[str, ...] = PARTS, **files: bytes
) -> dict[str, str]:
    """What is told of the procedure with these texts changed: each code, where it is told first."""
    xml, facts = model(*parts).decode(), toml
    for old, new in changes:
        assert old in xml or old in facts, f"nothing to change: {old}"
        xml, facts = xml.replace(old, new), facts.replace(old, new)
    given = {"procedure.toml": facts.encode(), "procedure.bpmn": xml.encode()}
    more = {
        name if "." in name else f"{name.replace('__', '/')}.html": content
        for name, content in files.items()
    }
    told = examine(Bundle({**FILES, **given, **more}))
    return {fault.code: fault.element for fault in reversed(told)}

"""A procedure under the clocks of the law, small enough to see through.

Fifteen days to decide, stopped once by a complement; silence means consent, which a person attests;
thirty days to appeal. Two services are asked, each with ten working days of its own.
"""

from documents import layouts
from tests.runtime.models import START, ends, flows, node, user

TOP = 'jurisdiction = "france"\n'
SAID = 'article = "CPC 641"\nsource = "test"\nread = 2026-11-24\n'
SIMPLE = f"""
[clock.decision]
{SAID}
obliged = "office"
length = [[15, "days"]]
rule = "fr.641"
start = ["case.filed"]
stop = ["decision.notified"]
reminders = ["50%", "80%"]
[clock.decision.silence]
effect = "consent"
certified_by = "governor"
next = "appeal"
[clock.appeal]
{SAID}
obliged = "applicant"
length = [[30, "days"]]
rule = "fr.641"
start = ["decision.notified", "clock.decision.lapsed"]
stop = ["appeal.filed"]
"""
LAW = f"""{SIMPLE}
[[clock.decision.suspension]]
on = "complement.requested"
until = ["complement.received"]
at_most = 1
[clock.decision.extension]
on = "delay.extended"
length = [[15, "days"]]
motives = ["expertise"]
"""
OPINIONS = f"""
[clock.opinion]
{SAID}
obliged = "other"
length = [[10, "working_days"]]
start = ["opinion.requested"]
stop = ["opinion.given"]
each = "service"
[clock.opinion.silence]
effect = "favourable_opinion"
"""


def at_clock(text: str) -> str:
    """A timer that names a clock."""
    named = text.replace('"', "&quot;")
    return f"<timerEventDefinition><timeDate>{named}</timeDate></timerEventDefinition>"


_INSIDE = (
    node("startEvent", "S1"), node("userTask", "ASK", mq__fact="complement.requested"),
    node("userTask", "GET", mq__fact="complement.received"),
    node("userTask", "A", mq__fact="decision.notified"),
    ends("E1"), flows("S1 > ASK > GET > A > E1"),
)  # fmt: skip
_MOTIVE = {"mq__fact-with": "{motive: &quot;expertise&quot;}"}
PARTS = (
    START, node("subProcess", "SUB", "".join(_INSIDE)),
    node("boundaryEvent", "SILENCE", at_clock('clock("decision").end'), attachedToRef="SUB"),
    node("boundaryEvent", "SOON", at_clock('clock("decision").reminder("80%")'),
         attachedToRef="SUB", cancelActivity="false"),
    user("ATTEST"), node("userTask", "HURRY", mq__fact="delay.extended", **_MOTIVE),
    ends("E", "E2", "E3"),
    flows("S > SUB > E", "SILENCE > ATTEST > E2", "SOON > HURRY > E3"),
)  # fmt: skip

# The same, with a receipt at its beginning.
_KIND = '<extensionElements><mq:input name="kind">"receipt"</mq:input></extensionElements>'
ISSUE = node("serviceTask", "R", _KIND, mq__operation="certificate.issue")
ISSUED = (
    START, ISSUE, *PARTS[1:-1],
    flows("S > R > SUB > E", "SILENCE > ATTEST > E2", "SOON > HURRY > E3"),
)  # fmt: skip
RECEIPT = """
[certificates.receipt]
title = "Récépissé de dépôt"
template = "templates/receipt.html"
register = "receipts"
kind = "receipt"
[registers.receipts]
name = "Registre"
"""
FILES = layouts.closed({"templates/receipt.html": b'{% extends "receipt.html" %}'})


def _asked(service: str, task: str) -> tuple[str, ...]:
    """A service is asked, and answers or lets its time pass."""
    told = f"{{service: &quot;{service}&quot;}}"
    marks = {"mq__fact-with": told}
    return (
        node("manualTask", f"ASK{task}", mq__fact="opinion.requested", **marks),
        node("userTask", task, mq__fact="opinion.given", **marks),
        node("boundaryEvent", f"TACIT{task}", at_clock(f'clock("opinion", "{service}").end'),
             attachedToRef=task),
        flows(f"F > ASK{task} > {task} > J", f"TACIT{task} > J"),
    )  # fmt: skip


ASKING = (
    START, node("parallelGateway", "F"), *_asked("fire", "P"), *_asked("urban", "Q"),
    node("exclusiveGateway", "J"), user("R"), ends("E"), flows("S > F", "J > R > E"),
)  # fmt: skip

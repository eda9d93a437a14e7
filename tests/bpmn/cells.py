"""The table of elements: element by event by place, made from the tests that prove its cells.

A cell is proven by a test with the mark `proves`, or its smallest model is refused at deployment;
whatever else deploys "runs": test_places plays its smallest model to its end.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from engine.deployment import normalising, preparation, trees
from engine.deployment.findings import ERROR
from engine.runtime.errors import RuntimeRefusal
from engine.runtime.model import Model
from tests.runtime.models import HEAD, START, ends, flows, node, process, user

ROOT = Path(__file__).parent
Cell = tuple[str, str, str]
PLACES = ("process", "subprocess", "event_subprocess", "called", "transaction", "adhoc")
HOSTS = ("task", "subprocess", "call", "many", "transaction")
EVENTS = ("", "message", "timer", "signal", "conditional", "error", "escalation", "compensate",
          "cancel", "link", "terminate")  # fmt: skip
HAVING = ("startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "endEvent")
PLAIN = ("task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask",
         "sendTask", "receiveTask", "subProcess", "callActivity", "transaction", "adHocSubProcess",
         "exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway",
         "complexGateway", "subChoreography", "choreographyTask", "callChoreography")  # fmt: skip
BEGIN, FINISH = "<!-- elements -->\n", "<!-- end of elements -->\n"
_ROOTS = (
    '<message id="m" name="m"/><signal id="s" name="s"/><error id="e" errorCode="E"/>'
    '<escalation id="c" escalationCode="C"/>'
)
_DEFINITIONS = {
    "message": ' messageRef="m"/>', "signal": ' signalRef="s"/>', "error": ' errorRef="e"/>',
    "escalation": ' escalationRef="c"/>', "link": ' name="L"/>',
    "timer": "><timeDuration>PT1H</timeDuration></timerEventDefinition>",
    "conditional": "><condition>true</condition></conditionalEventDefinition>",
}  # fmt: skip


def cells() -> Iterator[Cell]:
    """Every cell of the table, in its order."""
    for element in PLAIN:
        yield from ((element, "", place) for place in PLACES)
    for element in HAVING:
        yield from ((element, event, place) for event in EVENTS for place in PLACES)
    yield from (("boundaryEvent", event, host) for event in EVENTS for host in HOSTS)
    yield from (("eventSubProcess", event, place) for event in EVENTS for place in PLACES)


@cache
def proven() -> dict[Cell, str]:
    """The cells that a test of this folder proves, and the section that it shows."""
    found: dict[Cell, str] = {}
    for path in sorted(ROOT.rglob("test_*.py")):
        name = ".".join(path.relative_to(ROOT.parents[1]).with_suffix("").parts)
        if name == "tests.bpmn.test_table":  # it asks here
            continue
        for test in vars(import_module(name)).values():
            for mark in _marks(test):
                where = mark.kwargs.get("where", "process")
                cell = (str(mark.args[0]), str(mark.kwargs.get("event", "")), str(where))
                found.setdefault(cell, str(mark.kwargs["section"]))
    return found


def _marks(test: Any) -> Iterator[pytest.Mark]:
    """What a test proves: all of it, or with one of its parameters."""
    marks = getattr(test, "pytestmark", ())
    for mark in marks if isinstance(marks, list) else ():
        if mark.name == "proves":
            yield mark
        elif mark.name == "parametrize":
            for given in mark.args[1]:
                yield from (one for one in getattr(given, "marks", ()) if one.name == "proves")


def refused(cell: Cell) -> bool:
    """Whether the smallest model of a cell is refused at deployment."""
    tree = trees.parse(model(*cell).encode())
    scopes = list(trees.scopes("t", tree))
    if any(found.severity == ERROR for found in preparation._shape(scopes, {})):
        return True
    try:
        Model.read(normalising.normalised([tree], "P"))
    except (RuntimeRefusal, KeyError, ValueError):
        return True
    return False


def status(cell: Cell) -> str:
    """What the table says of a cell."""
    if cell in proven():
        return f"§{proven()[cell]}"
    return "refused" if refused(cell) else "runs"


def table() -> str:
    """The generated part of the page."""
    lines = ["| element | event | " + " | ".join(PLACES) + " |", "|---" * (len(PLACES) + 2) + "|"]
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for element, event, where in cells():
        rows.setdefault((element, event), {})[where] = status((element, event, where))
    hosted = ["| `boundaryEvent` on | " + " | ".join(HOSTS) + " |", "|---" * (len(HOSTS) + 1) + "|"]
    for (element, event), row in rows.items():
        if element == "boundaryEvent":
            hosted.append(f"| {event or 'none'} | " + " | ".join(row[one] for one in HOSTS) + " |")
        else:
            event = event or ("none" if element in (*HAVING, "eventSubProcess") else "–")
            lines.append(f"| `{element}` | {event} | " + " | ".join(row[p] for p in PLACES) + " |")
    return "\n".join([*lines, "", *hosted, ""])


def page(text: str) -> str:
    """The page with its generated part made anew."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + table() + FINISH + rest.partition(FINISH)[2]


def _definition(event: str) -> str:
    name = f"{event}EventDefinition"
    return f"<{name}{_DEFINITIONS.get(event, '/>')}" if event else ""


def model(element: str, event: str, where: str) -> str:
    """The smallest model that has an element with an event in a place."""
    inside = _inside(element, event, where)
    beside, outer = "", inside
    if element != "boundaryEvent" and where != "process":
        beside, outer = _placed(inside, where)
    called = process(node("startEvent", "SC") + user("BC") + flows("SC > BC"), key="C")
    return HEAD + _ROOTS + process(outer) + beside + called + "</definitions>"


def _placed(inside: str, where: str) -> tuple[str, str]:
    """A content in its place: what stands beside the process, and what in it."""
    around = node("startEvent", "S0") + ends("E0") + flows("S0 > H > E0")
    match where:
        case "called":
            return process(inside, key="Q"), around + node("callActivity", "H", calledElement="Q")
        case "transaction":
            left = node("boundaryEvent", "Z", _definition("cancel"), attachedToRef="H")
            left += ends("EZ") + flows("Z > EZ") if "cancelEventDefinition" in inside else ""
            return "", around + node("transaction", "H", inside) + (left if "EZ" in left else "")
        case "adhoc":
            return "", around + node("adHocSubProcess", "H", inside)
        case "event_subprocess":
            sub = node("subProcess", "H", inside, triggeredByEvent="true")
            return "", node("startEvent", "S0") + user("A0") + flows("S0 > A0") + sub
    return "", around + node("subProcess", "H", inside)


def _inside(element: str, event: str, where: str) -> str:
    there = _definition("message") if where == "event_subprocess" else ""
    start = node("startEvent", "S", there)
    if where == "adhoc":
        return _alone(element, event)
    match element:
        case "startEvent":
            return node("startEvent", "S", _definition(event)) + user("A") + flows("S > A")
        case "endEvent":
            return start + node("endEvent", "X", _definition(event)) + flows("S > X")
        case "boundaryEvent":
            host, boundary = _host(where), _definition(event)
            caught = node("boundaryEvent", "X", boundary, attachedToRef="H")
            after = ends("F") + flows("X > F")
            if event == "compensate":
                undo = node("userTask", "U", isForCompensation="true")
                after = undo + '<association id="XU" sourceRef="X" targetRef="U"/>'
            return START + host + caught + ends("E") + flows("S > H > E") + after
        case "eventSubProcess":
            return start + user("A") + flows("S > A") + _listener(event)
    if event == "link":  # the flow goes on at the partner
        way = flows("S > X", "Y > E") if "Throw" in element else flows("S > Y", "X > E")
        return start + _alone(element, event) + ends("E") + way
    return start + _alone(element, event) + ends("E") + flows("S > X > E")


def _alone(element: str, event: str) -> str:
    if element == "eventSubProcess":
        return user("A") + _listener(event)
    if event == "link":
        partner = "intermediateThrowEvent" if "Catch" in element else "intermediateCatchEvent"
        return node(element, "X", _definition(event)) + node(partner, "Y", _definition(event))
    if element in HAVING:
        return node(element, "X", _definition(event))
    if element in ("subProcess", "transaction"):
        return node(element, "X", START.replace('"S"', '"S1"') + user("B") + flows("S1 > B"))
    inside = {"adHocSubProcess": user("B"), "scriptTask": "<script>{ x: 1 }</script>"}
    more = {"callActivity": {"calledElement": "C"}, "sendTask": {"messageRef": "m"},
            "receiveTask": {"messageRef": "m"}, "serviceTask": {"mq__operation": "o"},
            "businessRuleTask": {"mq__decision": "d"}}  # fmt: skip
    return node(element, "X", inside.get(element, ""), **more.get(element, {}))


def _listener(event: str) -> str:
    content = node("startEvent", "S2", _definition(event)) + user("B2") + flows("S2 > B2")
    return node("subProcess", "L", content, triggeredByEvent="true")


def _host(where: str) -> str:
    content = START.replace('"S"', '"S1"') + user("B") + flows("S1 > B")
    many = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    return {
        "task": user("H"),
        "subprocess": node("subProcess", "H", content),
        "call": node("callActivity", "H", calledElement="C"),
        "many": node("userTask", "H", f"{many}</multiInstanceLoopCharacteristics>"),
        "transaction": node("transaction", "H", content),
    }[where]


if __name__ == "__main__":  # python -m tests.bpmn.cells writes the page anew
    place = ROOT.parents[1] / "docs" / "reference" / "bpmn.md"
    place.write_text(page(place.read_text(encoding="utf-8")), encoding="utf-8")

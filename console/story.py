"""A case in sentences: where it stands, and what happened in it, for a person who was not there."""

from collections.abc import Iterator
from typing import Any

from console import output
from console.context import Face

# Event kind -> sentence; an event whose kind is not here is told by its kind.
SENTENCES = {
    "case.started": "{actor} opened the case",
    "case.cancelled": "{actor} cancelled the case: {reason}",
    "case.noted": "{actor} added a remark",
    "case.rectified": "{actor} corrected {name}: {reason}",
    "case.attached": "{actor} attached a paper ({what})",
    "task.claimed": "{actor} took “{task}”",
    "task.released": "{actor} gave “{task}” back",
    "task.assigned": "{actor} gave “{task}” to somebody else",
    "task.completed": "{actor} completed “{task}”",
    "task.reopened": "{actor} opened “{task}” again: {reason}",
    "certificate.issued": "The certificate {certificate} was issued",
    "timer.fired": "The delay “{task}” ran out",
    "incident.raised": "Something failed and waits for a person",
    "message.received": "The message “{message}” arrived",
}
# What the case waits for after an event, by the kind of the wait.
WAITS = {
    "task": "waits for “{task}” ({role})",
    "timer": "a delay runs: “{task}”",
    "message": "waits for a message: “{task}”",
    "operation": "the house does “{task}”",
}
ENDS = {"completed": "The case is completed.", "cancelled": "The case is cancelled."}
_INDENT = " " * 24


def told(event: Any, face: Face) -> str:
    """An event as people tell it: who did what, what was decided, what the case waits for."""
    sentence = face.text(SENTENCES.get(event.kind, event.kind), **_facts(event))
    moment = output.cell(event.at, face.words, face.settings.zone)
    lines = [f"{event.seq:>4}  {moment}  {output.isolated(sentence)}"]
    lines += [f"{_INDENT}{output.isolated(line)}" for line in _rest(event, face)]
    return "\n".join(lines)


def _rest(event: Any, face: Face) -> Iterator[str]:
    outcome = event.body.get("outcome", {})
    if said := _answers(event.body.get("values"), face):
        yield said
    for _, decision, value, _ in outcome.get("decisions", ()):
        shown = output.cell(value, face.words, face.settings.zone)
        yield face.text("decided by {decision}: {value}", decision=decision, value=shown)
    for _, element, kind in outcome.get("opened", ()):
        name, role = event.labels.get(element, (element, None))
        yield "→ " + face.text(WAITS.get(kind, WAITS["operation"]), task=name, role=role or "-")
    if ended := ENDS.get(str(outcome.get("ended"))):
        yield face.text(ended)


def _answers(values: Any, face: Face) -> str:
    """The answers, each with its name; one that was erased leaves a dash."""
    if not isinstance(values, dict):
        return ""
    plain = {k: v for k, v in values.items() if not hasattr(v, "commitment")}
    shown = [f"{k} = {output.cell(v, face.words, face.settings.zone)}" for k, v in plain.items()
             if not isinstance(v, dict)]  # fmt: skip
    return ", ".join(shown)


def _facts(event: Any) -> dict[str, str]:
    body = event.body
    facts = {key: output.safe(value) for key, value in body.items() if isinstance(value, str)}
    facts["task"] = event.labels.get(facts.get("task", ""), (facts.get("task", ""), None))[0]
    facts["certificate"] = str((body.get("result") or {}).get("number", ""))
    return facts | {"actor": event.name}


def standing(case: Any, face: Face) -> Iterator[str]:
    """A case as a page: state, values, open tasks."""
    state = output.cell(case.status, face.words, face.settings.zone)
    yield f"{case.reference}  {case.procedure} v{case.version}  {state}"
    for name, value in case.values.items():
        shown = output.cell(value, face.words, face.settings.zone)
        yield f"  {name}: {output.isolated(shown)}"
    for key, name, role in case.tasks:
        yield "  " + face.text("open task {task}: {name} ({role})", task=key, name=name, role=role)

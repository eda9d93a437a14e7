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
    "attachment.added": "{actor} attached a paper",
    "task.claimed": "{actor} took “{task}”",
    "task.released": "{actor} gave “{task}” back",
    "task.assigned": "{actor} gave “{task}” to {to}",
    "task.completed": "{actor} completed “{task}”",
    "task.reopened": "{actor} opened “{task}” again: {reason}",
    "certificate.issued": "The certificate {certificate} was issued",
    "timer.fired": "The delay “{task}” ran out",
    "message.received": "The message “{name}” arrived",
}


def told(event: Any, face: Face) -> str:
    """An event as a line: number, local time, who did what, where the case went."""
    sentence = face.text(SENTENCES.get(event.kind, event.kind), **_facts(event))
    moment = output.cell(event.at, face.words, face.settings.zone)
    entered = ", ".join(event.body.get("outcome", {}).get("entered", []))
    arrow = f" → {output.isolated(entered)}" if entered else ""
    return f"{event.seq:>4}  {moment}  {output.isolated(sentence)}{arrow}"


def _facts(event: Any) -> dict[str, str]:
    body = event.body
    values = body.get("values", {})
    facts = {key: value for key, value in body.items() if isinstance(value, str)}
    facts["certificate"] = str(values.get("certificate", "")) if isinstance(values, dict) else ""
    return facts | {"actor": event.actor}


def standing(case: Any, face: Face) -> Iterator[str]:
    """A case as a page: state, values, open tasks."""
    state = output.cell(case.status, face.words, face.settings.zone)
    yield f"{case.reference}  {case.procedure} v{case.version}  {state}"
    for name, value in case.values.items():
        shown = output.cell(value, face.words, face.settings.zone)
        yield f"  {name}: {output.isolated(shown)}"
    for key, name, role in case.tasks:
        yield "  " + face.text("open task {task}: {name} ({role})", task=key, name=name, role=role)

"""A case in sentences: where it stands, and what happened in it, for a person who was not there."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from console import output
from console.context import Face

# Event kind -> sentence; an event whose kind is not here is told by its kind.
SENTENCES = {
    "case.started": "{actor} opened the case",
    "case.cancelled": "{actor} cancelled the case: {reason}",
    "case.suspended": "{actor} suspended the case: {reason}",
    "case.resumed": "{actor} let the case go on: {reason}",
    "case.restarted": "{actor} set the case back before event {to}: {reason}",
    "case.moved": "{actor} let the case go on at “{to}” instead of “{from}”: {reason}",
    "case.asked": "The case {origin} asked for this one",
    "case.noted": "{actor} added a remark",
    "case.rectified": "{actor} corrected {name}: {reason}",
    "case.attached": "{actor} attached a paper ({what})",
    "task.claimed": "{actor} took “{task}”",
    "task.released": "{actor} gave “{task}” back",
    "task.assigned": "{actor} gave “{task}” to somebody else",
    "task.completed": "{actor} completed “{task}”",
    "task.reopened": "{actor} opened “{task}” again: {reason}",
    "certificate.issued": "The certificate {certificate} was issued",
    "operation.answered": "The service answered “{task}”",
    "operation.supplied": "{actor} answered “{task}” by hand: {reason}",
    "operation.failed": "The service refused “{task}” ({code})",
    "timer.fired": "The delay “{task}” ran out",
    "fact.recorded": "{actor} recorded {fact}: {reason}",
    "fact.withdrawn": "{actor} took back {fact}: {reason}",
    "clock.started": "The clock “{clock}” runs until {due}",
    "clock.suspended": "The clock “{clock}” is stopped",
    "clock.resumed": "The clock “{clock}” runs on, until {due}",
    "clock.extended": "The clock “{clock}” was extended to {due}",
    "clock.moved": "The end of the clock “{clock}” moved from {from} to {due}",
    "clock.ended": "The clock “{clock}” was kept",
    "clock.cancelled": "The clock “{clock}” no longer counts",
    "clock.lapsed": "The clock “{clock}” ran out on {due}; in law: {silence}",
    "clock.reminded": "The clock “{clock}” comes near its end ({reminder})",
    "clock.reached": "“{task}”: the clock “{clock}” had come to it",
    "incident.raised": "Something failed and waits for a person",
    "incident.retried": "{actor} had the work that failed tried again",
    "incident.resolved": "{actor} closed what had failed: {reason}",
    "message.received": "The message “{message}” arrived",
    "signal.received": "The signal “{signal}” arrived",
    "message.withdrawn": "{actor} took back the message “{message}”: {reason}",
}
# What the case waits for after an event, by the kind of the wait.
WAITS = {
    "task": "waits for “{task}” ({role})",
    "timer": "a delay runs: “{task}”",
    "message": "waits for a message: “{task}”",
    "signal": "waits for a signal: “{task}”",
    "condition": "waits until something holds: “{task}”",
    "offer": "may begin “{task}” ({role})",
    "clock": "a clock of the law runs: “{task}”",
    "operation": "the house does “{task}”",
}
ENDS = {"completed": "The case is completed.", "cancelled": "The case is cancelled."}
# How a clock of the law stands.
CLOCKS = {
    "waiting": "has not begun", "running": "runs until {due}", "suspended": "is stopped",
    "ended": "was kept", "lapsed": "ran out on {due}", "cancelled": "no longer counts",
}  # fmt: skip
# What the silence of an office means.
SILENCES = {
    "none": "nothing", "consent": "the request is granted", "refusal": "the request is refused",
    "favourable_opinion": "the opinion is favourable",
}  # fmt: skip
_INDENT = " " * 24


def told(event: Any, face: Face) -> str:
    """An event as people tell it: who did what, what was decided, what the case waits for."""
    sentence = face.text(SENTENCES.get(event.kind, event.kind), **_facts(event, face))
    moment = output.cell(event.at, face.words, face.settings.zone)
    lines = [f"{event.seq:>4}  {moment}  {output.isolated(sentence)}"]
    lines += [f"{_INDENT}{output.isolated(line)}" for line in _rest(event, face)]
    return "\n".join(lines)


def _rest(event: Any, face: Face) -> Iterator[str]:
    outcome = event.body.get("outcome", {})
    for question, answer in event.answers:
        yield f"{question}{face.colon}{shown(answer, face)}"
    for element, decision, value, _ in outcome.get("decisions", ()):
        name = _name(event, element, decision)
        yield face.text("“{name}” decided: {value}", name=name, value=shown(value, face))
        for where, number, note in event.rules:
            if where == element:
                rule = face.text("rule {number}", number=number)
                yield f"  {rule}{face.colon}{note}" if note else f"  {rule}"
    for element, operation, result, error in outcome.get("replies", ()):
        number = result.get("number") if isinstance(result, dict) else None
        name = _name(event, element, operation)
        if number or error:
            yield face.text("“{name}” is done: {result}", name=name, result=number or error)
        else:
            yield face.text("“{name}” is done", name=name)
    for _, element, kind in outcome.get("opened", ()):
        name, role = event.labels.get(element, (element, None))
        yield "→ " + face.text(WAITS.get(kind, WAITS["operation"]), task=name, role=role or "-")
    if ended := ENDS.get(str(outcome.get("ended"))):
        yield face.text(ended)


def _name(event: Any, element: str, otherwise: str) -> str:
    """An element as people call it."""
    return str(event.labels.get(element, (otherwise, ""))[0])


def shown(value: Any, face: Face, labels: Mapping[str, str] = MappingProxyType({})) -> str:
    """An answer or a result; what is empty in a result says nothing.

    `labels` are what people call the entries of a result.
    """
    if isinstance(value, dict):
        told = {k: shown(v, face) for k, v in value.items() if v is not None}
        if told.keys() == {"amount", "unit"}:
            return f"{told['amount']} {told['unit']}"
        if len(told) == 1 or "number" in told:
            return told.get("number") or next(iter(told.values()))
        return face.comma.join(f"{labels.get(k, k)} = {v}" for k, v in told.items())
    if isinstance(value, list):
        return face.comma.join(shown(item, face) for item in value)
    return output.cell(value, face.words, face.settings.zone)


def _facts(event: Any, face: Face) -> dict[str, str]:
    body = event.body
    facts = {key: output.safe(value) for key, value in body.items() if isinstance(value, str)}
    element = facts.get("task") or facts.get("timer") or facts.get("element") or ""
    facts["task"] = _name(event, element, element)
    for name in ("clock", "fact"):
        if name in facts:
            facts[name] = _name(event, facts[name], facts[name])
    if each := facts.get("each"):
        facts["clock"] = f"{facts['clock']} ({each})"
    if event.kind.startswith("clock."):
        if silence := facts.get("silence"):
            facts["silence"] = face.text(SILENCES[silence])
        return {"due": "-", "from": "-"} | facts
    for name in ("from", "to"):  # elements, or the number of an event
        facts[name] = _name(event, facts.get(name, ""), str(body.get(name, "")))
    facts["certificate"] = str((body.get("result") or {}).get("number", ""))
    return facts | {"actor": event.name}


def standing(case: Any, worded: Any, face: Face) -> Iterator[str]:
    """A case as a page: state, what it holds in the words of its forms, open tasks."""
    state = output.state(case.status, face.words)
    yield f"{case.reference}  {output.isolated(worded.name)} v{case.version}  {state}"
    began = output.cell(case.started_at, face.words, face.settings.zone)
    yield "  " + face.text("begun {moment}", moment=began)
    if case.suspended_at is not None:
        since = output.cell(case.suspended_at, face.words, face.settings.zone)
        yield "  " + face.text("suspended since {moment}: nothing moves it", moment=since)
    yield from holding(worded, face)
    for clock in case.clocks:
        yield "  " + output.isolated(_clock(clock, worded.clocks, face))
    for key, name, role in worded.tasks:
        yield "  " + face.text("open task {task}: {name} ({role})", task=key, name=name, role=role)
    for wait in case.expected:
        told = face.text(WAITS[wait.kind], task=wait.label, role=wait.role)
        yield "  " + output.isolated(told)
    for work in case.awaited:
        yield from _awaited(work, face)
    for job in case.failing:
        yield "  " + output.isolated(_failing(job, face))


def _clock(clock: Any, names: Mapping[str, str], face: Face) -> str:
    name = names.get(clock.clock, clock.clock)
    whose = output.isolated(f"{name} ({clock.each})" if clock.each else name)
    return whose + face.colon + face.text(CLOCKS[clock.state], due=clock.due or "-")


def _awaited(work: Any, face: Face) -> Iterator[str]:
    """What a case waits for outside, with what is known of it: where a citizen pays."""
    since = output.cell(work.since, face.words, face.settings.zone)
    what = work.element or work.operation
    yield "  " + output.isolated(
        face.text("waits for {what} since {moment}", what=what, moment=since)
    )
    for name, value in work.known.items():
        shown = output.cell(value, face.words, face.settings.zone)
        yield "    " + output.isolated(f"{name}{face.colon}{shown}")


def _failing(job: Any, face: Face) -> str:
    """Work of a case that failed, and what is done about it."""
    what = job.element or job.kind
    told = face.text("failed {count} times: {what}: {error}", count=job.attempts, what=what,
                     error=output.safe(job.error))  # fmt: skip
    if job.retry_at is not None:
        moment = output.cell(job.retry_at, face.words, face.settings.zone)
        return told + face.semicolon + face.text("tried again at {moment}", moment=moment)
    return told + face.semicolon + face.text("incident {incident}", incident=job.incident or "-")


def holding(worded: Any, face: Face) -> Iterator[str]:
    """What a case holds, each value after its question."""
    for question, value in worded.values:
        yield "  " + output.isolated(f"{question}{face.colon}{shown(value, face)}")

"""How the case of a scenario stands in the end: all of it asked by the questions that faces ask."""

from collections.abc import Iterator
from typing import Any

from documents.filling import fill
from engine.commands import cases, certificates, incidents, tasks
from engine.engine import Engine
from engine.work import printing
from engine.work.outcome import End, folded
from engine.work.worker import SYSTEM


def end(engine: Engine, reference: str, *, certified: bool) -> End:
    """The case as its database knows it; what its certificates say only where that is asked."""
    view = engine.read(SYSTEM, cases.show, reference)
    history = engine.read(SYSTEM, cases.history, reference)
    outcomes = [event.body.get("outcome", {}) for event in history]
    waiting = engine.read(SYSTEM, incidents.listing)
    return End(
        status=view.status,
        tasks=[element for _, element in open_tasks(engine, reference)],
        walked=[step for outcome in outcomes for step in outcome.get("flows", ())],
        decisions={d[1]: d[2] for outcome in outcomes for d in outcome.get("decisions", ())},
        values=view.values,
        registers=list(_numbers(engine, outcomes)),
        certificates=_texts(engine) if certified else {},
        history=[event.kind for event in history],
        incidents={row.code: row.message for row in waiting},
        differences=engine.read(SYSTEM, cases.replay, reference).differences,
    )


def open_tasks(engine: Engine, reference: str) -> list[tuple[int, str]]:
    """The open tasks of a case, the oldest first, each with its element."""
    view = engine.read(SYSTEM, cases.show, reference)
    return [
        (task, engine.read(SYSTEM, tasks.show, task).element) for task, *_ in sorted(view.tasks)
    ]


def _numbers(engine: Engine, outcomes: list[Any]) -> Iterator[str]:
    """The numbers taken in registers, by a step or for a certificate."""
    for outcome in outcomes:
        for _, operation, result, _ in outcome.get("replies", ()):
            if operation == "register.take" and result:
                yield result["number"]
    yield from (row.number for row in engine.read(SYSTEM, certificates.listing))


def _texts(engine: Engine) -> dict[str, list[str]]:
    """What each issued certificate says, by kind, in both scripts."""
    found: dict[str, list[str]] = {}
    for row in engine.read(SYSTEM, certificates.listing):
        if row.issued_at is not None:
            made = engine.read(SYSTEM, certificates.material, row.certificate)
            printed = dict(printing.data(made, engine.settings.verify_url))
            text = printing.text(fill(made.template, made.files, printed))
            found.setdefault(row.kind, []).append(folded(text))
    return found

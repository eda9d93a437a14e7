"""Rehearsing a model in memory: no database, no people, a clock that waits move."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from decisions.errors import DecisionError
from engine.deployment import several
from engine.deployment.findings import ERROR, WARNING, Finding
from engine.deployment.trees import Unreadable
from engine.rehearsal import reading
from engine.rehearsal.answers import Answers
from engine.rehearsal.reading import File
from engine.rehearsal.stage import Stage
from engine.rehearsal.surroundings import Rehearsed
from engine.runtime import execution
from engine.runtime.errors import RuntimeRefusal
from engine.runtime.model import Model
from engine.runtime.world import Wait


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How a rehearsal went.

    `result` is completed, waiting, refused or fault; `trace` are the ids of the elements in the
    order in which they were completed; `data` the variables of the process that was begun.
    """

    result: str
    trace: tuple[str, ...]
    waiting: tuple[Wait, ...]
    data: Mapping[str, Any]
    findings: tuple[Finding, ...]


def run(xml: bytes, process: str | None, data: Mapping[str, Any], answers: Answers) -> Rehearsal:
    """Rehearse a file; every file has an answer."""
    try:
        file = reading.read(xml)
        main = reading.main(file, process)
        found = reading.prepared(file, answers)
        models, faults = _models(file, main)
    except Unreadable as error:
        return _refused(Finding("", "", "xml", str(error), "Save it again as BPMN 2.0."))
    except Exception as error:  # noqa: BLE001 - whatever a stranger's file holds, it gets an answer
        return _refused(_unread("", error))
    found += faults
    if main not in models:
        return Rehearsal("refused", (), (), {}, tuple(found))
    return _played(Stage(models, Rehearsed(), answers), main, data, file, found)


def _refused(finding: Finding) -> Rehearsal:
    return Rehearsal("refused", (), (), {}, (finding,))


def _unread(element: str, error: Exception) -> Finding:
    reason = str(error) or type(error).__name__
    return Finding("", element, "model", reason, "Correct the element.")


def _models(file: File, main: str) -> tuple[dict[str, Model], list[Finding]]:
    """The models that can run; another's fault than the main one's keeps only that one away."""
    models: dict[str, Model] = {}
    told: list[Finding] = []
    for key in dict.fromkeys([main, *file.executable]):
        found = list(reading.check(file, file.closure(key)))
        if not any(finding.severity == ERROR for finding in found):
            try:
                models[key] = reading.model(file, key)
            except (DecisionError, RuntimeRefusal) as error:
                found.append(_unread(str(getattr(error, "element", "")), error))
        told += [one if key == main else replace(one, severity=WARNING) for one in found]
    return models, _distinct(told)


def _distinct(found: list[Finding]) -> list[Finding]:
    return [one for place, one in enumerate(found) if one not in found[:place]]


def _played(
    stage: Stage, main: str, data: Mapping[str, Any], file: File, found: list[Finding]
) -> Rehearsal:
    fault: list[Finding] = []
    try:
        beside = [key for key in reading.beside(file, main) if key in stage.models]
        stage.play(main, data, beside)
    except RuntimeRefusal as error:
        fault = [Finding("", error.element, "fault", error.reason, "Correct the element.")]
    except Exception as error:  # noqa: BLE001 - as above: an answer, never a crash
        fault = [_unread("", error)]
    waiting = tuple(
        wait
        for case in stage.cases
        for wait in sorted(
            execution.look(case.model, case.step.state).waits, key=lambda wait: int(wait.token)
        )
    )
    result = "fault" if fault else "waiting" if waiting else "completed"
    trace = tuple(element for each in stage.trace if (element := several.whole(each)) in file.ids)
    values = next((case.step.data for case in stage.cases if case.process == main), data)
    return Rehearsal(result, trace, waiting, values, (*found, *stage.findings, *fault))

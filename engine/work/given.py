"""What a scenario is given to hear from outside, in the place of services, programs and banks."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.commands import externals, jobs, operations
from engine.engine import Engine
from engine.operations import beginnings, calls, interchange
from engine.operations.operation import Operation
from engine.operations.registry import OPERATIONS
from engine.runtime.timers import Timer, first_due
from engine.transaction import By
from engine.work import calling
from engine.work.outcome import Fault
from processes.scenario import Answer

_SYSTEM = By("system", channel="scenario")
_HELD = 60  # seconds
_NEVER = timedelta(days=36_500)  # nobody answers it in this scenario


class Outside:
    """The answers of a scenario by the element that asks; the last of several stays.

    `wrong` is an answer that its operation never gives.
    """

    def __init__(
        self, engine: Engine, zone: ZoneInfo, answers: Mapping[str, tuple[Answer, ...]]
    ) -> None:
        self._engine, self._zone, self._answers = engine, zone, answers
        self._heard: Counter[str] = Counter()
        self.wrong: Fault | None = None
        self.doing = {calls.KIND: self._call, beginnings.KIND: self._begin}

    def fetch(self) -> bool:
        """Do one work of programs outside, as given; False where none can be done now."""
        topics = sorted({row.topic for row in self._engine.read(_SYSTEM, externals.listing)})
        held = self._engine.run(_SYSTEM, externals.fetch, topics, "given", _HELD).held
        for job, lease in held:
            material = self._engine.read(_SYSTEM, operations.material, job, lease)
            self._answer(job, lease, material)
        return bool(held)

    def _call(self, engine: Engine, job: jobs.Job) -> None:
        if not self._given(engine, job):
            calling.call(engine, job)

    def _begin(self, engine: Engine, job: jobs.Job) -> None:
        if not self._given(engine, job):
            calling.open_case(engine, job)

    def _given(self, engine: Engine, job: jobs.Job) -> bool:
        """Answer a job as given; False where nothing is given for its element."""
        if job.payload["element"] not in self._answers:
            return False
        material = engine.read(_SYSTEM, operations.material, job.id, job.lease)
        if not self._answer(job.id, job.lease, material):
            raise calling.PutOff(incident=False)
        return True

    def _answer(self, job: int, lease: int, asked: operations.Asked) -> bool:
        """Hand in the next answer of an element, once its time has come."""
        found = self._next(asked.element)
        if found is not None and (reason := _unfit(found, OPERATIONS[asked.operation])):
            self.wrong, found = Fault(found.place, "file", {"reason": reason}), None
        due = self._due(found, asked) if found is not None else asked.now + _NEVER
        if found is None or due > asked.now:
            after = int((due - asked.now).total_seconds()) + 1
            self._engine.run(_SYSTEM, operations.pending, job, lease, after, due, {})
            return False
        self._heard[asked.element] += 1
        if found.error:
            self._engine.run(_SYSTEM, operations.failed, found.error, job, lease)
        else:
            values = _values(found, OPERATIONS[asked.operation])
            self._engine.run(_SYSTEM, operations.answered, values, job, lease)
        return True

    def _next(self, element: str) -> Answer | None:
        answers = self._answers.get(element)
        return answers[min(self._heard[element], len(answers) - 1)] if answers else None

    def _due(self, answer: Answer, asked: operations.Asked) -> datetime:
        """When an answer comes: at once, or so long after it was asked for."""
        if not answer.after:
            return asked.since
        timer = Timer.read("timeDuration", answer.after)
        return first_due(timer, None, asked.since, self._zone, asked.element)


def _unfit(answer: Answer, operation: Operation) -> str:
    """Why an operation never gives this answer; nothing where it may."""
    if answer.error:
        may = operation.any_error or answer.error in operation.errors
        return "" if may else f"{operation.name} never gives {answer.error}"
    try:
        wrong = "; ".join(operation.gives.misfits(_values(answer, operation)))
    except ValueError as error:
        wrong = str(error)
    return f"{operation.name} does not give this: {wrong}" if wrong else ""


def _values(answer: Answer, operation: Operation) -> dict[str, Any]:
    """A result as its operation gives it: numbers are decimal, moments are moments."""
    values: dict[str, Any] = interchange.read(json.dumps(answer.gives))
    for name, kind in operation.gives.types.items():
        if kind == "date and time" and isinstance(values.get(name), str):
            values[name] = datetime.fromisoformat(values[name])
    return values

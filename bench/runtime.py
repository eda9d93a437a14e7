"""Our runtime alone: load one document, run, prune, save one document."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bench import models
from bench.timing import cpu
from engine.runtime import execution
from engine.runtime.model import Model
from engine.runtime.values import Sealed
from engine.runtime.world import MISSING

TURNS = (10, 100, 1_000, 3_000)
_SAMPLE = 10  # turns measured together: one alone is near the clock's grain


class Still:
    """A world in which nothing happens."""

    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    zone = ZoneInfo("Africa/Casablanca")
    case: Mapping[str, Any] = {"reference": "BCH-MAR-2026-000001"}
    calendar = None

    def open(self, sealed: Sealed) -> Any:
        """No model of the measurements has personal data."""
        raise NotImplementedError

    def seal(self, name: str, value: Any) -> Sealed:
        """No model of the measurements has personal data."""
        raise NotImplementedError

    def recorded(self, element: str, slot: str) -> Any:
        """Nothing was."""
        return MISSING

    def perform(self, operation: str, inputs: Mapping[str, Any], element: str, token: int) -> Any:
        """No model of the measurements has operations."""
        raise NotImplementedError

    def is_inside(self, operation: str) -> bool:
        """No model of the measurements has operations."""
        return False


class Runtime:
    """A model and its cases, without a database."""

    def __init__(self, model: bytes, tasks: int) -> None:
        self._tasks = tasks
        self._model = Model.read(model)

    def step(self) -> float:
        """A whole case, per step."""
        begun = execution.start(self._model, {}, Still())

        def work() -> None:
            now = begun
            for _ in range(self._tasks):
                now = self._moved(now, again=False)
            assert now.ended == "completed", "the model did not end with its last task"

        return cpu(work, self._tasks)

    def turns(self, marks: tuple[int, ...] = TURNS) -> dict[int, float]:
        """One case that goes round and round: CPU seconds of a step after so many turns."""
        now, found, turn = execution.start(self._model, {}, Still()), {}, 0
        for mark in marks:
            while turn < mark:
                now, turn = self._moved(now, again=True), turn + 1
            found[mark] = cpu(lambda here=now: self._round(here), _SAMPLE)  # type: ignore[misc]
        return found

    def _round(self, now: execution.Step) -> None:
        for _ in range(_SAMPLE):
            now = self._moved(now, again=True)

    def _moved(self, now: execution.Step, *, again: bool) -> execution.Step:
        values = {**models.VALUES, "again": again}
        token = now.opened[0].token
        return execution.complete(self._model, now.state, token, values, Still())

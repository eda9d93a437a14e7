"""The whole command: permission, form, runtime, tasks, history, commit; and the worklist."""

from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import insert, select

from bench import models
from bench.timing import cpu
from engine.commands import actors, cases, procedures, tasks
from engine.engine import Engine
from engine.settings import load
from engine.store import database
from engine.store import tables as t
from engine.transaction import By
from engine.work.founding import FOUNDER, found
from processes.bundle import Bundle
from processes.catalogue import city

CLERK = By("nadia", channel="bench")
OPEN_TASKS = 100_000
_BATCH = 10_000


class Commands:
    """A founded database with the model deployed and a clerk at work."""

    def __init__(
        self, model: bytes, steps: int, folder: Path, address: str = "", *, law: bool = False
    ) -> None:
        environ = {"MOUQATAA_DATA": str(folder)}
        if address:
            environ["MOUQATAA_DATABASE"] = address
        self._settings = load(environ=environ)
        self._steps = steps
        found(self._settings, city("casablanca"), "admin", specimen=False)
        self._engine = Engine(self._settings)
        administrator = By("admin", channel="bench")
        files = models.lawful(model, steps) if law else models.files(model)
        self._engine.run(administrator, procedures.deploy, Bundle(files))
        self._engine.run(FOUNDER, actors.add, CLERK.actor, "Nadia")
        self._engine.run(FOUNDER, actors.grant, CLERK.actor, "guichet", "MAR")

    def close(self) -> None:
        """Give the connections back."""
        self._engine.close()

    def command(self) -> float:
        """A case from its first task to its last, per command."""
        task = self._started()

        def work() -> None:
            opened = [task]
            for _ in range(self._steps):
                opened = self._engine.run(
                    CLERK, tasks.complete, opened[0], dict(models.VALUES)
                ).opened
            assert not opened, "the model did not end with its last task"

        return cpu(work, self._steps)

    def worklist(self) -> float:
        """Seconds of wall clock for a page of fifty."""
        begun = perf_counter()
        page = self._engine.read(CLERK, tasks.worklist, limit=50)
        taken = perf_counter() - begun
        assert len(page.items) == 50
        return taken

    def crowd(self, count: int = OPEN_TASKS) -> None:
        """Leave as many tasks open as a large city has."""
        self._started()
        connection = database.connect(self._settings.database)
        with connection.begin() as transaction:
            row: dict[str, Any] = dict(
                transaction.execute(select(t.task).limit(1).where(t.task.c.status == "open"))
                .one()
                ._mapping
            )
            row.pop("id")
            for begin in range(0, count, _BATCH):
                rows = [
                    {**row, "token": 1_000_000 + begin + i}
                    for i in range(min(_BATCH, count - begin))
                ]
                transaction.execute(insert(t.task), rows)
        connection.dispose()

    def _started(self) -> int:
        begun = self._engine.run(CLERK, cases.start, "bench", dict(models.VALUES), "MAR")
        return int(begun.tasks[0])

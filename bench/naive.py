"""The way the libraries' own guides show: the whole workflow as JSON in a column of an ORM.

Run as a process of its own, which our runtime has not touched: a line `step` or `command` is
answered with the CPU seconds of a step.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from sqlalchemy import Text, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bench import models
from bench.timing import cpu


class Base(DeclarativeBase):
    """The naive program's tables."""


class Case(Base):
    """A case: its state as JSON, and the number by which a lost race is seen."""

    __tablename__ = "naive_case"
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(Text)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own word


class Naive:
    """SpiffWorkflow with its serializer, and SQLite as safe as ours: WAL, synchronous FULL."""

    def __init__(self, model: bytes, tasks: int, folder: Path) -> None:
        parser = SpiffBpmnParser()
        with tempfile.NamedTemporaryFile(suffix=".bpmn") as file:
            file.write(model)
            file.flush()
            parser.add_bpmn_file(file.name)
        self._tasks = tasks
        self._spec = parser.get_spec("bench")
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
        self._database = create_engine(f"sqlite:///{folder}/naive.db")
        event.listen(self._database, "connect", _durable)
        Base.metadata.create_all(self._database)

    def step(self) -> float:
        """A case without a database: load, run, save."""
        state = self._begun()

        def work() -> None:
            nonlocal state
            for _ in range(self._tasks):
                state = self._moved(state)

        return cpu(work, self._tasks)

    def command(self) -> float:
        """A case with its database: read, load, run, save, commit."""
        with Session(self._database) as session, session.begin():
            case = Case(state=self._begun())
            session.add(case)
            session.flush()
            key = case.id

        def work() -> None:
            for _ in range(self._tasks):
                with Session(self._database) as session, session.begin():
                    found = session.get_one(Case, key)
                    found.state = self._moved(found.state)

        return cpu(work, self._tasks)

    def _begun(self) -> str:
        workflow = BpmnWorkflow(self._spec)
        workflow.do_engine_steps()
        return str(self._serializer.serialize_json(workflow))

    def _moved(self, state: str) -> str:
        workflow = self._serializer.deserialize_json(state)
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.data.update(models.VALUES)
        task.run()
        workflow.refresh_waiting_tasks()
        workflow.do_engine_steps()
        return str(self._serializer.serialize_json(workflow))


def _durable(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def main() -> None:
    """Answer until standard input is closed; the argument is the number of tasks."""
    tasks = int(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="mouqataa-bench-") as folder:
        naive = Naive(models.xml(tasks, loop=True), tasks, Path(folder))
        rounds = {"step": naive.step, "command": naive.command}
        for line in sys.stdin:
            print(rounds[line.strip()](), flush=True)


if __name__ == "__main__":
    main()

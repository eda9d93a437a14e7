"""What the tests of clocks on cases look at: tasks, events, clocks."""

from datetime import UTC, datetime
from typing import Any

from engine.commands import delays, tasks
from engine.engine import Engine
from engine.history import chain
from engine.store import tables as t
from engine.transaction import By
from tests.engine.test_engine import rows

FILED = datetime(2026, 9, 1, 9, tzinfo=UTC)  # ten o'clock in Casablanca
LAPSE = datetime(2026, 9, 16, 23, tzinfo=UTC)  # midnight there, fifteen days later


def done(engine: Engine, by: By, element: str) -> None:
    """Complete the open task of an element."""
    [task] = [r for r in rows(engine, t.task) if (r.element, r.status) == (element, "open")]
    engine.run(by, tasks.complete, task.id, {})


def told(engine: Engine) -> list[str]:
    return [row.kind for row in rows(engine, t.event) if row.kind.startswith("clock.")]


def bodies(engine: Engine, kind: str) -> list[dict[str, Any]]:
    return [chain.decode(row.body) for row in rows(engine, t.event) if row.kind == kind]


def seen(engine: Engine, by: By, reference: str, name: str = "decision") -> delays.ClockView:
    view = engine.read(by, delays.show, reference)
    [found] = [one for one in view.clocks if one.clock == name]
    return found


def opened(engine: Engine) -> set[str]:
    return {row.element for row in rows(engine, t.task) if row.status == "open"}

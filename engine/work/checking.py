"""The check of a database: its schema first, then the invariants of the house."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.commands import checks
from engine.engine import Engine
from engine.history.violations import Violation
from engine.settings import Settings
from engine.store import database, schema
from engine.transaction import By
from engine.work.worker import certificate_file

SYSTEM = By("system", channel="check")


@dataclass(frozen=True, slots=True)
class Report:
    """Where the schema stands and what does not hold.

    `checked` counts the rows looked at; it is empty where the schema is not right, for then nothing
    else was asked.  `complete` tells whether the check went to its end.
    """

    current: str | None
    needed: str
    drift: tuple[str, ...]
    checked: Mapping[str, int]
    violations: tuple[Violation, ...]
    complete: bool

    @property
    def ok(self) -> bool:
        """Whether all was looked at and nothing found."""
        return self.complete and not self.drift and not self.violations


def check(
    settings: Settings, reference: str | None = None, *, files: bool = False, replay: bool = False
) -> Report:
    """Check a database of these settings, or one case of it; nothing is changed."""
    connected = database.connect(settings.database)
    try:
        schema.exists(connected)
        found = schema.status(connected, drift=True)
    finally:
        connected.dispose()
    if not found.ok:
        return Report(found.current, found.needed, found.drift, {}, (), complete=False)
    engine = Engine(settings)
    try:
        done = surveyed(engine, reference, files=files, replay=replay)
    finally:
        engine.close()
    return Report(
        found.current, found.needed, (), done.checked, done.violations, complete=done.complete
    )


def surveyed(
    engine: Engine, reference: str | None = None, *, files: bool = False, replay: bool = False
) -> checks.Checked:
    """The invariants alone, asked of an engine that stands."""
    depth = checks.Depth(certificate_file if files else None, replay)
    if reference is not None:
        return engine.survey(SYSTEM, checks.case, reference, depth)
    return engine.survey(SYSTEM, checks.house, depth)

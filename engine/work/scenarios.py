"""The scenarios of a procedure, played: each on a fresh database of its own, then the coverage.

Nothing of the user's own database is touched: settings, database and files lie in a temporary
folder. A database is founded and the procedure deployed once; each scenario gets a copy.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from decisions import watching
from engine.commands import procedures
from engine.engine import Engine, decisions
from engine.settings import SETTINGS, Settings, load
from engine.work import coverage, outcome
from engine.work.coverage import Covered, Drawing
from engine.work.founding import FOUNDER, found
from engine.work.outcome import End, Fault
from engine.work.playing import Clock, Failed, Play
from processes import scenario as stories
from processes.bundle import Bundle
from processes.catalogue import city
from processes.errors import BundleError
from processes.scenario import Scenario

_CITY = "casablanca"
_ALWAYS = date(2000, 1, 1)  # in effect on whatever day a scenario is set


@dataclass(frozen=True, slots=True)
class Result:
    """How a scenario went."""

    file: str
    title: str
    faults: tuple[Fault, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came true."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Report:
    """How all went, and what they reached."""

    procedure: str
    results: tuple[Result, ...]
    flows: Covered
    rules: Covered

    @property
    def passed(self) -> bool:
        """Whether every scenario passed."""
        return all(result.passed for result in self.results)

    @property
    def complete(self) -> bool:
        """Whether every flow was taken and every rule fitted."""
        return not (self.flows.missing or self.rules.missing)


def run(bundle: Bundle, advance: Callable[[int, int], None] | None = None) -> Report:
    """Play every scenario of a bundle; raises EngineError where it cannot be deployed.

    `advance` is told how many are done, of how many.
    """
    names, walked = stories.files(bundle), set[str]()
    results: list[Result] = []
    with TemporaryDirectory(prefix="mouqataa-test-") as folder, watching.watched() as fitted:
        stage = _Stage(Path(folder), bundle)
        for number, name in enumerate(names):
            if advance is not None:
                advance(number, len(names))
            result, end = stage.play(name)
            results.append(result)
            walked.update(end.walked)
    return Report(
        bundle.procedure.key, tuple(results), coverage.of_flows(stage.drawing, walked),
        coverage.of_rules(decisions(bundle), fitted),
    )  # fmt: skip


class _Stage:
    """The founded database that every scenario gets a copy of."""

    def __init__(self, folder: Path, bundle: Bundle) -> None:
        self._bundle, self._folder = bundle, folder
        self._settings = settings(folder)
        self._model = folder / "founded.db"
        found(self._settings, city(_CITY), "admin", specimen=False)
        engine = Engine(self._settings)
        try:
            engine.run(FOUNDER, procedures.deploy, bundle, _ALWAYS)
        finally:
            engine.close()
        self._database.rename(self._model)
        self.drawing: Drawing = coverage.drawn(bundle)

    @property
    def _database(self) -> Path:
        return self._settings.data / "mouqataa.db"

    def play(self, file: str) -> tuple[Result, End]:
        """One scenario, on its copy."""
        try:
            scenario = stories.read(self._bundle, file)
        except BundleError as error:
            return Result(file, file, (Fault("", "file", {"reason": error.reason}),)), End()
        shutil.copyfile(self._model, self._database)
        clock = Clock(scenario.at)
        engine = Engine(self._settings, clock)
        try:
            faults, end = self._played(engine, clock, scenario)
        finally:
            engine.close()
        return Result(file, scenario.title, faults), end

    def _played(
        self, engine: Engine, clock: Clock, scenario: Scenario
    ) -> tuple[tuple[Fault, ...], End]:
        play = Play(engine, clock, self._bundle.procedure, scenario)
        try:
            play.run()
        except Failed as failed:
            return (failed.fault,), play.end()
        end = play.end()
        return tuple(outcome.faults(end, scenario.then, self.drawing.flows)), end


def settings(folder: Path) -> Settings:
    """Every setting as it is by default, in this folder: nobody's own settings count here."""
    flags = {
        name: setting.default.replace("{data}", str(folder)) for name, setting in SETTINGS.items()
    }
    return load(environ={}, flags=flags | {"data": str(folder)})

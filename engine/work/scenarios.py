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
from zoneinfo import ZoneInfo

from decisions import watching
from engine.commands import procedures
from engine.engine import Engine, decisions
from engine.settings import SETTINGS, Settings, load
from engine.work import coverage, ending, naming, outcome
from engine.work.coverage import Covered
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
        coverage.of_rules(stage.decisions, fitted),
    )  # fmt: skip


class _Stage:
    """The founded database that every scenario gets a copy of."""

    def __init__(self, folder: Path, bundle: Bundle) -> None:
        self._bundle, self._settings, facts = bundle, settings(folder), city(_CITY)
        self._zone = ZoneInfo(facts["zone"])
        self._database, self._founded = folder / "mouqataa.db", folder / "founded.db"
        found(self._settings, facts, "admin", specimen=False)
        engine = Engine(self._settings)
        try:
            engine.run(FOUNDER, procedures.deploy, bundle, _ALWAYS)
        finally:
            engine.close()
        self._database.rename(self._founded)
        self.drawing, self.decisions = coverage.drawn(bundle), decisions(bundle)

    def play(self, file: str) -> tuple[Result, End]:
        """One scenario, on its copy."""
        try:
            story = stories.read(self._bundle, file)
        except BundleError as error:
            return Result(file, file, (Fault("", "file", {"reason": error.reason}),)), End()
        faults = tuple(naming.unknown(story, self.drawing, self.decisions, self._bundle.procedure))
        if faults:
            return Result(file, story.title, faults), End()
        shutil.copyfile(self._founded, self._database)
        clock = Clock(story.at)
        engine = Engine(self._settings, clock)
        try:
            faults, end = self._played(engine, clock, story)
        finally:
            engine.close()
        return Result(file, story.title, faults), end

    def _played(
        self, engine: Engine, clock: Clock, story: Scenario
    ) -> tuple[tuple[Fault, ...], End]:
        play = Play(engine, clock, self._zone, self._bundle.procedure, story)
        failed: tuple[Fault, ...] = ()
        try:
            play.run()
        except Failed as error:
            failed = (error.fault,)
        end = End()
        if play.reference:
            end = ending.end(engine, play.reference, certified="certificates" in story.then)
        return failed or tuple(outcome.faults(end, story.then, self.drawing.flows)), end


def settings(folder: Path) -> Settings:
    """Every setting as it is by default, in this folder: nobody's own settings count here."""
    flags = {
        name: setting.default.replace("{data}", str(folder)) for name, setting in SETTINGS.items()
    }
    return load(environ={}, flags=flags | {"data": str(folder)})

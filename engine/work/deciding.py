"""Decisions outside a case: the models of a file or of a procedure, tried without a database.

What every decision sees beside its inputs is given here: the day, and the calendar of the city that
is shipped. Inputs come as JSON has them and become what the model says they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from decisions import dmn, examples, expressions, watching
from decisions.calendars import Calendar
from decisions.checking import model as checking
from decisions.checking.check import SEVERITIES
from decisions.checking.findings import Finding
from decisions.dmn import Decision, Model, Outcome
from decisions.errors import DecisionError
from decisions.examples import Difference, Example
from decisions.feel import temporal
from engine.commands import years
from engine.engine import present
from engine.errors import EngineError
from engine.store.calendars import Book, Row
from engine.work import coverage
from engine.work.coverage import Covered
from processes import holidays
from processes.catalogue import city

_CITY = "casablanca"
_TEMPORAL = frozenset(
    {"date", "time", "date and time", "days and time duration", "years and months duration"}
)


@dataclass(frozen=True, slots=True)
class Tried:
    """How an example went: the file it stands in, and what came out otherwise."""

    file: str
    example: Example
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """How all examples went, and the rules that they reached."""

    tried: tuple[Tried, ...]
    rules: Covered

    @property
    def count(self) -> int:
        """How many came out as they say."""
        return sum(not one.differences for one in self.tried)

    @property
    def passed(self) -> bool:
        """Whether all did."""
        return self.count == len(self.tried)


def files_of(path: Path) -> dict[str, bytes]:
    """A model's file with the examples of its own, and the models that it may import."""
    own = path.with_suffix(examples.SUFFIX)
    beside = [file for file in sorted(path.parent.glob("*.dmn")) if file != path]
    try:
        found = {file.name: file.read_bytes() for file in beside}
        found |= {own.name: own.read_bytes()} if own.is_file() else {}
        return {path.name: path.read_bytes(), **found}
    except OSError as error:
        raise EngineError("bundle_invalid", reason=f"{path}: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong with a decision: the file, its id, the ids of the rules concerned, the rest."""

    file: str
    element: str
    rules: tuple[str, ...]
    finding: Finding


def findings(files: Mapping[str, bytes], only: str = "") -> list[Found]:
    """Everything to be told of these models, the worst first; raises DecisionError."""
    found = [one for name, model in models(files, only).items() for one in _found(name, model)]
    return sorted(found, key=lambda one: SEVERITIES.index(one.finding.severity))


def _found(file: str, model: Model) -> Iterator[Found]:
    for error in model.faults:
        told = {"reason": str(error), "hint": error.remedy or "Correct it."}
        yield Found(file, error.place, (), Finding("fault", "error", details=told))
    for one in (*model.decisions.values(), *model.functions.values()):
        for rules, finding in checking.findings(one):
            yield Found(file, one.id, rules, finding)


def models(files: Mapping[str, bytes], only: str = "") -> dict[str, Model]:
    """The models among these files, by file; raises DecisionError where one cannot be read."""
    names = [only] if only else sorted(name for name in files if name.endswith(".dmn"))
    return {name: dmn.among(files, name) for name in names}


def decision(found: Mapping[str, Model], wanted: str) -> tuple[Model, Decision]:
    """The decision of that id or name; the only one, where none is named."""
    every = [(model, one) for model in found.values() for one in model.decisions.values()]
    fitting = [pair for pair in every if wanted in ("", pair[1].id, pair[1].name)]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(one.id for _, one in every) or "-"
    if every and not wanted:
        raise EngineError("decision_unnamed", known=known)
    raise EngineError("unknown_decision", decision=wanted, known=known)


def decide(
    model: Model, wanted: Decision, given: Mapping[str, Any], day: date | None = None
) -> Outcome:
    """Take a decision on values as JSON has them; raises DecisionError."""
    calendar, around = surroundings(day)
    values = {name: typed(value, model.inputs.get(name, "")) for name, value in given.items()}
    return wanted.evaluate({**around, **values}, calendar=calendar)


def typed(value: Any, kind: str) -> Any:
    """A value of JSON as FEEL has it: exact numbers, and dates where the model asks for one.

    A text that begins with `=` is FEEL. Raises DecisionError where it is none.
    """
    match value:
        case str() if value.startswith("="):
            return expressions.compile(value[1:]).evaluate({})
        case str() if kind in _TEMPORAL:
            return temporal.temporal(value) or value
        case bool() | None | str():
            return value
        case int() | float():
            return Decimal(str(value))
        case list():
            return [typed(item, "") for item in value]
        case dict():
            return {key: typed(item, "") for key, item in value.items()}
    return value


def surroundings(day: date | None = None) -> tuple[Calendar, dict[str, Any]]:
    """The calendar of the city, and the moment: now, or the beginning of a day."""
    facts = city(_CITY)
    zone = ZoneInfo(facts["zone"])
    now = datetime.combine(day, time(), zone) if day else present().astimezone(zone)
    return shipped(facts["calendar"]), {"now": now, "today": now.date()}


def shipped(name: str) -> Calendar:
    """A calendar that comes with the program, as its file has it."""
    found, moment = holidays.calendar(name), present()
    rest = " ".join(map(str, found["rest_days"]))
    head = SimpleNamespace(parent=None, zone=found["zone"], rest_days=rest)
    span = Row(name, "span", "", moment, SimpleNamespace(first=found["first"], last=found["last"]))
    rows = (*years.as_rows(name, found, moment), span)
    return Book({name: head}, rows, {}).at(name, moment)


def tried(files: Mapping[str, bytes], day: date | None = None, only: str = "") -> Report:
    """Every example beside the models, tried; raises DecisionError naming the file at fault."""
    calendar, around = surroundings(day)
    found: list[Tried] = []
    read = models(files, only)
    with watching.watched() as fitted:
        for name, model in read.items():
            own = PurePosixPath(name).with_suffix(examples.SUFFIX).as_posix()
            for example in _examples(own, files, model):
                wrong = tuple(examples.differences(example, around, calendar))
                found.append(Tried(own, example, wrong))
    every = {one.id: one for model in read.values() for one in model.decisions.values()}
    return Report(tuple(found), coverage.of_rules(every, fitted))


def _examples(own: str, files: Mapping[str, bytes], model: Model) -> tuple[Example, ...]:
    try:
        return examples.read(files[own], model) if own in files else ()
    except DecisionError as error:
        place = f"{own}, {error.place}"
        raise DecisionError(error.code, error.message, place=place, remedy=error.remedy) from error

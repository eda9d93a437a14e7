"""The table of permissions: every command stands in it, and the one way in goes by it."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest

from engine import commands
from engine.commands import procedures
from engine.engine import Engine
from engine.errors import EngineError
from engine.permissions import ADMINISTRATOR, AUDITOR, EXTERNAL, RULES, STAFF, SYSTEM
from engine.settings import load
from engine.transaction import By, Transaction
from engine.work import founding
from engine.work.worker import SYSTEM as WORKER
from processes.catalogue import city
from tests.conftest import hiring
from tests.engine.commands.house import bundle

# Parts that commands are made of: they take a transaction and are called inside one.
PARTS = {
    "answering.clean", "answering.one", "attachments.keep", "calendars.affected", "calendars.head",
    "clocks.again", "dating.ask",
    "dating.date_anew", "dating.dispute", "dating.disputed", "revisions.changed",
    "revisions.counted", "revisions.order", "dating.follow",
    "dating.misdated", "facts.happened", "facts.keep", "facts.known",
    "facts.revive", "facts.take_back", "jobs.fired", "people.corrected", "people.of",
    "delays.standing", "delegations.require",
    "duties.administers", "duties.cares_for", "duties.goes_on",
    "duties.open_case", "duties.work_case", "duties.works_on",
    "jobs.attempted", "jobs.awaited", "jobs.element_of", "jobs.failing", "jobs.raise_incident",
    "jobs.take", "letters.owe", "operations.lost",
    "life.moved", "operations.by_hand",
    "acts.allowed", "selections.chosen",
    "procedures.begun_by", "procedures.in_effect", "steps.apply", "steps.drop_draft",
    "steps.put_aside",
    "letterbox.arrived", "letterbox.end", "letterbox.from_outside", "letterbox.lay_down",
    "procedures.begun_by_event", "cases.begun", "signals.receive", "orders.offices",
    "orders.order", "schedules.align", "schedules.deployed", "schedules.misplanned",
    "letterbox.asleep",
    "letterbox.of_case", "letterbox.of_person", "letterbox.received", "letterbox.until",
}  # fmt: skip


def found() -> dict[str, Callable[..., Any]]:
    """Every public function of engine.commands that takes a transaction first."""
    names: dict[str, Callable[..., Any]] = {}
    for info in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"engine.commands.{info.name}")
        for name, value in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(value):
                continue
            if value.__module__ == module.__name__ and _takes_transaction(value):
                names[f"{info.name}.{name}"] = value
    return names


def _takes_transaction(function: Callable[..., Any]) -> bool:
    first = next(iter(inspect.signature(function).parameters.values()), None)
    return first is not None and first.annotation is Transaction


FOUND = found()
COMMANDS = sorted(FOUND.keys() - PARTS)


def test_every_command_has_its_rule_and_every_rule_its_command() -> None:
    assert set(COMMANDS) == set(RULES)
    assert FOUND.keys() >= PARTS, "a part that is gone"


def test_every_rule_lets_somebody_in_and_names_only_words_of_the_table() -> None:
    words = {STAFF, ADMINISTRATOR, AUDITOR, EXTERNAL, SYSTEM}
    assert [name for name, rule in RULES.items() if not rule or rule - words] == []


def test_the_house_itself_may_do_everything() -> None:
    assert [name for name, rule in RULES.items() if SYSTEM not in rule] == []


def test_who_audits_changes_nothing() -> None:
    """What an auditor may do are questions: none of them writes."""
    asked = {name.split(".")[1] for name, rule in RULES.items() if AUDITOR in rule}
    assert asked <= {"listing", "show", "history", "replay", "search", "export", "verify",
                     "status", "roles", "procedure", "case", "mine", "explain",
                     "causes", "items", "lapsing", "report"}  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An engine with one person of each standing; what a permitted command does is left out."""
    folder = tmp_path_factory.mktemp("house")
    settings = load(environ={"MOUQATAA_DATA": str(folder)})
    founding.found(settings, city("casablanca"), "admin", specimen=False)
    engine = Engine(settings)
    engine.run(founding.FOUNDER, procedures.deploy, bundle())
    hire = hiring(engine)
    people = {
        STAFF: hire("staff", "desk"), ADMINISTRATOR: hire("boss", "administrator"),
        AUDITOR: hire("audit", "auditor"), EXTERNAL: hire("robot", "external_worker"),
        "nobody": hire("nobody"), SYSTEM: WORKER,
    }  # fmt: skip
    yield engine, people
    engine.close()


class _Reached(Exception):
    """The command itself began."""


def _called(command: Any, name: str) -> None:
    """Give a function the name of another."""
    module, command.__name__ = name.split(".")
    command.__module__ = f"engine.commands.{module}"


def _tried(engine: Engine, by: By, name: str, door: str) -> str:
    """What the one way in says before the command begins: "in", or the code of its refusal."""

    def command(tx: Transaction) -> None:
        raise _Reached

    _called(command, name)
    try:
        getattr(engine, door)(by, command)
    except _Reached:
        return "in"
    except EngineError as error:
        return error.code
    raise AssertionError("the command did not begin and was not refused")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_one_way_in_goes_by_the_table(house: Any, name: str) -> None:
    engine, people = house
    for standing, by in people.items():
        expected = "in" if standing in RULES[name] else "not_permitted"
        for door in ("run", "read"):
            assert _tried(engine, by, name, door) == expected, f"{standing} by {door}"


@pytest.mark.parametrize("name", COMMANDS)
def test_nobody_without_a_role_gets_in_with_the_real_command(house: Any, name: str) -> None:
    engine, people = house
    with pytest.raises(EngineError) as caught:
        engine.run(people["nobody"], FOUND[name])
    assert caught.value.code == "not_permitted"
    assert caught.value.details["command"] == name


def test_a_function_that_is_no_command_is_not_run(house: Any) -> None:
    engine, people = house

    def command(tx: Transaction) -> None: ...

    for part in sorted(PARTS):
        _called(command, part)
        with pytest.raises(KeyError):
            engine.run(people[SYSTEM], command)

"""Cases of the legal clock: what stands in a procedure, what happened, what has to come out.

A case is run against the modules of the program, or against a copy of them with a fault in it
(test_mutations.py), so cases name modules through `Modules` only.
"""

import importlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

NAMES = (
    "workdays", "calendars", "clock.law", "clock.result", "clock.lengths", "clock.walking",
    "clock.dating", "clock.hours", "clock.backward", "clock.run", "clock.evaluate",
    "clock.several", "clock.reminders", "clock.reading",
)  # fmt: skip


@dataclass(frozen=True)
class Modules:
    """The modules under test, by their name without the clock's folder."""

    root: str = "decisions"

    def __getattr__(self, name: str) -> ModuleType:
        inner = name if name in ("workdays", "calendars") else f"clock.{name}"
        return importlib.import_module(f"{self.root}.{inner}")


REAL = Modules()

OFFICE = {day: ["08:30-12:00", "12:30-16:30"] for day in range(1, 5)} | {
    5: ["08:30-11:30", "13:00-16:30"]
}
RAMADAN = {day: ["09:00-15:00"] for day in range(1, 6)}
MOROCCO = {
    "2026-03-20": "Aïd Al-Fitr", "2026-03-21": "Aïd Al-Fitr", "2026-05-01": "Travail",
    "2026-05-27": "Aïd Al-Adha", "2026-05-28": "Aïd Al-Adha", "2026-06-16": "1er Moharram",
    "2026-07-30": "Trône", "2026-08-14": "Oued Eddahab", "2026-08-20": "Révolution",
    "2026-08-21": "Jeunesse", "2026-11-06": "Marche verte", "2026-11-18": "Indépendance",
}  # fmt: skip
MOVING = ("2026-03-20", "2026-03-21", "2026-05-27", "2026-05-28", "2026-06-16")
CALENDARS: dict[str, dict[str, Any]] = {
    "MA": {"zone": "Africa/Casablanca", "closed": MOROCCO},
    "MA-23": {"zone": "Africa/Casablanca", "closed": MOROCCO | {"2026-03-23": "exceptionnel"}},
    "MA-est": {"zone": "Africa/Casablanca", "closed": MOROCCO, "estimated": MOVING},
    "MA-sat": {"zone": "Africa/Casablanca", "closed": MOROCCO, "opened": ("2026-09-12",)},
    "FR": {"zone": "Europe/Paris", "closed": {"2026-05-01": "", "2026-05-08": "", "2026-05-14": "",
           "2026-05-25": "", "2026-07-14": ""}},
    "IN": {"zone": "Asia/Kolkata", "closed": {}},
    "shut": {"zone": "UTC", "closed": {}, "hours": {}},
    "night": {"zone": "UTC", "closed": {}, "hours": {day: ["22:00-00:00"] for day in range(1, 8)},
              "rest": ()},
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """`facts`: kind, wall time and data; `expected`: fields of the result, or the error."""

    name: str
    clock: dict[str, Any] | list[dict[str, Any]]
    facts: list[tuple[Any, ...]]
    now: str
    expected: dict[str, Any]
    calendar: str = "MA"
    not_before: Any = None
    rules: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def hours(modules: Modules, table: dict[int, list[str]]) -> Any:
    return {
        day: tuple(
            (time.fromisoformat(one[:5]), time.fromisoformat(one[6:])) for one in windows
        )
        for day, windows in table.items()
    }  # fmt: skip


def calendar(name: str, modules: Modules = REAL) -> Any:
    table = CALENDARS[name]
    made = modules.calendars
    days = {
        date.fromisoformat(day): made.Day(False, label, estimated=day in table.get("estimated", ()))
        for day, label in table["closed"].items()
    } | {date.fromisoformat(day): made.Day(True, "") for day in table.get("opened", ())}
    season = made.Season(
        "ramadan", date(2026, 2, 19), date(2026, 3, 19), hours(modules, RAMADAN)
    )  # fmt: skip
    return made.Calendar(
        name, frozenset(table.get("rest", (6, 7))), days, table["zone"], date(2026, 1, 1),
        date(2027, 12, 31), hours(modules, table.get("hours", OFFICE)),
        (season,) if name.startswith("MA") else (),
    )  # fmt: skip


def instant(text: str, zone: str) -> datetime:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def facts_of(case: Case, modules: Modules = REAL) -> list[Any]:
    zone = CALENDARS[case.calendar]["zone"]
    return [
        modules.law.Fact(kind, instant(at, zone), seq, data[0] if data else {})
        for seq, (kind, at, *data) in enumerate(case.facts)
    ]


def clocks_of(case: Case, modules: Modules = REAL) -> list[Any]:
    rules = {name: modules.reading.rule(table) for name, table in case.rules.items()}
    tables = case.clock if isinstance(case.clock, list) else [case.clock]
    made = []
    for table in tables:
        written = {"start": ["filed"], "stop": ["decided"]} | table
        made.append(modules.reading.clock(written.pop("name", "decision"), written, rules))
    return made


def found(case: Case, modules: Modules = REAL) -> dict[str, Any]:
    """What comes out of a case, of the keys that it expects."""
    zone = CALENDARS[case.calendar]["zone"]
    try:
        clocks, known = clocks_of(case, modules), calendar(case.calendar, modules)
        facts, now = facts_of(case, modules), instant(case.now, zone)
        if isinstance(case.clock, list):
            results = modules.several.evaluate_all(clocks, facts, known, now, case.not_before or {})
            named = {"/".join(filter(None, key)): one for key, one in results.items()}
            return {
                key: shown(named[key], wanted, zone) if key in named else None
                for key, wanted in case.expected.items()
                if key != "error"
            }
        result = modules.evaluate.evaluate(clocks[0], facts, known, now, case.not_before)
        told = shown(result, case.expected, zone)
        if "reminders" in case.expected:
            days = modules.reminders.reminders(clocks[0], result, known)
            told["reminders"] = [(text, day.isoformat()) for text, day in days]
        return told
    except Exception as error:  # noqa: BLE001 (a fault that stops everything is found as well)
        code = getattr(error, "code", repr(error))
        return {"error": code} | (
            {"place": getattr(error, "place", "")} if "place" in case.expected else {}
        )


def shown(result: Any, wanted: Any, zone: str) -> Any:
    if wanted is None:
        return "something"
    return {key: _plain(result, key, zone) for key in wanted if hasattr(result, key)}


def _plain(result: Any, key: str, zone: str) -> Any:
    value = getattr(result, key)
    if key == "ignored":
        return [(one.seq, one.reason) for one in value]
    if key == "stops":
        return [
            (one.on, str(one.first), one.last and str(one.last), _wall(one.since, zone),
             one.until and _wall(one.until, zone)) for one in value
        ]  # fmt: skip
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%MZ")
    return value.isoformat() if isinstance(value, date) else value


def _wall(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def days(number: int, unit: str = "days") -> list[list[Any]]:
    return [[number, unit]]

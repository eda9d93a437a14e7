"""Files of test vectors of the legal clock, read and run.

A file is JSON: `calendars` by name; `vectors`, each with a calendar, a clock, facts, a moment and
what is expected of the result; `suites` of several clocks that feed each other; `revisions`, the
same facts before and after a change of the calendar. docs/reference/clock.md says more.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from decisions.calendars import Calendar, Day, Hours, Season
from decisions.clock import reading, walking
from decisions.clock.days import difference
from decisions.clock.evaluate import evaluate
from decisions.clock.law import Clock, Fact
from decisions.clock.reminders import reminders
from decisions.clock.result import Result
from decisions.clock.several import evaluate_all
from decisions.errors import DecisionError

Object = Mapping[str, Any]
# What is expected, and what of it was found: of the same keys.
Compared = tuple[dict[str, Any], dict[str, Any]]

_SATURDAY_SUNDAY = (5, 6)
_WORDS = {"opinion_favourable": "favourable_opinion"}
_NAME = "vector"
_FAULTS = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of one vector, suite or revision; `broken`: why it could not be run."""

    key: str
    title: str
    expected: Mapping[str, Any]
    found: Mapping[str, Any]
    broken: str = ""

    @property
    def passed(self) -> bool:
        """Whether what came out is what is expected."""
        return not self.broken and self.expected == self.found

    @property
    def line(self) -> str:
        """The outcome as the program prints it, on one line."""
        named = f"{self.key}  {self.title}" if self.title else self.key
        if self.passed:
            return f"ok    {named}"
        if self.broken:
            return f"FAIL  {named}  {self.broken}"
        differing = [key for key in self.expected if self.expected[key] != self.found.get(key)]
        expected = {key: self.expected[key] for key in differing}
        found = {key: self.found.get(key) for key in differing} | {
            key: value for key, value in self.found.items() if key == "error"
        }
        return f"FAIL  {named}  expected {_written(expected)}  found {_written(found)}"


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def outcomes(path: Path) -> Iterator[Outcome]:
    """What comes out of every vector, suite and revision of a file; what is broken names itself."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        kinds = {kind: content.get(kind, []) for kind in _KINDS}
    except (OSError, AttributeError, ValueError) as error:
        yield Outcome(str(path), "", {}, {}, f"the file cannot be read: {error}")
        return
    if not any(kinds.values()):
        yield Outcome(str(path), "", {}, {}, f"there are no {', '.join(_KINDS)} in it")
    for kind, listed in kinds.items():
        for number, one in enumerate(listed, 1):
            yield _outcome(f"{path}: {kind}[{number}]", one, content, _KINDS[kind])


def _outcome(
    at: str, one: Object, content: Object, run: Callable[["_File", Object], Compared]
) -> Outcome:
    key, title = at, ""
    try:
        key, title = str(one["id"]), str(one.get("title", ""))
        expected, found = run(_File(content), one)
    except DecisionError as error:
        return Outcome(key, title, {}, {}, f"{at}: {error}")
    except _FAULTS as error:
        told = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        return Outcome(key, title, {}, {}, f"{at}: {told}")
    return Outcome(key, title, expected, found)


class _File:
    """The content of a file, and what its parts say."""

    def __init__(self, content: Object) -> None:
        self._content = content

    def vector(self, one: Object) -> Compared:
        """One clock at one moment."""
        clock = _clock(one["clock"])
        calendar, facts, now = self.calendar(one["calendar"]), _facts(one), _instant(one["now"])
        expected = {**one["expect"], **one.get("gold", {})}
        try:
            result = evaluate(clock, facts, calendar, now)
        except DecisionError as error:
            return _expected(expected), {"error": error.code}
        return _expected(expected), _found(result, expected)

    def suite(self, one: Object) -> Compared:
        """Several clocks at one moment, and the days of their reminders where they are named."""
        tables = one["clocks"]
        if isinstance(tables, str):
            tables = self._clocks_of(tables)
        names = {table["name"] for table in tables}
        clocks = {table["name"]: _clock(table, names) for table in tables}
        calendar = self.calendar(one["calendar"])
        facts = _facts(one, names)
        results = {
            "/".join(filter(None, key)): result
            for key, result in evaluate_all(
                list(clocks.values()), facts, calendar, _instant(one["now"])
            ).items()
        }
        expected = {key: _expected(inner) for key, inner in one["expect"].items()}
        found: dict[str, Any] = {
            key: _found(results[key], inner) if key in results else None
            for key, inner in expected.items()
        }
        if "reminders" in one:
            expected["reminders"] = one["reminders"]
            days = {
                day.isoformat()
                for result in results.values()
                for _, day in reminders(clocks[result.clock], result, calendar)
            }
            found["reminders"] = sorted(days)
        return expected, found

    def _clocks_of(self, key: str) -> Any:
        for suite in self._content["suites"]:
            if suite["id"] == key:
                return suite["clocks"]
        raise ValueError(f"there is no suite {key}")

    def revision(self, one: Object) -> Compared:
        """The same facts by two calendars, at the last of them."""
        clock, facts = _clock(one["clock"]), _facts(one)
        now = _instant(one["now"]) if "now" in one else max(fact.at for fact in facts)
        before, after = (
            (evaluate(clock, facts, calendar, now), calendar)
            for calendar in (self.calendar(one["before"]), self.calendar(one["after"]))
        )
        moved = difference(clock, before, after)
        found = {
            "due": [day and day.isoformat() for day in moved.due],
            "state": list(moved.state),
            "days": {day.isoformat(): list(pair) for day, pair in moved.days.items()},
        }
        return dict(one["expect"]), {key: found[key] for key in one["expect"]}

    def calendar(self, name: str) -> Calendar:
        """A calendar of the file; in it the week begins with 0 for Monday."""
        table = self._content["calendars"][name]
        estimated = set(table.get("estimated", ()))
        closed = {
            date.fromisoformat(day): Day(False, label, estimated=day in estimated)
            for day, label in table.get("closed", {}).items()
        }
        opened = {date.fromisoformat(day): Day(True, "") for day in table.get("opened", ())}
        seasons = tuple(
            Season(
                season.get("name", ""),
                date.fromisoformat(season["first"]),
                date.fromisoformat(season["last"]),
                _hours(season["hours"]),
            )
            for season in table.get("seasons", ())
        )
        return Calendar(
            name,
            frozenset(day + 1 for day in table.get("weekend", _SATURDAY_SUNDAY)),
            closed | opened,
            table["zone"],
            date.fromisoformat(table["first"]),
            date.fromisoformat(table["last"]),
            _hours(table.get("hours", {})),
            seasons,
        )


_KINDS: Mapping[str, Callable[[_File, Object], Compared]] = {
    "vectors": _File.vector,
    "suites": _File.suite,
    "revisions": _File.revision,
}


def _hours(table: Object) -> Hours:
    return {
        int(day) + 1: tuple(
            (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in windows
        )
        for day, windows in table.items()
    }


def _clock(table: Object, names: set[str] | None = None) -> Clock:
    """A clock in the words of a vector, read as one of `procedure.toml`."""
    written = {key: value for key, value in table.items() if key != "name"}
    if isinstance(written.get("silence"), str) or "lapse_on" in written:
        effect, dated = written.get("silence", "none"), written.pop("lapse_on", "last_day")
        written["silence"] = {"effect": _WORDS.get(effect, effect), "dated": dated}
    if "suspensions" in written:
        written["suspension"] = written.pop("suspensions")
    plain = _lapses(_without_nothing(written), names or set())
    return reading.clock(table.get("name", _NAME), plain, {})


def _without_nothing(value: Any) -> Any:
    """A table without the keys that hold null: JSON has it for what is left out."""
    if isinstance(value, dict):
        return {key: _without_nothing(one) for key, one in value.items() if one is not None}
    return [_without_nothing(one) for one in value] if isinstance(value, list) else value


def _lapses(value: Any, names: set[str]) -> Any:
    """In a suite `NAME.lapsed` is the lapse of the clock of that name."""
    if isinstance(value, dict):
        return {key: _lapses(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_lapses(one, names) for one in value]
    lapsed = isinstance(value, str) and value.endswith(".lapsed")
    return f"clock.{value}" if lapsed and value.removesuffix(".lapsed") in names else value


def _facts(one: Object, names: set[str] | None = None) -> list[Fact]:
    return [
        Fact(_lapses(kind, names or set()), _instant(at), seq, data[0] if data else {})
        for seq, (kind, at, *data) in enumerate(one["facts"])
    ]


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no offset")
    return found


def _expected(table: Object) -> dict[str, Any]:
    return {
        key: _instant(value) if key in _INSTANTS and value else value
        for key, value in table.items()
    }


def _found(result: Result, wanted: Object) -> dict[str, Any]:
    """What a result has of what is wanted, as JSON has it."""
    return {key: _plain(key, result) for key in wanted}


_INSTANTS = frozenset({"effect_at", "ended_at", "since"})


def _plain(key: str, result: Result) -> Any:
    if key == "error":
        return None
    if key == "ignored":
        return [[one.seq, one.reason] for one in result.ignored]
    if key == "holes":
        stopped = walking.holes(result.stops, result.start or date.min)
        return [[first.isoformat(), last and last.isoformat()] for first, last in stopped]
    value = getattr(result, key)
    return value.isoformat() if isinstance(value, date) and key not in _INSTANTS else value

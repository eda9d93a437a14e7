"""The clocks of a bundle: its tables made into law, and what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from decisions.clock import reading
from decisions.clock.law import Clock, Length, Rule
from decisions.clock.several import heard_by
from decisions.errors import DecisionError
from engine.deployment.findings import Finding
from engine.deployment.sentences import finding
from processes import jurisdictions
from processes.bundle import Bundle
from processes.procedure import FILE

# What a table says of its source, and what a rule says beyond how it counts.
_SOURCE = frozenset({"source", "read", "verified", "name"})
_BESIDE = _SOURCE | {"article", "note", "at_most"}
# The most days that one of each unit is.
_MOST = {"years": 366, "months": 31, "weeks": 7, "days": 1}


def clocks(bundle: Bundle) -> tuple[Clock, ...]:
    """The clocks that a procedure grants; raises DecisionError that names the key at fault."""
    rules = _rules(bundle)
    return tuple(
        reading.clock(name, {k: v for k, v in table.items() if k not in _SOURCE}, rules)
        for name, tables in bundle.procedure.clocks.items()
        for table in tables
    )


def check(bundle: Bundle) -> Iterator[Finding]:
    """Every fault of the clocks' tables and of the rules that they name."""
    name = bundle.procedure.jurisdiction
    if name and bundle.jurisdiction is None:
        yield finding("jurisdiction", FILE, "jurisdiction", name=name,
                      known=near(name, jurisdictions.names()))  # fmt: skip
        return
    file = f"{jurisdictions.FOLDER}{name}.toml"
    own = bundle.files.get(file)
    if own is not None and jurisdictions.part(name) not in (None, own):
        yield finding("rules_differ", file, "")
    wrong = list(_rule_names(bundle))
    yield from wrong
    if wrong:
        return
    try:
        found = clocks(bundle)
    except DecisionError as error:
        hint = error.remedy or "Correct it."
        yield finding("clock.invalid", FILE, error.place, reason=error.message, hint=hint)
        return
    yield from _obliged(bundle)
    yield from _too_long(bundle, found)
    for key in bundle.procedure.clocks:
        yield from _in_force([clock for clock in found if clock.name == key])
    yield from _cycles(found)


def horizon(found: Sequence[Clock], last: date, today: date) -> Iterator[Finding]:
    """Each clock that could run beyond the last day of a calendar, begun on the first it may be."""
    for clock in found:
        extension = clock.extension
        days = most_days(clock.length)
        days += most_days(extension.length) * extension.at_most if extension is not None else 0
        first = max(clock.in_force[0] or today, today)
        if (until := first + timedelta(days)) > last and (clock.in_force[1] or today) >= today:
            yield finding("clock.horizon", FILE, f"clock.{clock.name}", name=clock.name,
                          last=last, until=until)  # fmt: skip


def most_days(length: Length) -> int:
    """The most days of the calendar that a length can be, holidays and stops left out."""
    days = 0
    for number, unit in length:
        if unit == "working_days":
            days += number // 5 * 7 + number % 5
        elif unit in _MOST:
            days += number * _MOST[unit]
        else:
            days += -(-number // (24 if unit == "hours" else 8))
    return days


def near(name: str, known: Sequence[str]) -> str:
    """The name that was meant, or those that could be."""
    return ", ".join(get_close_matches(name, known, 1) or sorted(known)) or "–"


def _rules(bundle: Bundle) -> dict[str, Rule]:
    found = bundle.jurisdiction
    rows = found.rules if found is not None else {}
    return {name: reading.rule(_counting(row), f"rules.{name}") for name, row in rows.items()}


def _counting(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in _BESIDE}


def _rule_names(bundle: Bundle) -> Iterator[Finding]:
    known = bundle.jurisdiction.rules if bundle.jurisdiction is not None else {}
    for name, tables in bundle.procedure.clocks.items():
        for rule in (table.get("rule") for table in tables):
            if isinstance(rule, str) and rule not in known:
                yield finding("clock.rule", FILE, f"clock.{name}.rule", rule=rule,
                              jurisdiction=bundle.procedure.jurisdiction,
                              known=near(rule, list(known)))  # fmt: skip


def _obliged(bundle: Bundle) -> Iterator[Finding]:
    for name, tables in bundle.procedure.clocks.items():
        if any("obliged" not in table for table in tables):
            yield finding("clock.obliged", FILE, f"clock.{name}", name=name)


def _too_long(bundle: Bundle, found: Sequence[Clock]) -> Iterator[Finding]:
    """A rule may hold for short delays only (Algemene termijnenwet, article 4)."""
    rows = bundle.jurisdiction.rules if bundle.jurisdiction is not None else {}
    for clock in found:
        most = rows.get(clock.rule_name, {}).get("at_most")
        if most is not None and not _within(clock.length, most):
            yield finding(
                "clock.rule_at_most", FILE, f"clock.{clock.name}.length", name=clock.name,
                rule=clock.rule_name, most=", ".join(f"{n} {unit}" for n, unit in most),
            )  # fmt: skip


def _within(length: Length, most: Sequence[tuple[int, str]]) -> bool:
    """Whether a length is within one of these: of its own unit, else counted in days."""
    own = [number for number, unit in most if len(length) == 1 and unit == length[0][1]]
    if own:
        return length[0][0] <= max(own)
    days = [number for number, unit in most if unit == "days"]
    countable = all(unit in _MOST or unit == "working_days" for _, unit in length)
    return countable and bool(days) and most_days(length) <= max(days)


def _in_force(tables: Sequence[Clock]) -> Iterator[Finding]:
    """Several tables of one clock follow each other day by day."""
    ordered = sorted(tables, key=lambda clock: clock.in_force[0] or date.min)
    for before, after in pairwise(ordered):
        last, first = before.in_force[1], after.in_force[0]
        if last is None or first is None or first != last + timedelta(1):
            yield finding("clock.in_force", FILE, f"clock.{after.name}", name=after.name,
                          day=first or last or "–")  # fmt: skip


def _cycles(found: Sequence[Clock]) -> Iterator[Finding]:
    """Clocks whose end decides about each other: none of them could be dated."""
    lapses = {clock.lapse: clock.name for clock in found}
    after: dict[str, set[str]] = {clock.name: set() for clock in found}
    for clock in found:
        for fact in heard_by(clock):
            if fact in lapses:
                after[lapses[fact]].add(clock.name)
            elif fact.startswith("clock."):
                name = fact.split(".")[1]
                yield finding("clock.unknown", FILE, f"clock.{clock.name}", name=name,
                              known=near(name, list(after)))  # fmt: skip
    told: set[str] = set()
    for name in after:
        ring = {key for key in _below(after, name) if name in _below(after, key)}
        if name in ring and name not in told:
            told |= ring
            yield finding("clock.cycle", FILE, f"clock.{name}", names=", ".join(sorted(ring)))


def _below(after: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    todo = list(after[start])
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            todo.extend(after[key])
    return seen

"""A clock from the plain table that a procedure, or a file of vectors, holds.

Strict: a key that is unknown, a value of the wrong kind and a clock that contradicts itself are
refused, with the place of the key and the remedy.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from decisions.clock import lengths
from decisions.clock.law import Clock, Extension, Length, Rule, Silence, Suspension
from decisions.errors import DecisionError

Table = Mapping[str, Any]
Reader = Callable[[Any, str], Any]

_REMINDER = re.compile(r"[1-9][0-9]?%|[1-9][0-9]{0,3} (days|working_days)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def clock(name: str, table: Table, rules: Mapping[str, Rule]) -> Clock:
    """The clock of a table as `procedure.toml` has it; `rules`: the named rules of jurisdictions.

    Raises DecisionError (clock.invalid) that names the key: `clock.decision.suspension[1].then`.
    """
    at = f"clock.{name}"
    if not _NAME.fullmatch(name):
        raise invalid(at, f"{name!r} is no name", "Name it by letters, digits and underscores.")
    readers = {**_CLOCK, "rule": lambda value, place: _rule(value, place, rules)}
    found = _table(table, at, readers, ("length", "start"))
    rule_name, found["rule"] = found.get("rule", ("", Rule()))
    applicant = found.get("obliged") == "applicant"
    found.setdefault("on_revision", "never_earlier" if applicant else "recompute")
    found["suspensions"] = found.pop("suspension", ())
    made = Clock(name, rule_name=rule_name, **found)
    _coherent(made, at)
    return made


def rule(table: Table, at: str = "rule") -> Rule:
    """The rule of a table; `at`: its place, for errors."""
    made = Rule(**_table(table, at, _RULE, ()))
    if made.backward and made.roll == "next":
        raise invalid(
            f"{at}.roll", "a period that is counted back never moves towards the event",
            'Write roll = "previous", or leave it out.',
        )  # fmt: skip
    return made


def invalid(place: str, message: str, remedy: str) -> DecisionError:
    """What is wrong with a table, where, and what to do."""
    return DecisionError("clock.invalid", message, place=place, remedy=remedy)


def _table(value: Any, at: str, readers: Mapping[str, Reader], needed: Collection[str]) -> Any:
    if not isinstance(value, Mapping):
        raise invalid(at, "a table is needed", f"Write {at} as a table of keys.")
    for key in value:
        if key not in readers:
            raise invalid(
                f"{at}.{key}", "the key is unknown", f"Use one of {', '.join(sorted(readers))}."
            )
    for key in needed:
        if key not in value:
            raise invalid(f"{at}.{key}", "the key is missing", f"Add {key} to {at}.")
    return {key: readers[key](inner, f"{at}.{key}") for key, inner in value.items()}


def _text(value: Any, at: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise invalid(at, f"{value!r} is no text", "Write a text between quotes.")
    return value


def _flag(value: Any, at: str) -> bool:
    if not isinstance(value, bool):
        raise invalid(at, f"{value!r} is neither true nor false", "Write true or false.")
    return value


def _whole(least: int) -> Reader:
    def read(value: Any, at: str) -> int:
        if type(value) is not int or value < least:
            raise invalid(at, f"{value!r} is no whole number from {least}", "Correct the number.")
        return value

    return read


def _one_of(*words: str) -> Reader:
    def read(value: Any, at: str) -> str:
        if value not in words:
            raise invalid(at, f"{value!r} is unknown", f"Use one of {', '.join(words)}.")
        return str(value)

    return read


def _texts(value: Any, at: str) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise invalid(at, "a list is needed", 'Write a list of texts: ["case.filed"].')
    return tuple(_text(one, f"{at}[{number}]") for number, one in enumerate(value, 1))


def _some_texts(value: Any, at: str) -> tuple[str, ...]:
    found = _texts(value, at)
    if not found:
        raise invalid(at, "the list is empty", "Name at least one fact.")
    return found


def _length(value: Any, at: str) -> Length:
    if not isinstance(value, (list, tuple)) or not value:
        raise invalid(at, "no length", 'Write pairs of number and unit: [[30, "days"]].')
    found = []
    for number, part in enumerate(value, 1):
        place = f"{at}[{number}]"
        if not isinstance(part, (list, tuple)) or len(part) != 2:
            raise invalid(place, f"{part!r} is no pair", 'Write number and unit: [30, "days"].')
        unit = _one_of(*lengths.COUNTED)(part[1], f"{place}[2]")
        found.append((_whole(0)(part[0], f"{place}[1]"), unit))
    try:
        lengths.counted(tuple(found))
    except DecisionError as error:
        raise invalid(at, error.message, error.remedy) from None
    return tuple(found)


def _reminders(value: Any, at: str) -> tuple[str, ...]:
    found = _texts(value, at)
    for number, text in enumerate(found, 1):
        if not _REMINDER.fullmatch(text):
            raise invalid(
                f"{at}[{number}]", f"{text!r} is no reminder",
                'Write a share, "80%", or what is left: "3 working_days", "3 days".',
            )  # fmt: skip
    return found


def _day(value: Any, at: str) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise invalid(at, f"{value!r} is no day", "Write it as 2026-09-01.") from None


def _in_force(value: Any, at: str) -> tuple[date | None, date | None]:
    found = _table(value, at, {"from": _day, "to": _day}, ())
    first, last = found.get("from"), found.get("to")
    if first and last and last < first:
        raise invalid(f"{at}.to", f"{last} lies before {first}", "Correct the days.")
    return first, last


def _rule(value: Any, at: str, rules: Mapping[str, Rule]) -> tuple[str, Rule]:
    if not isinstance(value, str):
        return "", rule(value, at)
    if value not in rules:
        known = ", ".join(sorted(rules)) or "none is known"
        raise invalid(at, f"there is no rule {value!r}", f"Name a rule: {known}.")
    return value, rules[value]


def _suspensions(value: Any, at: str) -> tuple[Suspension, ...]:
    if not isinstance(value, (list, tuple)):
        raise invalid(at, "a list of tables is needed", f"Write [[{at}]].")
    return tuple(
        Suspension(**_table(one, f"{at}[{number}]", _SUSPENSION, ("on", "until")))
        for number, one in enumerate(value, 1)
    )


def _extension(value: Any, at: str) -> Extension:
    return Extension(**_table(value, at, _EXTENSION, ("on", "length")))


def _silence(value: Any, at: str) -> Silence:
    return Silence(**_table(value, at, _SILENCE, ("effect",)))


def _coherent(made: Clock, at: str) -> None:
    """Refuse what would have no meaning, or another than it seems to have."""
    changing = made.suspensions or made.extension
    if changing and not any(number for number, _ in made.length):
        raise invalid(
            f"{at}.length", "a same-day clock can be neither suspended nor extended",
            "Give it a length, or leave suspension and extension out.",
        )  # fmt: skip
    if made.rule.backward and (changing or made.in_hours):
        raise invalid(
            f"{at}.rule", "only days are counted back, and nothing suspends or extends them",
            "Leave suspension and extension out, and give the length in days.",
        )  # fmt: skip
    extension = made.extension
    if extension and lengths.counted(extension.length) != lengths.counted(made.length):
        raise invalid(
            f"{at}.extension.length", "it is counted in another way than the clock",
            f"Give it in {lengths.counted(made.length)}, as the length of the clock.",
        )  # fmt: skip
    for number, one in enumerate(made.suspensions, 1):
        _coherent_suspension(made, one, f"{at}.suspension[{number}]")


def _coherent_suspension(made: Clock, one: Suspension, at: str) -> None:
    if made.in_hours and (one.stopped_from, one.counted_from) != ("next_day", "next_day"):
        raise invalid(
            at, "a clock in hours stops and goes on at the instants of the facts",
            "Leave stopped_from and counted_from out.",
        )  # fmt: skip
    if one.then == "restart" and one.counted_from == "same_day":
        raise invalid(
            f"{at}.counted_from", "a restart counts as a start does, by first_day of the rule",
            "Leave counted_from out.",
        )  # fmt: skip


_RULE: Mapping[str, Reader] = {
    "month_end": _one_of("fact", "first", "eve"),
    "month": _one_of("calendar", "thirty"),
    "first_day": _one_of("excluded", "included"),
    "franc": _flag,
    "roll": _one_of("none", "next", "previous"),
    "min_working_days": _whole(0),
    "whole_hours": _flag,
    "backward": _flag,
}
_SUSPENSION: Mapping[str, Reader] = {
    "on": _text,
    "until": _some_texts,
    "then": _one_of("continue", "restart"),
    "at_most": _whole(1),
    "within": _length,
    "stopped_from": _one_of("next_day", "same_day"),
    "counted_from": _one_of("next_day", "same_day"),
}
_EXTENSION: Mapping[str, Reader] = {
    "on": _text,
    "length": _length,
    "at_most": _whole(1),
    "motives": _texts,
}
_SILENCE: Mapping[str, Reader] = {
    "effect": _one_of("none", "consent", "refusal", "favourable_opinion"),
    "certified_by": _text,
    "certificate": _text,
    "dated": _one_of("last_day", "day_after"),
    "next": _text,
}
_CLOCK: Mapping[str, Reader] = {
    "article": _text,
    "in_force": _in_force,
    "length": _length,
    "obliged": _one_of("office", "applicant", "other"),
    "start": _some_texts,
    "stop": _texts,
    "cancel": _texts,
    "reminders": _reminders,
    "suspension": _suspensions,
    "extension": _extension,
    "silence": _silence,
    "each": _text,
    "on_revision": _one_of("recompute", "never_earlier"),
}

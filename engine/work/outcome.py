"""How a scenario ended, and in what that differs from what it expects."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from decisions.feel import temporal

# Each fault by its code: English msgids with `{named}` details.
MESSAGES: Mapping[str, str] = {
    "file": "{reason}",
    "unknown": "the procedure has no {name}; near it: {near}",
    "refused": "it was refused ({code}): {reason}",
    "accepted": "{code} was expected, but it was accepted",
    "other": "{expected} was expected, but it was refused with {code}: {reason}",
    "fields": "the fields {expected} were expected to be named, not {found}",
    "no_task": "no task {element} is open; open are: {open}",
    "no_case": "there is no case; its start was refused",
    "work": "{kind} failed: {reason}",
    "endless": "timers fired more than {limit} times during this wait",
    "differs": "expected {expected}, found {found}",
    "said": "the certificate does not say {expected}; it says: {found}",
    "incident": "an incident was left: {code}: {reason}",
    "replay": "the replay differs: {reason}",
}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a scenario failed and how: a code of MESSAGES with its details."""

    place: str
    code: str
    details: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The fault in English, for machines."""
        return MESSAGES[self.code].format(**self.details)


@dataclass(slots=True)
class End:
    """All that may be expected of a case; `walked` are elements entered and flows taken."""

    status: str = ""
    tasks: list[str] = field(default_factory=list)
    walked: list[str] = field(default_factory=list)
    decisions: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    registers: list[str] = field(default_factory=list)
    certificates: dict[str, list[str]] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)
    incidents: dict[str, str] = field(default_factory=dict)
    differences: tuple[str, ...] = ()


def faults(end: End, then: Mapping[str, Any], flows: Mapping[str, Any]) -> Iterator[Fault]:
    """Everything in which an end is not as expected; `flows` are the author's sequence flows."""
    for name, expected in then.items():
        yield from _CHECKS[name](end, expected, flows)
    expected = then.get("incidents", [])
    for code, reason in end.incidents.items():
        if code not in expected:
            yield Fault("then", "incident", {"code": code, "reason": reason})
    for difference in end.differences:
        yield Fault("then", "replay", {"reason": difference})


def _status(end: End, expected: Any, _flows: Any) -> Iterator[Fault]:
    if end.status != expected:
        yield differs("then.status", expected, end.status)


def _path(end: End, expected: Any, flows: Any) -> Iterator[Fault]:
    found = [step for step in end.walked if step in flows]
    if found != expected:
        yield differs("then.path", expected, found)


def _through(end: End, expected: Any, _flows: Any) -> Iterator[Fault]:
    left = iter(end.walked)
    for step in expected:
        if step not in left:  # consumes: what follows must lie behind
            yield differs(f"then.through ({step})", expected, end.walked)
            return


def _sorted(name: str) -> Callable[[End, Any, Any], Iterator[Fault]]:
    def check(end: End, expected: Any, _flows: Any) -> Iterator[Fault]:
        found = list(getattr(end, name))
        if sorted(found) != sorted(expected):
            yield differs(f"then.{name}", expected, found)

    return check


def _history(end: End, expected: Any, _flows: Any) -> Iterator[Fault]:
    if end.history != expected:
        yield differs("then.history", expected, end.history)


def _each(name: str) -> Callable[[End, Any, Any], Iterator[Fault]]:
    def check(end: End, expected: Any, _flows: Any) -> Iterator[Fault]:
        found = getattr(end, name)
        for key, value in expected.items():
            if not same(value, found.get(key)):
                yield differs(f"then.{name}.{key}", value, found.get(key))

    return check


def _certificates(end: End, expected: Any, _flows: Any) -> Iterator[Fault]:
    for kind, wanted in expected.items():
        place, texts = f"then.certificates.{kind}", end.certificates.get(kind)
        if not texts:
            yield differs(place, kind, sorted(end.certificates))
            continue
        for text in wanted if isinstance(wanted, list) else [wanted]:
            if not any(folded(str(text)) in said for said in texts):
                yield Fault(place, "said", {"expected": text, "found": " / ".join(texts)})


_CHECKS: Mapping[str, Callable[[End, Any, Any], Iterator[Fault]]] = {
    "status": _status,
    "path": _path,
    "through": _through,
    "tasks": _sorted("tasks"),
    "registers": _sorted("registers"),
    "incidents": _sorted("incidents"),
    "history": _history,
    "decisions": _each("decisions"),
    "values": _each("values"),
    "certificates": _certificates,
}


def differs(place: str, expected: Any, found: Any) -> Fault:
    """A fault of an expectation, both sides as text."""
    return Fault(place, "differs", {"expected": _shown(expected), "found": _shown(found)})


def folded(text: str) -> str:
    """A text with its white space as single blanks."""
    return " ".join(text.split())


def same(expected: Any, found: Any) -> bool:
    """Whether a value of a case is the one that a scenario writes.

    A table is compared on the keys that are written; moments are equal as moments, dates and
    durations by their text, numbers as numbers.
    """
    match expected:
        case dict():
            return isinstance(found, Mapping) and all(
                same(value, found.get(key)) for key, value in expected.items()
            )
        case list():
            return (
                isinstance(found, list)
                and len(found) == len(expected)
                and all(map(same, expected, found))
            )
        case bool() | None:
            return found is expected
        case int() | float():
            return _number(found) == Decimal(str(expected))
    return _same_text(str(expected), found)


def _number(found: Any) -> Decimal | None:
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        return None
    return Decimal(found)


def _same_text(expected: str, found: Any) -> bool:
    match found:
        case str():
            return found == expected
        case bool() | None:
            return False
        case int() | Decimal():  # an amount may be written with its cents: "2.00"
            try:
                return Decimal(expected) == found
            except InvalidOperation:
                return False
        case datetime():
            try:
                return datetime.fromisoformat(expected) == found
            except (ValueError, TypeError):
                return False
    return _shown(found) == expected


def _shown(value: Any) -> str:
    match value:
        case None | "":
            return NOTHING
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case timedelta():
            return temporal.written(value)
        case dict():
            return "{" + ", ".join(f"{key}: {_shown(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_shown, value)) + "]"
    return str(value)

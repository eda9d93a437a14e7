"""What a rehearsal is told beforehand: the answers file.

    tasks:                        # by element: the values that it is completed with
      Decide: {accepted: true}
      Count: [{copies: 1}, {copies: 2}]   # the first time, the second; the last one stands on
    services:                     # by element: what its operation answers
      Pay: {number: "12"}
      Search: {error: NOT_FOUND}  # its business error
    messages:                     # given as soon as somebody waits for them
      - {name: paid, payload: {sum: 20}, key: "12", after: Decide}
    signals: [alarm]
    leave: [Sign]                 # tasks that nobody completes
    offers: [Visit, Call]         # which activities of an ad-hoc subprocess are begun, in order

Every part may be left out. A key that is none of these is an element, as under `tasks`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from decisions.errors import DecisionError
from engine.rehearsal.values import typed, variables
from processes import plain_yaml

_PARTS = frozenset({"tasks", "services", "messages", "signals", "leave", "offers"})


class Unanswerable(Exception):
    """The answers cannot be read; the reason is a sentence."""


@dataclass(slots=True)
class Given:
    """A message or signal to deliver: once, to whoever waits for it first."""

    kind: str
    name: str
    payload: Mapping[str, Any]
    key: str | None = None
    after: str = ""


@dataclass(slots=True)
class Answers:
    """The answers of a rehearsal, used up as it goes."""

    tasks: dict[str, Any] = field(default_factory=dict)
    services: dict[str, Any] = field(default_factory=dict)
    given: list[Given] = field(default_factory=list)
    leave: frozenset[str] = frozenset()
    offers: tuple[str, ...] | None = None
    times: dict[str, int] = field(default_factory=dict)

    def values(self, element: str) -> dict[str, Any]:
        """What a task is completed with this time."""
        return variables(self._next(self.tasks, element))

    def service(self, element: str) -> Any:
        """What an operation answers this time."""
        return self._next(self.services, element)

    def _next(self, found: Mapping[str, Any], element: str) -> Any:
        value, turn = found.get(element), self.times.get(element, 0)
        self.times[element] = turn + 1
        if isinstance(value, list):
            return value[min(turn, len(value) - 1)] if value else None
        return value


def read(text: bytes) -> Answers:
    """The answers of a file, YAML or JSON; raises Unanswerable."""
    try:
        document = plain_yaml.load(text) if text.strip() else {}
        return _answers(typed(document if document is not None else {}))
    except (plain_yaml.Unreadable, DecisionError) as error:
        raise Unanswerable(str(error)) from error


def _answers(document: Any) -> Answers:
    if not isinstance(document, dict):
        raise Unanswerable("the answers are no table of names")
    tasks = {key: value for key, value in document.items() if key not in _PARTS}
    offers = document.get("offers")
    return Answers(
        tasks | _table(document, "tasks"),
        _table(document, "services"),
        [*_given(document, "message"), *_given(document, "signal")],
        frozenset(map(str, document.get("leave") or ())),
        tuple(map(str, offers)) if isinstance(offers, list) else None,
    )


def _table(document: Mapping[str, Any], part: str) -> dict[str, Any]:
    found = document.get(part) or {}
    if not isinstance(found, dict):
        raise Unanswerable(f"{part} is no table: element, then its values")
    return found


def _given(document: Mapping[str, Any], kind: str) -> Iterator[Given]:
    found = document.get(f"{kind}s") or []
    if isinstance(found, dict):
        found = [{"name": name, "payload": payload} for name, payload in found.items()]
    for one in found if isinstance(found, list) else [found]:
        entry = one if isinstance(one, dict) else {"name": one}
        if not entry.get("name"):
            raise Unanswerable(f"one of the {kind}s has no name")
        key = entry.get("key")
        yield Given(
            kind, str(entry["name"]), variables(entry.get("payload")),
            None if key is None else str(key), str(entry.get("after") or ""),
        )  # fmt: skip

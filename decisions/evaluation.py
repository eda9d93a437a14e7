"""One evaluation of a decision with all that it requires: its budget, and the trace of each part.

The trace explains the result to a person, and is kept in the history of a case: for each element of
the requirements graph what its table read, which rules fitted, what it gave, and the reasons for
what became null. It holds values that a case can hold, and is never long.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from decisions.feel.frame import Budget, Run, WorkingDays
from decisions.feel.writing import written
from decisions.values import Months, Value

NOTES = 100
"""Elements told by one trace; a function called in a loop would fill it."""
ITEMS = 50
"""Items told of one list or context."""
PARTS = 200
"""Lists and contexts told of one value."""
LEVELS = 20
"""Lists and contexts told within each other."""
CHARACTERS = 1_000
"""Characters told of one text."""


@dataclass(slots=True)
class Note:
    """How one element came to its value."""

    element: str
    name: str
    inputs: dict[str, Value] = field(default_factory=dict)
    rules: list[list[Value]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    value: Value = None

    def told(self) -> dict[str, Any]:
        """The note as the trace holds it; the value of the decision itself stands beside it."""
        inputs = {text: shown(value) for text, value in self.inputs.items()}
        return {
            "decision": self.element, "inputs": inputs, "rules": self.rules,
            "reasons": self.reasons,
        }  # fmt: skip


class Evaluation(Run):
    """One evaluation: one budget for all, a note for each element; `fault` where it contradicts."""

    __slots__ = ("fault", "last", "note", "notes")

    def __init__(self, root: Mapping[str, Value], calendar: WorkingDays | None) -> None:
        super().__init__(root, calendar, None, Budget())
        self.notes: list[Note] = []
        self.last = Note("", "")
        self.note = Note("", "")
        self.fault = ""

    @contextmanager
    def noting(self, element: str, name: str) -> Iterator[Note]:
        """Write a note of its own for what is evaluated inside; the last one ends first."""
        outside, reasons = self.note, self.reasons
        self.note = note = Note(element, name)
        self.reasons = note.reasons
        try:
            yield note
        finally:
            self.note, self.reasons = outside, reasons
        self.last = note
        if len(self.notes) < NOTES:
            self.notes.append(note)

    def trace(self) -> dict[str, Any]:
        """The trace of the element that was evaluated last, with those before it."""
        before = [note for note in self.notes if note is not self.last]
        told = self.last.told()
        if before:
            told["before"] = [
                {**one.told(), "name": one.name, "value": shown(one.value)} for one in before
            ]
        return told


def shown(value: Value) -> Value:
    """A value as a trace tells it: one that a case can hold, and not the whole of a large one."""
    if type(value) is Decimal:
        return value
    return _shown(value, iter(range(PARTS)), LEVELS)


def _shown(value: Value, room: Iterator[int], levels: int) -> Value:
    match value:
        case None | bool() | Decimal() | dt.date() | dt.time() | dt.timedelta() | Months():
            return value
        case str():
            return value if len(value) <= CHARACTERS else f"{value[:CHARACTERS]}…"
        case list() | Mapping() if not levels or next(room, None) is None:
            return "…"
        case list():
            told = [_shown(item, room, levels - 1) for item in value[:ITEMS]]
            return [*told, f"… {len(value)}"] if len(value) > ITEMS else told
        case Mapping():
            entries = list(value.items())[:ITEMS]
            return {key: _shown(item, room, levels - 1) for key, item in entries}
    return written(Run({}, None), value)

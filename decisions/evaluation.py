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

    __slots__ = ("fault", "note", "notes")

    def __init__(self, root: Mapping[str, Value], calendar: WorkingDays | None) -> None:
        super().__init__(root, calendar, None, Budget())
        self.notes: list[Note] = []
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
        if len(self.notes) < NOTES:
            self.notes.append(note)

    def trace(self) -> dict[str, Any]:
        """The trace of the element that was evaluated last, with those before it."""
        *before, note = self.notes
        told = note.told()
        if before:
            told["before"] = [
                {**one.told(), "name": one.name, "value": shown(one.value)} for one in before
            ]
        return told


def shown(value: Value) -> Value:
    """A value as a trace tells it: one that a case can hold, and not the whole of a long one."""
    match value:
        case None | bool() | str() | Decimal() | dt.date() | dt.time() | dt.timedelta() | Months():
            return value
        case list():
            told = [shown(item) for item in value[:ITEMS]]
            return [*told, f"… {len(value)}"] if len(value) > ITEMS else told
        case Mapping():
            return {key: shown(item) for key, item in list(value.items())[:ITEMS]}
    return written(Run({}, None), value)

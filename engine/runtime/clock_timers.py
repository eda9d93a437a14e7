"""A timer that names a clock of the law: clock("decision").end.

It stays one FEEL-like expression, so that any editor of models shows it, but it is no FEEL: its
value comes from the facts of the case. It stands alone, for in a longer expression a date would be
made of it that no later fact could move.
"""

import re
from dataclasses import dataclass

from decisions import expressions
from decisions.errors import DecisionError
from decisions.expressions import Expression

_WHOLE = re.compile(
    r'clock\s*\(\s*"(?P<name>[a-z][a-z0-9_]*)"\s*(?:,(?P<each>.+))?\)\s*\.\s*'
    r'(?:end|reminder\s*\(\s*"(?P<reminder>[^"]+)"\s*\))',
    re.DOTALL,
)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_CALLED = re.compile(r"\bclock\s*\(")


@dataclass(frozen=True, slots=True)
class ClockTimer:
    """What a timer waits for: the `end` of a clock, or one of its reminders.

    `reminder` is its text as the clock has it ("80%"), empty for the end; `each` gives the value
    for which the clock runs, None for a clock that runs once.
    """

    name: str
    reminder: str = ""
    each: Expression | None = None

    @property
    def what(self) -> str:
        """Which moment of the clock: "end" or "reminder"."""
        return "reminder" if self.reminder else "end"


def read(text: str) -> ClockTimer | None:
    """The clock that the text of a timer names; None where it names none.

    Raises DecisionError where a clock is named in any other way than alone.
    """
    text = text.strip()
    whole = _WHOLE.fullmatch(text)
    if whole is None:
        if _called(text):
            raise _refused(text)
        return None
    if whole["each"] is None:
        return ClockTimer(whole["name"], whole["reminder"] or "")
    try:
        each = expressions.compile(whole["each"].strip())
    except DecisionError as error:
        raise _refused(text) from error
    if _called(each.text):
        raise _refused(text)
    return ClockTimer(whole["name"], whole["reminder"] or "", each)


def _called(text: str) -> bool:
    return _CALLED.search(_STRING.sub('""', text)) is not None


def _refused(text: str) -> DecisionError:
    return DecisionError(
        "clock-timer", f"a clock stands alone in its timer: {text}",
        remedy='Write clock("name").end, clock("name").reminder("80%") or '
               'clock("name", value).end, and nothing else.',
    )  # fmt: skip

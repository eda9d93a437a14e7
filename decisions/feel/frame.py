"""What an evaluation carries with it: the variables in sight, and its budget."""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from decisions.errors import LimitExceeded
from decisions.feel import limits
from decisions.values import Value

_LONG = (str, list, dict)
_ATOMS = frozenset({str, Decimal, bool, type(None), date, datetime})


class WorkingDays(Protocol):
    """What the calendar functions ask of a calendar."""

    def is_working_day(self, day: Any, /) -> bool:
        """Whether offices are open on that date."""
        ...

    def holiday(self, day: Any, /) -> str | None:
        """The name of the holiday on that date, or None."""
        ...

    def add_working_days(self, day: Any, count: int, /) -> Any:
        """The date that many working days after (or before) a date."""
        ...


class Budget:
    """What has been used up; evaluations that make one result together share one.

    The count of steps decides, since it is the same whenever a case is executed again; the time of
    the processor is looked at now and then, from the first time on, for what the count missed.
    """

    # Most evaluations use none of these up: they begin in the class.
    steps = 0
    calls = 0
    look_at = limits.STEPS_BETWEEN_LOOKS
    _end: float | None = None

    def spend(self, steps: int = 1) -> None:
        """Use up steps; raises LimitExceeded when there are none left, or no time."""
        self.steps += steps
        if self.steps > self.look_at:
            self.look()

    def look(self) -> None:
        """See what is left; raises LimitExceeded when nothing is."""
        if self.steps > limits.STEPS:
            raise _exceeded("steps", f"more than {limits.STEPS} steps in one evaluation")
        self.look_at = min(self.steps + limits.STEPS_BETWEEN_LOOKS, limits.STEPS)
        self.seconds()

    def seconds(self) -> float:
        """The time that is left; raises LimitExceeded when there is none."""
        now = time.thread_time()
        if self._end is None:
            self._end = now + limits.SECONDS
        if now >= self._end:
            raise self.too_long()
        return self._end - now

    @staticmethod
    def too_long() -> LimitExceeded:
        """The error of an evaluation that takes too much time."""
        return _exceeded("time", f"more than {limits.SECONDS} s in one evaluation")


class Run:
    """One evaluation: its context, its calendar, its budget and why it gave null."""

    __slots__ = ("budget", "calendar", "reasons", "root")

    def __init__(
        self,
        root: Mapping[str, Value],
        calendar: WorkingDays | None,
        reasons: list[str] | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.root = root
        self.calendar = calendar
        self.reasons = reasons
        self.budget = budget or Budget()

    def tick(self, items: int = 1) -> None:
        """Use up the steps for going through so many items; raises LimitExceeded."""
        budget = self.budget
        budget.steps += items * limits.ITEM
        if budget.steps > budget.look_at:
            budget.look()

    def fail(self, place: str, message: str) -> None:
        """Say why the value is null."""
        if self.reasons is not None and len(self.reasons) < limits.REASONS:
            self.reasons.append(f"{place}: {message}")

    def silently(self, closure: "Closure", frame: "Frame") -> Value:
        """The value of a form that was not really asked for: its reasons would mislead."""
        reasons, self.reasons = self.reasons, None
        value = closure(frame)
        self.reasons = reasons
        return value

    def walked(self, value: Value) -> None:
        """Use up the steps for going through all that is inside a value."""
        if isinstance(value, list | Mapping):
            self.weighed(value)
            self.tick(len(value))

    def pay(self, values: Iterable[Value]) -> None:
        """Use up steps for a call of a built-in function, more when its arguments are long."""
        cost = limits.BUILTIN_CALL
        for value in values:
            if isinstance(value, _LONG):
                cost += len(value) // limits.CHARACTERS
        budget = self.budget
        budget.steps += cost
        if budget.steps > budget.look_at:
            budget.look()

    def sized(self, value: Value) -> Value:
        """The list or string itself; raises LimitExceeded when it is too long."""
        most = limits.STRING if isinstance(value, str) else limits.LIST
        if len(value) > most:
            raise _exceeded("size", f"a list or string of more than {most}")
        self.budget.spend(len(value) // limits.CHARACTERS)
        return value

    def weighed(self, value: Value) -> Value:
        """The value itself; raises LimitExceeded when there is too much inside it.

        Parts that are shared count every time they are seen, since whoever writes, compares or
        stores the value goes through them every time.
        """
        if type(value) in _ATOMS:
            return value
        level = [value]
        for _ in range(limits.NESTING * 2):
            inner: list[Value] = []
            for part in level:
                if type(part) in _ATOMS:
                    continue
                if isinstance(part, list):
                    inner.extend(part)
                elif isinstance(part, Mapping):
                    inner.extend(part.values())
                if len(inner) > limits.STEPS:
                    raise _exceeded("size", f"a value of more than {limits.STEPS} parts")
            if not inner:
                return value
            self.budget.spend(len(inner))
            level = inner
        raise _exceeded("size", "a value of too many levels within each other")


def _exceeded(what: str, message: str) -> LimitExceeded:
    remedy = "Work on fewer items, or split the decision."
    return LimitExceeded(f"expression-{what}", message, remedy=remedy)


class Frame:
    """Variables in sight: this block's own, then those of the block around it."""

    __slots__ = ("parent", "run", "values")

    def __init__(self, values: Mapping[str, Value], parent: "Frame | None", run: Run) -> None:
        self.values = values
        self.parent = parent
        self.run = run


Closure: TypeAlias = Callable[[Frame], Value]
"""A compiled form: gives its value in a frame."""

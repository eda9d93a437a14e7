"""Expressions inside a running case: the variables they see, and personal values opened for them.

A value that stands sealed in the case is opened for the length of one evaluation. What such an
evaluation gives is recorded, so that the case can be executed again after the value was erased; it
is put away sealed unless the procedure declares its variable a harmless fact.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from decisions import expressions
from decisions.errors import LimitExceeded
from decisions.expressions import Expression
from engine.runtime import timers
from engine.runtime.clock_timers import ClockTimer
from engine.runtime.command import Command, current
from engine.runtime.errors import Erased, ModelError
from engine.runtime.timers import Timer
from engine.runtime.values import Sealed, pack
from engine.runtime.world import MISSING, Derived


def scope(command: Command, data: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of a case and what every expression sees beside them."""
    world = command.world
    today = world.now.astimezone(world.zone).date()
    return {**data, "case": world.case, "now": world.now, "today": today}


def evaluate(element: str, slot: str, expression: Expression, data: Mapping[str, Any]) -> Any:
    """The value of an expression that is used at once: a condition, a moment, a key.

    It is used in the open: made from personal values it may be yes or no, and nothing else.
    """
    value, opened = _evaluated(element, slot, expression, data)
    if opened:
        if not isinstance(value, bool) and value is not None:
            raise ModelError(element, f"its {slot} would show a personal value")
        current().derived.append(Derived(element, slot, value))
    return value


def assign(
    element: str, slot: str, expression: Expression, data: Mapping[str, Any], variable: str
) -> Any:
    """The value of an expression as it may be stored in `variable`.

    A bare path hands a sealed value on unopened.
    """
    handed = _handed(expression, data)
    if isinstance(handed, Sealed):
        return handed
    value, opened = _evaluated(element, slot, expression, data)
    return stored(element, slot, value, variable) if opened else storable(element, value)


def moment(task: Any, timer: Timer) -> tuple[datetime, bool]:
    """When a timer that a token has reached is due, and whether that moment was given as such."""
    element, world = element_of(task), current().world
    value = None
    if timer.expression is not None:
        value = evaluate(element, "timer", timer.expression, task.data)
    due = timers.first_due(timer, value, world.now, world.zone, element)
    return due, timers.is_fixed(timer, value)


def each(task: Any, clock: ClockTimer) -> str:
    """For which value the clock runs that a timer names; empty where it runs once."""
    if clock.each is None:
        return ""
    element = element_of(task)
    value = evaluate(element, "clock", clock.each, task.data)
    if not isinstance(value, str) or not value:
        raise ModelError(element, f"{clock.each.text} gives no name for which the clock runs")
    return value


def element_of(task: Any) -> str:
    """The id of the element in the model; an instance of many bears its element's."""
    return str(getattr(task.task_spec, "bpmn_id", None) or task.task_spec.name)


def stored(element: str, slot: str, value: Any, variable: str) -> Any:
    """A value made from personal ones as it may be kept: a fact as it is, else sealed."""
    command = current()
    if variable not in command.model.facts and not isinstance(value, Sealed) and value is not None:
        value = command.world.seal(variable, value)
    command.derived.append(Derived(element, slot, value))
    return value


def storable(element: str, value: Any) -> Any:
    """The value, refused where a case cannot hold it (a function, a range)."""
    try:
        pack(value)
    except (TypeError, ValueError) as error:
        raise ModelError(element, f"the result cannot be kept: {error}") from error
    return value


def opened_names(names: frozenset[str], data: Mapping[str, Any]) -> list[str]:
    """Which of these variables hold something sealed."""
    return [name for name in names if name in data and _holds_sealed(data[name])]


def unsealed(value: Any) -> Any:
    """A value with everything sealed in it opened; raises Erased."""
    match value:
        case Sealed():
            return current().world.open(value)
        case dict():
            return {key: unsealed(item) for key, item in value.items()}
        case list():
            return [unsealed(item) for item in value]
    return value


def _evaluated(
    element: str, slot: str, expression: Expression, data: Mapping[str, Any]
) -> tuple[Any, bool]:
    command = current()
    sealed = opened_names(expression.names, data)
    if sealed:
        found = command.world.recorded(element, slot)
        if found is not MISSING:
            return found, True
    context = scope(command, data)
    try:
        context.update({name: unsealed(data[name]) for name in sealed})
        return expression.evaluate(context, calendar=command.world.calendar), bool(sealed)
    except Erased as error:
        raise ModelError(element, "the personal value it needs was erased") from error
    except LimitExceeded as error:
        raise ModelError(element, f"{expression.text}: {error.message}") from error


def _handed(expression: Expression, data: Mapping[str, Any]) -> Any:
    if expression.path is None:
        return None
    found: Any = data
    for name in expression.path:
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def _holds_sealed(value: Any) -> bool:
    match value:
        case Sealed():
            return True
        case dict():
            return any(_holds_sealed(item) for item in value.values())
        case list():
            return any(_holds_sealed(item) for item in value)
    return False


class Conditions:
    """What SpiffWorkflow calls a script engine: evaluates the conditions of gateways."""

    @staticmethod
    def evaluate(task: Any, text: str, external_context: Any = None) -> bool:
        """Whether a condition holds; refused where it is neither true nor false."""
        del external_context
        element = task.task_spec.name
        expression = expressions.compile(text)
        value = evaluate(element, text, expression, task.data)
        if isinstance(value, bool):
            return value
        raise ModelError(element, f"the condition {text} is neither true nor false")

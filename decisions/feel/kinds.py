"""`instance of`, and whether a value conforms to a type (DMN 1.5 §10.3.2.9.4)."""

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from decisions import timeline
from decisions.feel import tree
from decisions.feel.builder import Builder, form
from decisions.feel.frame import Closure, Frame
from decisions.feel.function_types import Typed, Types, resolved
from decisions.values import Range, Value, kind

Check: TypeAlias = Callable[[Value], tuple[bool, Value]]
NO_TYPES: Types = MappingProxyType({})

_SIMPLE = frozenset(
    {"null", "boolean", "string", "number", "date", "time", "date and time"}
    | {"days and time duration", "years and months duration", "range", "list", "context"}
    | {"function"}
)


def conforming(wanted: tree.Type, types: Types) -> Check:
    """The function that says whether a value fits a type, and gives it as that type.

    Null fits every type of a parameter; one item and the list of it are the same; a date is its
    midnight at UTC where a date and time is wanted.
    """
    takes_moment = resolved(wanted, types)[0] == "date and time"

    def fits(value: Value) -> bool:
        return instance(value, wanted, types) is True

    def check(value: Value) -> tuple[bool, Value]:
        if value is None or fits(value):
            return True, value
        if isinstance(value, list) and len(value) == 1 and fits(value[0]):
            return True, value[0]
        if fits([value]):
            return True, [value]
        if takes_moment and kind(value) == "date":
            return True, timeline.combine(value, dt.time(tzinfo=dt.UTC))
        return False, None

    return check


def instance(value: Value, wanted: tree.Type, types: Types) -> bool | None:
    """Whether the value is of the type; None when there is no such type here."""
    name, wanted = resolved(wanted, types)
    if name == "any":
        return value is not None
    if name not in _SIMPLE:
        return None
    if kind(value) != name:
        return False
    return not wanted.parts or _parts(value, wanted, types)


def _parts(value: Value, wanted: tree.Type, types: Types) -> bool:
    if isinstance(value, list):
        return all(_part(item, wanted.parts[0], types) for item in value)
    if isinstance(value, Mapping):
        pairs = zip(wanted.keys, wanted.parts, strict=True)
        return all(key in value and _part(value[key], part, types) for key, part in pairs)
    if isinstance(value, Range):
        ends = (end for end in (value.start, value.end) if end is not None)
        return all(instance(end, wanted.parts[0], types) is True for end in ends)
    if isinstance(value.call, Typed):
        return value.call.conforms(wanted, types)
    return len(value.parameters) == len(wanted.parts) - 1


def _part(value: Value, wanted: tree.Type, types: Types) -> bool:
    return value is None or instance(value, wanted, types) is True


@form(tree.InstanceOf)
def _instance_of(builder: Builder, node: tree.InstanceOf) -> Closure:
    value, wanted, place = builder.build(node.value), node.type, builder.place(node)
    types = builder.types

    def instance_of(frame: Frame) -> Value:
        tested = value(frame)
        frame.run.walked(tested)
        result = instance(tested, wanted, types)
        if result is None:
            return frame.run.fail(place, f"there is no type {wanted.name}")
        return result

    return instance_of

"""`instance of`, and whether a value conforms to a type (DMN 1.5 §10.3.2.9.4)."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
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

_PLAIN: Mapping[str, type] = {"string": str, "number": Decimal, "boolean": bool}
_SIMPLE = frozenset(
    {"null", "boolean", "string", "number", "date", "time", "date and time"}
    | {"days and time duration", "years and months duration", "range", "list", "context"}
    | {"function"}
)


def conforming(wanted: tree.Type, types: Types) -> Check:
    """The function that says whether a value fits a type, and gives it as that type.

    Null fits every type; a value must be among those that the type allows; one item and the list
    of it are the same; a date is its midnight at UTC where a date and time is wanted.
    """
    name, last = resolved(wanted, types)
    takes_moment = name == "date and time"
    plain = _PLAIN.get(name) if last is wanted and wanted.allows is None else None

    def fits(value: Value) -> bool:
        return instance(value, wanted, types) is True and _allowed(value, wanted, types)

    def check(value: Value) -> tuple[bool, Value]:
        if value is None or type(value) is plain or fits(value):
            return True, value
        if isinstance(value, list) and len(value) == 1 and fits(value[0]):
            return True, value[0]
        if fits([value]):
            return True, [value]
        if takes_moment and kind(value) == "date":
            moment = timeline.combine(value, dt.time(tzinfo=dt.UTC))
            return fits(moment), moment
        return False, None

    return check


def instance(value: Value, wanted: tree.Type, types: Types) -> bool | None:
    """Whether the value is of the type; None when there is no such type here.

    What a type allows among its values does not count here, as the standard's own tests have it.
    """
    name, wanted = resolved(wanted, types)
    if name == "any":
        return value is not None
    if name not in _SIMPLE:
        return None
    if kind(value) != name:
        return False
    return not wanted.parts or _parts(value, wanted, types)


def _allowed(value: Value, wanted: tree.Type, types: Types) -> bool:
    """Whether a value of the type is among those that it allows, and all that is in it too."""
    if value is None:
        return True
    while wanted.allows is None or wanted.allows(value):
        if wanted.name not in types:
            break
        wanted = types[wanted.name]
    else:
        return False
    if isinstance(value, list) and wanted.parts:
        return all(_allowed(item, wanted.parts[0], types) for item in value)
    if isinstance(value, Mapping):
        pairs = zip(wanted.keys, wanted.parts, strict=False)
        return all(_allowed(value.get(key), part, types) for key, part in pairs)
    return True


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

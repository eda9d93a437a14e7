"""Values as FEEL writes them (DMN 1.5 §10.3.4.1, `string`)."""

import datetime as dt
from collections.abc import Mapping

from decisions.feel import temporal
from decisions.feel.frame import Run
from decisions.feel.numbers import plain
from decisions.feel.zones import zone_name
from decisions.timeline import nanosecond
from decisions.values import Range, Value, kind
from decisions.wide import DateTime, Time


def written(run: Run, value: Value) -> str:
    """The text of a value; a string is its own text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | Mapping):
        run.weighed(value)
    return str(run.sized(_inside(value)))


def _inside(value: Value) -> str:
    """The text of a value inside another one: strings in quotes."""
    match kind(value):
        case "null":
            return "null"
        case "boolean":
            return "true" if value else "false"
        case "number":
            return plain(value)
        case "string":
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
        case "list":
            return "[" + ", ".join(_inside(item) for item in value) + "]"
        case "context":
            return "{" + ", ".join(f"{_key(key)}: {_inside(value[key])}" for key in value) + "}"
        case "range":
            return _range(value)
        case "function":
            return f"function({', '.join(value.parameters)})"
    return temporal_text(value)


def _key(key: str) -> str:
    return key if key.replace(" ", "").replace("_", "").isalnum() else _inside(key)


def _range(value: Range) -> str:
    if value.sign:
        return f"({value.sign} {_inside(value.end if value.start is None else value.start)})"
    opening = "[" if value.start_included else "("
    closing = "]" if value.end_included else ")"
    return f"{opening}{_inside(value.start)}..{_inside(value.end)}{closing}"


def temporal_text(value: Value) -> str:
    """A date, time, date and time or duration as ISO 8601, as FEEL writes and reads it."""
    match kind(value):
        case "days and time duration":
            return temporal.written(value)
        case "date and time":
            return f"{value.date().isoformat()}T{_clock(value)}"
        case "time":
            return _clock(value)
        case "date":
            return str(value.isoformat())
    return str(value)


def _clock(value: Time | DateTime) -> str:
    nanos = nanosecond(value)
    fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
    clock = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{fraction}"
    if value.tzinfo is None:
        return clock
    name = zone_name(value)
    if name is not None:
        return f"{clock}@{name}"
    offset = value.utcoffset()
    if not offset:
        return clock + "Z"
    return clock + _offset(offset)


def _offset(offset: dt.timedelta) -> str:
    minutes, seconds = divmod(abs(offset).seconds, 60)
    text = f"{'-' if offset < dt.timedelta() else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text

"""Functions of contexts (DMN 1.5 §10.3.4.7)."""

from collections.abc import Mapping

from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.frame import Run
from decisions.values import Value


@builtin("get value(m: context, key: string)")
def get_value(context: Mapping[str, Value], key: str) -> Value:
    """The value of an entry; null when there is none."""
    return context.get(key)


@builtin("get value(context: context, keys: list)")
def get_deep_value(context: Mapping[str, Value], keys: list[Value]) -> Value:
    """The value at the end of a path of keys; null when it breaks off."""
    _path(keys)
    value: Value = context
    for key in keys:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def _path(keys: list[Value]) -> None:
    if not keys or not all(isinstance(key, str) for key in keys):
        raise Impossible("the keys are no strings")


@builtin("get entries(m: context)")
def get_entries(context: Mapping[str, Value]) -> list[Value]:
    """The entries as contexts of key and value."""
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)")
def context_of(entries: list[Value]) -> dict[str, Value]:
    """The context of entries that are contexts of key and value."""
    made: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, Mapping) or not {"key", "value"} <= entry.keys():
            raise Impossible("an entry has no key or no value")
        key = entry["key"]
        if not isinstance(key, str) or key in made:
            raise Impossible("a key is no string or stands twice")
        made[key] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: any)")
def context_put(run: Run, context: Mapping[str, Value], key: str, value: Value) -> Value:
    """The context with one entry more, or another value in it."""
    run.tick(len(context))
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def context_put_deep(run: Run, context: Value, keys: list[Value], value: Value) -> Value:
    """The context with another value at the end of a path of keys."""
    _path(keys)
    levels: list[Mapping[str, Value]] = [context]
    for key in keys[:-1]:
        run.tick(len(levels[-1]))
        below = levels[-1].get(key)
        if not isinstance(below, Mapping):
            raise Impossible(f"there is no context at {key}")
        levels.append(below)
    for level, key in zip(reversed(levels), reversed(keys), strict=True):
        value = {**level, key: value}
    return value


@builtin("context merge(contexts: list)")
def context_merge(run: Run, contexts: list[Value]) -> dict[str, Value]:
    """All entries of the contexts; the last one of a name wins."""
    made: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, Mapping):
            raise Impossible("the list holds more than contexts")
        run.tick(len(context))
        made.update(context)
    return made

"""YAML as JSON has it: nothing but tables, lists, texts, numbers, true, false and null.

A date stays the text that a form takes, `no` and `on` are words, a key stands once, and a file of
aliases does not swell.
"""

import re
from typing import Any

import yaml

MOST = 10_000  # values in one file, repetitions counted: nothing that anybody would read


class Unreadable(Exception):
    """The text is no YAML that is accepted; says why and on which line."""


def load(text: bytes) -> Any:
    """The value of a YAML text; raises Unreadable."""
    try:
        found = yaml.load(text.decode(), _Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable(f"it is no YAML that is taken: {_told(error)}") from error
    _counted(found, MOST)
    return found


def _told(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return str(error) or type(error).__name__


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader with fewer words that mean something."""


_KEPT = ("int", "float", "null")
_Loader.yaml_implicit_resolvers = {
    letter: [(tag, rule) for tag, rule in rules if tag.rpartition(":")[2] in _KEPT]
    for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


def _table(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node))
        if key in found:
            line = key_node.start_mark.line + 1
            raise yaml.YAMLError(f"line {line}: the key {key} stands here twice")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor("tag:yaml.org,2002:map", _table)


def _counted(value: Any, left: int) -> int:
    """How many values may still come; aliases of aliases of a list would never end."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    left -= 1
    for item in inner:
        if left < 0:
            break
        left = _counted(item, left)
    if left < 0:
        raise Unreadable(f"it holds more than {MOST} values")
    return left

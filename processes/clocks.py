"""The clocks of a procedure as procedure.toml has them: plain tables, their source beside them.

What a length, a rule or a suspension means is read where clocks are counted; here stands what every
clock of the law must say of itself: on which text it rests, where that was read, and when.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from processes.errors import BundleError
from processes.reading import Facts, source

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
# case.filed, complement.requested, clock.decision.lapsed: words joined by dots.
_KIND = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){1,3}")

# A clock's tables, one for each stretch of time in which it is in force.
Tables = tuple[Mapping[str, Any], ...]


def clocks(file: str, facts: Facts) -> Mapping[str, Tables]:
    """Every [clock.NAME] or [[clock.NAME]]; BundleError names the key at fault."""
    found: dict[str, Tables] = {}
    for name, value in facts.get("clock", dict, {}).items():
        if not _NAME.fullmatch(name):
            raise BundleError(file, f"clock.{name} must match {_NAME.pattern}")
        rows = value if isinstance(value, list) else [value]
        found[name] = tuple(_table(file, row, f"clock.{name}") for row in rows)
    return found


def _table(file: str, values: Any, place: str) -> Mapping[str, Any]:
    row = Facts(file, values, place)
    row.text("article")
    source(row)
    found = row.whole()
    _plain(file, found, place)
    return found


def _plain(file: str, value: Any, place: str) -> None:
    """Refuse what no clock can mean: a fraction, a moment without its facts."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _plain(file, inner, f"{place}.{key}")
    elif isinstance(value, list):
        for inner in value:
            _plain(file, inner, place)
    elif isinstance(value, datetime) or not isinstance(value, (str, int, date)):
        raise BundleError(file, f"{place} must be a text, a whole number or a date")


def named(file: str, facts: Facts) -> Mapping[str, str]:
    """What people call each kind of fact: [facts."complement.requested"] name."""
    found = {}
    for kind, row in facts.named("facts").items():
        if not is_kind(kind):
            raise BundleError(file, f"facts.{kind} must match {_KIND.pattern}")
        found[kind] = row.text("name")
        row.done()
    return found


def is_kind(text: str) -> bool:
    """Whether a text can be the kind of a fact."""
    return _KIND.fullmatch(text) is not None

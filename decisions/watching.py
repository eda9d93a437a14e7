"""Which rules of the tables fit, while somebody watches: for the coverage of scenarios.

A trace leaves out what would show a personal value, and the tables that a decision requires. What
is watched holds ids of rules only, and is stored nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_seen: ContextVar[set[tuple[str, str]] | None] = ContextVar("watched_rules", default=None)


@contextmanager
def watched() -> Iterator[set[tuple[str, str]]]:
    """Gather the rules that fit in this thread: (place of the table, id of the rule)."""
    seen: set[tuple[str, str]] = set()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def note(place: str, rule: str) -> None:
    """Say that a rule fits; costs nothing where nobody watches."""
    seen = _seen.get()
    if seen is not None:
        seen.add((place, rule))

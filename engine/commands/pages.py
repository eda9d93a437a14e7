"""Pages of a long list: the items, and a marker that continues where they end."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from engine.errors import EngineError

T = TypeVar("T")
R = TypeVar("R")
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list; `next` is the cursor of the following page, or None at the end."""

    items: tuple[T, ...]
    next: str | None


def size(limit: int) -> int:
    """A page size that was asked for, refused where nobody could use it."""
    if not 1 <= limit <= LONGEST:
        expected = f"Ask for 1 to {LONGEST} rows."
        raise EngineError("bad_value", name="limit", value=limit, expected=expected)
    return limit


def cut(
    rows: Sequence[R], limit: int, place: Callable[[R], tuple[Any, ...]]
) -> tuple[Sequence[R], str | None]:
    """The rows of a page, of which one more was asked for, and the marker of the page that follows.

    `place` gives the place of a row in the order.
    """
    following = cursor(*place(rows[limit - 1])) if len(rows) > limit else None
    return rows[:limit], following


def cursor(*place: Any) -> str:
    """The marker of a place in an order: texts and numbers."""
    return urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place(cursor: str, *kinds: Callable[[Any], Any]) -> list[Any]:
    """The place that a marker names, each part read by its kind; raises `bad_cursor`."""
    try:
        found = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [kind(value) for kind, value in zip(kinds, found, strict=True)]
    except (ValueError, TypeError) as error:
        raise EngineError("bad_cursor") from error


def number(value: Any) -> int:
    """A number that a key of a row can be."""
    if not isinstance(value, int) or not 0 <= value < 2**63:
        raise ValueError(value)
    return value


def moment(value: Any) -> datetime:
    """A moment with its zone."""
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(value)
    return found

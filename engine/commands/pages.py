"""Pages of a long list: the items, and a marker that continues where they end."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from engine.errors import EngineError

T = TypeVar("T")
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


def cursor(*place: Any) -> str:
    """The marker of a place in an order: texts and numbers."""
    return urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place(cursor: str, length: int) -> list[Any]:
    """The place that a marker names; raises `bad_cursor` for anything else."""
    try:
        found = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise EngineError("bad_cursor") from error
    if not isinstance(found, list) or len(found) != length:
        raise EngineError("bad_cursor")
    return found

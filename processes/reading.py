"""Reading a table of facts strictly: what is missing, unknown or of the wrong kind is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from processes.errors import BundleError

_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read, and when; `verified` is false where only one such place says so."""

    source: str
    read: date
    verified: bool


class Facts:
    """A TOML table being read: each key is asked for once; `done` refuses what nobody asked."""

    def __init__(self, file: str, values: Any, place: str = "") -> None:
        if not isinstance(values, Mapping):
            raise BundleError(file, f"{place} must be a table")
        self._file, self._place = file, place
        self._values = dict(values)
        self._asked: set[str] = set()

    def at(self, name: str) -> str:
        """The place of a key, for messages."""
        return f"{self._place}.{name}" if self._place else name

    def get(self, name: str, kind: type, default: Any = _MISSING) -> Any:
        """A value of this kind; refused where it is missing and has no default."""
        self._asked.add(name)
        if name not in self._values:
            if default is _MISSING:
                raise BundleError(self._file, f"the key {self.at(name)} is missing")
            return default
        value = self._values[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise BundleError(self._file, f"{self.at(name)} must be {kind.__name__}")
        return value

    def text(self, name: str, default: Any = _MISSING) -> str:
        """A text."""
        return str(self.get(name, str, default))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where it is missing."""
        found = self.get(name, list, [])
        if not all(isinstance(item, str) for item in found):
            raise BundleError(self._file, f"{self.at(name)} must be a list of texts")
        return tuple(found)

    def day(self, name: str, default: Any = _MISSING) -> date:
        """A date."""
        found: date = self.get(name, date, default)
        return found

    def amount(self, name: str) -> Decimal:
        """An amount of money, written as text so that no digit is lost."""
        text = self.text(name)
        try:
            return Decimal(text)
        except InvalidOperation as error:
            raise BundleError(self._file, f"{self.at(name)} is no amount: {text}") from error

    def table(self, name: str) -> "Facts":
        """A table inside; an empty one where it is missing."""
        return Facts(self._file, self.get(name, dict, {}), self.at(name))

    def tables(self, name: str) -> list["Facts"]:
        """A list of tables."""
        rows = self.get(name, list, [])
        return [Facts(self._file, row, f"{self.at(name)}[{n}]") for n, row in enumerate(rows, 1)]

    def named(self, name: str) -> dict[str, "Facts"]:
        """Tables by a key of their own: [roles.<key>]."""
        inner = self.table(name)
        return {key: Facts(self._file, v, inner.at(key)) for key, v in inner._values.items()}

    def whole(self) -> dict[str, Any]:
        """The table as it is, for whoever knows its other keys."""
        return dict(self._values)

    def given(self, name: str) -> bool:
        """Whether a key is there at all."""
        return name in self._values

    def done(self) -> None:
        """Refuse what nobody asked for, with the nearest key that is known."""
        for name in self._values.keys() - self._asked:
            near = get_close_matches(name, self._asked, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise BundleError(self._file, f"unknown key {self.at(name)}{hint}")


def source(row: Facts) -> Source:
    """The source of a fact."""
    return Source(row.text("source"), row.day("read"), row.get("verified", bool, True))

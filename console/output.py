"""What a command prints: JSON for machines, a plain table for people."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click

# First strong isolate and its end: a name in Arabic does not turn the columns about.
_ISOLATE, _END = "\u2068", "\u2069"


def plain(value: Any) -> Any:
    """A value as JSON has it; numbers stay exact, as text where JSON would round them."""
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else str(value)
        case bytes():
            return value.hex()
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    if hasattr(value, "commitment"):
        return "sealed:" + value.commitment.hex()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value


def as_json(value: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def table(rows: Sequence[Any]) -> None:
    """Print rows of one dataclass as aligned columns, a heading first."""
    if not rows:
        click.echo("(nothing)")
        return
    names = list(asdict(rows[0]))
    cells = [[_cell(getattr(row, name)) for name in names] for row in rows]
    widths = [
        max(_width(name), *(_width(line[i]) for line in cells)) for i, name in enumerate(names)
    ]
    _line([name.upper() for name in names], widths)
    for line in cells:
        _line(line, widths)


def _line(cells: Iterable[str], widths: Sequence[int]) -> None:
    padded = [
        _isolated(cell) + " " * (width - _width(cell))
        for cell, width in zip(cells, widths, strict=True)
    ]
    click.echo("  ".join(padded).rstrip())


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return str(value)


def _isolated(text: str) -> str:
    arabic = any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)
    return f"{_ISOLATE}{text}{_END}" if arabic else text


def _width(text: str) -> int:
    return sum(not unicodedata.combining(c) for c in text)

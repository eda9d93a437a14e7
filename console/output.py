"""What a command prints: JSON for machines, tabs for pipes, aligned columns for people."""

import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

import click
from wcwidth import wcswidth

from console.words import COLUMNS, STATES

# First strong isolate and its end: a name in Arabic does not turn the columns about.
ISOLATE, END = "\u2068", "\u2069"
_GAP = "  "
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NARROWEST = 8
_STATED = frozenset({"status", "kind"})


def plain(value: Any) -> Any:
    """A value as JSON has it: times in UTC (RFC 3339), numbers exact, as text where not whole."""
    match value:
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value
            return moment.isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case timedelta():
            from decisions.feel.temporal import written

            return written(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else str(value)
        case bytes():
            return value.hex()
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
    if hasattr(value, "commitment"):
        return "sealed:" + value.commitment.hex()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def as_json(value: Any, only: Sequence[str] = ()) -> None:
    """Print one JSON document; with `only`, these fields of it or of each of its items."""
    document = plain(value)
    if only:
        rows = document.get("items", [document])
        known = list(rows[0]) if rows else list(only)
        for name in only:
            if name not in known:
                from console.failure import Usage

                raise Usage("There is no field {name}.", "There are: {known}", name=name,
                            known=", ".join(known))  # fmt: skip
        kept = [{name: row[name] for name in only} for row in rows]
        document = {**document, "items": kept} if "items" in document else kept[0]
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def as_line(value: Any) -> None:
    """Print one JSON document on one line, at once: what goes on tells as it goes."""
    click.echo(json.dumps(plain(value), ensure_ascii=False))
    sys.stdout.flush()


def tabbed(rows: Iterable[Any], names: Sequence[str]) -> None:
    """Print rows as tab-separated values, names first, values as JSON has them."""
    click.echo("\t".join(names))
    for row in rows:
        cells = [plain(getattr(row, name)) for name in names]
        click.echo("\t".join(" ".join(_flat(cell).split()) for cell in cells))


def _flat(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def table(
    rows: Sequence[Any], names: Sequence[str], words: Callable[[str], str], zone: tzinfo
) -> list[str]:
    """Rows as aligned columns under translated headings, cut to the terminal where there is one."""
    lines = [[words(COLUMNS[name]) for name in names]]
    lines += [[_told(row, name, words, zone) for name in names] for row in rows]
    widths = [max(width(line[i]) for line in lines) for i in range(len(names))]
    if sys.stdout.isatty():
        widths = fitting(widths, shutil.get_terminal_size().columns)
    return [_line(line, widths) for line in lines]


def fitting(widths: Sequence[int], room: int) -> list[int]:
    """Column widths within `room`: the widest give first, none below what can be read."""
    found = list(widths)
    while sum(found) + len(_GAP) * (len(found) - 1) > room and max(found) > _NARROWEST:
        found[found.index(max(found))] -= 1
    return found


def cell(value: Any, words: Callable[[str], str], zone: tzinfo) -> str:
    """A value as people read it: local time, a dash for nothing."""
    match value:
        case None | "":
            return "-"
        case bool():
            return words("yes") if value else words("no")
        case datetime():
            local = value.astimezone(zone) if value.tzinfo else value
            return local.strftime("%Y-%m-%d %H:%M")
        case list() | tuple():
            return " ".join(cell(item, words, zone) for item in value) or "-"
        case dict():
            return json.dumps(plain(value), ensure_ascii=False)
    return safe(" ".join(str(plain(value)).split()))


def state(value: str, words: Callable[[str], str]) -> str:
    """The word for a state or a kind."""
    return words(STATES[value]) if value in STATES else safe(value)


def _told(row: Any, name: str, words: Callable[[str], str], zone: tzinfo) -> str:
    """A cell of a list; only what stands in a column of states is a word that is translated."""
    value = getattr(row, name)
    return state(value, words) if name in _STATED else cell(value, words, zone)


def safe(content: str) -> str:
    """Text that cannot move the cursor or turn the line about, whoever typed it."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", content)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for content, room in zip(cells, widths, strict=True):
        kept = cut(content, room)
        padded.append(isolated(kept) + " " * (room - width(kept)))
    return _GAP.join(padded).rstrip()


def isolated(content: str) -> str:
    """Text whose direction stays its own."""
    arabic = any(unicodedata.bidirectional(c) in ("R", "AL") for c in content)
    return f"{ISOLATE}{content}{END}" if arabic else content


def width(content: str) -> int:
    """The columns that a text takes in a terminal."""
    return max(int(wcswidth(content)), 0)


def cut(content: str, room: int) -> str:
    """The text within `room` columns, an ellipsis where something is left out."""
    if width(content) <= room:
        return content
    # Widths do not add up (joiners, variation selectors), so the whole is measured each time.
    ends = range(min(len(content), room + 1), -1, -1)
    return next((f"{content[:end]}…" for end in ends if width(content[:end]) < room), "…")


def paged(content: str, *, pager: bool) -> None:
    """Print; what is longer than the terminal goes through the pager."""
    long = content.count("\n") + 1 > shutil.get_terminal_size().lines
    if pager and long and sys.stdout.isatty() and sys.stdin.isatty():
        os.environ.setdefault("LESS", "FIRX")
        click.echo_via_pager(content + "\n")
    elif content:
        click.echo(content)

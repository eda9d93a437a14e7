"""Columns that hold in both scripts, values as people and machines read them."""

import ast
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import output
from console.words import COLUMNS

ZONE = ZoneInfo("Africa/Casablanca")


@dataclass(frozen=True)
class Row:
    short: str
    name_ar: str
    at: datetime | None


ROWS = [
    Row("MAR", "المعاريف", datetime(2026, 7, 1, 23, 30, tzinfo=UTC)),
    Row("ANF", "أنفا", None),
    Row("日本", "e\u0301", None),
]


def visible(line: str) -> str:
    return line.replace(output.ISOLATE, "").replace(output.END, "")


def test_columns_stand_at_the_same_place_whatever_the_script() -> None:
    lines = output.table(ROWS, ["name_ar", "short"], str, ZONE)
    seen = [visible(line) for line in lines[1:]]
    places = {output.width(line) - output.width(line.split()[-1]) for line in seen}
    assert places == {lines[0].index("Short name")}


def test_a_cell_in_arabic_is_isolated_and_a_latin_one_is_not() -> None:
    lines = output.table(ROWS, ["short", "name_ar"], str, ZONE)
    assert f"{output.ISOLATE}المعاريف{output.END}" in lines[1]
    assert output.isolated("MAR") == "MAR"


def test_people_read_local_time_and_machines_utc() -> None:
    moment = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert output.cell(moment, str, ZONE) == "2026-07-02 00:30"
    assert output.plain(moment) == "2026-07-01T23:30:00Z"


# What a decision may give: a moment without a zone.
LOCAL = datetime.fromisoformat("2026-03-02T09:30:00")


@pytest.mark.parametrize(
    ("value", "machine", "person"),
    [
        (None, None, "-"),
        (True, True, "yes"),
        (Decimal("2.00"), 2, "2"),
        (Decimal("2.50"), "2.50", "2.50"),
        (date(2026, 3, 2), "2026-03-02", "2026-03-02"),
        (timedelta(hours=1), "PT1H", "PT1H"),
        (timedelta(days=20, seconds=1), "P20DT1S", "P20DT1S"),
        (LOCAL, "2026-03-02T09:30:00", "2026-03-02 09:30"),
        ([1, "a"], [1, "a"], "1 a"),
        ("two\nlines", "two\nlines", "two lines"),
        (b"\x01", "01", "01"),
        ("a\x1b[2J\u202eb", "a\x1b[2J\u202eb", "a�[2J�b"),
        ({"a": Decimal(1)}, {"a": 1}, '{"a": 1}'),
    ],
)
def test_values_as_machines_and_people_read_them(
    value: object, machine: object, person: str
) -> None:
    assert output.plain(value) == machine
    assert output.cell(value, str, ZONE) == person


def test_states_are_words_in_the_reader_s_language() -> None:
    assert output.state("open", {"open": "ouvert"}.__getitem__) == "ouvert"


@given(st.lists(st.integers(1, 80), min_size=1, max_size=8), st.integers(20, 200))
def test_columns_give_way_from_the_widest(widths: list[int], room: int) -> None:
    found = output.fitting(widths, room)
    assert all(now <= before for now, before in zip(found, widths, strict=True))
    fits = sum(found) + 2 * (len(found) - 1) <= room
    assert fits or max(found) <= 8


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30), st.integers(1, 20))
def test_a_cut_text_fits(content: str, room: int) -> None:
    assert output.width(output.cut(content, room)) <= max(room, 1)


def printed() -> set[str]:
    """The columns that the commands print: what `face.rows` is given, itself or by a name."""
    found: set[str] = set()
    for file in Path(output.__file__).parent.glob("*.py"):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        named = {
            target.id: node.value
            for node in nodes if isinstance(node, ast.Assign)
            for target in node.targets if isinstance(target, ast.Name)
        }  # fmt: skip
        for node in nodes:
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr == "rows" and node.args[1:]:
                found |= _columns(node.args[1], named)
    return found


def _columns(node: ast.AST, named: dict[str, ast.expr]) -> set[str]:
    names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in named]
    texts = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
    found = {word for text in texts if isinstance(text, str) for word in text.split()}
    return found.union(*(_columns(named[name], named) for name in names))


def test_every_column_that_is_printed_has_a_heading() -> None:
    assert {"reference", "cancelled"} <= printed() <= set(COLUMNS)
    assert all(heading[0].isupper() for heading in COLUMNS.values())

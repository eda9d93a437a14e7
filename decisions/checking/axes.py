"""A column as an axis: its atoms, and which of them each rule takes, as sets of bits.

Columns of the same expression always have the same value, and are one axis.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from decisions.checking import cells
from decisions.checking.cells import Cell, Test
from decisions.checking.points import TYPICAL, Atom, atoms, group, groups
from decisions.checking.sheet import Column, Sheet
from decisions.values import Value

_COMPOUND = ("list", "context", "range", "function")


@dataclass(frozen=True, slots=True)
class Axis:
    """The columns of one expression; all sets are bits over `atoms`.

    `usual` are the values that a rule has to expect: of the type, allowed, and null only where a
    cell names it; `all` has missing and strange ones too. For each line, `sure` are those that it
    takes whatever else is true, and `possible` those that it may take. `whole` has what a cell's
    text takes, allowed or not, where that is known.
    """

    columns: tuple[int, ...]
    column: Column
    atoms: tuple[Atom, ...]
    usual: int
    all: int
    sure: tuple[int, ...]
    possible: tuple[int, ...]
    tested: bool
    allowed: tuple[Cell, ...]
    whole: Mapping[str, int]

    def separately(self, cell: Cell) -> list[int]:
        """What each test of a cell takes that can be analysed, allowed or not."""
        if cell.text in self.whole and (cell.negated or len(cell.clear) == 1):
            return [self.whole[cell.text]]
        return [_taken(self.atoms, test) for test in cell.separately()]

    def best(self, bits: int) -> Atom:
        """The atom among these that is the plainest example."""
        return min(chosen(self.atoms, bits & self.usual or bits), key=lambda atom: atom.fractions)

    def fractional(self, bits: int) -> bool:
        """Whether all of them lie between two whole numbers that follow each other."""
        return all(atom.fractions for atom in chosen(self.atoms, bits))


def axes(sheet: Sheet) -> list[Axis]:
    """The axes of a table."""
    members: dict[str, list[int]] = {}
    for number, column in enumerate(sheet.columns):
        members.setdefault(column.text, []).append(number)
    return [_axis(sheet, tuple(columns)) for columns in members.values()]


def chosen(found: Sequence[Atom], bits: int) -> Iterator[Atom]:
    """The atoms of a set."""
    return (atom for number, atom in enumerate(found) if bits >> number & 1)


def _axis(sheet: Sheet, columns: tuple[int, ...]) -> Axis:
    column = _merged([sheet.columns[number] for number in columns])
    allowed = tuple(cells.read(sheet.columns[number].allowed, sheet.known) for number in columns)
    rows = [
        [_read(line.tests[number], column, sheet.known) for number in columns]
        for line in sheet.lines
    ]
    parts = [cell for row in rows for cell in row]
    constants = [value for cell in [*parts, *allowed] for value in cell.constants]
    found = _atoms(constants, column.type)
    every = (1 << len(found)) - 1
    admitted = _common(every, (_taken(found, cell.possibly()) for cell in allowed)) | _null(found)
    known = {"null" if value is None else group(value) for value in constants}
    usual = _usual(found, known, groups(column.type)) & admitted
    known_cells = {cell.text: cell for cell in parts if not cell.opaque}
    whole = {text: _taken(found, cell.surely()) for text, cell in known_cells.items()}

    def mask(cell: Cell, *, surely: bool) -> int:
        if cell.text in whole:
            return whole[cell.text]
        return _taken(found, cell.surely() if surely else cell.possibly())

    return Axis(
        columns, column, found, usual, admitted,
        tuple(_common(admitted, (mask(cell, surely=True) for cell in row)) for row in rows),
        tuple(_common(admitted, (mask(cell, surely=False) for cell in row)) for row in rows),
        any(not cell.any for cell in parts), allowed, whole,
    )  # fmt: skip


def _merged(columns: list[Column]) -> Column:
    """One column of all; what the first does not say, another may."""
    return Column(
        columns[0].text,
        next((column.type for column in columns if column.type), ""),
        "; ".join(dict.fromkeys(column.allowed for column in columns if column.allowed)),
        columns[0].names,
    )


def _read(text: str, column: Column, known: frozenset[str]) -> Cell:
    cell = cells.read(text, known)
    if cell.any or not column.type.startswith(_COMPOUND):
        return cell
    return Cell(text, None)  # lists and contexts cannot be cut into atoms


def _atoms(constants: Iterable[Value], type_name: str) -> tuple[Atom, ...]:
    """The atoms of every group that the type has, or of all groups where it is not known."""
    values: dict[str, list[Value]] = {}
    for value in constants:
        if value is not None:
            values.setdefault(group(value), []).append(value)
    wanted = groups(type_name) or TYPICAL.keys()
    found = [
        atom for name in TYPICAL if name in wanted for atom in atoms(name, values.get(name, ()))
    ]
    return (*found, Atom("null", None))


def _usual(found: Sequence[Atom], known: set[str], typed: frozenset[str]) -> int:
    """Values of the groups that the cells name, or else of the type; null only where named."""
    expected = (known & typed or typed) | (known & {"null"}) if typed else known
    if not expected - {"null"}:  # nothing is known about the column: one value stands for all
        expected = expected | {"string"}
    return _bits(atom.kind in expected for atom in found)


def _null(found: Sequence[Atom]) -> int:
    return 1 << len(found) - 1


def _taken(found: Sequence[Atom], test: Test) -> int:
    return _bits(test(atom.sample) for atom in found)


def _bits(answers: Iterable[bool]) -> int:
    return sum(1 << number for number, answer in enumerate(answers) if answer)


def _common(everything: int, masks: Iterable[int]) -> int:
    for mask in masks:
        everything &= mask
    return everything

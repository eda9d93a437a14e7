"""What all checks of one table share: its axes, its steps, and examples that are tried on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from decisions.checking import texts
from decisions.checking.axes import Axis, axes
from decisions.checking.cells import Cell
from decisions.checking.cover import Box, Cover, Steps
from decisions.checking.sheet import Sheet
from decisions.values import Value

STEPS = 1_000_000
"""How many atoms one check may look at; a second or so."""


@dataclass(frozen=True, slots=True)
class Row:
    """An example: a value for each column, and the FEEL texts of those that matter."""

    values: tuple[Value, ...]
    texts: Mapping[str, str]


@dataclass(slots=True)
class Survey:
    """A table and its axes, as every check needs them."""

    sheet: Sheet
    axes: list[Axis] = field(init=False)
    _takes: dict[bool, list[list[int]]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.axes = axes(self.sheet)

    @property
    def usual(self) -> Box:
        """The values that rules have to expect."""
        return tuple(axis.usual for axis in self.axes)

    @property
    def all(self) -> Box:
        """All values that can come, missing ones too."""
        return tuple(axis.all for axis in self.axes)

    def sure(self, line: int) -> Box:
        """What the line (an index) takes whatever else is true; a set may be empty."""
        return tuple(axis.sure[line] for axis in self.axes)

    def possible(self, line: int) -> Box:
        """What the line (an index) may take; a set may be empty."""
        return tuple(axis.possible[line] for axis in self.axes)

    def cover(self, box: Box, steps: Steps, *, surely: bool) -> Cover:
        """The rules over a box: what they surely take, or what they may take."""
        if surely not in self._takes:
            self._takes[surely] = [_by_atom(axis, surely=surely) for axis in self.axes]
        return Cover(self._takes[surely], box, steps)

    def open_lines(self) -> list[int]:
        """The lines of which it cannot be known whole what they take."""
        return [n for n in range(len(self.sheet.lines)) if self.sure(n) != self.possible(n)]

    def row(self, box: Box) -> Row:
        """The plainest example of a box."""
        values: list[Value] = [None] * len(self.sheet.columns)
        shown: dict[str, str] = {}
        for axis, bits in zip(self.axes, box, strict=True):
            atom = axis.best(bits)
            for column in axis.columns:
                values[column] = atom.sample
            if axis.tested:
                shown[axis.column.text] = texts.literal(atom.sample)
        return Row(tuple(values), shown)

    def fitting(self, row: Row) -> Sequence[int] | None:
        """The rules that fit a row when it is tried; None where the table does not allow it."""
        for axis in self.axes:
            value = row.values[axis.columns[0]]
            if value is not None and not all(_allows(cell, value) for cell in axis.allowed):
                return None
        return self.sheet.evaluate(row.values)

    def where(self, box: Box) -> str:
        """A box in FEEL: the columns that it narrows, each with its unary tests; or else all."""
        told = [
            f"{axis.column.text}: {texts.tests(axis.atoms, bits)}"
            for axis, bits in zip(self.axes, box, strict=True)
            if axis.usual & ~bits or not axis.usual & bits
        ]
        return "; ".join(told or (f"{axis.column.text}: -" for axis in self.axes))

    def numbers(self, lines: Iterable[int]) -> tuple[int, ...]:
        """The numbers of lines given by index."""
        return tuple(self.sheet.lines[line].number for line in lines)


def meeting(one: Box, other: Box) -> Box | None:
    """What two boxes have in common; None when that is nothing."""
    found = tuple(left & right for left, right in zip(one, other, strict=True))
    return found if all(found) else None


def inside(one: Box, other: Box) -> bool:
    """Whether the first box lies whole in the second."""
    return not any(left & ~right for left, right in zip(one, other, strict=True))


def _allows(allowed: Cell, value: Value) -> bool:
    return allowed.any or (not allowed.opaque and allowed.surely()(value))


def _by_atom(axis: Axis, *, surely: bool) -> list[int]:
    masks = axis.sure if surely else axis.possible
    return [
        sum(1 << line for line, mask in enumerate(masks) if mask >> atom & 1)
        for atom in range(len(axis.atoms))
    ]

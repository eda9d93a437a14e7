"""Which part of a box no rule takes, exactly: the product of the axes is gone through axis by axis.

What remains to be seen below an axis depends on the rules still in play only, therefore it is
computed once for each set of them; equal remainders are one object, so that neighbours merge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Box: TypeAlias = tuple[int, ...]
"""For each axis a set of atoms, as bits, none empty: all their combinations."""


class TooLargeError(Exception):
    """The table has more combinations than may be looked at."""


@dataclass(slots=True)
class Steps:
    """How many atoms may still be looked at."""

    left: int

    def take(self, count: int) -> None:
        """Use some up; raises TooLargeError."""
        self.left -= count
        if self.left < 0:
            raise TooLargeError


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """What is left below an axis: sets of its atoms, each with the rest on the axes after it.

    No parts: all of it.
    """

    parts: tuple[tuple[int, "Rest"], ...]


WHOLE = Rest(())


@dataclass(slots=True)
class Cover:
    """Rules that cover a box: `takes[axis][atom]` are the rules that take it, as bits."""

    takes: Sequence[Sequence[int]]
    box: Box
    steps: Steps
    _atoms: list[list[int]] = field(init=False)
    _everywhere: list[int] = field(init=False)
    _rests: dict[tuple[int, int], Rest | None] = field(default_factory=dict, init=False)
    _shared: dict[tuple[tuple[int, int], ...], Rest] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._atoms = [
            [number for number in range(bits.bit_length()) if bits >> number & 1]
            for bits in self.box
        ]
        self._everywhere = [-1]
        for axis in reversed(range(len(self.box))):
            everywhere = self._everywhere[0]
            for atom in self._atoms[axis]:
                everywhere &= self.takes[axis][atom]
            self._everywhere.insert(0, everywhere)

    def rest(self, rules: int, axis: int = 0) -> Rest | None:
        """What of the box these rules (as bits) do not take; None when nothing is left."""
        if not rules:
            return WHOLE
        if rules & self._everywhere[axis]:
            return None
        key = axis, rules
        if key not in self._rests:
            self._rests[key] = self._divided(rules, axis)
        return self._rests[key]

    def _divided(self, rules: int, axis: int) -> Rest | None:
        parts: dict[Rest, int] = {}
        for left, bits in self._by_rules(rules, axis).items():
            below = self.rest(left, axis + 1)
            if below is not None:
                parts[below] = parts.get(below, 0) | bits
        if not parts:
            return None
        if len(parts) == 1 and parts.get(WHOLE) == self.box[axis]:
            return WHOLE
        key = tuple((bits, id(below)) for below, bits in parts.items())
        return self._shared.setdefault(key, Rest(tuple((bits, r) for r, bits in parts.items())))

    def _by_rules(self, rules: int, axis: int) -> dict[int, int]:
        """The atoms of the axis, put together where the same of the rules take them."""
        takes, found = self.takes[axis], dict[int, int]()
        self.steps.take(len(self._atoms[axis]))
        for atom in self._atoms[axis]:
            left = rules & takes[atom]
            found[left] = found.get(left, 0) | 1 << atom
        return found

    def boxes(self, rest: Rest | None, axis: int = 0) -> Iterator[Box]:
        """The boxes of a remainder, one after the other."""
        if rest is WHOLE:
            yield self.box[axis:]
        elif rest is not None:
            for bits, below in rest.parts:
                for box in self.boxes(below, axis + 1):
                    yield (bits, *box)

    def first(self, rules: int, axis: int = 0) -> Box | None:
        """One box that these rules do not take, without looking for the others."""
        if not rules:
            return self.box[axis:]
        if rules & self._everywhere[axis] or self._rests.get((axis, rules), WHOLE) is None:
            return None
        for left, bits in self._by_rules(rules, axis).items():
            below = self.first(left, axis + 1)
            if below is not None:
                return (bits, *below)
        self._rests[axis, rules] = None
        return None

"""Values and sets of values as FEEL, as the owner of a table writes them in a cell."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from decisions.checking.points import TYPICAL, Atom
from decisions.feel.frame import Run
from decisions.feel.spelling import constant
from decisions.feel.writing import written
from decisions.values import Value, kind

_SPELLED = frozenset({"null", "boolean", "string", *TYPICAL})


def literal(value: Value) -> str:
    """The FEEL text that gives the value."""
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return constant(value) if kind(value) in _SPELLED else written(Run({}, None), value)


def tests(found: Sequence[Atom], bits: int) -> str:
    """The unary tests that take just these atoms, as a cell would have them."""
    written_parts: list[str] = []
    for name, numbered in groupby(enumerate(found), key=lambda pair: pair[1].kind):
        atoms = [(atom, bool(bits >> number & 1)) for number, atom in numbered]
        if any(inside for _, inside in atoms):
            written_parts.extend(_of_group(name, atoms))
    return ", ".join(written_parts)


def numbers(rules: Iterable[int]) -> str:
    """The numbers of rules, as a message lists them."""
    return ", ".join(map(str, rules))


def _of_group(name: str, atoms: list[tuple[Atom, bool]]) -> Iterator[str]:
    if name == "string" and atoms[-1][1]:
        yield _but_for([literal(atom.sample) for atom, inside in atoms if not inside])
    elif all(atom.point for atom, _ in atoms) or name == "string":
        yield from (literal(atom.sample) for atom, inside in atoms if inside)
    else:
        for inside, run in groupby(atoms, key=lambda pair: pair[1]):
            if inside:
                yield _range(name, [atom for atom, _ in run])


def _but_for(strings: list[str]) -> str:
    return f"not({', '.join(strings)})" if strings else "? instance of string"


def _range(name: str, run: list[Atom]) -> str:
    """Atoms that follow each other, as one comparison, range or value."""
    first, last = run[0], run[-1]
    if first.point and first is last:
        return literal(first.sample)
    if first.low is None and last.high is None:
        return f"? instance of {name.removesuffix(' with zone')}"
    if first.low is None:
        return f"{'<=' if last.point else '<'} {literal(last.high)}"
    if last.high is None:
        return f"{'>=' if first.point else '>'} {literal(first.low)}"
    opening, closing = "[" if first.point else "(", "]" if last.point else ")"
    return f"{opening}{literal(first.low)}..{literal(last.high)}{closing}"

"""The types of functions, and which type conforms to which (DMN 1.5 §10.3.2.9.1, §10.3.2.9.2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from decisions.feel import limits, tree
from decisions.values import Value

Types: TypeAlias = Mapping[str, tree.Type]
"""Types with names of their own, as a model's item definitions give them."""

Parameters: TypeAlias = list[tuple[tree.Type, ...]]
"""For each parameter the types that it takes."""

ANY = tree.Type(0, "Any")
_ALIASES = {
    "day time duration": "days and time duration",
    "year month duration": "years and months duration",
    "Null": "null",
    "Any": "any",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What a function value calls: `takes` gives the signatures for a number of arguments.

    `result` is the type of what it gives, where that is evident.
    """

    call: Callable[..., Value]
    takes: Callable[[int], list[Parameters]]
    result: tree.Type | None = None

    def __call__(self, *values: Value) -> Value:
        """The result for these arguments."""
        return self.call(*values)

    def conforms(self, wanted: tree.Type, types: Types) -> bool:
        """Whether it can stand where a function of that type is wanted."""
        *given, result = wanted.parts
        fits = any(
            all(
                any(conforms(one, taken, types) for taken in taken_here)
                for one, taken_here in zip(given, parameters, strict=True)
            )
            for parameters in self.takes(len(given))
        )
        return fits and (self.result is None or conforms(self.result, result, types))


def resolved(wanted: tree.Type, types: Types) -> tuple[str, tree.Type]:
    """The name of the type and the type, once the model's own names are looked up."""
    for _ in range(limits.NESTING):  # a name may stand for another name, but not for ever
        if wanted.name not in types:
            break
        wanted = types[wanted.name]
    return _ALIASES.get(wanted.name, wanted.name), wanted


_Pairs: TypeAlias = frozenset[tuple[str, str]]


def conforms(one: tree.Type, other: tree.Type, types: Types, assumed: _Pairs = frozenset()) -> bool:
    """Whether every value of one type is a value of the other.

    Types that hold themselves conform where nothing speaks against it: `assumed` are the pairs of
    names that are being compared.
    """
    if one.name in types and other.name in types:
        if one.name == other.name or (one.name, other.name) in assumed:
            return True
        assumed |= {(one.name, other.name)}
    name, one = resolved(one, types)
    wanted, other = resolved(other, types)
    if wanted == "any" or name == "null":
        return True
    if name != wanted:
        return False
    if not one.parts or not other.parts:
        return not other.parts or name == "context"
    if name == "context":
        have = dict(zip(one.keys, one.parts, strict=True))
        pairs = zip(other.keys, other.parts, strict=True)
        return all(key in have and conforms(have[key], part, types, assumed) for key, part in pairs)
    *given, result = one.parts
    *wanted_given, wanted_result = other.parts
    return (
        len(given) == len(wanted_given)
        and all(map(lambda low, high: conforms(high, low, types, assumed), given, wanted_given))
        and conforms(result, wanted_result, types, assumed)
    )

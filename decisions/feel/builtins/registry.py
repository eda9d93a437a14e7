"""The built-in functions: their signatures, as the standard writes them, and how they are called.

A signature reads `substring(string: string, start position: number, length?: number)`. The type of
a parameter is a kind of value, several joined by `|`, or `any`; only `any` and `null` accept null.
`?` marks one that may be left out, `...` the rest of the arguments as one list.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from decisions.feel import tree
from decisions.feel.frame import Run
from decisions.feel.function_types import ANY, Parameters, Typed
from decisions.values import Function, Value, kind

_F = TypeVar("_F", bound=Callable[..., Any])


class Impossible(Exception):
    """A built-in function has no result for these arguments; the message says why."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, and the kinds of value that it takes (None: all of them)."""

    name: str
    kinds: frozenset[str] | None
    optional: bool
    rest: bool

    @property
    def types(self) -> tuple[tree.Type, ...]:
        """The types that it takes."""
        return (ANY,) if self.kinds is None else tuple(tree.Type(0, name) for name in self.kinds)

    def take(self, value: Value, *, coerce: bool) -> tuple[bool, Value]:
        """Whether the value fits, and the value; one item and the list of it are the same."""
        if self.kinds is None or kind(value) in self.kinds:
            return True, value
        if coerce and isinstance(value, list) and len(value) == 1:
            return kind(value[0]) in self.kinds, value[0]
        if coerce and value is not None and "list" in self.kinds:
            return True, [value]
        return False, None


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature and the Python function behind it."""

    parameters: tuple[Parameter, ...]
    function: Callable[..., Value]
    wants_run: bool

    def bind(self, names: tuple[str, ...] | None, count: int) -> tuple[int | None, ...] | None:
        """For each parameter the number of its argument, or None; no tuple when they do not fit."""
        if names is None:
            return self._by_place(count)
        known = [parameter.name for parameter in self.parameters]
        if len(set(names)) < count or not set(names) <= set(known):
            return None
        order = tuple(names.index(name) if name in names else None for name in known)
        lacking = any(
            at is None and not parameter.optional
            for at, parameter in zip(order, self.parameters, strict=True)
        )
        return None if lacking else order

    def _by_place(self, count: int) -> tuple[int | None, ...] | None:
        least = sum(not parameter.optional for parameter in self.parameters)
        if count < least:
            return None
        if self.parameters and self.parameters[-1].rest:
            return tuple(range(count))
        spare = len(self.parameters) - count
        return None if spare < 0 else (*range(count), *(None,) * spare)

    def plain(self, order: tuple[int | None, ...]) -> list[frozenset[str] | None] | None:
        """The kinds of each argument, where all are given in place and none is one of a rest."""
        if order != tuple(range(len(self.parameters))) or any(p.rest for p in self.parameters):
            return None
        return [parameter.kinds for parameter in self.parameters]

    def types(self, count: int) -> Parameters:
        """What it takes at each place of that many arguments."""
        last = len(self.parameters) - 1
        return [self.parameters[min(at, last)].types for at in range(count)]

    def fit(
        self, order: tuple[int | None, ...], values: list[Value], *, coerce: bool
    ) -> list[Value] | None:
        """The arguments of the Python function; None when a value is of the wrong kind."""
        arguments: list[Value] = []
        last = len(self.parameters) - 1
        for index, at in enumerate(order):
            if at is None:
                arguments.append(None)
                continue
            parameter, value = self.parameters[min(index, last)], values[at]
            if parameter.kinds is not None and kind(value) not in parameter.kinds:
                fits, value = parameter.take(value, coerce=coerce)
                if not fits and not (values[at] is None and parameter.optional):
                    return None
            arguments.append(value)
        if self.parameters and self.parameters[-1].rest:
            return [*arguments[:last], arguments[last:]]
        return arguments


class Builtin:
    """A built-in function with all its signatures; `library` is "" for those of the standard."""

    def __init__(self, name: str, library: str = "") -> None:
        self.name = name
        self.library = library
        self.overloads: list[Overload] = []

    def candidates(
        self, names: tuple[str, ...] | None, count: int
    ) -> list[tuple[Overload, tuple[int | None, ...]]]:
        """The signatures that take this many arguments, or arguments of these names.

        Those that name them in the order of the call come first: `before(range, point)` and
        `before(point, range)` mean different things.
        """
        bound = ((overload, overload.bind(names, count)) for overload in self.overloads)
        found = [(overload, order) for overload, order in bound if order is not None]
        return sorted(found, key=lambda candidate: candidate[1] != tuple(range(count)))

    def call(
        self,
        run: Run,
        place: str,
        candidates: list[tuple[Overload, tuple[int | None, ...]]],
        values: list[Value],
    ) -> Value:
        """The result for these values; null, with a reason, when there is none."""
        run.pay(values)
        return self._called(run, place, candidates, values)

    def calling(
        self, place: str, candidates: list[tuple[Overload, tuple[int | None, ...]]]
    ) -> Callable[[Run, list[Value]], Value]:
        """The same with all that is known beforehand: the first signature is tried directly."""
        overload, order = candidates[0] if candidates else (None, ())
        kinds = overload.plain(order) if overload is not None else None
        if overload is None or kinds is None:
            return lambda run, values: self.call(run, place, candidates, values)
        first, wanted = overload, kinds

        def call(run: Run, values: list[Value]) -> Value:
            run.pay(values)
            for accepted, value in zip(wanted, values, strict=True):
                if accepted is not None and kind(value) not in accepted:
                    return self._called(run, place, candidates, values)
            return self._result(run, place, first, values)

        return call

    def _called(
        self,
        run: Run,
        place: str,
        candidates: list[tuple[Overload, tuple[int | None, ...]]],
        values: list[Value],
    ) -> Value:
        for coerce in (False, True):
            for overload, order in candidates:
                arguments = overload.fit(order, values, coerce=coerce)
                if arguments is not None:
                    return self._result(run, place, overload, arguments)
        given = ", ".join(kind(value) for value in values)
        return run.fail(place, f"{self.name} takes no ({given})")

    def _result(self, run: Run, place: str, overload: Overload, arguments: list[Value]) -> Value:
        try:
            if overload.wants_run:
                return overload.function(run, *arguments)
            return overload.function(*arguments)
        except Impossible as error:
            return run.fail(place, f"{self.name}: {error}")
        except (ArithmeticError, ValueError):
            return run.fail(place, f"{self.name} has no result for these values")

    def as_value(self, run: Run, place: str) -> Function:
        """The function as a value, to be passed to another one."""

        def call(*values: Value) -> Value:
            return self.call(run, place, self.candidates(None, len(values)), list(values))

        longest = max(self.overloads, key=lambda overload: len(overload.parameters))
        names = tuple(parameter.name for parameter in longest.parameters)
        return Function(names, Typed(call, self._takes))

    def _takes(self, count: int) -> list[Parameters]:
        return [overload.types(count) for overload, _ in self.candidates(None, count)]


BUILTINS: dict[str, Builtin] = {}


def builtin(*signatures: str, library: str = "") -> Callable[[_F], _F]:
    """Register a Python function under one or several signatures of the same name.

    `library` names what is not the standard's, so that a model that uses it can be told.
    """

    def register(function: _F) -> _F:
        wants_run = next(iter(inspect.signature(function).parameters), "") == "run"
        for signature in signatures:
            name, _, inside = signature.removesuffix(")").partition("(")
            parameters = tuple(_parameter(part) for part in inside.split(",") if part.strip())
            entry = BUILTINS.setdefault(name, Builtin(name, library))
            entry.overloads.append(Overload(parameters, function, wants_run))
        return function

    return register


def _parameter(text: str) -> Parameter:
    name, _, kinds = (part.strip() for part in text.partition(":"))
    accepted = None if kinds == "any" else frozenset(kinds.split("|"))
    optional, rest = name.endswith("?"), name.endswith("...")
    return Parameter(name.rstrip("?."), accepted, optional, rest)

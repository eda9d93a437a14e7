"""What an operation takes and gives: names, each with its FEEL type, required or optional.

A type is written as FEEL writes it (`string`, `list<string>`, `date and time`); several that will
do stand with a bar between them (`string | context`). `Any` is every value but null.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from decisions.feel.kinds import NO_TYPES, instance
from decisions.feel.parser import parse_type

_NONE: Mapping[str, str] = MappingProxyType({})


class Signature:
    """Names and types; `open` lets any other name stand beside them."""

    def __init__(
        self, required: Mapping[str, str] = _NONE, optional: Mapping[str, str] = _NONE, *,
        open: bool = False,  # noqa: A002 - the word of the page
    ) -> None:  # fmt: skip
        """Raises ExpressionInvalid for what is no FEEL type."""
        self.required, self.optional, self.open = required, optional, open
        self.types = {**required, **optional}
        self._trees = {
            name: [parse_type(one.strip()) for one in text.split("|")]
            for name, text in self.types.items()
        }

    def fits(self, name: str, value: Any) -> bool:
        """Whether a value is of the type of this name; null fits what is optional."""
        if value is None:
            return name not in self.required
        trees = self._trees.get(name, [])
        return not trees or any(instance(value, tree, NO_TYPES) for tree in trees)

    def misfits(self, values: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with these values, in words that quote none of them."""
        for name in sorted(self.required.keys() - values.keys()):
            yield f"{name} is missing"
        if not self.open:
            yield from (f"{name} is unknown" for name in sorted(values.keys() - self.types.keys()))
        for name in sorted(values.keys() & self.types.keys()):
            if not self.fits(name, values[name]):
                yield f"{name} is no {self.types[name]}"

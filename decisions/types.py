"""Types with names of their own, as the item definitions of a model give them (DMN 1.5 §7.3.3)."""

from collections.abc import Mapping

from decisions.feel.kinds import conforming, instance
from decisions.feel.parser import parse_type
from decisions.values import Value


class Types:
    """The named types of one model, each written as a FEEL type.

    An item definition of components is `context<name: string, age: number>`, a collection is
    `list<number>`, and a name may be used before the line that defines it.
    """

    __slots__ = ("trees",)

    def __init__(self, definitions: Mapping[str, str]) -> None:
        """Read them; raises ExpressionInvalid."""
        self.trees = {name: parse_type(text, definitions) for name, text in definitions.items()}

    def fits(self, value: Value, type_text: str) -> bool | None:
        """Whether the value is of the type; None when there is no such type."""
        return instance(value, parse_type(type_text, self.trees), self.trees)

    def coerced(self, value: Value, type_text: str) -> Value:
        """The value as one of the type, an item and the list of it being the same; else null."""
        return conforming(parse_type(type_text, self.trees), self.trees)(value)[1]


NONE = Types({})
"""No named types."""

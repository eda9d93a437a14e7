"""What a form can refuse."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """One answer that cannot be accepted: where (JSON pointer), why (code), and its figures."""

    pointer: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class FormInvalid(Exception):
    """All the answers of a form that cannot be accepted, at once."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(", ".join(f"{e.pointer}: {e.code}" for e in errors))
        self.errors = errors


class FormBroken(Exception):
    """The form's own document cannot be used; said at deployment."""

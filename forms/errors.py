"""What a form can refuse."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """One answer that cannot be accepted: where (JSON pointer), why (code), and its figures.

    `text` is the field's own message (`x-error`, in French), which goes before the general one.
    """

    pointer: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""


class FormInvalid(Exception):
    """All the answers of a form that cannot be accepted, at once."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(", ".join(f"{e.pointer}: {e.code}" for e in errors))
        self.errors = errors


class FormBroken(Exception):
    """The form's own document cannot be used: where (JSON pointer), why, and how to mend it."""

    def __init__(self, reason: str, pointer: str = "", remedy: str = "") -> None:
        super().__init__(f"{pointer}: {reason}" if pointer else reason)
        self.reason = reason
        self.pointer = pointer
        self.remedy = remedy or "Correct the form."

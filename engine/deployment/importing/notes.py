"""What an import says: what it changed, what a person must do, what it found."""

from dataclasses import dataclass, field

# Code -> sentence; `{name}` is the foreign word, `{value}` what it said.
MESSAGES = {
    "translated": "{name} “{value}” is now {ours}.",
    "removed": "{name} “{value}” is only of the other tool and was removed.",
    "renamed": "{name} “{value}” is now {ours}: the other cannot stand here.",
    "added": "{name} was added: {value}.",
    "meaningless": "{name} “{value}” has no meaning here; say in our words what it did.",
    "expression": "{name} “{value}” could not be translated to FEEL: {ours}",
    "kind": "The task says not what does it; a person's task is proposed.",
    "choice": "The gateway says not which way is taken; the variable {name} is proposed, asked before it.",  # noqa: E501
    "whose": "Nobody is named for the task; the lane {name} is proposed.",
    "check": "{value} {ours}",
    "unreadable": "The file cannot be imported: {value}.",
}


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence on one element."""

    element: str
    code: str
    name: str = ""
    value: str = ""
    ours: str = ""

    @property
    def words(self) -> dict[str, str]:
        """What fills the blanks of its sentence."""
        value = self.value if len(self.value) <= 300 else self.value[:300] + "…"
        return {"name": self.name, "value": value, "ours": self.ours}


@dataclass(slots=True)
class Notes:
    """All notes of one import, in the order in which they were made."""

    changes: list[Note] = field(default_factory=list)
    todo: list[Note] = field(default_factory=list)
    findings: list[Note] = field(default_factory=list)

"""What a check of a procedure finds: where, what, and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a procedure.  A warning can be deployed, an error cannot.

    `words` fill the blanks of its sentence where that is one of `clock_texts.MESSAGES`, which are
    translated; the sentences of other codes are English.
    """

    file: str
    element: str
    code: str
    message: str
    remedy: str
    severity: str = ERROR
    words: Mapping[str, str] = field(default_factory=dict)


class DeploymentRefused(Exception):
    """The procedure cannot be deployed; all its faults at once."""

    def __init__(self, procedure: str, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{f.file} {f.element}: {f.message}" for f in findings))
        self.procedure, self.findings = procedure, findings

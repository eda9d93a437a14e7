"""What a check of a procedure finds: where, what, and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a procedure.  A warning can be deployed, an error cannot.

    `sentence` is the key of its texts in `sentences`, whose blanks `words` fill; empty where they
    are English only.  `trace` is a counter-example: the elements in the order they are completed.
    """

    file: str
    element: str
    code: str
    message: str
    remedy: str
    severity: str = ERROR
    words: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""
    trace: tuple[str, ...] = ()


class DeploymentRefused(Exception):
    """The procedure cannot be deployed; all its faults at once."""

    def __init__(self, procedure: str, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{f.file} {f.element}: {f.message}" for f in findings))
        self.procedure, self.findings = procedure, findings

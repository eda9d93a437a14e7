"""What can go wrong, said once: every refusal of the engine has a code, and every code a remedy.

A command raises `EngineError(code, **details)`; engine.codes gives the code its kind, its
message and what the reader can do about it. Faces map the kind (exit status, HTTP status) and
translate the texts; nobody else does. The bottom packages raise small errors of their own, which
`mapped` turns into one of these, here and nowhere else.
"""

from collections.abc import Callable, Mapping
from typing import Any

from decisions.errors import DecisionError
from documents.errors import DocumentError
from engine.codes import CODES as CODES
from engine.codes import Kind as Kind
from forms.errors import FormInvalid
from processes.errors import BundleError


class EngineError(Exception):
    """A command or a question that the engine refuses, with everything a face needs to say so."""

    def __init__(self, code: str, **details: Any) -> None:
        entry = CODES[code]
        super().__init__(code)
        self.code = code
        self.kind = entry.kind
        self.details = details

    def __str__(self) -> str:
        return self.text()

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The message, in the language that `translate` gives."""
        return _filled(translate(CODES[self.code].message), self.details)

    def remedy(self, translate: Callable[[str], str] = str) -> str:
        """What the reader can do now."""
        return _filled(translate(CODES[self.code].remedy), self.details)

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields at fault, never their values: what a rejection may keep."""
        return tuple(error["pointer"] for error in self.details.get("errors", ()))


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _filled(text: str, details: Mapping[str, Any]) -> str:
    return text.format_map(_Blank(details))


def mapped(error: Exception) -> EngineError | None:
    """The engine's word for an error of a package below, or None where it is nobody's refusal."""
    if isinstance(error, EngineError):
        return error
    if isinstance(error, FormInvalid):
        rows = [
            {"pointer": e.pointer, "code": e.code, "params": dict(e.params)} for e in error.errors
        ]
        return EngineError("form_invalid", errors=rows, form_errors=error.errors)
    if isinstance(error, BundleError):
        return EngineError("bundle_invalid", reason=str(error))
    if isinstance(error, DecisionError) and error.code == "calendar.horizon":
        return EngineError("calendar_horizon", reason=error.message, year=error.place[:4])
    if isinstance(error, DecisionError):
        return EngineError("decision_invalid", reason=str(error), hint=error.remedy)
    if isinstance(error, DocumentError):
        return EngineError("document_failed", reason=str(error), hint=getattr(error, "remedy", ""))
    return None

"""What can go wrong, said once: every refusal of the engine has a code, and every code a remedy.

A command raises `EngineError(code, **details)`; the table below gives the code its kind, its
message and what the reader can do about it. Faces map the kind (exit status, HTTP status) and
translate the texts; nobody else does. The bottom packages raise small errors of their own, which
`mapped` turns into one of these, here and nowhere else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from decisions.errors import DecisionError
from documents.errors import DocumentError
from forms.errors import FormInvalid
from processes.errors import BundleError


class Kind(StrEnum):
    """What sort of refusal this is: the one thing that a face needs to choose its status."""

    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Code:
    """One way to refuse: `message` and `remedy` are English msgids with `{named}` details."""

    kind: Kind
    message: str
    remedy: str


def _codes(kind: Kind, rows: Mapping[str, tuple[str, str]]) -> dict[str, Code]:
    return {code: Code(kind, message, remedy) for code, (message, remedy) in rows.items()}


CODES: dict[str, Code] = {
    **_codes(
        Kind.INVALID,
        {
            "form_invalid": (
                "Some answers cannot be accepted.",
                "Correct the fields named below and send the form again.",
            ),
            "deployment_refused": (
                "The procedure {procedure} cannot be deployed: {count} faults.",
                "Correct the faults listed below, then run: mouqataa procedure check {procedure}",
            ),
            "bundle_invalid": (
                "The procedure folder cannot be read: {reason}",
                "Correct the file named, then run: mouqataa procedure check",
            ),
            "decisions_refused": (
                "The decisions of {name} cannot be used: {count} faults.",
                "Correct the faults named, then run: mouqataa decision check {name}",
            ),
            "decision_unnamed": (
                "There are several decisions.",
                "Name one of these: {known}.",
            ),
            "decision_invalid": ("This cannot be decided: {reason}", "{hint}"),
            "model_failed": (
                "The model cannot go on at element {element}: {reason}",
                "Nothing was changed. Tell the administrator of the procedure.",
            ),
            "attachment_invalid": (
                "The attachment cannot be accepted: {reason}",
                "Bring a PDF, JPEG or PNG file within the limit of size.",
            ),
            "reason_missing": (
                "A reason is required for {act}.",
                "Say in a sentence why; the reason is kept in the history.",
            ),
            "unknown_variable": (
                "The case {case} holds no value named {name}.",
                "See the names with: mouqataa case show {case}",
            ),
            "backup_damaged": (
                "The backup {file} is damaged at {place}.",
                "Nothing was changed. Take another copy of it, or an older backup.",
            ),
            "backup_foreign": (
                "The backup {file} is of {kind}, and the database of the settings is not.",
                "Name a database of this kind: mouqataa config show",
            ),
            "bad_cursor": ("The page marker cannot be read.", "Start again from the first page."),
            "bad_value": ("{name} cannot be {value}.", "{expected}"),
        },
    ),
    **_codes(
        Kind.FORBIDDEN,
        {
            "unknown_actor": (
                "Nobody is registered as {login}.",
                "An administrator can add them with: mouqataa actor add {login}",
            ),
            "actor_disabled": (
                "The account {login} is closed.",
                "Ask an administrator if it should be opened again.",
            ),
            "not_as_other": (
                "{user} may not act as {login}.",
                "Whoever runs this machine allows it with the setting act_as: mouqataa config show",
            ),
            "not_permitted": (
                "{login} may not do this ({command}).",
                "It needs one of these roles: {roles}. An administrator grants them with: "
                "mouqataa actor grant",
            ),
            "not_your_role": (
                "This belongs to the role {role} at {office}.",
                "Ask a colleague who has this role there, or an administrator for the role.",
            ),
            "separation_of_duties": (
                "Whoever did {element} may not do this task too.",
                "A colleague must take it.",
            ),
            "no_delegation": (
                "{login} holds no delegation of signature for {act} at {office} on {day}.",
                "Register the order with: mouqataa delegation add",
            ),
            "claimed_by_other": (
                "The task is with {assignee}.",
                "Ask them to release it, or a supervisor to assign it to you.",
            ),
            "not_yours": (
                "The task is not with you.",
                "Claim it first: mouqataa task claim {task}",
            ),
        },
    ),
    **_codes(
        Kind.NOT_FOUND,
        {
            "unknown_case": (
                "There is no case {reference}.",
                "Check the reference, or look for it with: mouqataa case search",
            ),
            "unknown_decision": ("There is no decision {decision}.", "Known: {known}."),
            "unknown_task": ("There is no task {task}.", "See yours with: mouqataa task list"),
            "unknown_procedure": (
                "No procedure {procedure} is deployed.",
                "See what is with: mouqataa procedure list",
            ),
            "unknown_version": (
                "The procedure {procedure} has no version {version}.",
                "See its versions with: mouqataa procedure show {procedure}",
            ),
            "unknown_office": (
                "There is no office {office}.",
                "See them with: mouqataa office list",
            ),
            "unknown_role": (
                "There is no role {role}.",
                "Roles come with procedures; see: mouqataa role list",
            ),
            "unknown_certificate": (
                "There is no certificate {certificate}.",
                "See those issued with: mouqataa certificate list",
            ),
            "unknown_attachment": (
                "There is no attachment {attachment}.",
                "See the case's history.",
            ),
            "unknown_calendar": (
                "There is no calendar {calendar}.",
                "See them with: mouqataa calendar show",
            ),
            "unknown_delegation": (
                "There is no delegation {delegation}.",
                "See them with: mouqataa delegation list",
            ),
            "unknown_incident": (
                "There is no incident {incident}.",
                "See those open with: mouqataa incident list",
            ),
            "nobody_waits": (
                "No case waits for the message {name} with this key.",
                "Check the name and the key; the case may have gone on already.",
            ),
        },
    ),
    **_codes(
        Kind.CONFLICT,
        {
            "already_completed": (
                "The task {task} is already completed.",
                "Nothing is left to do here. See the case with: mouqataa case show {case}",
            ),
            "task_cancelled": (
                "The task {task} is no longer to be done.",
                "The case went another way; see its history.",
            ),
            "case_ended": ("The case {case} has ended.", "Its history stays open to read."),
            "case_suspended": (
                "The case {case} is suspended since {since}.",
                "Nothing moves it before it goes on: mouqataa case resume {case}",
            ),
            "case_not_suspended": (
                "The case {case} is not suspended.",
                "See where it stands with: mouqataa case show {case}",
            ),
            "already_claimed": (
                "The task {task} is already with {assignee}.",
                "Choose another task.",
            ),
            "cannot_reopen": (
                "The task {task} cannot be reopened: {reason}",
                "Mend a value with: mouqataa case rectify {case}",
            ),
            "key_reused": (
                "This idempotency key was used for another command.",
                "Use a new key for a new command.",
            ),
            "already_exists": ("{what} exists already.", "Nothing was changed."),
            "withdrawn": (
                "The procedure {procedure} is withdrawn.",
                "Cases that run go on; new ones need a version in effect.",
            ),
            "same_bundle": (
                "Version {version} of {procedure} holds exactly these files.",
                "Nothing was changed.",
            ),
            "certificate_not_issued": (
                "The certificate {certificate} is not issued yet.",
                "The worker renders it: mouqataa work --once",
            ),
            "not_empty": (
                "{place} is not empty.",
                "Nothing was changed. Name another folder with --into, or an empty database.",
            ),
            "work_lost": (
                "The work {job} is no longer held under this lease.",
                "Leave it, and fetch again: another has it, or its case has gone on without it.",
            ),
            "busy": ("Someone else is changing this case.", "Try again in a moment."),
        },
    ),
    **_codes(
        Kind.UNAVAILABLE,
        {
            "database_missing": (
                "There is no database at {url}.",
                "Create it with: mouqataa init",
            ),
            "schema_outdated": (
                "The database is at schema {current}, this program needs {needed}.",
                "Bring it up with: mouqataa db upgrade",
            ),
            "schema_newer": (
                "The database is at schema {current}, newer than this program ({needed}).",
                "Install the newer version of Mouqataa.",
            ),
            "database_unreachable": (
                "The database does not answer: {reason}",
                "Check that it runs and that the setting `database` is right.",
            ),
            "database_read_only": (
                "The database lets nobody write: {reason}",
                "Nothing was changed; questions are answered. Make it writable, or name the server "
                "that is.",
            ),
            "outcome_unknown": (
                "The database did not say whether this was done.",
                "Look before you repeat it. With an idempotency key (--key) a repetition is safe.",
            ),
            "overloaded": (
                "No connection to the database became free in time.",
                "Try again in a moment; nothing was changed. Setting: database_pool.",
            ),
            "too_slow": (
                "The database took too long, and was stopped.",
                "Try again in a moment; nothing was changed. Setting: database_statement_seconds.",
            ),
            "disk_full": (
                "The disk is full or cannot be written: {reason}",
                "Free some room; nothing was lost.",
            ),
            "client_missing": (
                "PostgreSQL's {program} is needed in version {needed}; here is: {found}.",
                "Debian: apt-get install postgresql-client-{needed}",
            ),
            "client_failed": (
                "PostgreSQL's {program} has failed: {reason}",
                "Nothing was changed. Mend what it says, and try again.",
            ),
            "plugin_refused": (
                "The operation {operation} of the package {package} cannot be used: {reason}",
                "Remove the package, or install a version of it that fits.",
            ),
            "document_failed": ("The document cannot be rendered: {reason}", "{hint}"),
            "erased": (
                "The personal data this needs was erased.",
                "What was decided with it stays in the history.",
            ),
        },
    ),
}


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
    if isinstance(error, DecisionError):
        return EngineError("decision_invalid", reason=str(error), hint=error.remedy)
    if isinstance(error, DocumentError):
        return EngineError("document_failed", reason=str(error), hint=getattr(error, "remedy", ""))
    return None

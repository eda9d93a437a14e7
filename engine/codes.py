"""The codes of every refusal: what sort it is, what is said, and what the reader can do about it.

English texts are the msgids of engine/locale; `{named}` details are filled in by engine.errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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
            "decision_unnamed": ("There are several decisions.", "Name one of these: {known}."),
            "calendar_horizon": (
                "The calendar does not reach that far: {reason}",
                "Import the calendar of {year}: mouqataa calendar import",
            ),
            "package_missing": (
                "The package {package} is not installed, or does not know {country}.",
                "Install it with: pip install 'mouqataa[holidays]'",
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
            "answer_unfit": ("This is no answer of {operation}: {reason}", "It gives: {gives}."),
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
            "nothing_chosen": (
                "Nothing is chosen: no {on} is named, or none fits.",
                "Name some, or say which in other words; not both at once.",
            ),
            "too_many": (
                "More than {most} are chosen.",
                "Choose fewer: by procedure, office, or when the cases were started.",
            ),
            "personal_value": (
                "{name} is personal, or holds what is, in {procedure}.",
                "It is corrected case by case: mouqataa case rectify",
            ),
            "no_clocks": (
                "The procedure {procedure} has no clock of the law.",
                "Write one in its procedure.toml: see docs/reference/clock.md",
            ),
            "fact_unproven": (
                "No paper {paper} of the case {case} proves that {fact} happened earlier.",
                "Attach it with: mouqataa case attach {case}; or leave the earlier date out.",
            ),
            "unknown_fact_kind": (
                "No clock of the case {case} reads {fact}.",
                "They read: {kinds}.",
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
            "notice_refused": (
                "The notice does not come from the payment gateway.",
                "Check the secret `payment`, here and at the gateway.",
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
            "day_not_set": (
                "The calendar {calendar} says nothing of {day}.",
                "See its days with: mouqataa calendar show {calendar}",
            ),
            "unknown_delegation": (
                "There is no delegation {delegation}.",
                "See them with: mouqataa delegation list",
            ),
            "unknown_clock": (
                "No clock {clock} of the case {case} has begun.",
                "See its clocks with: mouqataa clock show {case}",
            ),
            "unknown_fact": (
                "Event {seq} of the case {case} tells no fact that still counts.",
                "See the facts with: mouqataa clock show {case}",
            ),
            "unknown_incident": (
                "There is no incident {incident}.",
                "See those open with: mouqataa incident list",
            ),
            "unknown_batch": ("There is no batch {batch}.", "See yours with: mouqataa batch list"),
            "unknown_items": (
                "{count} of those named are not there: {some}",
                "Nothing was ordered. Correct the list, or leave them out.",
            ),
            "unknown_message": (
                "No message {message} is kept.",
                "See those that are with: mouqataa message list",
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
            "calendar_exists": (
                "There is a calendar {calendar} already.",
                "Choose another name, or look at it with: mouqataa calendar show {calendar}",
            ),
            "years_missing": (
                "The calendar {calendar} ends on {last}; what is to come begins on {first}.",
                "Import the years between first.",
            ),
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
            "clock_lapsed": (
                "The clock {clock} of the case {case} has run out on {day}, and that is recorded.",
                "What has taken effect stays; only a new decision can confirm it or take it back.",
            ),
            "case_not_suspended": (
                "The case {case} is not suspended.",
                "See where it stands with: mouqataa case show {case}",
            ),
            "certificate_out": (
                "The certificate {number} was issued since: the case {case} cannot go back so far.",
                "Go back to a later step: mouqataa case history {case}",
            ),
            "history_differs": (
                "The history of {case}, executed again, gives another state at event {seq}.",
                "Nothing was changed. Look at it with: mouqataa case replay {case}",
            ),
            "cannot_move": (
                "The token at {source} cannot be moved to {to}: {reason}.",
                "Tokens there: {tokens}. See where the case waits with: "
                "mouqataa case history {case}",
            ),
            "cannot_skip": (
                "The model does not let {element} be skipped to {to}.",
                "It allows: {allowed}. An administrator moves a case with: "
                "mouqataa case move {case}",
            ),
            "token_waits": (
                "The case {case} still waits at {element} for this work: closed with a word, it "
                "would wait for nothing.",
                "Move it with: mouqataa incident retry {incident}, mouqataa incident answer "
                "{incident}, mouqataa incident skip {incident}, mouqataa case move {case} or "
                "mouqataa case cancel {case}",
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
            "moved_on": (
                "The case {case} has moved on since.",
                "Look at it with: mouqataa case history {case}",
            ),
            "batch_status": (
                "The batch {batch} cannot do this: it is {status}.",
                "See how far it has come with: mouqataa batch show {batch}",
            ),
            "cannot_undo": (
                "The batch {batch} cannot be undone: nothing takes back {act}.",
                "See what it did with: mouqataa batch items {batch}",
            ),
            "busy": ("Someone else is changing this case.", "Try again in a moment."),
        },
    ),
    **_codes(
        Kind.UNAVAILABLE,
        {
            "database_missing": ("There is no database at {url}.", "Create it with: mouqataa init"),
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
            "history_unreadable": (
                "The history of the case {case} cannot be read from its file {file}: {reason}",
                "Put the file back from a backup, then: mouqataa db check --case {case} --files",
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

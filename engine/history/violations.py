"""What may be found wrong with the house, said once: each invariant's code, message and remedy.

Texts are English msgids with `{named}` details, as refusals are; `{where}` is the case, register
or table concerned.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_EVIDENCE = (
    "Somebody wrote past the program. Keep this database as it is, and compare it with a backup: "
    "mouqataa db restore"
)
_PUT_BACK = (
    "Let nobody work on this case. Take the row from a backup, or end the case with: "
    "mouqataa case cancel {where}"
)
_STATE = "Let nobody work on this case. Its history is the truth: mouqataa case replay {where}"
_FILE = (
    "A certificate is made again with: mouqataa certificate render; an attachment or a history "
    "comes from a backup."
)

MESSAGES: Mapping[str, tuple[str, str]] = {
    "chain_broken": (
        "Event {seq} does not fit the chain: it was changed, or one before it is gone.",
        _EVIDENCE,
    ),
    "head_differs": (
        "The case ends with event {said}, its history with another or with event {found}.",
        _EVIDENCE,
    ),
    "event_differs": (
        "Event {seq} has columns that do not say what it says: {columns}.",
        _EVIDENCE,
    ),
    "case_unreadable": ("Something that the case holds cannot be read: {reason}", _STATE),
    "state_differs": ("The state is not the one that the history ends with (event {seq}).", _STATE),
    "replay_differs": ("Executed again, the case goes otherwise: {difference}", _STATE),
    "silent_stop": (
        "The case is open, waits at {elements}, and no row would ever move it.",
        _PUT_BACK,
    ),
    "row_missing": (
        "The case waits at {element}, and no row of the table {table} stands for it.",
        _PUT_BACK,
    ),
    "row_left": (
        "Row {row} of the table {table} stands, where the case waits for nothing.",
        "Let nobody work on this case. A backup from before tells how the row should stand.",
    ),
    "row_differs": (
        "Row {row} of the table {table} does not say what the state says of {element}.",
        "Let nobody work on this case. A backup from before tells how the row should stand.",
    ),
    "row_asleep": (
        "Row {row} of the table {table} is {status}, its case is not: done too early, or never.",
        "Suspend the case and let it go on again: mouqataa case suspend {where}",
    ),
    "suspension_differs": (
        "The case is {status}; its history and its columns do not agree whether it is suspended.",
        _EVIDENCE,
    ),
    "clock_differs": (
        "The clock {clock} is kept as {kept}; counted again from its facts it is {found}.",
        _EVIDENCE,
    ),
    "clock_asleep": (
        "The clocks of the case have something to say at {at}, and no job would say it.",
        "Any act on the case says it: for example mouqataa case note {where}",
    ),
    "job_held": (
        "Job {job} is held until {until}: no worker may take it before.",
        "Correct the clock of the machines, then set leased_until of this job to NULL.",
    ),
    "personal_missing": (
        "{count} personal values of the state are gone, and the person was not erased.",
        "Take the rows of the table personal from a backup.",
    ),
    "personal_differs": ("{count} personal values are not those that were entered.", _EVIDENCE),
    "certificate_unentered": (
        "The number of the certificate {number} stands in no register for this case.",
        _EVIDENCE,
    ),
    "certificate_differs": (
        "The certificate {number} is not as the history says that it was issued.",
        _EVIDENCE,
    ),
    "attachment_differs": (
        "The attachment {attachment} is not as the history says that it was brought.",
        _EVIDENCE,
    ),
    "file_unreadable": ("The file {file} cannot be read: {reason}", _FILE),
    "file_differs": ("The file {file} is not the one that was kept: its digest differs.", _FILE),
    "register_gap": (
        "The register stands at {last}; it holds {count} numbers, the highest {highest}.",
        "Let nobody give a number. Find the one that is missing in a backup or among the papers.",
    ),
    "register_duplicate": ("{count} numbers of the register are written as another is.", _EVIDENCE),
    "answers_old": (
        "{count} answers to commands are kept longer than 30 days.",
        "The worker removes them: mouqataa work --once",
    ),
    "batch_differs": (
        "The batch {where} of {total} is {status}; it has {items} items, {left} to be done, and "
        "{jobs} jobs.",
        "See what is left, and order it anew: mouqataa batch items {where} --status due",
    ),
    "schedule_differs": (
        "The schedule {schedule} has no job that begins its cases when it is due, or several.",
        "Deploy the procedure again with a changed file: its schedules are then made anew.",
    ),
    "message_asleep": (
        "The message {where} is kept, and no job would tell anybody when its time is over.",
        "Take it back and send it again: mouqataa message withdraw {where}",
    ),
    "trigger_missing": (
        "Histories can be changed: the trigger {trigger} is gone or switched off.",
        "Find out who did it, check every case with --replay, and put it back as a new database "
        "has it.",
    ),
    "database_damaged": (
        "The database finds itself damaged: {reason}",
        "Stop all work, keep a copy of it, and restore a backup: mouqataa db restore",
    ),
}


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that does not hold: its code, the case, register or table, and details."""

    code: str
    where: str
    details: Mapping[str, Any]

    def message(self, text: Callable[..., str]) -> str:
        """What is wrong, by a function that translates and fills in."""
        return text(MESSAGES[self.code][0], where=self.where, **self.details)

    def remedy(self, text: Callable[..., str]) -> str:
        """What can be done."""
        return text(MESSAGES[self.code][1], where=self.where, **self.details)


def violation(code: str, where: str, **details: Any) -> Violation:
    """A violation with its details by name."""
    return Violation(code, where, details)

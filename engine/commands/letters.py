"""Letters on the legal clock: why a date is the date, and that it has moved.

A letter informs; it decides nothing and has no number. It holds no personal value: who has the
reference of the case knows whose it is. What a job writes is computed as of the moment at which it
was owed, so that a worker that comes twice writes the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from decisions.calendars import Calendar
from decisions.clock import explain
from decisions.clock.moved import moved
from decisions.clock.result import Key, Result
from decisions.clock.several import evaluate_all
from engine.commands import attachments, dating, delays, facts, printing
from engine.commands.attachments import Attached
from engine.commands.printing import LANGUAGES
from engine.errors import EngineError
from engine.runtime.values import pack, unpack
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version

JOB = "clock.letter"
_TOLD = ("running", "suspended", "lapsed", "ended")
# The clocks of a case at a moment, and the days by which they were dated.
Standing = tuple[Mapping[Key, Result], Calendar]


@dataclass(frozen=True, slots=True)
class Told:
    """A clock in French and in Arabic: its name, what the receipt says of it, why that date."""

    name: dict[str, str]
    receipt: dict[str, list[str]]
    why: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a letter prints; `moved` is the sentence of what moved, where something did.

    `at` is the moment as of which it speaks, `day` its day in the city.
    """

    case: str
    procedure: dict[str, str]
    office: dict[str, str]
    city: dict[str, str]
    place: dict[str, str]
    at: datetime
    day: date
    specimen: bool
    clocks: tuple[Told, ...]
    moved: dict[str, str]


def show(tx: Transaction, reference: str, clock: str = "") -> Letter:
    """What a letter on the clocks of a case says now: of all that began, or of one by its name."""
    case = tx.see_case(reference)
    version = tx.version(case.version_id)
    standing = delays.standing(tx, case, version, tx.now)
    found = [
        result
        for result in standing[0].values()
        if result.state in _TOLD and clock in ("", result.clock)
    ]
    if not found:
        raise EngineError("unknown_clock", case=reference, clock=clock or "-")
    return _letter(tx, case, version, standing, found, tx.now, {})


def _letter(
    tx: Transaction, case: Record, version: Version, standing: Standing, found: list[Result],
    at: datetime, sentence: dict[str, str],
) -> Letter:  # fmt: skip
    office, city = tx.store.get(t.office, id=case.office_id), tx.facts
    titles = printing.titles(office, city)
    told = version.bundle.translations
    return Letter(
        case=case.reference,
        procedure={one: told.text(version.bundle.procedure.name, one) for one in LANGUAGES},
        office=dict(zip(LANGUAGES, titles, strict=True)),
        city={one: city.get(f"city_{one}", "") for one in LANGUAGES},
        place={one: city.get(f"place_{one}", "") for one in LANGUAGES},
        at=at, day=standing[1].local_date(at), specimen=tx.specimen,
        clocks=tuple(_told(version, standing, result) for result in found), moved=sentence,
    )  # fmt: skip


def _told(version: Version, standing: Standing, result: Result) -> Told:
    results, calendar = standing
    law = dating.in_force(version.clocks, result, calendar)
    told = Told({}, {}, {})
    for language in LANGUAGES:
        names = delays.names_of(version.bundle, language)
        name = names.get(result.clock, result.clock)
        told.name[language] = f"{name} ({result.each})" if result.each else name
        told.receipt[language] = delays.said(
            version.clocks, results, result, calendar, language, names
        )
        told.why[language] = explain.explain(law, result, calendar, language, names)
    return told


# -- a date that the applicant holds has moved --


def owe(tx: Transaction, case: Record, version: Version, after: Result) -> bool:
    """Owe the applicant a letter where other days moved a date that a paper of ours bears.

    That paper is a receipt that was numbered, or the letter before this one; what facts moved was
    told with them. The answer says whether one is owed.
    """
    told = dict(_papers(tx, case, version, after.key)) if after.state == "running" else {}
    since = max(told, default=None)
    if since is None or told[since] in (None, after.due):
        return False
    known, days = facts.known(tx, case.id), tx.calendar_of(case.office_id, since)
    if evaluate_all(version.clocks, known, days, tx.now)[after.key].due != told[since]:
        return False  # by the days of then it would be another all the same
    tx.store.add(
        t.job, kind=JOB, case_id=case.id, status="due", due_at=tx.now, attempts=0, lease=0,
        created_at=tx.now,
        payload=pack({
            "case": case.id, "clock": after.clock, "each": after.each, "since": since,
            "at": tx.now,
        }),
    )  # fmt: skip
    tx.store.wake()
    return True


def _papers(
    tx: Transaction, case: Record, version: Version, key: Key
) -> Iterator[tuple[datetime, date | None]]:
    """The papers that gave a date of a clock: the moment as of which each speaks, and the date."""
    kinds = version.bundle.procedure.certificates
    for row in tx.store.all(t.certificate, case_id=case.id):
        if row.cancelled_at is None and kinds[row.kind].kind == "receipt":
            at: datetime = unpack(row.data)["at"]
            results, calendar = delays.standing(tx, case, version, at)
            first = printing.against_office(version, results, calendar)
            if first is not None and first.key == key and first.state == "running":
                yield at, first.due
    for job in tx.store.all(t.job, case_id=case.id, kind=JOB):
        payload = unpack(job.payload)
        if (payload["clock"], payload["each"]) == key:
            results, _ = delays.standing(tx, case, version, payload["at"])
            yield payload["at"], results[key].due


def owed(tx: Transaction, job: int, lease: int) -> Letter:
    """What the letter of a job says: what moved since the applicant was told, and why."""
    payload = unpack(tx.held_job(job, lease).payload)
    case = tx.store.case_by_id(payload["case"])
    version, key = tx.version(case.version_id), (payload["clock"], payload["each"])
    before, standing = (
        delays.standing(tx, case, version, payload[moment]) for moment in ("since", "at")
    )
    results, calendar = standing
    law = dating.in_force(version.clocks, results[key], calendar)
    old, new = (before[0][key], before[1]), (results[key], calendar)
    sentence = {language: moved(law, old, new, language) for language in LANGUAGES}
    return _letter(tx, case, version, standing, [results[key]], payload["at"], sentence)


def attach(tx: Transaction, job: int, lease: int, content: bytes) -> Attached:
    """Keep the letter that a worker wrote with the papers of its case."""
    case = tx.hold_case(unpack(tx.held_job(job, lease).payload)["case"])
    tx.finish_job(job, lease)
    return attachments.keep(tx, case, attachments.LETTER, content)

"""From what happened to mails and texts: whom it concerns, when each is told, what came of it.

At once: one message for all that a recipient has not been told, and not more than one a minute.
Later: one message on the next working day, or on the first one of the next week, at the hour that
is set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine.commands import jobs
from engine.history.occasions import ACTORS, PERSONS
from engine.permissions import ADMINISTRATOR
from engine.runtime.values import pack, unpack
from engine.store import tables as t
from engine.store import telling, trouble
from engine.store.telling import Reach
from engine.store.types import Record
from engine.transaction import Transaction

_MANY = 500
_APART = timedelta(minutes=1)
_KEPT = timedelta(days=90)
_LATE = timedelta(days=2)
_SHOWN = 200  # lines of one message
_PUT_OFF = timedelta(hours=1)
_UNSET = "notice.send"


@dataclass(frozen=True, slots=True)
class Spread:
    """How many occasions were looked at, and the notices made of them."""

    occasions: int
    notices: int


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to tell: ids and names of the house, no value of a case."""

    topic: str
    at: datetime
    case: str | None
    procedure: str
    task: str
    office: str
    incident: int | None


@dataclass(frozen=True, slots=True)
class Letter:
    """What a job has to send; `person` is whether a citizen reads it. Nothing to say: no lines.

    `channel` is mail or sms, `to` the address or the telephone; `more` counts what is not told line
    by line.
    """

    channel: str
    to: str
    language: str
    person: bool
    zone: str
    now: datetime
    lines: tuple[Line, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """How many notices a message told."""

    notices: int


def spread(tx: Transaction, hour: int) -> Spread:
    """Find whom the occasions concern, and write a notice and a job for each; `hour` of digests."""
    rows, made = telling.pending(tx.store, _MANY), 0
    if not rows:
        return Spread(0, 0)
    reach = Reach(tx.store, rows)
    concerned = [(row, contact) for row in rows for contact in _concerned(tx, row, reach)]
    chosen = telling.paces(tx.store, {contact.id for _, contact in concerned})
    wanted: dict[int, list[tuple[int, str]]] = {}
    for row, contact in concerned:
        usual = ACTORS if contact.actor_id is not None else PERSONS
        pace = chosen.get((contact.id, row.topic), usual[row.topic])
        if pace != "never":
            wanted.setdefault(contact.id, []).append((row.id, pace))
    for key in sorted(wanted):  # in one order: two workers never wait for each other
        held = tx.store.held(t.contact, id=key)
        if held is None:  # its person was erased meanwhile
            continue
        _plan(tx, held, {pace for _, pace in wanted[key]}, hour)
        tx.store.add_all(t.notice, [
            {"occasion_id": occasion, "contact_id": key, "pace": pace, "status": "waiting",
             "made_at": tx.now}
            for occasion, pace in wanted[key]
        ])  # fmt: skip
        made += len(wanted[key])
    tx.store.change_all(t.occasion, t.occasion.c.id.in_([r.id for r in rows]), spread_at=tx.now)
    return Spread(len(rows), made)


def _concerned(tx: Transaction, row: Record, reach: Reach) -> list[Record]:
    """The contacts of those whom an occasion concerns, each once, without who brought it about."""
    found: list[Record] = []
    if row.topic == "incident.raised":
        path = row.path or tx.store.get(t.office, parent_id=None).path
        found += reach.holders(ADMINISTRATOR, path)
    elif row.token is not None:
        found += _doers(row, reach)
    else:
        procedure = tx.version(row.version_id).bundle.procedure
        if row.topic in ACTORS:
            found += [c for role in procedure.roles for c in reach.holders(role, row.path)]
        if procedure.notice is not None and row.topic in procedure.notice.topics:
            found += reach.person(row.person_id)
    others = (c for c in found if c.actor_id is None or c.actor_id != row.by_id)
    return list({contact.id: contact for contact in others}.values())


def _doers(row: Record, reach: Reach) -> Sequence[Record]:
    """Who is to do a task as it is now: it may be done, or somebody else's, by now."""
    if row.task_status != "open":
        return []
    if row.topic == "task.assigned":
        return reach.actor(row.actor_id) if row.actor_id == row.assignee_id else []
    if row.assignee_id is None:
        return reach.holders(row.role, row.path)
    return reach.actor(row.assignee_id) if row.topic == "task.due" else []


def _plan(tx: Transaction, contact: Record, paces: set[str], hour: int) -> None:
    """See to it that a job will send what waits; one that nobody has begun on takes it along.

    `contact` is held to the end.
    """
    if "at_once" in paces and not _begins(tx, contact.send_job, tx.now + _APART):
        due = max(tx.now, (contact.sent_at or tx.now - _APART) + _APART)
        tx.store.change(t.contact, contact.id, send_job=_job(tx, contact, "notice.send", due))
    later = [_morning(tx, hour, pace) for pace in paces if pace in ("daily", "weekly")]
    if later and not _begins(tx, contact.digest_job, min(later)):
        job = _job(tx, contact, "notice.digest", min(later))
        tx.store.change(t.contact, contact.id, digest_job=job)


def _begins(tx: Transaction, job: int | None, by: datetime) -> bool:
    """Whether a job still waits for its first attempt, and makes it by then."""
    row = tx.store.one(t.job, id=job) if job is not None else None
    return row is not None and row.status == "due" and row.attempts == 0 and row.due_at <= by


def _job(tx: Transaction, contact: Record, kind: str, due: datetime) -> int:
    return int(
        tx.store.add(
            t.job, kind=kind, payload=pack({"contact": contact.id}), status="due", due_at=due,
            attempts=0, lease=0, created_at=tx.now,
        )
    )  # fmt: skip


def _morning(tx: Transaction, hour: int, pace: str) -> datetime:
    """The next working day at this hour in the city; of the next week where it is weekly."""
    zone = tx.zone
    here = tx.now.astimezone(zone)
    days = 7 - here.weekday() if pace == "weekly" else int(here.hour >= hour)
    day = here.date() + timedelta(days=days)
    if tx.calendar is not None and not tx.calendar.is_working_day(day):
        day = tx.calendar.add_working_days(day, 1)
    return datetime.combine(day, time(hour), zone)


def channel(tx: Transaction, job: int, lease: int) -> str:
    """By which channel a job will send what it has; empty where nobody can be reached."""
    contact = tx.store.one(t.contact, id=unpack(tx.held_job(job, lease).payload)["contact"])
    reached = _reached(contact)
    return reached[0] if reached is not None else ""


def _reached(contact: Record | None) -> tuple[str, str] | None:
    """Channel and address; None where nothing is sent: nobody, no address, or one that failed."""
    if contact is None or contact.failing_at is not None:
        return None
    return telling.address(contact)


def material(tx: Transaction, job: int, lease: int) -> Letter:
    """Give a job all that waits for its recipient; tried again, it sends what it was given."""
    row = tx.held_job(job, lease)
    key = unpack(row.payload)["contact"]
    contact = tx.store.held(t.contact, id=key)  # nothing comes between
    reached = _reached(contact)
    if contact is None or reached is None:
        _dropped(tx, key)
        return Letter("", "", "fr", False, tx.facts["zone"], tx.now, ())
    mine = t.notice.c
    if tx.store.count(t.notice, mine.job_id == job) == 0:
        paces = ("at_once",) if row.kind == "notice.send" else ("daily", "weekly")
        waiting = (mine.contact_id == key, mine.status == "waiting", mine.job_id.is_(None))
        tx.store.change_all(t.notice, *waiting, mine.pace.in_(paces), job_id=job)
    where = (mine.job_id == job, mine.status == "waiting")
    given = tx.store.rows(t.notice, *where, limit=_SHOWN)
    lines = tuple(_line(tx, notice, contact.language) for notice in given)
    more = tx.store.count(t.notice, *where) - len(lines)
    person = contact.person_id is not None
    return Letter(*reached, contact.language, person, tx.facts["zone"], tx.now, lines, more)


def _line(tx: Transaction, notice: Record, language: str) -> Line:
    row = tx.store.get(t.occasion, id=notice.occasion_id)
    if row.case_id is None:
        return Line(row.topic, row.at, None, "", "", "", row.incident_id)
    case = tx.store.case_by_id(row.case_id)
    bundle = tx.version(case.version_id).bundle
    office = tx.store.get(t.office, id=case.office_id)
    task = tx.store.one(t.task, case_id=case.id, token=row.token) if row.token else None
    return Line(
        row.topic, row.at, case.reference,
        bundle.translations.text(bundle.procedure.name, language=language),
        bundle.translations.text(task.name, language=language) if task is not None else "",
        office.name_ar if language == "ar" else office.name_fr, row.incident_id,
    )  # fmt: skip


def sent(tx: Transaction, job: int, lease: int) -> Sent:
    """A message went out."""
    row = tx.finish_job(job, lease)
    where = (t.notice.c.job_id == job, t.notice.c.status == "waiting")
    told = tx.store.change_all(t.notice, *where, status="sent", sent_at=tx.now)
    if told:
        tx.store.change(t.contact, unpack(row.payload)["contact"], sent_at=tx.now)
    return Sent(told)


def refused(tx: Transaction, job: int, lease: int) -> Sent:
    """The address is none: nothing more is sent there, and a person is asked once to mend it."""
    row = tx.finish_job(job, lease)
    key = unpack(row.payload)["contact"]
    tx.store.change(t.contact, key, failing_at=tx.now)
    dropped = _dropped(tx, key)
    jobs.raise_incident(tx, row, "job_failed", f"the address of contact {key} is refused for good")
    return Sent(dropped)


def _dropped(tx: Transaction, contact: int) -> int:
    """Nobody will be told what waits for a contact."""
    where = (t.notice.c.contact_id == contact, t.notice.c.status == "waiting")
    return tx.store.change_all(t.notice, *where, status="dropped")


def put_off(tx: Transaction, job: int, lease: int, reason: str) -> bool:
    """Nothing can be sent as the machine is set: try in an hour, as often as it takes.

    One incident says so for all messages, until it is resolved; whether it was raised now.
    """
    row = tx.held_job(job, lease)
    again = {"retry_at": tx.now + _PUT_OFF, "leased_until": None, "attempts": row.attempts - 1}
    tx.settle_job(job, lease, last_error=reason, **again)
    cause = trouble.cause("job_failed", None, None, _UNSET, reason)
    if tx.store.one(t.incident, cause=cause, resolved_at=None) is not None:
        return False
    _alone(tx)
    if tx.store.one(t.incident, cause=cause, resolved_at=None) is not None:
        return False
    tx.store.add(t.incident, at=tx.now, code="job_failed", message=reason, cause=cause)
    return True


def _alone(tx: Transaction) -> None:
    """Held to the end: of two workers that look at once, the second sees what the first wrote."""
    tx.store.held(t.installation, name="founded")


def late(tx: Transaction) -> Sent:
    """Note the open tasks that became late in the last two days, each once."""
    if not telling.late(tx.store, tx.now, _LATE, 1):
        return Sent(0)
    _alone(tx)
    rows = telling.late(tx.store, tx.now, _LATE, _MANY)
    tx.store.add_all(t.occasion, [
        {"topic": "task.due", "case_id": row.case_id, "token": row.token, "at": tx.now}
        for row in rows
    ])  # fmt: skip
    return Sent(len(rows))


def tidy(tx: Transaction) -> Sent:
    """Forget notices 90 days after they were sent or dropped, and then their occasions."""
    before = tx.now - _KEPT
    gone = tx.store.remove(t.notice, telling.old(before))
    tx.store.remove(t.occasion, t.occasion.c.spread_at < before, ~telling.held())
    return Sent(gone)

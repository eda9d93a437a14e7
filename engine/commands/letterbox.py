"""Messages that come early: kept for a stated time, handed over when somebody begins to wait.

A kept message is a job that is due when its time is over, and a row by which it is found before.
Who keeps one and who begins to wait hold its name and key, so that one of them sees the other: it
is never lost, and the job, of which one has the end, is never done twice. A message whose time is
over is delivered like any other: tried, tried again, then an incident that a person is shown.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands import answering, duties, pages, steps
from engine.commands.pages import Page
from engine.commands.surroundings import Surroundings
from engine.errors import EngineError
from engine.operations.messages import lasts
from engine.permissions import ADMINISTRATOR, SYSTEM
from engine.runtime import execution
from engine.runtime.errors import RuntimeRefusal
from engine.runtime.values import Sealed, pack, unpack
from engine.runtime.world import Step
from engine.store import kept
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version
from forms.errors import FormInvalid

DELIVERY = "message.deliver"
_ENDS = {"delivered": "completed", "withdrawn": "cancelled"}


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A message that came early: from which case, or by whom; until when it is kept.

    `status` is kept, expired (shown to a person, or about to be), delivered or withdrawn; `error`
    what the last attempt to deliver it failed on.
    """

    id: int
    name: str
    key: str
    status: str
    origin: str | None
    by: str
    sent_at: datetime
    until: datetime
    error: str | None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A message that nobody will get any more."""

    message: int


def until(tx: Transaction, keep: str) -> datetime | None:
    """When the time of a message is over that is sent now; None where it is not kept."""
    over = lasts(keep, tx.now, tx.zone)
    if over is None:
        expected = "Write an ISO 8601 duration: P7D is seven days, PT12H twelve hours, P0D none."
        raise EngineError("bad_value", name="keep", value=keep, expected=expected)
    return over if over > tx.now else None


def lay_down(
    tx: Transaction, name: str, key: str, over: datetime, job: int, origin: int | None, *,
    outside: bool,
) -> None:  # fmt: skip
    """Note that a message is kept; its job is due when its time is over."""
    tx.store.add(
        t.message, name=name, key=key, status="kept", outside=outside, job_id=job,
        origin_id=origin, sent_by=tx.actor.id, sent_at=tx.now, until=over,
    )  # fmt: skip


def from_outside(
    tx: Transaction, name: str, key: str, values: dict[str, Any], office: str | None,
    over: datetime,
) -> None:  # fmt: skip
    """Keep what a person sends, its values checked by the form of the case that its key names."""
    case = tx.store.case(key)
    origin, payload, form = None, {}, ""
    if case is not None and tx.actor.sees(case.office_id):
        case = tx.lock_case(key)
        duties.works_on(tx, case)
        origin, form = case.id, _form(tx, case, name)
    if values:
        payload = _checked(tx, case if origin else None, form, values)
    given = {
        "message": name, "key": key, "payload": payload, "from": origin, "office": office,
        "form": form, "version": case.version_id if case is not None and origin else None,
    }  # fmt: skip
    kept.alone(tx.store, name, key)
    job = tx.store.add(
        t.job, kind=DELIVERY, case_id=None, token=None, payload=pack(given), status="due",
        due_at=over, attempts=0, lease=0, created_at=tx.now,
    )  # fmt: skip
    lay_down(tx, name, key, over, int(job), origin, outside=True)


def _form(tx: Transaction, case: Record, name: str) -> str:
    """The form of what will wait for a message in a case; refused where nothing ever will."""
    model = tx.version(case.version_id).model
    forms = {
        model.elements[spec.name].attributes.get("form", "")
        for scope in (model.spec, *model.scopes.values())
        for spec in scope.task_specs.values()
        if getattr(getattr(spec, "details", None), "message", "") == name
        and spec.name in model.elements
    }
    if case.ended_at is not None or not forms:
        raise EngineError("nobody_waits", name=name)
    return forms.pop() if len(forms) == 1 else ""


def _checked(
    tx: Transaction, case: Record | None, form: str, values: dict[str, Any]
) -> dict[str, Any]:
    """Values as the form of who will get them has them, what is personal sealed in its case."""
    if case is None or not form:
        expected = (
            "A message that is kept brings values only to the case whose reference is its key, and "
            "only where one form checks them; send it without values."
        )
        raise EngineError("bad_value", name="values", value=", ".join(values), expected=expected)
    found = tx.version(case.version_id).form(form)
    seal = tx.sealer(case.id, case.person_id, frozenset())
    sealed: dict[str, Any] = found.seal(answering.clean(tx, found, values), seal)
    return sealed


# -- somebody begins to wait --


def arrived(tx: Transaction, case: int, step: Step, opened: list[int]) -> list[int]:
    """Hand what was kept to the tokens that begin to wait for it, the oldest first.

    Gives the tasks that are open after it. Names and keys are held since the subscriptions were
    written. What the model makes of a message, if it fails, does not refuse the step that brought
    the token there: the message is due then, and its fault is shown as that of any delivery.
    """
    came = False
    for wait in (wait for wait in step.opened if wait.kind == "message"):
        row = kept.oldest(tx.store, wait.name, wait.key, tx.now)
        if row is None:
            continue
        waits = tx.store.one(t.subscription, case_id=case, token=wait.token)
        if waits is None:  # what came for another token has moved this one on
            continue
        came = True
        try:
            with tx.store.savepoint():
                opened = [*opened, *_hand_over(tx, row, case, waits)]
        except (RuntimeRefusal, EngineError, FormInvalid):
            tx.store.change(t.job, row.job_id, due_at=tx.now, retry_at=None)
            tx.store.change_at(t.message, {"id": row.id}, until=tx.now)
            tx.store.wake()
    return _open(tx, opened) if came else opened


def _open(tx: Transaction, tasks: list[int]) -> list[int]:
    rows = tx.store.rows(t.task, t.task.c.id.in_(tasks), t.task.c.status == "open")
    return [row.id for row in rows]


def _hand_over(tx: Transaction, row: Record, case: int, waits: Record) -> list[int]:
    end(tx, row, "delivered", case)
    found = tx.store.case_by_id(case)
    given = unpack(tx.store.get(t.job, id=row.job_id).payload)
    version = tx.version(found.version_id)
    if row.outside:
        values = of_person(tx, found, version, waits.element, given)
    else:
        values = of_case(tx, found, given["payload"], given["from"])
    return received(tx, found, waits, values, sent=row.sent_at)


def end(tx: Transaction, row: Record, status: str, case: int | None = None) -> None:
    """End a kept message and its job; refused where another has it in hand."""
    ours = {"id": row.id, "status": "kept"}
    if tx.store.change_at(t.message, ours, status=status, case_id=case, ended_at=tx.now) != 1:
        raise EngineError("busy")
    job = tx.store.get(t.job, id=row.job_id)
    if job.status in _ENDS.values():
        return
    at = {"id": job.id, "status": job.status, "lease": job.lease}
    columns = {"status": _ENDS[status], "leased_until": None}
    if tx.store.change_at(t.job, at, **columns) != 1:
        raise EngineError("busy")


def of_person(
    tx: Transaction, case: Record, version: Version, element: str, given: dict[str, Any]
) -> dict[str, Any]:
    """What a person sent, as of the case that gets it; checked again by a form that is another."""
    name = version.model.elements[element].attributes.get("form")
    opened: dict[str, Any] = given["payload"]
    if given["from"] is not None:
        opened = tx.unseal(given["from"], opened)
    if name is None or not opened:
        if opened:
            expected = "The message has no form; send it without values."
            raise EngineError("bad_value", name="values", value=", ".join(opened),
                              expected=expected)  # fmt: skip
        return {}
    form = version.form(name)
    if (name, version.id) != (given["form"], given["version"]):
        opened = answering.clean(tx, form, opened)
    seal = tx.sealer(case.id, case.person_id, form.indexed)
    sealed: dict[str, Any] = form.seal(opened, seal)
    return sealed


def of_case(
    tx: Transaction, case: Record, payload: dict[str, Any] | Sealed, origin: int
) -> dict[str, Any]:
    """What a case sent; what was personal there is sealed anew, as of the case that gets it."""
    opened: dict[str, Any] = tx.unseal(origin, {"": payload})[""] or {}
    seal = tx.sealer(case.id, case.person_id, frozenset())
    plain = payload if isinstance(payload, dict) else {}
    return {k: v if k in plain and plain[k] == v else seal(k, v) for k, v in opened.items()}


def received(
    tx: Transaction, case: Record, row: Record, values: dict[str, Any],
    sent: datetime | None = None,
) -> list[int]:  # fmt: skip
    """Let the token of a subscription go on with what came, and give the tasks that it opened."""
    version = tx.version(case.version_id)
    world = Surroundings(tx, case, version)
    step = execution.receive(version.model, case.state, row.token, values, world)
    body = {"message": row.name, "element": row.element, "token": row.token, "values": values}
    if sent is not None:
        body["sent"] = sent
    return steps.apply(tx, case, version, step, "message.received", body)


# -- looked at, taken back --


def listing(
    tx: Transaction, *, ended: bool = False, cursor: str | None = None, limit: int = 50
) -> Page[KeptRow]:
    """The messages that are kept, the newest first; with `ended`, those that reached somebody too.

    One's own, and those that cases of one's offices sent.
    """
    own = t.message.c
    where: list[Any] = [] if ended else [own.status == "kept"]
    if tx.actor.offices is not None and ADMINISTRATOR not in tx.actor.standing:
        ours = t.case.c.office_id.in_(tx.actor.offices)
        where.append(ours | (own.sent_by == tx.actor.id))
    if cursor:
        where.append(own.id < pages.place(cursor, pages.number)[0])
    rows = kept.listed(tx.store, *where, limit=pages.size(limit) + 1)
    shown, following = pages.cut(rows, limit, lambda row: (row.id,))
    return Page(tuple(_row(tx, row) for row in shown), following)


def _row(tx: Transaction, row: Record) -> KeptRow:
    status = "expired" if row.status == "kept" and row.until <= tx.now else row.status
    origin = None if row.outside else row.reference
    return KeptRow(
        row.id, row.name, row.key, status, origin, row.login, row.sent_at, row.until,
        row.last_error,
    )  # fmt: skip


def withdraw(tx: Transaction, message: int, reason: str) -> Withdrawn:
    """Take back a message that nobody has got, by who sent it or an administrator.

    The history of the case that sent it keeps the reason.
    """
    row = tx.store.one(t.message, id=message)
    sender = row.origin_id if row is not None and not row.outside else None
    case = tx.hold_case(sender) if sender is not None else None
    if row is None or not _may_withdraw(tx, row):
        raise EngineError("unknown_message", message=message)
    duties.reasoned(reason, "letterbox.withdraw")
    kept.alone(tx.store, row.name, row.key)
    row = tx.store.get(t.message, id=message)
    if row.status != "kept":
        raise EngineError("unknown_message", message=message)
    end(tx, row, "withdrawn")
    if case is not None:
        body = {"message": row.name, "key": row.key, "sent": row.sent_at}
        body["reason"] = tx.private(case, "reason", reason)
        tx.record(case, "message.withdrawn", body)
    return Withdrawn(message)


def _may_withdraw(tx: Transaction, row: Record) -> bool:
    if {ADMINISTRATOR, SYSTEM} & tx.actor.standing:
        return True
    return bool(row.outside and row.sent_by == tx.actor.id)


def asleep(tx: Transaction) -> list[int]:
    """The messages that are kept and have no job, and no incident, that would end them."""
    work = t.job.c
    kept_at = t.message.c
    standing = ("due", "held", "incident")
    rows = tx.store.rows(t.message, kept_at.status == "kept", limit=100_000)
    jobs = {row.job_id for row in rows}
    alive = tx.store.rows(
        t.job, work.kind == DELIVERY, work.status.in_(standing), limit=100_000 + len(jobs)
    )
    awake = {row.id for row in alive}
    return [row.id for row in rows if row.job_id not in awake and not _closed(tx, row.job_id)]


def _closed(tx: Transaction, job: int) -> bool:
    """Whether a person has closed the incident of a job: it was shown, and dealt with."""
    rows = tx.store.all(t.incident, job_id=job)
    return any(row.resolved_at is not None for row in rows)

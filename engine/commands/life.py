"""The life of a case: suspended and resumed, restarted from a step, a token moved by hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.commands import dating, duties, facts, steps
from engine.commands.cases import Changed
from engine.commands.surroundings import Surroundings
from engine.errors import EngineError
from engine.history import chain, replaying
from engine.history.invariants import CLOCKS
from engine.runtime import execution
from engine.runtime.errors import Immovable
from engine.runtime.moving import REASONS
from engine.runtime.values import Sealed
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction

_ALL = 100_000


@dataclass(frozen=True, slots=True)
class Moved:
    """A case that an administrator set on another way; `ended` is how it ended by that."""

    reference: str
    seq: int
    tasks: list[int]
    ended: str | None


def suspend(tx: Transaction, reference: str, reason: str) -> Changed:
    """Let a case rest: nobody can do its tasks, no timer runs, nothing is called or delivered.

    The clocks of the law run on: what lapses is recorded, and moves the case when it goes on.

    Remarks and papers are still taken, and the case can be cancelled. A call that is under way is
    not cut short: its answer is kept until the case goes on.
    """
    case = tx.lock_case(reference)
    duties.cares_for(tx, case)
    duties.goes_on(tx, case)
    duties.reasoned(reason, "life.suspend")
    tx.store.change_at(t.task, {"case_id": case.id, "status": "open"}, status="suspended")
    own = t.job.c
    ours = (own.case_id == case.id, own.status == "due", own.kind != CLOCKS)
    tx.store.change_all(t.job, *ours, status="held")
    body = {"reason": tx.private(case, "reason", reason)}
    tx.record(case, "case.suspended", body, status="suspended", suspended_at=tx.now)
    return Changed(reference, case.seq + 1)


def resume(tx: Transaction, reference: str, reason: str) -> Changed:
    """Let a suspended case go on: timers have as long to run as they had when it was suspended.

    Those that wait for a given moment keep it, and fire at once where it has passed.
    """
    case = tx.lock_case(reference)
    duties.cares_for(tx, case)
    if case.status != "suspended":
        raise EngineError("case_not_suspended", case=reference)
    duties.reasoned(reason, "life.resume")
    version, since = tx.version(case.version_id), case.suspended_at
    step = execution.resume(version.model, case.state, since, Surroundings(tx, case, version))
    body = {"since": since, "reason": tx.private(case, "reason", reason)}
    steps.apply(tx, case, version, step, "case.resumed", body)
    return Changed(reference, tx.store.case_by_id(case.id).seq)


def restart(tx: Transaction, reference: str, before: int, reason: str) -> Moved:
    """Set a case back to where it stood before an event, by its number; one that ended is open.

    What was done since stays in the history and no longer counts; what happened in law has happened
    all the same, and the clocks run on. Refused once a certificate has
    gone out since. A call or a message that is reached again is a new one.
    """
    case = tx.lock_case(reference)
    duties.administers(tx, tx.store.get(t.office, id=case.office_id))
    tx.awake(case)
    duties.reasoned(reason, "life.restart")
    events = tx.events(case.id)
    bodies = [chain.decode(encoded) for _, encoded, _ in events]
    _can_go_back(tx, case, bodies, before)
    version = tx.version(case.version_id)
    then = replaying.state_before(version.model, events, before, tx.calendar_for(case))
    step = execution.restore(version.model, then, case.state, Surroundings(tx, case, version))
    for wait in step.opened:
        if wait.kind == "task":
            for row in tx.store.all(t.task, case_id=case.id, token=wait.token):
                steps.put_aside(tx, row)
    body = {"to": before, "reason": tx.private(case, "reason", reason)}
    revived = facts.revive(tx, case)
    opened = steps.apply(tx, case, version, step, "case.restarted", body)
    if revived:
        dating.date_anew(tx, case.id, version, tx.now, everything=True)
    _count_again(tx, case, replaying.standing([*bodies, {"kind": "case.restarted", **body}]))
    return Moved(reference, tx.store.case_by_id(case.id).seq, opened, None)


def _can_go_back(
    tx: Transaction, case: Record, bodies: Sequence[Mapping[str, Any]], before: int
) -> None:
    """Refuse what is no step of a case, and what would take back a certificate that is out."""
    if not 1 < before <= len(bodies) or "outcome" not in bodies[before - 1]:
        expected = "Name an event that moved the case, after the one that began it."
        raise EngineError("bad_value", name="before", value=before, expected=expected)
    for body in bodies[before - 1 :]:
        if body["kind"] == "certificate.issued":
            row = tx.store.get(t.certificate, id=body["result"]["certificate"])
            if row.status == "issued":
                raise EngineError("certificate_out", number=row.number, case=case.reference)


def _count_again(tx: Transaction, case: Record, line: Iterable[Mapping[str, Any]]) -> None:
    """Let those tasks be done that were done on the way which still counts, and no others.

    Who may do a task, and who signs, goes by who did the tasks before it.
    """
    done = {body["token"]: body for body in line if body["kind"] == "task.completed"}
    ended = t.task.c.status.in_(("completed", "cancelled"))
    for row in tx.store.rows(t.task, t.task.c.case_id == case.id, ended, limit=_ALL):
        body = done.get(row.token)
        if body is not None:
            by = {"closed_at": body["at"], "closed_by": body["actor"]}
            tx.store.change(t.task, row.id, status="completed", **by)
        elif row.status == "completed":
            tx.store.change(t.task, row.id, status="cancelled", closed_by=None)


def move(tx: Transaction, reference: str, source: str, to: str, reason: str) -> Moved:
    """Take a token from where it waits and put it before another element of the same level.

    `source` is the element where it waits, or the number of the token where several wait there.
    What waited is cancelled; the variables stay.
    """
    case = tx.lock_case(reference)
    duties.administers(tx, tx.store.get(t.office, id=case.office_id))
    duties.goes_on(tx, case)
    duties.reasoned(reason, "life.move")
    return moved(tx, case, source, to, tx.private(case, "reason", reason))


def moved(tx: Transaction, case: Record, source: str, to: str, reason: Sealed) -> Moved:
    """Move a token of a case that is held, by whoever may."""
    version = tx.version(case.version_id)
    world = Surroundings(tx, case, version)
    try:
        token, element = execution.holder(version.model, case.state, source)
        step = execution.move(version.model, case.state, token, to, world)
    except Immovable as error:
        raise EngineError(
            "cannot_move", case=case.reference, source=source, to=to, reason=REASONS[error.reason],
            tokens=", ".join(map(str, error.tokens)) or "-",
        ) from error  # fmt: skip
    body = {"token": token, "from": element, "to": to, "reason": reason}
    opened = steps.apply(tx, case, version, step, "case.moved", body)
    return Moved(case.reference, tx.store.case_by_id(case.id).seq, opened, step.ended)

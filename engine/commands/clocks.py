"""The clocks of the law on cases: settled before anything else, shown, corrected by hand.

Three rules (docs/reference/clock.md). A command that records a fact dates the clocks in the same
transaction (`dating`). Every command on a case first lets its clocks say what they have to say: a
clerk who decides at 00:05 meets the tacit act of midnight, whether or not a worker has run. And a
lapse is recorded once, under the moment that the law gives it; what it sets going takes place at
that moment, however late the worker.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from decisions.clock.law import CANCELLED, FILED, Fact
from decisions.clock.several import heard_by
from engine.commands import dating, duties, facts, jobs, steps
from engine.commands.facts import Happened
from engine.commands.surroundings import Surroundings
from engine.errors import EngineError
from engine.runtime import execution
from engine.runtime.errors import RuntimeRefusal
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version

# A motive, a service: a word of the procedure, and nothing that people would write.
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
# More moments than any case has clocks and reminders: a model that makes them without end.
_MOST = 1_000
# Turns of the model's timers in one transaction: a cycle of minutes may be weeks late.
_TIMERS = 200


@dataclass(frozen=True, slots=True)
class Settled:
    """A case whose clocks have said all they had to say."""

    case: str
    seq: int


def settle(tx: Transaction, case_id: int, job: int | None = None, lease: int = 0) -> Settled:
    """Let the clocks of a case say what is due, in order of when it was due.

    Timers of the model that were due in between fire in their place, so that a worker which comes
    late, or twice, leaves the case as one that was always there.
    """
    tx.settling = tx.now
    case = tx.hold_case(case_id)
    if job is not None:
        tx.held_job(job, lease)
    version, fired = tx.version(case.version_id), 0
    for _ in range(_MOST):
        moment = case.settle_at
        if moment is None or moment > tx.now:
            break
        tx.settling = moment
        if not _fired_before(tx, case, moment):
            spoken = dating.date_anew(tx, case.id, version, moment)
            _say(tx, version, tx.store.case_by_id(case.id), moment, spoken)
        elif (fired := fired + 1) == _TIMERS:  # whoever asked comes again for the rest
            if job is not None:
                tx.settle_job(job, lease, leased_until=None, owner=None, attempts=0)
            break
        case = tx.store.case_by_id(case.id)
    else:
        raise RuntimeRefusal(case.lapse_clock or "", "its clocks would never come to rest")
    return Settled(case.reference, case.seq)


def _fired_before(tx: Transaction, case: Record, moment: datetime) -> bool:
    """Fire the first timer of the model that was due before a moment, if there is one."""
    if case.status != "open":
        return False
    own = t.job.c
    rows = tx.store.rows(
        t.job, own.case_id == case.id, own.kind == jobs.TIMER, own.status == "due",
        own.due_at < moment, order=[own.due_at, own.id], limit=1,
    )  # fmt: skip
    for row in rows:
        tx.store.change(t.job, row.id, status="completed", leased_until=None)
        jobs.fired(tx, case, row)
    return bool(rows)


def _say(
    tx: Transaction, version: Version, case: Record, moment: datetime,
    spoken: Sequence[tuple[Record, datetime]],
) -> None:  # fmt: skip
    """Let the first token go on for which a clock has spoken; one that cannot becomes an incident.

    What the step wrote before it failed is taken back; the lapse itself stays recorded.
    """
    if case.status != "open":
        return
    for wait, at in spoken[:1]:
        try:
            with tx.store.savepoint():
                _go_on(tx, version, case, wait, at)
        except RuntimeRefusal as error:
            tx.store.change(t.clock_wait, wait.id, failed_at=tx.now)
            dating.ask(tx, case, version, "model_failed", error.element[:120], error.reason)
            dating.date_anew(tx, case.id, version, moment)


def again(tx: Transaction, case: Record) -> None:
    """Let the tokens that could not go on when their clock spoke try again, by a worker."""
    own = t.clock_wait.c
    failed = (own.case_id == case.id, own.failed_at.is_not(None))
    if tx.store.change_all(t.clock_wait, *failed, failed_at=None):
        dating.date_anew(tx, case.id, tx.version(case.version_id), tx.now)


def _go_on(tx: Transaction, version: Version, case: Record, wait: Record, at: datetime) -> None:
    world = Surroundings(tx, case, version, at)
    step = execution.reach(version.model, case.state, wait.token, world)
    body = {
        "clock": wait.name, "each": wait.each, "reminder": wait.reminder, "element": wait.element,
        "token": wait.token, "moment": at,
    }  # fmt: skip
    steps.apply(tx, case, version, step, "clock.reached", body, at)


# -- facts by hand --


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact that was written into the history of a case, under the number of its event."""

    case: str
    fact: str
    seq: int


def record(
    tx: Transaction, reference: str, kind: str, reason: str, *, at: datetime | None = None,
    data: Mapping[str, str] | None = None, proof: str | None = None,
) -> Recorded:  # fmt: skip
    """Record by hand that something happened which the clocks of a case read.

    `at`: when, where that was earlier: a paper stamped on Monday and typed on Wednesday. It needs
    `proof`, the id of an attachment of the case, and an administrator. Refused where a lapse that
    is already recorded would not have come.
    """
    case = tx.lock_case(reference)
    duties.cares_for(tx, case)
    duties.reasoned(reason, "clocks.record")
    version = tx.version(case.version_id)
    _known(version, reference, kind)
    _codes(version, data or {})
    at = at if at is not None else tx.now
    if at > tx.now:
        expected = "A fact is recorded when it has happened, not before."
        raise EngineError("bad_value", name="at", value=at.isoformat(), expected=expected)
    if at < tx.now:
        duties.administers(tx, tx.store.get(t.office, id=case.office_id))
        _proven(tx, case, kind, proof)
    fact = Fact(kind, at, data=dict(data or {}))
    found = Happened((fact,), {0: proof} if proof is not None else {})
    body = {
        "fact": kind, "happened": at, "data": dict(data or {}), "proof": proof,
        "reason": tx.private(case, "reason", reason),
    }  # fmt: skip
    tx.record(case, "fact.recorded", body)
    facts.keep(tx, case, case.seq + 1, found)
    dating.date_anew(tx, case.id, version, tx.now, everything=True)
    _still_lapsed(tx, case, version)
    return Recorded(reference, kind, case.seq + 1)


def withdraw(tx: Transaction, reference: str, seq: int, reason: str) -> Recorded:
    """Take back a fact that did not happen, by the number of the event that told it."""
    case = tx.lock_case(reference)
    duties.administers(tx, tx.store.get(t.office, id=case.office_id))
    duties.reasoned(reason, "clocks.withdraw")
    version = tx.version(case.version_id)
    rows = [
        row
        for row in tx.store.all(t.fact, case_id=case.id, seq=seq, withdrawn_seq=None)
        if not row.kind.startswith("clock.")
    ]
    if not rows:
        raise EngineError("unknown_fact", case=reference, seq=seq)
    kinds = ", ".join(row.kind for row in rows)
    body = {"of": seq, "fact": kinds, "reason": tx.private(case, "reason", reason)}
    tx.record(case, "fact.withdrawn", body)
    facts.take_back(tx, case, t.fact.c.seq == seq)
    dating.date_anew(tx, case.id, version, tx.now, everything=True)
    _still_lapsed(tx, case, version)
    return Recorded(reference, kinds, case.seq + 1)


def _known(version: Version, reference: str, kind: str) -> None:
    """Refuse a fact that no clock of the procedure reads: it would be a word and nothing else."""
    heard = {name for clock in version.clocks for name in heard_by(clock)}
    named = sorted({FILED, CANCELLED, *(n for n in heard if not n.startswith("clock."))})
    if kind not in named:
        kinds = ", ".join(named) or "-"
        raise EngineError("unknown_fact_kind", case=reference, fact=kind, kinds=kinds)


def _codes(version: Version, data: Mapping[str, str]) -> None:
    """Refuse to tell more of a fact than its clocks read: it stands in the history, open."""
    known = {"motive", *(clock.each for clock in version.clocks if clock.each)}
    for name, value in data.items():
        if name not in known or not _CODE.fullmatch(str(value)):
            expected = f"Known here: {', '.join(sorted(known))}; each a short word, as expertise."
            raise EngineError("bad_value", name=name, value="…", expected=expected)


def _proven(tx: Transaction, case: Record, kind: str, proof: str | None) -> None:
    paper = tx.store.one(t.attachment, id=proof) if proof else None
    if paper is None or paper.case_id != case.id:
        raise EngineError("fact_unproven", case=case.reference, fact=kind, paper=proof or "-")


def _still_lapsed(tx: Transaction, case: Record, version: Version) -> None:
    """Refuse what would undo a lapse: it has taken effect, and only a decision can follow it."""
    for row in dating.disputed(tx, case, version):
        raise EngineError(
            "clock_lapsed", case=case.reference, clock=row.name, day=row.due.isoformat()
        )

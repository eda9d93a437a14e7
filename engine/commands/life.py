"""The life of a case: suspended and resumed."""

from engine.commands import duties, steps
from engine.commands.cases import Changed
from engine.commands.surroundings import Surroundings
from engine.errors import EngineError
from engine.runtime import execution
from engine.store import tables as t
from engine.transaction import Transaction


def suspend(tx: Transaction, reference: str, reason: str) -> Changed:
    """Let a case rest: nobody can do its tasks, no timer runs, nothing is called or delivered.

    Remarks and papers are still taken, and the case can be cancelled. A call that is under way is
    not cut short: its answer is kept until the case goes on.
    """
    case = tx.lock_case(reference)
    duties.cares_for(tx, case)
    duties.goes_on(tx, case)
    duties.reasoned(reason, "life.suspend")
    tx.store.change_at(t.task, {"case_id": case.id, "status": "open"}, status="suspended")
    tx.store.change_at(t.job, {"case_id": case.id, "status": "due"}, status="held")
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
    return Changed(reference, case.seq + 1)

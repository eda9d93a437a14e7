"""Jobs: claimed under a lease, finished or given up by whoever holds the last one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.errors import EngineError
from engine.runtime.values import unpack
from engine.store import tables as t
from engine.transaction import Transaction

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is due, with the lease under which it was taken."""

    id: int
    kind: str
    lease: int
    payload: dict[str, Any]


def claim(tx: Transaction, owner: str, seconds: int) -> Job | None:
    """Take the oldest job that is due, for so many seconds; None where there is none."""
    row = tx.store.due_job(tx.now)
    if row is None:
        return None
    until = tx.now + timedelta(seconds=seconds)
    tx.store.change(
        t.job, row.id, lease=row.lease + 1, leased_until=until, owner=owner,
        attempts=row.attempts + 1,
    )  # fmt: skip
    return Job(row.id, row.kind, row.lease + 1, unpack(row.payload))


def failed(tx: Transaction, job: int, lease: int, message: str) -> bool:
    """Note a failure: again later, twice as late each time, or an incident after the last attempt.

    The answer says whether an incident was raised.
    """
    row = tx.store.one(t.job, id=job)
    if row is None or row.lease != lease or row.status != "due":
        raise EngineError("busy")
    if row.attempts < ATTEMPTS:
        wait = timedelta(seconds=10 * 2**row.attempts)
        tx.store.change(
            t.job, job, due_at=tx.now + wait, leased_until=None, last_error=message[:2000]
        )
        return False
    tx.store.change(t.job, job, status="incident", leased_until=None, last_error=message[:2000])
    tx.store.add(
        t.incident, at=tx.now, case_id=row.case_id, job_id=job, code="job_failed",
        message=message[:2000],
    )  # fmt: skip
    return True

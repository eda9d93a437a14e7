"""Dating anew the cases that count days which have become others: slice by slice."""

from engine.commands import revisions
from engine.commands.jobs import Job
from engine.engine import Engine
from engine.transaction import By

_CHANNEL = "revision"
_SYSTEM = By("system", channel=_CHANNEL)


def work(engine: Engine, job: Job) -> None:
    """One slice; each case is a command of its own, which its key makes harmless to repeat."""
    spans, after = job.payload["spans"], job.payload["after"]
    cases = engine.read(_SYSTEM, revisions.next_cases, spans, after, revisions.SLICE)
    for case in cases:
        by = By("system", key=f"revision-{job.id}-{case}", channel=_CHANNEL)
        engine.run(by, revisions.revise, case)
    last = cases[-1] if cases else after
    engine.run(_SYSTEM, revisions.advanced, job.id, job.lease, last)

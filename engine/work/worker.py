"""The worker: runs due jobs, each through `Engine.run`, until none is due or it is asked to stop.

It is a face like the command line. The work itself (rendering) is done outside any transaction;
what it gives comes back as a command, fenced by the lease under which the job was taken. A job that
fails, by whatever fault, is put off and in the end shown to a person; the others go on.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from threading import Event, Lock, Thread
from types import MappingProxyType

from documents.render import render
from engine.commands import (
    attachments,
    certificates,
    clocks,
    histories,
    jobs,
    letters,
    messages,
    orders,
    revisions,
    schedules,
    sending,
    signals,
    starting,
)
from engine.engine import Engine
from engine.errors import EngineError
from engine.history.invariants import CLOCKS
from engine.operations.signals import BEGIN
from engine.transaction import By
from engine.work import archiving, batching, calling, notifying, printing, revising
from engine.work import letters as writing
from engine.work.files import lasting, write
from engine.work.telling import said

SYSTEM = By("system", channel="worker")
Do = Callable[[Engine, jobs.Job], None]
NOTHING_ELSE: Mapping[str, Do] = MappingProxyType({})
# How often a lease is extended while it lasts, and for how many seconds in all.
_BEATS, _LONGEST = 3, 3600


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker did: jobs finished, put off, and turned into incidents."""

    finished: int
    put_off: int
    incidents: int

    def __add__(self, more: "Done") -> "Done":
        return Done(
            self.finished + more.finished, self.put_off + more.put_off,
            self.incidents + more.incidents,
        )  # fmt: skip


def kinds() -> tuple[str, ...]:
    """The kinds of jobs that a worker can do."""
    return tuple(_KINDS)


def work(
    engine: Engine, limit: int = 1_000, *, kinds: tuple[str, ...] = (),
    stopped: Callable[[], bool] = lambda: False, advanced: Callable[[Done], None] = lambda _: None,
    doing: Mapping[str, Do] = NOTHING_ELSE,
) -> Done:  # fmt: skip
    """Run the jobs that are due now, of these kinds or of all; none is begun once `stopped`.

    `advanced` hears after each job what was done so far; `doing` are kinds that are done otherwise
    than usual.
    """
    owner, done = f"{os.getpid()}-{token_hex(4)}", Done(0, 0, 0)
    with _Keeper(engine) as keeper:
        for _ in range(limit):
            job = engine.run(SYSTEM, jobs.claim, owner, engine.settings.lease_seconds, kinds)
            if job is None:
                break
            if stopped():
                engine.run(SYSTEM, jobs.give_back, job.id, job.lease)
                break
            with keeper.keeping(job):
                done += perform(engine, job, doing)
            advanced(done)
    return done


def spread(engine: Engine) -> bool:
    """Write the notices of what happened since the last look; whether there were any."""
    hour, made = engine.settings.digest_hour, 0
    while (found := engine.run(SYSTEM, sending.spread, hour)).occasions:
        made += found.notices
    return made > 0


def perform(engine: Engine, job: jobs.Job, doing: Mapping[str, Do] = NOTHING_ELSE) -> Done:
    """Do one job that was taken; its fault is noted, and does not stop the others."""
    try:
        doing.get(job.kind, _KINDS[job.kind])(engine, job)
        return Done(1, 0, 0)
    except MemoryError:
        raise  # nothing more can be trusted to work here; the lease runs out, another takes it
    except calling.PutOff as noted:
        return Done(0, int(not noted.incident), int(noted.incident))
    except Exception as error:  # noqa: BLE001 - the fault of one job does not stop the others
        raised = _failed(engine, job, error)
        return Done(0, int(raised is False), int(raised is True))


class _Keeper:
    """Extends the lease of the job in hand from time to time, up to an hour, in a thread.

    One for a round of jobs: to begin a thread for each would cost more than many a job.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine, self._seconds = engine, engine.settings.lease_seconds
        self._over, self._lock = Event(), Lock()
        self._job: jobs.Job | None = None
        self._beats = 0

    def __enter__(self) -> "_Keeper":
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @contextmanager
    def keeping(self, job: jobs.Job) -> Iterator[None]:
        """Hold a job while the block lasts; none of its beats comes after it."""
        self._job, self._beats = job, _BEATS * _LONGEST // self._seconds
        try:
            yield
        finally:
            with self._lock:
                self._job = None

    def _run(self) -> None:
        while not self._over.wait(self._seconds / _BEATS):
            with self._lock:
                if (job := self._job) is None or self._beats == 0:
                    continue
                self._beats -= 1
                with suppress(Exception):  # a beat that failed is one missed: the commit is fenced
                    self._engine.run(SYSTEM, jobs.extend, job.id, job.lease, self._seconds)


def tidy(engine: Engine) -> None:
    """Throw away what has had its time (answers, notices, stray files, old histories); note what
    became late."""
    engine.run(SYSTEM, jobs.tidy)
    engine.run(SYSTEM, attachments.tidy)
    engine.run(SYSTEM, sending.late)
    engine.run(SYSTEM, sending.tidy)
    archiving.tidy(engine)


def _failed(engine: Engine, job: jobs.Job, error: Exception) -> bool | None:
    """Note a failure: whether it raised an incident; None where it is none of this job's.

    Another worker holds the job, or its case was suspended after it was taken.
    """
    code = error.code if isinstance(error, EngineError) else ""
    if code == "busy":
        return None
    try:
        if code == "case_suspended":
            engine.run(SYSTEM, jobs.give_back, job.id, job.lease)
            return None
        return engine.run(SYSTEM, jobs.failed, job.id, job.lease, said(error))
    except EngineError as late:
        if late.code == "busy":
            return None
        raise


def _issue(engine: Engine, job: jobs.Job) -> None:
    """Render a certificate, put its file in its place, and hand the answer in.

    The file's name is the certificate's own id and rendering is deterministic: after a crash the
    same bytes are written again over the same name.
    """
    key = job.payload["certificate"]
    made = engine.read(SYSTEM, certificates.material, key)
    done = render(made.template, made.files, printing.data(made, engine.settings.verify_url))
    path = certificate_file(engine.settings.files, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, done.pdf)
    lasting(path.parent)
    engine.run(
        SYSTEM, certificates.issued, key, done.sha256, done.pages, len(done.pdf), job.id, job.lease
    )


@dataclass(frozen=True, slots=True)
class Rendered:
    """A certificate rendered again; `same` tells whether it is the issued one, byte for byte."""

    number: str
    pdf: bytes
    sha256: str
    same: bool


def rendered(engine: Engine, by: By, number: str) -> Rendered:
    """Render a certificate that `by` may see once more, for a file that was lost or spoiled."""
    found = engine.read(by, certificates.show, number)
    if found.sha256 is None:
        raise EngineError("certificate_not_issued", certificate=number)
    made = engine.read(SYSTEM, certificates.material, found.certificate)
    done = render(made.template, made.files, printing.data(made, engine.settings.verify_url))
    return Rendered(number, done.pdf, done.sha256, done.sha256 == found.sha256)


def _fire(engine: Engine, job: jobs.Job) -> None:
    engine.run(SYSTEM, jobs.fire, job.id, job.lease)


def _clocks(engine: Engine, job: jobs.Job) -> None:
    engine.run(SYSTEM, clocks.settle, job.payload["case"], job.id, job.lease)


def _deliver(engine: Engine, job: jobs.Job) -> None:
    what = job.payload
    engine.run(
        SYSTEM, messages.deliver, what["message"], what["key"], what["payload"], what["from"],
        job.id, job.lease,
    )  # fmt: skip


def _begin(engine: Engine, job: jobs.Job) -> None:
    engine.run(SYSTEM, starting.begin, job.id, job.lease)


def _signal(engine: Engine, job: jobs.Job) -> None:
    does = signals.deliver if job.kind == signals.DELIVERY else signals.begin
    engine.run(SYSTEM, does, job.id, job.lease)


def _schedule(engine: Engine, job: jobs.Job) -> None:
    does = schedules.fire if job.kind == schedules.JOB else schedules.plan
    engine.run(SYSTEM, does, job.id, job.lease)


_KINDS = {
    schedules.JOB: _schedule, schedules.PLAN: _schedule,
    orders.JOB: _begin, signals.DELIVERY: _signal, BEGIN: _signal,
    "certificate.issue": _issue, "timer.fire": _fire, "message.deliver": _deliver,
    "operation.call": calling.call, "case.start": calling.open_case, "batch.run": batching.run,
    CLOCKS: _clocks, revisions.JOB: revising.work, histories.JOB: archiving.work,
    "notice.send": notifying.send, "notice.digest": notifying.send, letters.JOB: writing.write,
}  # fmt: skip


def certificate_file(files: Path, certificate: str) -> Path:
    """Where the PDF of a certificate lies."""
    return files / "certificates" / f"{certificate}.pdf"

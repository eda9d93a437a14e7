"""A week of a district office in seconds: one thread, everything that happens drawn from a seed.

Clerks and citizens act, workers are stepped in turn and die in the middle of their work or come
back from a sleep too late, statements fail, answers are lost, a service is moody, clocks are set.
After each day the invariants are looked at; at the end every case has ended or waits for something.

`python -m tests.reliability.simulation --seeds 200` tries many; `--seed 17` repeats one.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.commands import cases, incidents, jobs, messages, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.history import chain
from engine.settings import load
from engine.store import tables as t
from engine.transaction import By
from engine.work.checking import surveyed
from engine.work.worker import SYSTEM, perform
from tests.conftest import ADMIN
from tests.engine.commands.house import APPLICATION
from tests.reliability.district import (
    CHIEFS,
    DESKS,
    Death,
    Fault,
    Fuse,
    Service,
    Weather,
    founded,
    known,
    seeded,
)
from tests.reliability.invariants import broken

DAYS, TURNS, WORKERS = 7, 90, 3
FAULTY, LOST = 0.08, 0.04  # the shares of commands that fail somewhere, whose answer is lost
# What a person may be told; any other refusal is a fault.
CLEAR = {
    "already_completed", "already_claimed", "cannot_reopen", "case_ended", "claimed_by_other",
    "nobody_waits", "not_your_role", "not_yours", "task_cancelled", "unknown_task",
}  # fmt: skip
_HISTORY = (t.case, t.event, t.task, t.job, t.attempt, t.incident, t.rejection, t.register_entry)


class Broken(AssertionError):
    """An invariant that did not hold."""


class District:
    """The office and all who work in it."""

    def __init__(self, engine: Engine, chance: random.Random, weather: Weather) -> None:
        self.engine, self.chance, self.weather = engine, chance, weather
        self.service = Service(chance, weather)
        self.fuse = Fuse()
        self.fuse.attach(engine)
        self.told: Counter[str] = Counter()
        self.seen: list[str] = []  # references
        self.tasks: list[int] = []
        self.asleep: list[tuple[datetime, jobs.Job]] = []  # workers, with a job each, until when
        self.keys = 0

    # -- people --

    def person(self) -> None:
        """Somebody does something, sensible or not."""
        acts = (self._start, self._work, self._work, self._work, self._message, self._odd)
        self.chance.choice(acts)()

    def _start(self) -> None:
        by = self._somebody(DESKS)
        given = APPLICATION | {"n": self.chance.randrange(10)}
        begun = self._do(by, cases.start, "essai", given, "MAR")
        if begun is not None:
            self.seen.append(begun.reference)

    def _work(self) -> None:
        """A task of the worklist, or one that was seen before."""
        by = self._somebody((*DESKS, *CHIEFS))
        page = self.engine.read(By(by), tasks.worklist)
        if not page.items:
            return
        row = self.chance.choice(page.items)
        self.tasks.append(row.task)
        task = row.task if self.chance.random() < 0.9 else self.chance.choice(self.tasks)
        answers = {"ok": True} if row.name == "A" and row.procedure == "essai" else {}
        mood = self.chance.random()
        if mood < 0.2:
            self._do(by, tasks.claim, task)
        elif task == row.task:
            self._do(by, tasks.complete, task, answers)
            if mood > 0.9:
                self._do(by, tasks.reopen, task, "erreur")

    def _message(self) -> None:
        """Papers, in time, too early or twice."""
        if self.seen:
            case, by = self.chance.choice(self.seen[-30:]), self._somebody(DESKS)
            for _ in range(self.chance.choice((1, 1, 1, 2))):
                self._do(by, messages.send, "papers", case, {})

    def _odd(self) -> None:
        if not self.seen:
            return
        case, by = self.chance.choice(self.seen), self._somebody(DESKS)
        what: list[tuple[Any, ...]] = [
            (cases.note, case, "vu"), (cases.rectify, case, "n", self.chance.randrange(10), "x"),
            (tasks.release, self.chance.choice(self.tasks or [1])),
        ]  # fmt: skip
        if self.chance.random() < 0.1:
            what = [(cases.cancel, case, "désistement")]
        command, *args = self.chance.choice(what)
        self._do(by, command, *args)

    def _somebody(self, among: tuple[str, ...]) -> str:
        return self.chance.choice(among)

    def _do(self, by: str, command: Callable[..., Any], *args: Any) -> Any:
        """Give a command until it is answered, or give it up; None where it was not done."""
        self.keys += 1
        key = f"k{self.keys}"
        once = By(by, key=key, channel="test", system_user=key)  # so its event says which it was
        for _ in range(10):
            self.fuse.left = self._drawn(FAULTY, 25)
            self.fuse.error = Fault
            try:
                told = self.engine.run(once, command, *args)
            except Fault:
                self.told["fault"] += 1
            except EngineError as error:
                if error.code not in CLEAR:
                    raise
                self.told[error.code] += 1
                return None
            else:
                if self.chance.random() >= LOST:
                    self.told["done"] += 1
                    return told
                self.told["answer lost"] += 1
            finally:
                self.fuse.left = 0
            if self.chance.random() < 0.2:
                return None
            self.weather.pass_(seconds=self.chance.randrange(1, 600))
        return None

    def _drawn(self, share: float, most: int) -> int:
        return self.chance.randrange(1, most) if self.chance.random() < share else 0

    # -- workers --

    def worker(self, number: int) -> None:
        """One takes a job and does it, dies of it, or falls asleep over it."""
        self._awake()
        owner = f"worker{number}"
        job = self._at_risk(self.engine.run, SYSTEM, jobs.claim, owner, 60)
        if job is None:
            return
        if self.chance.random() < 0.1:
            until = self.weather.now + timedelta(minutes=self.chance.choice((0.5, 5, 600)))
            self.asleep.append((until, job))
        else:
            self._perform(job)

    def _awake(self) -> None:
        """Who slept over a job goes on with it, as if no time had passed."""
        late = [one for one in self.asleep if one[0] <= self.weather.now]
        self.asleep = [one for one in self.asleep if one not in late]
        for _, job in late:
            self.told["late worker"] += 1
            self._perform(job)

    def _perform(self, job: jobs.Job) -> None:
        done = self._at_risk(perform, self.engine, job)
        if done is not None:
            self.told["job done"] += done.finished
            self.told["job put off"] += done.put_off

    def _at_risk(self, work: Callable[..., Any], *args: Any) -> Any:
        """Let a worker work; None where it died of it."""
        self.fuse.left, self.fuse.error = self._drawn(FAULTY, 40), Death
        try:
            return work(*args)
        except Death:
            self.told["death"] += 1
            return None
        finally:
            self.fuse.left = 0

    # -- days --

    def day(self) -> None:
        """A day with its night, and in the evening a look at whether all is well."""
        self.service.down = self.chance.random() < 0.2
        for _ in range(TURNS):
            self.weather.pass_(seconds=self.chance.randrange(10, 600))
            if self.chance.random() < 0.01:  # somebody sets the clock
                self.weather.pass_(minutes=self.chance.randrange(-60, 300))
            if self.chance.random() < 0.6:
                self.person()
            else:
                self.worker(self.chance.randrange(WORKERS))
        self._administrator()
        self.weather.pass_(hours=15)
        self.check()

    def _administrator(self) -> None:
        """Incidents are tried again; one whose case has gone on without it is closed."""
        for row in self.engine.read(ADMIN, incidents.listing):
            if self.chance.random() < 0.7:
                self.told["incident retried"] += 1
                try:
                    self.engine.run(ADMIN, incidents.retry, row.id)
                except EngineError as error:
                    if error.code != "bad_value" or not self._is_over(row.case):
                        raise
                    self.engine.run(ADMIN, incidents.resolve, row.id, "dossier clos")

    def _is_over(self, case: str | None) -> bool:
        return case is not None and self.engine.read(ADMIN, cases.show, case).status != "open"

    def check(self) -> None:
        """The invariants of the house, by its own check and by the tests' own, which replay too."""
        self.told["check"] += 1
        found = surveyed(self.engine)
        if not found.complete or found.violations:
            raise Broken(f"db check: {found.violations}")
        if wrong := broken(self.engine):
            raise Broken(str(wrong))

    def rest(self) -> None:
        """The storm is over: the service is up, workers do what is due, nothing hangs."""
        self.service.down, self.service.chance = False, random.Random("calm")
        for _ in range(20):
            self.weather.pass_(hours=2)
            while (job := self.engine.run(SYSTEM, jobs.claim, "last", 60)) is not None:
                perform(self.engine, job)
        self.check()
        for row in self._rows(t.job):
            if row.status == "due" and row.due_at <= self.weather.now and row.attempts == 0:
                raise Broken(f"job {row.id} ({row.kind}) is due, and nobody does it")
        self._effects()

    def _effects(self) -> None:
        """Each thing once: a command with its key, a number for a case, a message that was sent."""
        events = self._rows(t.event)
        kinds = Counter((row.case_id, row.kind) for row in events if row.kind in _ONCE)
        keys = Counter(chain.decode(bytes(row.body))["system_user"] for row in events)
        del keys[""]  # what no person did
        entered = Counter(row.case_id for row in self._rows(t.register_entry))
        for found in (kinds, keys, entered):
            if twice := [what for what, many in found.items() if many > 1]:
                raise Broken(f"done more than once: {twice}")
        begun = sum(row.procedure == "suivi" for row in self._rows(t.case))
        sent = sum(row.kind == "message.deliver" for row in self._rows(t.job))
        if begun != sent:
            raise Broken(f"{sent} messages were sent, {begun} cases begun by them")

    def _rows(self, table: Any) -> list[Any]:
        with self.engine._database.connect() as connection:
            return list(connection.execute(select(table).order_by(*table.primary_key)))

    def digest(self) -> str:
        """Of every history and of the rows beside it."""
        whole = sha256()
        for table in _HISTORY:
            for row in self._rows(table):
                whole.update(repr(tuple(row)).encode())
        return whole.hexdigest()


# Events that the procedures of the district allow once in a case.
_ONCE = {"case.started", "case.cancelled", "operation.answered", "message.received"}


def played(seed: int, template: Path, days: int = DAYS) -> tuple[str, Counter[str]]:
    """The digest of a week, and what happened in it; raises Broken."""
    memory = Path("/dev/shm")  # a disk that is as fast as memory, where there is one
    where = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="mouqataa-district-", dir=where) as folder:
        shutil.copy(template, Path(folder) / "mouqataa.db")
        chance, weather = random.Random(seed), Weather()
        engine = Engine(load(environ={"MOUQATAA_DATA": folder}), weather)
        district = District(engine, chance, weather)
        try:
            with seeded(chance), known(district.service):
                for _ in range(days):
                    district.day()
                district.rest()
            return district.digest(), district.told
        except Exception as error:
            again = f"python -m tests.reliability.simulation --seed {seed} --days {days}"
            raise Broken(f"seed {seed}: {error!r}; repeat with {again}") from error
        finally:
            engine.close()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Play the seeds that were asked for; how many failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="from 0 to one less")
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--days", type=int, default=DAYS)
    asked = parser.parse_args()
    seeds = range(asked.seeds) if asked.seed is None else [asked.seed]
    failed, whole, begun = 0, Counter[str](), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mouqataa-district-") as folder:
        template = founded(load(environ={"MOUQATAA_DATA": folder}))
        for seed in seeds:
            try:
                digest, told = played(seed, template, asked.days)
            except Broken as error:
                failed += 1
                say(str(error))
                if asked.seed is not None:
                    raise
            else:
                whole += told
                say(f"seed {seed}: {digest}")
    say(f"{len(seeds)} seeds, {failed} failed, {time.monotonic() - begun:.0f} s: {dict(whole)}")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())

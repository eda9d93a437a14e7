"""A fault at every statement of every command: nothing is half done, and the repetition is right.

The n-th statement of a command raises, for each n, and at last its commit; then the answer of a
command that was done is lost. After each the invariants hold, and the same command with the same
key gives what it would have given.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from engine.commands import (
    cases,
    certificates,
    delegations,
    incidents,
    jobs,
    life,
    messages,
    operations,
    tasks,
)
from engine.engine import Engine
from engine.errors import EngineError
from engine.transaction import By
from engine.work.founding import FOUNDER
from engine.work.worker import SYSTEM
from tests.conftest import ADMIN, Clock, hiring
from tests.engine.commands.house import APPLICATION, deploy, start
from tests.golden import playing
from tests.reliability.invariants import broken

pytestmark = pytest.mark.slow


class Fault(Exception):
    """What is raised in the place of a statement."""


@dataclass
class House:
    engine: Engine
    clock: Clock
    desk: By
    chief: By
    keys: int = 0

    def begun(self) -> str:
        return start(self.engine, self.desk).reference

    def task(self, reference: str) -> int:
        [row] = self.engine.read(self.desk, cases.show, reference).tasks
        return int(row[0])

    def checked(self) -> str:
        reference = self.begun()
        self.engine.run(self.desk, tasks.complete, self.task(reference), {"ok": True})
        return reference

    def timed(self) -> tuple[str, jobs.Job]:
        reference = self.checked()
        self.engine.run(self.chief, tasks.complete, self.task(reference), {})
        self.clock.move(hours=2)
        return reference, self.taken()

    def taken(self) -> jobs.Job:
        job = self.engine.run(SYSTEM, jobs.claim, "w", 60)
        assert job is not None
        return job

    def expecting(self) -> str:
        reference, job = self.timed()
        self.engine.run(SYSTEM, jobs.fire, job.id, job.lease)
        return reference

    def reserved(self) -> tuple[str, jobs.Job]:
        reference = self.expecting()
        self.engine.run(self.desk, messages.send, "papers", reference, {"ok": True})
        return reference, self.taken()

    def exhausted(self) -> tuple[str, jobs.Job]:
        reference, job = self.timed()
        for _ in range(jobs.ATTEMPTS - 1):
            self.engine.run(SYSTEM, jobs.failed, job.id, job.lease, "en panne")
            self.clock.move(hours=2)
            job = self.taken()
        return reference, job

    def failed(self) -> tuple[str, int]:
        reference, job = self.exhausted()
        self.engine.run(SYSTEM, jobs.failed, job.id, job.lease, "en panne")
        [row] = self.engine.read(ADMIN, incidents.listing, case=reference)
        return reference, row.id


@pytest.fixture
def house(engine: Engine, clock: Clock) -> House:
    parts = [part.replace('id="T"', 'id="T" mq:skip="M"') for part in playing.PARTS]
    deploy(engine, *parts, beside=playing.MESSAGE, chief=("B",), toml=playing.TOML,
           files=playing.FILES)  # fmt: skip
    deploy(engine, *playing.CALLING, beside=playing.REFUSED, key="appel", code="APP")
    hire = hiring(engine)
    made = House(engine, clock, hire("nadia", "desk"), hire("youssef", "chief"))
    day = date(2026, 1, 1)
    engine.run(FOUNDER, delegations.add, "sign", "youssef", "MAR", "12/2026", day)
    return made


# A case, who acts, and what is done: the command with its arguments.
Act = tuple[str | None, By, Callable[..., Any], tuple[Any, ...]]


def _start(house: House) -> Act:
    return None, house.desk, cases.start, ("essai", APPLICATION, "MAR")


def _on_case(command: Callable[..., Any], *more: Any) -> Callable[[House], Act]:
    def act(house: House) -> Act:
        reference = house.begun()
        return reference, house.desk, command, (reference, *more)

    return act


def _on_task(command: Callable[..., Any], *more: Any) -> Callable[[House], Act]:
    def act(house: House) -> Act:
        reference = house.begun()
        return reference, house.desk, command, (house.task(reference), *more)

    return act


def _sign(house: House) -> Act:
    reference = house.checked()
    return reference, house.chief, tasks.complete, (house.task(reference), {})


def _send(house: House) -> Act:
    reference = house.expecting()
    given = {"ok": True, "remark": "reçues"}
    return reference, house.desk, messages.send, ("papers", reference, given)


def _reopen(house: House) -> Act:
    reference = house.begun()
    task = house.task(reference)
    house.engine.run(house.desk, tasks.complete, task, {"ok": True})
    return reference, house.desk, tasks.reopen, (task, "mauvaise case")


def _resume(house: House) -> Act:
    """While a timer runs: its row is another after that."""
    reference = house.checked()
    house.engine.run(house.chief, tasks.complete, house.task(reference), {})
    house.engine.run(house.desk, life.suspend, reference, "contesté")
    house.clock.move(hours=1)
    return reference, house.desk, life.resume, (reference, "jugement")


def _retry(house: House) -> Act:
    reference, incident = house.failed()
    return reference, ADMIN, incidents.retry, (incident,)


def _resolve(house: House) -> Act:
    reference, incident = house.failed()
    house.engine.run(house.desk, cases.cancel, reference, "repris sur papier")
    return reference, ADMIN, incidents.resolve, (incident, "réglé")


def _restart(house: House) -> Act:
    """Of a case that was cancelled while a number was reserved and a timer had run."""
    reference, _ = house.reserved()
    house.engine.run(house.desk, cases.cancel, reference, "mauvais dossier")
    return reference, ADMIN, life.restart, (reference, 3, "annulé par erreur")


def _move(house: House) -> Act:
    reference, _ = house.reserved()
    return reference, ADMIN, life.move, (reference, "I", "A", "à revoir")


def _skip(house: House) -> Act:
    reference, incident = house.failed()
    return reference, ADMIN, incidents.skip, (incident, "M", "délai inutile")


def _answer(house: House) -> Act:
    reference = start(house.engine, house.desk, "appel").reference
    job = house.taken()
    house.engine.run(SYSTEM, operations.put_off, job.id, job.lease, "en panne", hopeless=True)
    [row] = house.engine.read(ADMIN, incidents.listing, case=reference)
    return reference, ADMIN, incidents.answer, (row.id, playing.ANSWER, "lu au registre")


PEOPLE: dict[str, Callable[[House], Act]] = {
    "start": _start, "note": _on_case(cases.note, "rappeler"),
    "rectify": _on_case(cases.rectify, "n", 2, "erreur"),
    "cancel": _on_case(cases.cancel, "désistement"), "claim": _on_task(tasks.claim),
    "draft": _on_task(tasks.save_draft, {"remark": "à voir"}),
    "complete": _on_task(tasks.complete, {"ok": True, "remark": "vu"}), "sign": _sign,
    "suspend": _on_case(life.suspend, "contesté"), "resume": _resume,
    "send": _send, "reopen": _reopen, "retry": _retry, "resolve": _resolve,
    "restart": _restart, "move": _move, "skip": _skip, "answer": _answer,
}  # fmt: skip


def _fire(house: House) -> Act:
    reference, job = house.timed()
    return reference, SYSTEM, jobs.fire, (job.id, job.lease)


def _issue(house: House) -> Act:
    reference, job = house.reserved()
    digest = f"{job.id:064x}"
    given = (job.payload["certificate"], digest, 1, 99, job.id, job.lease)
    return reference, SYSTEM, certificates.issued, given


def _fail(house: House) -> Act:
    reference, job = house.exhausted()
    return reference, SYSTEM, jobs.failed, (job.id, job.lease, "en panne")


def _keep(house: House) -> Act:
    """The answer to a call whose case was suspended meanwhile."""
    reference = start(house.engine, house.desk, "appel").reference
    job = house.taken()
    house.engine.run(house.desk, life.suspend, reference, "contesté")
    return reference, SYSTEM, operations.answered, (playing.ANSWER, job.id, job.lease)


WORKER = {"fire": _fire, "issue": _issue, "fail": _fail, "keep": _keep}


@contextmanager
def failing(engine: Engine, number: int) -> Iterator[list[str]]:
    """Raise at the statement of this number, the commit counted as the last; those seen."""
    seen: list[str] = []

    def reached(statement: str) -> None:
        seen.append(statement)
        if len(seen) == number:
            raise Fault

    def execute(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        reached(statement)

    def commit(_c: Any) -> None:
        reached("COMMIT")

    database = engine._database
    event.listen(database, "before_cursor_execute", execute)
    event.listen(database, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(database, "before_cursor_execute", execute)
        event.remove(database, "commit", commit)


def _tidied(house: House, reference: str) -> None:
    """End a case that is done with, so that its jobs do not stand in the way of the next one."""
    if house.engine.read(house.desk, cases.show, reference).status in ("open", "suspended"):
        house.engine.run(house.desk, cases.cancel, reference, "fin")


def _points(house: House, act: Callable[[House], Act], keyed: bool) -> int:
    """Try every point of a command; how many there were."""
    number = 1
    while True:
        reference, by, command, args = act(house)
        house.keys += 1
        once = By(by.actor, key=f"k{house.keys}", channel="test") if keyed else by
        with failing(house.engine, number) as seen:
            try:
                first = house.engine.run(once, command, *args)
            except Fault:
                first = None
        wrong = broken(house.engine, [reference] if reference else [])
        assert wrong == [], f"after a fault at {seen[-1]}"
        if first is None or keyed:
            again = house.engine.run(once, command, *args)
            assert first is None or again == first
        else:
            with pytest.raises(EngineError) as caught:
                house.engine.run(once, command, *args)
            assert caught.value.code == "busy"
        reference = reference or again.reference
        assert broken(house.engine, [reference]) == []
        _tidied(house, reference)
        if first is not None:
            return number - 1
        number += 1


@pytest.mark.parametrize("name", PEOPLE)
def test_what_a_person_does_is_whole_or_not_at_all(house: House, name: str) -> None:
    assert _points(house, PEOPLE[name], keyed=True) >= 6


@pytest.mark.parametrize("name", WORKER)
def test_what_a_worker_does_is_whole_or_not_at_all(house: House, name: str) -> None:
    assert _points(house, WORKER[name], keyed=False) >= 6

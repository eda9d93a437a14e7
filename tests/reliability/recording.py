"""Many clients that act at random on a few cases and write down what they sent and were told.

Each has an engine of its own. Some answers are lost, before the commit or after it; who lost one
asks again with the same key, or never learns what came of it. The command's name in the record goes
into the history with it, as the account of the machine: so each event says which command wrote it.
"""

import math
import random
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

from sqlalchemy import event, select

from engine.commands import cases, jobs, messages, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.history import chain
from engine.settings import Settings
from engine.store import tables as t
from engine.transaction import By
from tests.engine.commands.house import APPLICATION
from tests.reliability import lifecycle
from tests.reliability.linearity import (
    OK,
    REFUSED,
    UNKNOWN,
    Event,
    Lease,
    Op,
    anomalies,
    fencing,
    numbers,
    superseded,
)
from tests.runtime.models import START, duration, ends, flows, node, user

MESSAGE = '<message id="m" name="papers"/>'
PARTS = (
    START, node("parallelGateway", "P1"), user("A", "B"), node("parallelGateway", "P2"),
    node("intermediateCatchEvent", "T", duration("PT0S")),
    node("receiveTask", "M", messageRef="m"), user("C"), ends("E"),
    flows("S > P1 > A > P2 > T > M > C > E", "P1 > B > P2"),
)  # fmt: skip
ACTIVE = 3  # so many cases are in hand at once
LOST = 0.15  # the share of answers that are lost, on each side of the commit
LONG, SHORT = 60, 0.02  # seconds of a lease; a short one runs out in its worker's hands
WEIGHTS = {
    "complete": 6, "claim": 5, "release": 3, "reopen": 4, "message": 4, "fire": 6, "look": 5,
    "rectify": 2, "note": 2, "cancel": 0.2,
}  # fmt: skip


class Lost(Exception):
    """An answer that did not arrive."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A command as a client saw it, ids as the engine gives them."""

    id: str
    kind: str
    actor: str
    case: str | None
    target: int
    value: Any
    sent: float
    answered: float
    outcome: str
    told: Any
    lease: int = 0


@dataclass(slots=True)
class Board:
    """What all clients know: the cases in hand, the element of each task they have seen."""

    run: str
    active: list[str] = field(default_factory=list)
    elements: dict[int, tuple[str, str]] = field(default_factory=dict)
    record: list[Raw] = field(default_factory=list)
    leases: list[Lease] = field(default_factory=list)


class Client:
    """One of them: an engine, an actor, a source of chance."""

    def __init__(self, settings: Settings, actor: str, board: Board) -> None:
        self._engine, self._board = Engine(settings), board
        self._actor, self._chance = actor, random.Random(f"{board.run} {actor}")
        self._count, self._cut = 0, False
        event.listen(self._engine._database, "commit", self._committing)

    def _committing(self, _connection: Any) -> None:
        if self._cut:
            self._cut = False
            raise Lost

    def close(self) -> None:
        self._engine.close()

    def act(self) -> None:
        """Do something to one of the cases."""
        active = [*self._board.active]
        if len(active) < ACTIVE and self._chance.random() < 0.2:
            return self.start()
        if not active:
            return None
        kind = self._chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        case = self._chance.choice(active)
        seen = [key for key, (of, _) in self._board.elements.items() if of == case]
        if kind in ("claim", "release", "complete", "reopen"):
            if seen:
                self._on_task(kind, case, self._chance.choice(sorted(seen)[-6:]))
        elif kind == "look":
            self._look(case)
        elif kind == "fire":
            self._fire()
        else:
            self._on_case(kind, case)
        return None

    def start(self) -> None:
        """Begin a case, and show it to all."""
        given = ("essai", APPLICATION, "MAR")
        raw = self._send("start", None, 0, None, cases.start, *given, patient=True)
        if raw.outcome == OK:
            self._board.active.append(raw.case)
            self._look(str(raw.case))

    def _on_task(self, kind: str, case: str, task: int) -> None:
        _, element = self._board.elements[task]
        more = {"complete": ({},), "reopen": ("erreur",)}.get(kind, ())
        raw = self._send(kind, case, task, None, getattr(tasks, kind), task, *more)
        if raw.outcome == OK and kind == "reopen":
            self._seen(case, element, raw.told)

    def _on_case(self, kind: str, case: str) -> None:
        value = self._chance.randrange(10)
        command, *given = {
            "note": (cases.note, case, "vu"), "cancel": (cases.cancel, case, "désistement"),
            "rectify": (cases.rectify, case, lifecycle.FIELD, value, "erreur"),
            "message": (messages.send, "papers", case, {}),
        }[kind]  # fmt: skip
        raw = self._send(kind, case, 0, value, command, *given)
        if raw.outcome == OK and kind == "message":
            self._seen(case, "C", raw.told)

    def _seen(self, case: str, element: str, opened: list[int]) -> None:
        for key in opened:
            self._board.elements[key] = (case, element)

    def _look(self, case: str) -> None:
        """A question, all of one moment."""
        sent = time.monotonic()
        view = self._engine.survey(By(self._actor, channel="test"), cases.show, case)
        answered = time.monotonic()
        for key, name, _ in view.tasks:
            self._board.elements[key] = (case, name)
        told = (view.status, [key for key, _, _ in view.tasks], int(view.values[lifecycle.FIELD]))
        self._note(Raw(self._name(), "look", self._actor, case, 0, None, sent, answered, OK, told))
        if view.status != "open" and case in self._board.active:
            self._board.active.remove(case)

    def _fire(self) -> None:
        """A worker's way: take a job, and fire it in time or too late."""
        seconds: Any = SHORT if self._chance.random() < 0.05 else LONG
        by, sent = By("system", channel="test"), time.monotonic()
        job = self._engine.run(by, jobs.claim, self._actor, seconds)
        if job is None:
            return
        self._board.leases.append(Lease(job.id, job.lease, sent, time.monotonic()))
        if seconds == SHORT:
            time.sleep(2 * SHORT)
        self._send("fire", None, job.id, None, jobs.fire, job.id, job.lease, lease=job.lease)

    def _send(
        self, kind: str, case: str | None, target: int, value: Any, command: Callable[..., Any],
        *given: Any, patient: bool = False, lease: int = 0,
    ) -> Raw:  # fmt: skip
        """Send a command, and again with its key where the answer was lost."""
        name, sent = self._name(), time.monotonic()
        keyed = kind != "fire"  # a worker has no key: its lease is what makes it safe
        by = By(self._actor if keyed else "system", key=name if keyed else None, channel="test",
                system_user=name)  # fmt: skip
        again, outcome, told = True, UNKNOWN, None
        while again:
            try:
                told, outcome = self._asked(by, command, given), OK
            except EngineError as error:
                told, outcome = error.code, REFUSED
            except Lost:
                again = patient or (keyed and self._chance.random() < 0.5)
                continue
            break
        answered = math.inf if outcome == UNKNOWN else time.monotonic()
        if outcome == OK:
            case = getattr(told, "reference", None) or getattr(told, "case", case)
            told = getattr(told, "opened", None) or getattr(told, "tasks", [])
        raw = Raw(name, kind, self._actor, case, target, value, sent, answered, outcome, told,
                  lease)  # fmt: skip
        self._note(raw)
        return raw

    def _asked(self, by: By, command: Callable[..., Any], given: tuple[Any, ...]) -> Any:
        self._cut = self._chance.random() < LOST / 2
        try:
            told = self._engine.run(by, command, *given)
        finally:
            self._cut = False
        if self._chance.random() < LOST / 2:
            raise Lost
        return told

    def _name(self) -> str:
        self._count += 1
        return f"{self._board.run} {self._actor} {self._count}"

    def _note(self, raw: Raw) -> None:
        self._board.record.append(raw)


def played(settings: Settings, actors: list[str], commands: int, run: str) -> Board:
    """What so many clients recorded of so many commands each; `run` is for the source of chance."""
    board, ready = Board(run), Barrier(len(actors))

    def live(number: int) -> None:
        client = Client(settings, actors[number], board)
        try:
            if number < ACTIVE:
                client.start()
            ready.wait()
            for _ in range(commands):
                client.act()
        finally:
            client.close()

    with ThreadPoolExecutor(len(actors)) as pool:
        list(pool.map(live, range(len(actors))))
    return board


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds: each case's events, what its tasks and timers are called."""

    events: dict[str, list[Event]]
    tasks: dict[int, tuple[str, int]]
    timers: dict[int, tuple[str, int]]


def _stored(engine: Engine, board: Board) -> Stored:
    with engine._database.connect() as connection:
        found = connection.execute(select(t.case.c.id, t.case.c.reference)).all()
        references = {row.id: row.reference for row in found}
        tasks_, jobs_, rows = (
            connection.execute(select(table).order_by(*table.primary_key)).all()
            for table in (t.task, t.job, t.event)
        )
    elements = {row.id: (references[row.case_id], row.element) for row in tasks_}
    timers = {row.id: (references[row.case_id], "T") for row in jobs_}
    events: dict[str, list[Event]] = defaultdict(list)
    for row in rows:
        body = chain.decode(bytes(row.body))
        events[references[row.case_id]].append(Event(body["system_user"], row.kind))
    own = {case: told for case, told in events.items() if told[0].op.startswith(f"{board.run} ")}
    named = _numbered(timers)
    of = {key: (case, named[key][1]) for key, (case, _) in timers.items()}
    return Stored(own, _numbered(board.elements | elements), of)


def _numbered(elements: dict[int, tuple[str, str]]) -> dict[int, tuple[str, int]]:
    """Each id's element, and which of its element's in its case it is: ids only grow."""
    own: dict[tuple[str, str], list[int]] = defaultdict(list)
    for key in sorted(elements):
        own[elements[key]].append(key)
    return {key: (element, n) for (_, element), keys in own.items() for n, key in enumerate(keys)}


def checked(engine: Engine, board: Board) -> list[str]:
    """What of a record cannot have happened, case by case, against the event table."""
    stored = _stored(engine, board)
    sent: dict[str, list[Op]] = defaultdict(list)
    found = []
    for raw in board.record:
        case, op = _resolved(raw, stored)
        overtaken = False
        if raw.kind == "fire":
            wrong = fencing(op, raw.target, raw.lease, board.leases)
            overtaken = superseded(op, raw.target, raw.lease, board.leases)
            found += [wrong] if wrong else []
        if op.told == "busy" and (overtaken or raw.kind != "fire"):
            continue  # it was told to come again: right at every moment
        sent[case].append(op)
    starts = [op for ops in sent.values() for op in ops if op.asked.kind == "start"]
    found += numbers([(op.asked.number, op.sent, op.answered) for op in starts])
    for case, events in sorted(stored.events.items()):
        found += [f"{case}: {what}" for what in anomalies(sent[case], events)]
    return found


def _resolved(raw: Raw, stored: Stored) -> tuple[str, Op]:
    """A record in the words of the model."""
    case, element, number, told = raw.case or "", "", 0, raw.told
    if raw.kind == "fire":
        case, number = stored.timers[raw.target]
    elif raw.kind == "start":
        number = int(case[-6:])
    elif raw.target:
        element, number = stored.tasks[raw.target]
    if raw.kind == "look":
        told = (told[0], tuple(sorted(stored.tasks[key] for key in told[1])), told[2])
    elif raw.outcome == OK:
        opened = raw.kind in ("reopen", "message", "complete")
        told = tuple(stored.tasks[key] for key in told) if opened else None
    asked = lifecycle.Asked(raw.kind, raw.actor, element, number, raw.value)
    return case, Op(raw.id, asked, raw.sent, raw.answered, raw.outcome, told)

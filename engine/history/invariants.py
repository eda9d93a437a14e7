"""What holds of every case at rest: its history is whole, its state is the one that the history
ends with, and the rows that wait for people and workers are those that the state waits for.

Pure comparisons of what was read; nothing here asks the database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from engine.history import chain
from engine.history.violations import Violation, violation
from engine.runtime.looking import View, digest
from engine.runtime.values import commitments
from engine.runtime.world import Wait
from engine.store.types import Record

TIMER = "timer.fire"
# The job that settles the clocks of a case: the law does not rest with it.
CLOCKS = "clock.settle"
# The states of a case that has not ended.
RUNNING = ("open", "suspended")
# A row stands for a wait of this kind in this table.
_TABLES = {
    "task": "task", "timer": "job", "operation": "job", "message": "subscription",
    "signal": "subscription", "condition": "subscription", "offer": "subscription",
    "clock": "clock_wait",
}  # fmt: skip


@dataclass(slots=True)
class History:
    """What the events of a case say: how they end, the last public state, papers by their ids.

    `rests`: whether it was suspended and has not gone on since.
    """

    seq: int = 0
    head: bytes = b""
    moved: int = 0
    digest: str = ""
    issued: dict[str, str] = field(default_factory=dict)
    attached: dict[str, str] = field(default_factory=dict)
    rests: bool = False
    whole: bool = True

    def take(self, row: Record, body: Mapping[str, Any]) -> None:
        """Follow one more event."""
        self.seq, self.head = row.seq, row.hash
        if "outcome" in body:
            self.moved, self.digest, self.rests = row.seq, body["outcome"]["digest"], False
        if row.kind == "case.suspended":
            self.rests = True
        if row.kind == "certificate.issued":
            self.issued[body["result"]["certificate"]] = body["sha256"]
        elif row.kind == "case.attached":
            self.attached[body["attachment"]] = body["digest"]


def history(case: Record, events: Iterable[Record]) -> tuple[History, list[Violation]]:
    """Follow the events of a case: each fits the chain, its columns say what it says."""
    told = History(head=chain.genesis(case.reference))
    found: list[Violation] = []
    for row in events:
        if not _follows(told, row):
            told.whole = False
            return told, [*found, violation("chain_broken", case.reference, seq=row.seq)]
        body = chain.decode(row.body)
        said = {"kind": row.kind, "at": row.at, "actor": row.actor_id, "case": case.reference}
        wrong = [name for name, value in said.items() if body[name] != value]
        if wrong:
            columns = ", ".join(wrong)
            found.append(violation("event_differs", case.reference, seq=row.seq, columns=columns))
        told.take(row, body)
    if (told.seq, told.head) != (case.seq, case.head):
        told.whole = False
        ends = violation("head_differs", case.reference, said=case.seq, found=told.seq)
        found.append(ends)
    return told, found


def _follows(told: History, row: Record) -> bool:
    """Whether this is the next event; SQLite lets a body be text, which no event's is."""
    whole = isinstance(row.body, bytes) and chain.link(told.head, row.body) == row.hash
    return whole and bool(row.seq == told.seq + 1)


def state(case: Record, view: View, told: History) -> Iterator[Violation]:
    """The state document gives the digest that the last move recorded; the case rests, or not."""
    ended = None if case.status in RUNNING else case.status
    if told.whole and digest(view.waits, view.data, ended).hex() != told.digest:
        yield violation("state_differs", case.reference, seq=told.moved)
    rests = case.status == "suspended"
    if (told.whole and told.rests != rests) or (case.suspended_at is not None) != rests:
        yield violation("suspension_differs", case.reference, status=case.status)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that hang on a case, as far as they still stand."""

    tasks: Sequence[Record]
    jobs: Sequence[Record]
    subscriptions: Sequence[Record]
    clock_waits: Sequence[Record]


def standing(jobs: Iterable[Record], incidents: Iterable[Record]) -> list[Record]:
    """The jobs of tokens that will be done, or that a person is shown: an open incident each."""
    shown = {row.job_id for row in incidents}
    return [
        row
        for row in jobs
        if row.token is not None
        and (row.status in ("due", "held") or (row.status == "incident" and row.id in shown))
    ]


def resting(case: Record, rows: Rows) -> Iterator[Violation]:
    """Tasks and jobs rest while their case is suspended, and not otherwise."""
    wrong = ("open", "due") if case.status == "suspended" else ("suspended", "held")
    for table, found in (("task", rows.tasks), ("job", rows.jobs)):
        for row in found:
            if row.status in wrong and (table == "task" or row.kind != CLOCKS):
                details = {"table": table, "row": row.id, "status": row.status}
                yield violation("row_asleep", case.reference, **details)


def waiting(case: Record, waits: Iterable[Wait], rows: Rows) -> Iterator[Violation]:
    """Rows and waits are the same; an open case has one at least."""
    wanted = {(_TABLES[w.kind], w.token): w for w in waits if case.status in RUNNING}
    stand = {("task", row.token): row for row in rows.tasks}
    stand |= {("job", row.token): row for row in rows.jobs}
    stand |= {("subscription", row.token): row for row in rows.subscriptions}
    stand |= {("clock_wait", row.token): row for row in rows.clock_waits}
    if case.status == "open" and not stand:
        elements = ", ".join(sorted({wait.element for wait in wanted.values()})) or "-"
        yield violation("silent_stop", case.reference, elements=elements)
        return
    for (table, token), row in stand.items():
        wait = wanted.pop((table, token), None)
        if wait is None:
            yield violation("row_left", case.reference, table=table, row=row.id)
        elif not _agrees(wait, row):
            details = {"table": table, "row": row.id, "element": wait.element}
            yield violation("row_differs", case.reference, **details)
    for (table, _), wait in wanted.items():
        yield violation("row_missing", case.reference, table=table, element=wait.element)


def _agrees(wait: Wait, row: Record) -> bool:
    match wait.kind:
        case "task":
            return bool((row.element, row.due_at) == (wait.element, wait.due))
        case "message" | "signal" | "condition" | "offer":
            told = (row.kind, row.element, row.name, row.key)
            return bool(told == (wait.kind, wait.element, wait.name[:120], wait.key))
        case "clock":
            told = (row.element, row.name, row.each, row.reminder)
            return bool(told == (wait.element, wait.name, wait.key, wait.reminder))
        case "timer":  # put off after a failure, never before its time
            return bool(row.kind == TIMER and row.due_at >= wait.due)
    return bool(row.kind != TIMER)


def personal(case: Record, view: View, rows: Sequence[Record]) -> Iterator[Violation]:
    """Each personal value is the one that was sealed, and an open case has all that it holds.

    Of a case that hangs on no person it cannot be told whether a value was erased or lost.
    """
    wrong = sum(
        sha256(row.salt + row.name.encode() + b"\0" + row.value).digest() != row.commitment
        for row in rows
    )
    if wrong:
        yield violation("personal_differs", case.reference, count=wrong)
    if case.status in RUNNING and case.person_id is not None:
        gone = set(commitments(dict(view.data))) - {row.commitment for row in rows}
        if gone:
            yield violation("personal_missing", case.reference, count=len(gone))


def papers(
    case: Record, told: History, certificates: Iterable[Record], attachments: Iterable[Record],
    entered: Iterable[Record],
) -> Iterator[Violation]:  # fmt: skip
    """Certificates are numbered in a register, and all papers are as the history says."""
    numbers = {row.text for row in entered}
    for row in certificates:
        if row.number not in numbers:
            yield violation("certificate_unentered", case.reference, number=row.number)
        issued = row.sha256 if row.issued_at is not None else None
        if told.whole and told.issued.get(row.id) != issued:
            yield violation("certificate_differs", case.reference, number=row.number)
    for row in attachments:
        if told.whole and told.attached.get(row.id) != row.digest.hex():
            yield violation("attachment_differs", case.reference, attachment=row.id)

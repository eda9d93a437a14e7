"""Batches: one act on many cases, tasks or incidents, each by a command of its own.

A batch is ordered whole: its items are found and written in the transaction that makes it. The
worker then does one item after the other as who ordered it, and marks each in the transaction that
does it: after a crash what is done is not done twice, and what is left is gone on with. An item
that is refused is marked with the code, and the others go on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands import jobs, pages, selections
from engine.commands.acts import ACTS, Subject, allowed, given, public
from engine.commands.pages import Page
from engine.commands.selections import Selection
from engine.errors import EngineError
from engine.permissions import ADMINISTRATOR, AUDITOR, SYSTEM
from engine.runtime.values import pack, unpack
from engine.store import choosing, trouble
from engine.store import tables as t
from engine.store.priorities import BULK
from engine.store.types import Record
from engine.transaction import Transaction

JOB = "batch.run"
# Items that the worker is told of at once.
_NEXT = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A batch that was ordered, and how many items it has."""

    batch: int
    total: int


@dataclass(frozen=True, slots=True)
class Piece:
    """What a batch would act on: a case; a task or an incident of it; the item that it undoes.

    `of` is the batch that is undone, and its item has the same number.
    """

    number: int
    case: str | None
    target: int | None
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Steered:
    """A batch and its state: running, paused, stopped or ended."""

    batch: int
    status: str


@dataclass(frozen=True, slots=True)
class Acted:
    """Whether an item was done now, and whether its batch goes on."""

    done: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Due:
    """The next items of a batch to be done, and who ordered it; none where it does not run."""

    actor: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch and how far it has come: items done, refused, and left; refused ones by code."""

    id: int
    act: str
    status: str
    by: str
    created_at: datetime
    ended_at: datetime | None
    undoes: int | None
    total: int
    done: int
    refused: int
    left: int
    codes: dict[str, int]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item and what came of it; `code` says why it was refused, `target` is no case's."""

    number: int
    case: str | None
    target: int | None
    status: str
    code: str | None
    at: datetime | None


# -- ordered, tried --


def create(tx: Transaction, act: str, selection: Selection, arguments: Mapping[str, Any]) -> Made:
    """Order an act on all that a selection gives; refused whole where the actor may not do it."""
    rows = _found(tx, act, selection, arguments)
    items = ((n, row.case_id, row.target) for n, row in enumerate(rows, 1))
    return _made(tx, act, arguments, items)


def chosen(
    tx: Transaction, act: str, selection: Selection, arguments: Mapping[str, Any]
) -> tuple[Piece, ...]:
    """What `create` would make a batch of."""
    rows = _found(tx, act, selection, arguments)
    return tuple(Piece(n, row.reference, row.target) for n, row in enumerate(rows, 1))


def undo(tx: Transaction, batch: int, arguments: Mapping[str, Any]) -> Made:
    """Order the undoing of what a batch did, once it has ended or was stopped."""
    act, rows = _undoing(tx, batch, arguments)
    items = ((row.number, row.case_id, row.target) for row in rows)
    return _made(tx, act, arguments, items, undoes=batch)


def undoable(
    tx: Transaction, batch: int, arguments: Mapping[str, Any]
) -> tuple[str, tuple[Piece, ...]]:
    """The act that would undo a batch, and what `undo` would make a batch of."""
    act, rows = _undoing(tx, batch, arguments)
    return act, tuple(Piece(row.number, row.reference, row.target, batch) for row in rows)


def once(tx: Transaction, act: str, piece: Piece, arguments: Mapping[str, Any]) -> Steered:
    """Do an act to one item without a batch: what a rehearsal of a batch runs and takes back."""
    case = tx.lock_case(piece.case) if piece.case is not None else None
    of = tx.store.get(t.batch_item, batch_id=piece.of, number=piece.number) if piece.of else None
    allowed(tx, ACTS[act])
    ACTS[act].does(tx, Subject(case, piece.target, of), arguments)
    return Steered(piece.number, "done")


def _found(
    tx: Transaction, act: str, selection: Selection, arguments: Mapping[str, Any]
) -> list[Record]:
    deed = ACTS.get(act)
    if deed is None or not deed.ordered:
        expected = f"There are: {', '.join(sorted(n for n, a in ACTS.items() if a.ordered))}."
        raise EngineError("bad_value", name="act", value=act, expected=expected)
    given(deed, arguments, deed.takes)
    allowed(tx, deed)
    rows = selections.chosen(tx, deed, selection)
    if "name" in deed.takes:
        for version in sorted({row.version_id for row in rows}):
            public(tx.version(version), arguments["name"])
    return rows


def _undoing(tx: Transaction, batch: int, arguments: Mapping[str, Any]) -> tuple[str, list[Record]]:
    row = _seen(tx, batch)
    if row.status not in ("stopped", "ended"):
        raise EngineError("batch_status", batch=batch, status=row.status)
    act = ACTS[row.act].inverse
    if act is None:
        raise EngineError("cannot_undo", batch=batch, act=row.act)
    deed = ACTS[act]
    given(deed, arguments, deed.takes & {"reason"})
    allowed(tx, deed)
    most = selections.MOST
    rows = choosing.items(tx.store, batch, tx.actor.offices, status="done", after=0, limit=most)
    if not rows:
        raise EngineError("nothing_chosen", on=deed.on)
    return act, list(rows)


def _made(
    tx: Transaction, act: str, arguments: Mapping[str, Any],
    items: Iterable[tuple[int, int | None, int | None]], undoes: int | None = None,
) -> Made:  # fmt: skip
    made = [{"number": n, "case_id": case, "target": target} for n, case, target in items]
    batch = tx.store.add(
        t.batch, act=act, arguments=pack(dict(arguments)), status="running", total=len(made),
        undoes=undoes, created_at=tx.now, created_by=tx.actor.id,
    )  # fmt: skip
    tx.store.add_all(t.batch_item, [{**row, "batch_id": batch, "status": "due"} for row in made])
    _work(tx, batch)
    return Made(batch, len(made))


def _work(tx: Transaction, batch: int) -> None:
    """Have a worker go on with a batch, unless one is still to come to it."""
    payload = pack({"batch": batch})
    waiting = {"status": "due", "priority": BULK, "kind": JOB, "payload": payload}
    if tx.store.one(t.job, **waiting) is None:
        tx.store.add(t.job, **waiting, due_at=tx.now, attempts=0, lease=0, created_at=tx.now)


# -- done, item by item --


def due(tx: Transaction, batch: int) -> Due:
    """The next items of a batch."""
    row = tx.store.get(t.batch, id=batch)
    numbers: tuple[int, ...] = ()
    if row.status == "running":
        numbers = tuple(item.number for item in _left(tx, batch, _NEXT))
    return Due(tx.store.get(t.actor, id=row.created_by).login, numbers)


def _left(tx: Transaction, batch: int, limit: int) -> list[Record]:
    own = t.batch_item.c
    where = (own.batch_id == batch, own.status == "due")
    return tx.store.rows(t.batch_item, *where, order=[own.number], limit=limit)


def act(tx: Transaction, batch: int, number: int) -> Acted:
    """Do one item, as who ordered the batch; nothing where it is done or the batch does not run."""
    item = tx.store.get(t.batch_item, batch_id=batch, number=number)
    case = tx.hold_case(item.case_id) if item.case_id is not None else None
    row = tx.store.get(t.batch, id=batch)
    if row.created_by != tx.actor.id:
        raise EngineError("unknown_batch", batch=batch)
    if row.status != "running":
        return Acted(done=False, goes_on=False)
    item = tx.store.get(t.batch_item, batch_id=batch, number=number)
    if item.status != "due":
        return Acted(done=False, goes_on=True)
    of = None
    if row.undoes is not None:
        of = tx.store.get(t.batch_item, batch_id=row.undoes, number=number)
    allowed(tx, ACTS[row.act])
    before = ACTS[row.act].does(tx, Subject(case, item.target, of), unpack(row.arguments))
    seq = tx.store.case_by_id(case.id).seq if case is not None else None
    _marked(
        tx, batch, number, status="done", at=tx.now, seq=seq,
        before=pack(before) if before is not None else None,
    )  # fmt: skip
    return Acted(done=True, goes_on=True)


def refused(
    tx: Transaction, batch: int, number: int, code: str, job: int, fault: str = ""
) -> Steered:
    """Mark an item as refused; a `fault` of the program is an incident too, one for each fault."""
    _marked(tx, batch, number, status="refused", code=code, at=tx.now)
    if fault:
        row = tx.store.get(t.job, id=job)
        cause = trouble.cause("job_failed", None, None, row.kind, fault[:2000])
        if tx.store.one(t.incident, cause=cause, job_id=job, resolved_at=None) is None:
            jobs.raise_incident(tx, row, "job_failed", fault)
    return Steered(batch, "refused")


def _marked(tx: Transaction, batch: int, number: int, **columns: Any) -> None:
    at = {"batch_id": batch, "number": number, "status": "due"}
    if tx.store.change_at(t.batch_item, at, **columns) != 1:
        raise EngineError("busy")


def go_on(tx: Transaction, batch: int, job: int, lease: int) -> Steered:
    """Let the work of others come before the rest of a batch; end it where nothing is left."""
    row = tx.store.held(t.batch, id=batch)
    if row is None:
        raise EngineError("unknown_batch", batch=batch)
    if row.status == "running" and _left(tx, batch, 1):
        tx.settle_job(
            job, lease, due_at=tx.now, retry_at=None, leased_until=None, owner=None, attempts=0
        )
        tx.store.wake()
        return Steered(batch, "running")
    tx.finish_job(job, lease)
    return _ended(tx, row, "ended") if row.status == "running" else Steered(batch, row.status)


def _ended(tx: Transaction, row: Record, status: str) -> Steered:
    """End a batch. What it was given goes: it may hold words about people."""
    tx.store.change(t.batch, row.id, status=status, arguments=None, ended_at=tx.now)
    return Steered(row.id, status)


# -- steered --


def pause(tx: Transaction, batch: int) -> Steered:
    """Let a batch rest after the item in hand."""
    row = _steered(tx, batch, "running")
    tx.store.change(t.batch, row.id, status="paused")
    return Steered(batch, "paused")


def resume(tx: Transaction, batch: int) -> Steered:
    """Let a paused batch go on."""
    row = _steered(tx, batch, "paused")
    tx.store.change(t.batch, row.id, status="running")
    _work(tx, batch)
    return Steered(batch, "running")


def stop(tx: Transaction, batch: int) -> Steered:
    """End a batch after the item in hand; what is left is not done."""
    return _ended(tx, _steered(tx, batch, "running", "paused"), "stopped")


def _steered(tx: Transaction, batch: int, *states: str) -> Record:
    """A batch, held, of whoever ordered it or an administrator, in one of these states."""
    row = tx.store.held(t.batch, id=batch)
    if row is None or not _owns(tx, row, ADMINISTRATOR):
        raise EngineError("unknown_batch", batch=batch)
    if row.status not in states:
        raise EngineError("batch_status", batch=batch, status=row.status)
    return row


def _owns(tx: Transaction, row: Record, *roles: str) -> bool:
    return bool(row.created_by == tx.actor.id or {SYSTEM, *roles} & tx.actor.standing)


# -- looked at --


def listing(tx: Transaction, *, cursor: str | None = None, limit: int = 50) -> Page[BatchView]:
    """Batches, the newest first: one's own; to whoever administers or audits, all."""
    every = {SYSTEM, ADMINISTRATOR, AUDITOR} & tx.actor.standing
    before = pages.place(cursor, pages.number)[0] if cursor else None
    rows = choosing.batches(
        tx.store, owner=None if every else tx.actor.id, before=before, limit=pages.size(limit) + 1
    )
    shown, following = pages.cut(rows, limit, lambda row: (row.id,))
    return Page(_views(tx, shown), following)


def show(tx: Transaction, batch: int) -> BatchView:
    """A batch and how far it has come."""
    return _views(tx, [_seen(tx, batch)])[0]


def items(
    tx: Transaction, batch: int, status: str | None = None, *, cursor: str | None = None,
    limit: int = 50,
) -> Page[ItemRow]:  # fmt: skip
    """The items of a batch and what came of each, in the offices that the actor sees."""
    _seen(tx, batch)
    after = pages.place(cursor, pages.number)[0] if cursor else 0
    rows = choosing.items(
        tx.store, batch, tx.actor.offices, status=status, after=after, limit=pages.size(limit) + 1
    )
    shown, following = pages.cut(rows, limit, lambda row: (row.number,))
    found = (ItemRow(r.number, r.reference, r.target, r.status, r.code, r.at) for r in shown)
    return Page(tuple(found), following)


def _seen(tx: Transaction, batch: int) -> Record:
    rows = choosing.batches(tx.store, owner=None, before=None, limit=1, key=batch)
    if not rows or not _owns(tx, rows[0], ADMINISTRATOR, AUDITOR):
        raise EngineError("unknown_batch", batch=batch)
    return rows[0]


def _views(tx: Transaction, rows: Iterable[Record]) -> tuple[BatchView, ...]:
    rows = list(rows)
    told: dict[int, dict[str, int]] = {row.id: {} for row in rows}
    codes: dict[int, dict[str, int]] = {row.id: {} for row in rows}
    for found in choosing.counts(tx.store, told):
        own = told[found.batch_id]
        own[found.status] = own.get(found.status, 0) + found.many
        if found.code is not None:
            codes[found.batch_id][found.code] = found.many
    return tuple(
        BatchView(
            r.id, r.act, r.status, r.login, r.created_at, r.ended_at, r.undoes, r.total,
            told[r.id].get("done", 0), told[r.id].get("refused", 0), told[r.id].get("due", 0),
            codes[r.id],
        )
        for r in rows
    )  # fmt: skip

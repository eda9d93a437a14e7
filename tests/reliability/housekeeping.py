"""Acts on many cases, payments that are waited for, and histories that have had their time."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from engine.commands import batches, beginnings, histories, operations, payments
from engine.commands.batches import Piece
from engine.commands.selections import Selection
from engine.history import archives
from engine.work.worker import SYSTEM
from tests.reliability.acting import Act, Acting, Again
from tests.reliability.house import House

REASON = {"reason": "inondation"}


def _order(house: House) -> Act:
    reference = house.begun()
    args = ("suspend", Selection((reference,)), REASON)
    return Act(house.desk, batches.create, args, reference)


def _once(house: House) -> Act:
    reference = house.begun()
    return Act(house.desk, batches.once, ("suspend", Piece(1, reference, None), REASON), reference)


def _on_batch(command: Callable[..., Any], *more: Any, paused: bool = False) -> Acting:
    def act(house: House) -> Act:
        reference, batch = house.ordered()
        if paused:
            house.engine.run(house.desk, batches.pause, batch)
        return Act(house.desk, command, (batch, *more), reference)

    return act


def _refuse(house: House) -> Act:
    reference, batch = house.ordered()
    args = (batch, 1, "case_ended", house.taken().id)
    return Act(SYSTEM, batches.refused, args, reference, Again.LATE)


def _go_on(*, done: bool) -> Acting:
    """After a slice: something is left, or nothing is."""

    def act(house: House) -> Act:
        reference, batch = house.ordered()
        job = house.taken()
        if done:
            house.engine.run(house.desk, batches.act, batch, 1)
        return Act(SYSTEM, batches.go_on, (batch, job.id, job.lease), reference, Again.LATE)

    return act


def _undo(house: House) -> Act:
    reference, batch = house.ordered()
    job = house.taken()
    house.engine.run(house.desk, batches.act, batch, 1)
    house.engine.run(SYSTEM, batches.go_on, batch, job.id, job.lease)
    return Act(house.desk, batches.undo, (batch, REASON), reference)


def _begin(house: House) -> Act:
    reference, job = house.asking()
    return Act(SYSTEM, beginnings.begin, (job.id, job.lease), reference, Again.LATE)


def _wait(house: House) -> Act:
    reference, job = house.called()
    args = (job.id, job.lease, 5, house.clock() + timedelta(days=1), {"page": "https://x.ma/1"})
    return Act(SYSTEM, operations.pending, args, reference, Again.LATE)


def _notice(house: House) -> Act:
    reference = house.paying()
    job = house.taken()
    token = house.engine.read(SYSTEM, operations.material, job.id, job.lease).order
    return Act(SYSTEM, payments.notice, (token,), reference, Again.HARMLESS)


def _archive(house: House) -> Act:
    reference, key = house.old()
    made = house.engine.read(SYSTEM, histories.material, key)
    assert made is not None
    folder = house.engine.settings.files / archives.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / archives.name(made.reference, made.seq)).write_bytes(made.content)
    args = (key, made.seq, sha256(made.content).digest())
    return Act(SYSTEM, histories.archived, args, reference, Again.LATE)


def _plan(house: House) -> Act:
    house.old()
    return Act(SYSTEM, histories.plan, (), again=Again.NEXT)


def _advance(house: House) -> Act:
    house.old()
    house.engine.run(SYSTEM, histories.plan)
    job = house.taken()
    return Act(SYSTEM, histories.advanced, (job.id, job.lease, 0), again=Again.LATE)


def _sweep(house: House) -> Act:
    return Act(SYSTEM, histories.tidy, (), again=Again.NEXT)


def _drop(house: House) -> Act:
    """Of a part that holds something: nothing is dropped."""
    return Act(SYSTEM, histories.drop, ("event_0",), again=Again.HARMLESS)


ACTS: dict[str, tuple[Acting, ...]] = {
    "batches.act": (_on_batch(batches.act, 1),),
    "batches.create": (_order,),
    "batches.go_on": (_go_on(done=False), _go_on(done=True)),
    "batches.once": (_once,),
    "batches.pause": (_on_batch(batches.pause),),
    "batches.refused": (_refuse,),
    "batches.resume": (_on_batch(batches.resume, paused=True),),
    "batches.stop": (_on_batch(batches.stop),),
    "batches.undo": (_undo,),
    "beginnings.begin": (_begin,),
    "histories.advanced": (_advance,),
    "histories.archived": (_archive,),
    "histories.drop": (_drop,),
    "histories.plan": (_plan,),
    "histories.tidy": (_sweep,),
    "operations.pending": (_wait,),
    "payments.notice": (_notice,),
}
QUESTIONS = frozenset({
    "batches.chosen", "batches.due", "batches.items", "batches.listing", "batches.show",
    "batches.undoable", "histories.due", "histories.emptied", "histories.material",
    "histories.next_cases",
})  # fmt: skip

"""What happened in a case, as the clocks of the law read it: the facts of a step, kept as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from decisions.clock.law import CANCELLED, FILED, Fact
from engine.errors import EngineError
from engine.history.clocks import PLACES
from engine.runtime import carrying
from engine.runtime.model import Element
from engine.runtime.values import Sealed, pack, unpack
from engine.runtime.world import Step
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version

_ALWAYS = {"case.started": FILED, "case.cancelled": CANCELLED}


@dataclass(frozen=True, slots=True)
class Happened:
    """The facts of one step, and the papers that prove those which happened earlier."""

    facts: tuple[Fact, ...]
    proofs: Mapping[int, str]

    @property
    def told(self) -> list[list[Any]]:
        """As the history has them."""
        return [[fact.kind, fact.at, dict(fact.data)] for fact in self.facts]


_NOTHING = Happened((), {})


def happened(
    tx: Transaction, case: Record, version: Version, kind: str, step: Step, moment: datetime
) -> Happened:
    """The facts that a step is, in order; `moment` is when in law it took place."""
    if not version.clocks:
        return _NOTHING
    found = [Fact(_ALWAYS[kind], moment)] if kind in _ALWAYS else []
    proofs: dict[int, str] = {}
    for name, values in step.facts:
        element = version.model.elements[name]
        at, proof = _when(tx, case, element, values, moment)
        if proof is not None:
            proofs[len(found)] = proof
        data = _with(element.attributes.get("fact-with", ""), values)
        found.append(Fact(element.attributes["fact"], at, data=data))
    return Happened(tuple(found), proofs) if found else _NOTHING


def _with(text: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of a fact: nothing personal, and no more than its model says."""
    open_values = {name: value for name, value in data.items() if not isinstance(value, Sealed)}
    return {name: found.evaluate(open_values) for name, found in carrying.entries(text)}


def _when(
    tx: Transaction, case: Record, element: Element, data: Mapping[str, Any], moment: datetime
) -> tuple[datetime, str | None]:
    """When a fact took place: earlier than the step where a date says so and a paper proves it."""
    value = data.get(element.attributes.get("fact-at", ""))
    if not isinstance(value, date):
        return moment, None
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), tx.zone)
    if value >= moment:
        return moment, None
    wanted = element.attributes.get("fact-proof", "")
    own = t.attachment.c
    papers = tx.store.rows(
        t.attachment, own.case_id == case.id, own.kind == wanted, order=[own.at.desc()], limit=1
    )
    if not papers:
        fact = element.attributes["fact"]
        raise EngineError("fact_unproven", case=case.reference, fact=fact, paper=wanted)
    return value, papers[0].id


def keep(tx: Transaction, case: Record, seq: int, found: Happened) -> None:
    """Write facts down under the event that tells them."""
    rows = [
        {
            "case_id": case.id, "seq": seq, "place": place, "kind": fact.kind, "at": fact.at,
            "data": pack(dict(fact.data)), "proof": found.proofs.get(place),
            "recorded_at": tx.now,
        }
        for place, fact in enumerate(found.facts)
    ]  # fmt: skip
    tx.store.add_all(t.fact, rows)


def known(tx: Transaction, case_id: int) -> list[Fact]:
    """What happened in a case, as its clocks read it: without what was withdrawn."""
    return of_rows(tx.store.all(t.fact, case_id=case_id, withdrawn_seq=None))


def of_rows(rows: Sequence[Record]) -> list[Fact]:
    """Facts in the order in which they were written; `seq` holds the event and the place in it."""
    return [
        Fact(row.kind, row.at, row.seq * PLACES + row.place, unpack(row.data))
        for row in sorted(rows, key=lambda row: (row.seq, row.place))
    ]


def take_back(tx: Transaction, case: Record, *where: Any) -> int:
    """Let facts no longer count, by the event that comes next; how many did."""
    own = t.fact.c
    standing = (own.case_id == case.id, own.withdrawn_seq.is_(None), *where)
    gone = {"withdrawn_seq": case.seq + 1, "withdrawn_at": tx.now}
    return tx.store.change_all(t.fact, *standing, **gone)


def revive(tx: Transaction, case: Record) -> bool:
    """A cancellation is undone: its fact no longer counts; whether there was one."""
    return bool(take_back(tx, case, t.fact.c.kind == CANCELLED))

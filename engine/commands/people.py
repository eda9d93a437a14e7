"""The person whom a case is about: known again by the number of their card."""

from collections.abc import Mapping
from typing import Any

from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction
from processes.procedure import Procedure


def of(tx: Transaction, procedure: Procedure, values: Mapping[str, Any]) -> int | None:
    """Who stands where `[subject] identity` points; None where nobody is named there."""
    found: Any = values
    for step in [*procedure.subject.split("/"), "cin"] if procedure.subject else ():
        found = found.get(step) if isinstance(found, Mapping) else None
    if not procedure.subject or not found:
        return None
    known = tx.store.one(t.person, identifier=found)
    if known is not None:
        return int(known.id)
    return int(tx.store.add(t.person, kind="citizen", identifier=found, created_at=tx.now))


def corrected(
    tx: Transaction, procedure: Procedure, case: Record, values: Mapping[str, Any]
) -> Record:
    """The case, which with its personal values goes to who its subject is after a correction.

    Whoever was only ever named by mistake is forgotten.
    """
    root = procedure.subject.split("/")[0]
    if not root or root not in values:
        return case
    person, before = of(tx, procedure, values), case.person_id
    if person == before:
        return case
    tx.store.change(t.case, case.id, person_id=person)
    kept = t.personal.c
    tx.store.change_all(
        t.personal, kept.case_id == case.id, kept.person_id.is_not_distinct_from(before),
        person_id=person,
    )  # fmt: skip
    if before is not None and tx.store.count(t.case, t.case.c.person_id == before) == 0:
        tx.store.remove(t.person, t.person.c.id == before)
    return tx.store.case_by_id(case.id)

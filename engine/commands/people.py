"""The person whom a case is about: known again by the number of their card."""

from collections.abc import Mapping
from typing import Any

from engine.settings import LANGUAGES
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction
from processes.procedure import Procedure

# As the table has them: a longer answer is no address.
_LONGEST = {"mail": 254, "phone": 40, "language": 2}


def of(tx: Transaction, procedure: Procedure, values: Mapping[str, Any]) -> int | None:
    """Who stands where `[subject] identity` points; None where nobody is named there.

    Where `[notice]` points to an answer, the person is reached there from now on.
    """
    person = _known(tx, procedure, values)
    if person is not None:
        given = {name: value for name, value in _address(procedure, values).items() if value}
        _reach(tx, person, given)
    return person


def _known(tx: Transaction, procedure: Procedure, values: Mapping[str, Any]) -> int | None:
    found = _at(values, f"{procedure.subject}/cin") if procedure.subject else None
    if not found:
        return None
    known = tx.store.one(t.person, identifier=found)
    if known is not None:
        return int(known.id)
    return int(tx.store.add(t.person, kind="citizen", identifier=found, created_at=tx.now))


def _at(values: Mapping[str, Any], pointer: str) -> Any:
    found: Any = values
    for step in pointer.split("/"):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _address(procedure: Procedure, values: Mapping[str, Any]) -> dict[str, str | None]:
    """Where answers say that the person is reached; None where they do not say it."""
    found: dict[str, str | None] = {}
    for name, pointer in _pointers(procedure).items():
        given = _at(values, pointer)
        fits = isinstance(given, str) and 0 < len(given) <= _LONGEST[name]
        found[name] = given if fits else None
    if found.get("language") not in LANGUAGES:
        found.pop("language", None)
    return found


def _pointers(procedure: Procedure) -> dict[str, str]:
    notice = procedure.notice
    if notice is None:
        return {}
    every = {"mail": notice.mail, "phone": notice.phone, "language": notice.language}
    return {name: pointer for name, pointer in every.items() if pointer}


def _reach(tx: Transaction, person: int, address: Mapping[str, str | None]) -> None:
    """Write where a person is reached; what is the same is not written again."""
    known = tx.store.one(t.contact, person_id=person)
    if known is None:
        if any(address.values()):
            tx.store.add(t.contact, person_id=person, **{"language": LANGUAGES[0], **address})
        return
    changed = {name: value for name, value in address.items() if value != known._mapping[name]}
    if changed.keys() & {"mail", "phone"}:
        changed["failing_at"] = None
    if changed:
        tx.store.change(t.contact, known.id, **changed)


def corrected(
    tx: Transaction, procedure: Procedure, case: Record, held: Mapping[str, Any],
    values: Mapping[str, Any],
) -> Record:  # fmt: skip
    """The case, which with its personal values goes to who its subject is after a correction.

    `held` are the case's values before it, sealed. Whoever was only ever named by mistake is
    forgotten, and is no longer reached where this case said it.
    """
    root = procedure.subject.split("/")[0]
    person = before = case.person_id
    if root and root in values:
        person = _known(tx, procedure, values)
    asked = {pointer.split("/")[0] for pointer in _pointers(procedure).values()}
    if person != before or asked & values.keys():
        old = tx.unseal(case.id, held)
        if before is not None and person != before:
            _taken_back(tx, before, _address(procedure, old))
        if person is not None:
            _reach(tx, person, _address(procedure, {**old, **values}))
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


def _taken_back(tx: Transaction, person: int, address: Mapping[str, str | None]) -> None:
    """Reach somebody no longer where another was meant."""
    known = tx.store.one(t.contact, person_id=person)
    if known is not None:
        mistaken = {n for n in ("mail", "phone") if known._mapping[n] == address.get(n)}
        _reach(tx, person, dict.fromkeys(mistaken))

"""Offices: a tree under the commune, loaded from the facts of a city."""

from dataclasses import dataclass
from typing import Any

from engine.permissions import HOUSE
from engine.store import tables as t
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office: official code, short name in references, names."""

    code: str
    short: str
    name_fr: str
    name_ar: str


def load(tx: Transaction, city: dict[str, Any]) -> tuple[OfficeRow, ...]:
    """Bring in the commune and its arrondissements; those that are there stay as they are."""
    root = {**city["root"], "name_fr": city["name_fr"], "name_ar": city["name_ar"]}
    top = _ensure(tx, root, None, city["source"])
    for code, short, name_fr, name_ar in city["arrondissements"]:
        row = {"code": code, "short": short, "name_fr": name_fr, "name_ar": name_ar}
        _ensure(tx, row, top, city["source"])
    return listing(tx)


def listing(tx: Transaction) -> tuple[OfficeRow, ...]:
    """Every office, by code."""
    rows = tx.store.rows(t.office, order=[t.office.c.code])
    return tuple(OfficeRow(r.code, r.short, r.name_fr, r.name_ar) for r in rows)


def mine(tx: Transaction) -> tuple[OfficeRow, ...]:
    """The offices in which the actor holds a role of a procedure, by code."""
    roles = tx.actor.grants.keys() - HOUSE
    held = frozenset().union(*(tx.actor.grants[role] for role in roles))
    rows = tx.store.rows(t.office, t.office.c.id.in_(held), order=[t.office.c.code])
    return tuple(OfficeRow(r.code, r.short, r.name_fr, r.name_ar) for r in rows)


def _ensure(tx: Transaction, row: dict[str, str], parent: int | None, source: str) -> int:
    found = tx.store.one(t.office, code=row["code"])
    if found is not None:
        return int(found.id)
    key = tx.store.add(t.office, **row, parent_id=parent, path="", source=source)
    above = tx.store.one(t.office, id=parent) if parent else None
    tx.store.change(t.office, key, path=f"{above.path if above else '/'}{key}/")
    return int(key)

"""What a database is: its city, whether its numbers are specimens, and the first accounts."""

from dataclasses import dataclass
from typing import Any

from engine.commands import actors, offices, years
from engine.permissions import ADMINISTRATOR, AUDITOR, EXTERNAL
from engine.store import tables as t
from engine.transaction import Transaction

_ROLES = {ADMINISTRATOR: "Administrateur", AUDITOR: "Auditeur", EXTERNAL: "Programme externe"}


@dataclass(frozen=True, slots=True)
class Initialised:
    """A database that is ready: its city and how many offices it has."""

    city: str
    offices: int
    specimen: bool


def initialise(
    tx: Transaction, city: dict[str, Any], calendar: dict[str, Any], administrator: str,
    specimen: bool,
) -> Initialised:  # fmt: skip
    """Load a city, its offices and calendar, the house roles and the first administrator.

    Once is enough; again, it adds what a later version of the program brings. A database keeps what
    it is: a specimen never becomes real, nor the other way.
    """
    marked = tx.store.one(t.installation, name="specimen")
    if marked is None:
        facts = {"specimen": "yes" if specimen else "no", "founded": tx.now.isoformat()}
        facts |= {"city_fr": city["name_fr"], "city_ar": city["name_ar"]}
        facts |= {"place_fr": city["place_fr"], "place_ar": city["place_ar"]}
        facts |= {name: city[name] for name in ("zone", "district_fr", "district_ar")}
        tx.store.add_all(t.installation, [{"name": k, "value": v} for k, v in facts.items()])
    if tx.store.one(t.installation, name="calendar") is None:
        tx.store.add(t.installation, name="calendar", value=calendar["name"])
    for key, name in _ROLES.items():
        if tx.store.one(t.role, key=key) is None:
            tx.store.add(t.role, key=key, name=name)
    loaded = offices.load(tx, city)
    years.load(tx, calendar)
    if tx.store.one(t.actor, login=administrator) is None:
        actors.add(tx, administrator, administrator)
    actors.grant(tx, administrator, ADMINISTRATOR, city["root"]["short"])
    kept = marked.value == "yes" if marked is not None else specimen
    return Initialised(city["name_fr"], len(loaded), kept)


def status(tx: Transaction) -> Initialised:
    """What the database is: its city, its offices, whether its numbers are specimens."""
    facts = {row.name: row.value for row in tx.store.rows(t.installation)}
    count = len(tx.store.rows(t.office))
    return Initialised(facts.get("city_fr", ""), count, facts.get("specimen") == "yes")

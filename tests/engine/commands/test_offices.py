"""Offices: a tree under the commune, brought in once and completed later."""

from typing import Any

from engine.commands import offices
from engine.engine import Engine
from engine.store import tables as t
from processes.catalogue import city
from tests.conftest import ADMIN
from tests.engine.test_engine import rows

CASABLANCA = city("casablanca")


def tree(engine: Engine) -> dict[str, str]:
    """Each office's short name, and those above it down from the commune."""
    found = {row.id: row for row in rows(engine, t.office)}

    def named(row: Any) -> str:
        return "/".join(found[int(key)].short for key in row.path.strip("/").split("/"))

    return {row.short: named(row) for row in found.values()}


def test_every_district_lies_below_the_commune(engine: Engine) -> None:
    found = tree(engine)
    assert found.pop("CAS") == "CAS"
    assert len(found) == 16
    assert all(path == f"CAS/{short}" for short, path in found.items())


def test_offices_are_listed_by_code_with_both_names(engine: Engine) -> None:
    listed = engine.read(ADMIN, offices.listing)
    assert [row.code for row in listed] == sorted(row.code for row in listed)
    assert listed[2] == offices.OfficeRow("06.141.01.03", "MAR", "Maârif", "المعاريف")


def test_a_later_load_adds_what_is_new_and_leaves_the_rest(engine: Engine) -> None:
    before = rows(engine, t.office)
    new = ["06.141.01.99", "NEW", "Nouveau", "جديد"]
    renamed = ["06.141.01.03", "XXX", "Autre nom", "اسم"]
    more = {"arrondissements": [*CASABLANCA["arrondissements"], new, renamed]}
    listed = engine.run(ADMIN, offices.load, CASABLANCA | more)
    assert len(listed) == 18
    assert [row for row in rows(engine, t.office) if row in before] == before
    assert tree(engine)["NEW"] == "CAS/NEW"

"""What the scenarios of the certified copy do not say: one fact in one wording, two people."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from decisions import dmn
from engine.commands import cases, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.transaction import By
from tests.conftest import bundle, deploy

APPLICATION = {
    "applicant": {
        "name_fr": "Fatima-Zahra Bennani", "name_ar": "فاطمة الزهراء بناني", "cin": "BX000001",
    },
    "original_kind": "diplome", "issuer": "Université Hassan II", "original_date": "2019-07-15",
    "pages": 2, "copies": 3, "destination": "prive",
}  # fmt: skip
EXAMINED = {
    "papers": ["original", "copies", "cnie"], "presented": "original", "others_card": False,
    "altered": False, "defence_secret": False,
}  # fmt: skip
FILES = bundle("certified_copy").files


def reasons(table: str) -> set[str]:
    """The reasons that the rules of a table write, by their text."""
    found = set()
    for part in FILES[f"{table}.dmn"].decode().split("<outputEntry><text>")[1:]:
        cell = part.split("</text>")[0]
        if cell.startswith('"') and cell.strip('"') not in ("accept", "complement", "refuse"):
            found.add(cell.strip('"'))
    return found


def test_the_fee_of_the_table_is_the_fee_of_the_facts() -> None:
    [fee] = bundle("certified_copy").procedure.fees
    table = dmn.read(FILES["fee.dmn"]).decisions["fee"]
    for copies in (1, 10):
        given = {"copies": Decimal(copies)}
        assert table.evaluate(given).value == fee.amount * copies
    assert table.evaluate({"copies": Decimal(11)}).value is None


def test_the_form_takes_as_many_copies_as_the_fee_counts() -> None:
    asked = json.loads(FILES["forms/application.json"])["properties"]["copies"]
    assert (asked["minimum"], asked["maximum"]) == (1, 10)
    assert b"[1..10]" in FILES["fee.dmn"]


@pytest.mark.parametrize("table", ["admissibility", "conformity"])
def test_every_reason_of_a_table_has_its_sentence_in_both_languages(table: str) -> None:
    template = FILES["templates/refus.html"].decode()
    assert reasons(table)
    for reason in reasons(table):
        assert template.count(f'"{reason}":') == 2, reason


def test_a_refusal_tells_the_appeal_in_the_words_of_the_facts() -> None:
    opened = bundle("certified_copy")
    appeal, template = opened.procedure.appeal, FILES["templates/refus.html"].decode()
    assert appeal is not None
    assert appeal.text in template
    assert opened.translations.text(appeal.text, "ar") in template


def test_whoever_examined_neither_compares_nor_signs(
    engine: Engine, hire: Callable[..., By]
) -> None:
    deploy(engine, "certified_copy")
    both = hire("nadia", "guichet", "legalisateur")
    begun = engine.run(both, cases.start, "certified_copy", APPLICATION, "MAR")
    examined = engine.run(both, tasks.complete, begun.tasks[0], EXAMINED)
    compared: dict[str, Any] = {"pages_compared": 2, "comparison": "conforme"}
    with pytest.raises(EngineError) as caught:
        engine.run(both, tasks.complete, examined.opened[0], compared)
    assert caught.value.code == "separation_of_duties"
    other = hire("omar", "legalisateur")
    assert engine.run(other, tasks.complete, examined.opened[0], compared).opened

"""What the scenarios of the birth record do not say: what stays personal, facts in one wording."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from decisions import dmn
from engine.commands import cases, tasks
from engine.engine import Engine
from engine.history import chain
from engine.runtime.values import Sealed
from engine.store import tables as t
from engine.transaction import By
from tests.conftest import bundle, deploy

APPLICATION = {
    "requester": {"name_fr": "Khadija El Amrani", "name_ar": "خديجة العمراني", "cin": "BK000002"},
    "link": "conjoint", "birth_date": "1990-05-12",
    "holder": {"name_fr": "Youssef El Amrani", "name_ar": "يوسف العمراني"},
    "record": {"office": "MAR", "number": "1207", "year": 1990},
    "copy_kind": "extrait", "language": "ar_fr", "copies": 2,
}  # fmt: skip
EXAMINED = {
    "papers": ["cnie"], "identity_checked": True, "link_proved": True, "deceased": False,
    "kafala": True,
}  # fmt: skip
FILES = bundle("birth_record_extract").files


def bodies(engine: Engine) -> list[dict[str, Any]]:
    with engine._database.connect() as connection:
        rows = connection.execute(select(t.event.c.body).order_by(t.event.c.seq))
        return [chain.decode(row.body) for row in rows]


def test_history_tells_that_the_registrar_must_look_and_never_why(
    engine: Engine, hire: Callable[..., By]
) -> None:
    deploy(engine, "birth_record_extract")
    desk = hire("nadia", "guichet")
    begun = engine.run(desk, cases.start, "birth_record_extract", APPLICATION, "MAR")
    engine.run(desk, tasks.complete, begun.tasks[0], EXAMINED)
    examined = bodies(engine)[-1]
    values, outcome = examined["values"], examined["outcome"]
    assert {type(values[name]) for name in ("kafala", "deceased")} == {Sealed}
    assert outcome["derived"] == [["Qualify", "needs_officer", True]]
    [[_, _, decided, _]] = outcome["decisions"]
    assert decided == {"outcome": "officer", "reason": "situation_protegee"}


def test_the_case_is_known_by_who_asks_for_it(engine: Engine, hire: Callable[..., By]) -> None:
    deploy(engine, "birth_record_extract")
    desk = hire("nadia", "guichet")
    begun = engine.run(desk, cases.start, "birth_record_extract", APPLICATION, "MAR")
    for text in ("khadija", "خديجة", "BK000002", "youssef el amrani"):
        found = engine.read(desk, cases.search, text).items
        assert [row.reference for row in found] == [begun.reference], text


def test_the_fee_of_the_table_is_the_fee_of_the_facts() -> None:
    [fee] = bundle("birth_record_extract").procedure.fees
    table = dmn.read(FILES["fee.dmn"]).decisions["fee"]
    for copies in (1, 5):
        assert table.evaluate({"copies": Decimal(copies)}).value == fee.amount * copies


def test_every_reason_for_a_refusal_has_its_sentence_in_both_languages() -> None:
    template = FILES["templates/refus.html"].decode()
    table = dmn.read(FILES["right_to_copy.dmn"]).decisions["right_to_copy"]
    for proved, officer, kind, link in (
        (False, False, "extrait", "conjoint"), (True, True, "extrait", "conjoint"),
        (True, False, "integrale", "autre"), (True, False, "integrale", "mandataire"),
        (True, False, "extrait", "autre"),
    ):  # fmt: skip
        given = {"link_proved": proved, "needs_officer": officer, "copy_kind": kind, "link": link}
        verdict = table.evaluate(given).value
        assert isinstance(verdict, dict)
        assert template.count(f'"{verdict["reason"]}":') == 2, verdict


def test_a_refusal_tells_the_appeal_in_the_words_of_the_facts() -> None:
    opened = bundle("birth_record_extract")
    appeal, template = opened.procedure.appeal, FILES["templates/refus.html"].decode()
    assert appeal is not None
    assert appeal.text in template
    assert opened.translations.text(appeal.text, "ar") in template

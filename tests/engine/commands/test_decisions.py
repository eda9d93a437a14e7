"""Why a case was decided as it was: told from its history, sealed where it shows a person."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete

from engine.commands import cases, decisions
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from tests.decisions.models import decision, given, model, table, text
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import refused
from tests.runtime.models import START, ends, flows, node

SIZE = table("FIRST", ["n", "double"], [("> 3", "-", '"large"'), ("-", "> 1", '"small"')])
NAMED = table("UNIQUE", ["name"], [('"Fatima-Zahra Bennani"', "true")])
MODEL = model(
    given("n", "number"),
    given("name", "string"),
    decision("double", text("n * 2"), ["#i_n"]),
    decision("size", SIZE, ["#i_n", "#double"]),
    decision("known", NAMED, ["#i_name"]),
)


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(
        engine,
        START,
        node("businessRuleTask", "D1", mq__decision="size", mq__result="size"),
        node("businessRuleTask", "D2", mq__decision="known", mq__result="known"),
        ends("E"),
        flows("S > D1 > D2 > E"),
        files={"rules.dmn": MODEL},
        toml='[data]\nfacts = ["known"]\n',
    )
    return hire("nadia", "desk")


def told(engine: Engine, by: By, reference: str, name: str = "") -> tuple[Any, ...]:
    return engine.read(by, decisions.explain, reference, name)


def test_a_decision_is_told_with_what_it_required(engine: Engine, desk: By) -> None:
    reference = start(engine, desk).reference
    (size,) = told(engine, desk, reference, "size")
    before, last = size.parts
    assert (before.decision, before.value) == ("double", Decimal(2))
    assert (last.value, last.inputs) == ("small", (("Nombre", Decimal(1)), ("double", Decimal(2))))


def test_the_rule_that_fitted_is_told_as_the_table_writes_it(engine: Engine, desk: By) -> None:
    (size,) = told(engine, desk, start(engine, desk).reference, "size")
    (rule,) = size.parts[-1].rules
    assert (rule.id, rule.number, rule.note) == ("r2", 2, "note 2")
    assert rule.conditions == (("double", "> 1"),)
    assert rule.results == (("out", '"small"'),)


def test_a_case_tells_all_its_decisions_in_order(engine: Engine, desk: By) -> None:
    found = told(engine, desk, start(engine, desk).reference)
    assert [one.parts[-1].decision for one in found] == ["size", "known"]


def test_the_history_names_the_rules(engine: Engine, desk: By) -> None:
    (begun, *_) = engine.read(desk, cases.history, start(engine, desk).reference)
    assert begun.rules == (("D1", 2, "note 2"), ("D2", 1, "note 1"))


def test_what_rested_on_a_personal_value_is_sealed_and_goes_with_it(
    engine: Engine, desk: By
) -> None:
    reference = start(engine, desk).reference
    (known,) = told(engine, desk, reference, "known")
    assert known.parts[-1].inputs == (("Nom", "Fatima-Zahra Bennani"),)
    assert not known.erased
    with engine._begin(writes=True) as connection:
        bodies = [row.body for row in connection.execute(t.event.select())]
        connection.execute(delete(t.personal))
    assert not any(b"Bennani" in body for body in bodies)
    (known,) = told(engine, desk, reference, "known")
    assert known.erased
    assert known.parts[-1].value is True
    assert known.parts[-1].inputs == ()
    assert engine.read(desk, cases.replay, reference).ok


def test_a_decision_that_the_procedure_has_not_is_refused(engine: Engine, desk: By) -> None:
    reference = start(engine, desk).reference
    refused("unknown_decision", lambda: told(engine, desk, reference, "nothing"))

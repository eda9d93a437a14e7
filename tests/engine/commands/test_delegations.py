"""Delegations of signature: for what act, where, from which day to which."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.commands import delegations, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import refused, rows
from tests.runtime.models import START, ends, flows, node

SIGNS = (START, node("userTask", "A", mq__delegation="sign"), ends("E"), flows("S > A > E"))
TODAY = date(2026, 3, 2)


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *SIGNS)
    return hire("nadia", "desk")


def order(engine: Engine, **how: Any) -> int:
    given = {
        "act": "sign",
        "to": "nadia",
        "office": "MAR",
        "order": "12/2026",
        "since": TODAY,
    } | how
    return engine.run(ADMIN, delegations.add, **given).id


def sign(engine: Engine, by: By, office: str = "MAR") -> tasks.Completed:
    return engine.run(by, tasks.complete, start(engine, by, office=office).tasks[0], {})


def test_an_act_that_needs_one_is_refused_without(engine: Engine, desk: By) -> None:
    error = refused("no_delegation", lambda: sign(engine, desk))
    assert error.details["act"] == "sign"
    assert [row.status for row in rows(engine, t.task)] == ["open"]


def test_the_order_stands_in_the_history_of_what_was_signed(engine: Engine, desk: By) -> None:
    order(engine)
    assert sign(engine, desk).ended == "completed"
    assert b'"order":"12/2026"' in rows(engine, t.event)[-1].body


@pytest.mark.parametrize(
    "how",
    [{"act": "other"}, {"to": "admin"}, {"office": "ANF"}, {"since": date(2026, 3, 3)},
     {"since": date(2026, 1, 1), "until": date(2026, 3, 1)}],
)  # fmt: skip
def test_another_act_person_office_or_time_does_not_do(
    engine: Engine, desk: By, how: dict[str, Any]
) -> None:
    order(engine, **how)
    refused("no_delegation", lambda: sign(engine, desk))


@pytest.mark.parametrize("how", [{"office": "CAS"}, {"until": TODAY}, {"since": date(2020, 1, 1)}])
def test_an_order_holds_below_its_office_and_on_its_first_and_last_day(
    engine: Engine, desk: By, how: dict[str, Any]
) -> None:
    order(engine, **how)
    assert sign(engine, desk).ended == "completed"


def test_a_day_is_a_day_of_the_city(engine: Engine, desk: By, clock: Clock) -> None:
    order(engine, since=date(2026, 7, 2))
    clock.now = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    refused("no_delegation", lambda: sign(engine, desk))
    clock.now = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert sign(engine, desk).ended == "completed"


def test_an_order_that_was_ended_holds_to_its_last_day(
    engine: Engine, desk: By, clock: Clock
) -> None:
    key = order(engine)
    engine.run(ADMIN, delegations.end, key, TODAY, "mutation")
    assert sign(engine, desk).ended == "completed"
    clock.move(days=1)
    refused("no_delegation", lambda: sign(engine, desk))


def test_a_second_order_takes_over_where_the_first_has_ended(
    engine: Engine, desk: By, clock: Clock
) -> None:
    order(engine, until=TODAY)
    order(engine, order="13/2026", since=date(2026, 3, 3))
    clock.move(days=1)
    sign(engine, desk)
    assert b'"order":"13/2026"' in rows(engine, t.event)[-1].body


def test_an_order_that_has_ended_is_not_brought_back_by_ending_it_later(
    engine: Engine, desk: By
) -> None:
    key = order(engine)
    engine.run(ADMIN, delegations.end, key, date(2026, 3, 1), "mutation")
    later = (delegations.end, key, date(2026, 6, 30), "erreur")
    refused("bad_value", lambda: engine.run(ADMIN, *later))
    refused("no_delegation", lambda: sign(engine, desk))


def test_what_is_not_an_order_is_refused(engine: Engine, desk: By) -> None:
    refused("unknown_actor", lambda: order(engine, to="ghost"))
    refused("unknown_office", lambda: order(engine, office="XXX"))
    refused("reason_missing", lambda: order(engine, order="  "))
    refused("bad_value", lambda: order(engine, until=date(2026, 3, 1)))
    for name, longest in (("act", 60), ("order", 80)):
        refused("bad_value", lambda n=name, k=longest: order(engine, **{n: "x" * (k + 1)}))  # type: ignore[misc]
    refused("unknown_delegation", lambda: engine.run(ADMIN, delegations.end, 9, TODAY, "x"))
    key = order(engine)
    refused("reason_missing", lambda: engine.run(ADMIN, delegations.end, key, TODAY, " "))
    assert len(engine.read(ADMIN, delegations.listing)) == 1


def test_orders_are_listed_past_ones_too(engine: Engine, desk: By) -> None:
    one = order(engine, until=date(2026, 12, 31))
    two = order(engine, act="other", office="CAS", order="14/2026")
    engine.run(ADMIN, delegations.end, two, date(2026, 6, 30), "mutation")
    row = delegations.DelegationRow
    assert engine.read(ADMIN, delegations.listing) == (
        row(one, "sign", "nadia", "MAR", "12/2026", TODAY, date(2026, 12, 31), None),
        row(two, "other", "nadia", "CAS", "14/2026", TODAY, None, date(2026, 6, 30)),
    )
    assert [r.id for r in engine.read(ADMIN, delegations.listing, "other")] == [two]


def test_the_administrator_of_one_office_delegates_nothing_in_another(
    engine: Engine, desk: By, hire: Hire
) -> None:
    local = hire("amine", "administrator", office="MAR")
    key = order(engine, office="ANF")
    given = ("sign", "nadia", "ANF", "15/2026", TODAY)
    refused("not_your_role", lambda: engine.run(local, delegations.add, *given))
    refused("not_your_role", lambda: engine.run(local, delegations.end, key, TODAY, "x"))
    mine = ("sign", "nadia", "MAR", "15/2026", TODAY)
    done = engine.run(local, delegations.add, *mine)
    assert engine.run(local, delegations.end, done.id, TODAY, "x") == done

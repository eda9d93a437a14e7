"""Accounts and roles: who is there, what they hold where, who may give it."""

import pytest

from engine.commands import actors, cases
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.founding import FOUNDER
from tests.conftest import ADMIN
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import refused, rows


def held(engine: Engine, login: str) -> list[str]:
    return next(row.roles for row in engine.read(ADMIN, actors.listing) if row.login == login)


def test_an_account_is_added_and_listed_with_its_roles(engine: Engine, hire: Hire) -> None:
    deploy(engine)
    engine.run(ADMIN, actors.add, "nadia", "Nadia Alaoui")
    engine.run(ADMIN, actors.grant, "nadia", "desk", "MAR")
    engine.run(ADMIN, actors.grant, "nadia", "chief", "ANF")
    listed = engine.read(ADMIN, actors.listing)
    assert [row.login for row in listed] == ["admin", "nadia", "system"]
    assert listed[1] == actors.ActorRow(
        "nadia", "Nadia Alaoui", "person", ["desk@MAR", "chief@ANF"]
    )


def test_nobody_is_added_twice(engine: Engine, hire: Hire) -> None:
    hire("nadia")
    refused("already_exists", lambda: engine.run(ADMIN, actors.add, "nadia", "Nadia"))
    refused("already_exists", lambda: engine.run(ADMIN, actors.add, "system", "Sys"))


@pytest.mark.parametrize("login", ["", "  ", "two words", "x" * 81, "tab\there", "nul\0"])
def test_a_login_that_nobody_could_type_is_refused(engine: Engine, login: str) -> None:
    refused("bad_value", lambda: engine.run(ADMIN, actors.add, login, "Nadia"))


@pytest.mark.parametrize("name", ["", " ", "x" * 201])
def test_a_name_is_asked(engine: Engine, name: str) -> None:
    refused("bad_value", lambda: engine.run(ADMIN, actors.add, "nadia", name))


@pytest.mark.parametrize("act", [actors.grant, actors.revoke])
def test_whom_what_and_where_must_be_known(engine: Engine, act: object) -> None:
    run = lambda *given: engine.run(ADMIN, act, *given)  # type: ignore[arg-type]  # noqa: E731
    refused("unknown_actor", lambda: run("ghost", "auditor", "MAR"))
    refused("unknown_office", lambda: run("admin", "auditor", "XXX"))
    refused("unknown_role", lambda: run("admin", "juggler", "MAR"))


def test_a_role_given_twice_is_held_once_and_taken_back_once(engine: Engine, hire: Hire) -> None:
    hire("nadia")
    for _ in range(2):
        engine.run(ADMIN, actors.grant, "nadia", "auditor", "MAR")
    assert held(engine, "nadia") == ["auditor@MAR"]
    for _ in range(2):
        engine.run(ADMIN, actors.revoke, "nadia", "auditor", "MAR")
    assert held(engine, "nadia") == []


def test_a_grant_that_was_revoked_stays_on_record(engine: Engine, hire: Hire) -> None:
    hire("nadia", "auditor")
    engine.run(ADMIN, actors.revoke, "nadia", "auditor", "MAR")
    engine.run(ADMIN, actors.grant, "nadia", "auditor", "MAR")
    [first, second] = [row for row in rows(engine, t.actor_role) if row.role == "auditor"]
    assert (first.revoked_at is None, second.revoked_at) == (False, None)


def test_a_role_holds_in_the_offices_below_and_nowhere_else(engine: Engine, hire: Hire) -> None:
    deploy(engine)
    above, below = hire("hind", "desk", office="CAS"), hire("nadia", "desk", office="MAR")
    assert start(engine, above, office="ANF").reference.startswith("TST-ANF")
    refused("not_your_role", lambda: start(engine, below, office="ANF"))


def test_a_role_taken_back_counts_at_once(engine: Engine, hire: Hire) -> None:
    deploy(engine)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    engine.run(ADMIN, actors.revoke, "nadia", "desk", "MAR")
    refused("not_permitted", lambda: engine.run(desk, cases.note, begun.reference, "x"))


def test_a_closed_account_acts_no_more_and_its_acts_keep_its_name(
    engine: Engine, hire: Hire
) -> None:
    deploy(engine)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    for _ in range(2):
        engine.run(ADMIN, actors.disable, "nadia")
    refused("actor_disabled", lambda: start(engine, desk))
    refused("actor_disabled", lambda: engine.read(desk, actors.listing))
    reader = hire("omar", "desk")
    assert engine.read(reader, cases.history, begun.reference)[0].name == "Nadia"


def test_an_account_is_closed_by_who_administers_all_its_offices(
    engine: Engine, hire: Hire
) -> None:
    near = hire("salma", "administrator", office="MAR")
    hire("nadia", "auditor", office="ANF")
    refused("not_your_role", lambda: engine.run(near, actors.disable, "nadia"))
    refused("not_your_role", lambda: engine.run(near, actors.disable, "admin"))
    hire("omar", "auditor", office="MAR")
    assert engine.run(near, actors.disable, "omar").login == "omar"


@pytest.mark.parametrize("login", ["admin", "system"])
def test_nobody_closes_their_own_account_or_the_houses(engine: Engine, login: str) -> None:
    refused("not_permitted", lambda: engine.run(ADMIN, actors.disable, login))


def test_an_account_that_is_not_there_is_not_closed(engine: Engine) -> None:
    refused("unknown_actor", lambda: engine.run(ADMIN, actors.disable, "ghost"))


def test_roles_are_those_of_the_house_and_those_that_procedures_brought(engine: Engine) -> None:
    deploy(engine)
    listed = {row.key: row.name for row in engine.read(ADMIN, actors.roles)}
    assert listed == {
        "administrator": "Administrateur", "auditor": "Auditeur", "desk": "Guichet",
        "chief": "Chef", "external_worker": "Programme externe",
    }  # fmt: skip


@pytest.mark.parametrize("act", [actors.grant, actors.revoke])
def test_the_administrator_of_one_office_gives_and_takes_nothing_in_another(
    engine: Engine, hire: Hire, act: object
) -> None:
    local = hire("amine", "administrator", office="MAR")
    run = lambda office: engine.run(local, act, "amine", "auditor", office)  # type: ignore[arg-type]  # noqa: E731
    assert run("MAR").office == "MAR"
    for office in ("ANF", "CAS"):
        refused("not_your_role", lambda office=office: run(office))  # type: ignore[misc]


def test_a_list_does_not_end_where_a_page_would(engine: Engine, hire: Hire) -> None:
    """The history of a case names whoever acted, however many accounts there are."""
    deploy(engine)
    people = [{"login": f"a{n:04}", "name": f"A {n}", "kind": "person"} for n in range(600)]
    with engine._database.begin() as connection:
        moment = rows(engine, t.actor)[0].created_at
        connection.execute(t.actor.insert(), [row | {"created_at": moment} for row in people])
    last = By(engine.run(FOUNDER, actors.add, "zineb", "Zineb").login)
    engine.run(FOUNDER, actors.grant, "zineb", "desk", "MAR")
    begun = start(engine, last)
    assert engine.read(last, cases.history, begun.reference)[0].name == "Zineb"
    assert engine.read(last, actors.listing)[-1].roles == ["desk@MAR"]

"""Procedures: deployed as versions, in effect from a day, withdrawn; a case stays on its own."""

from datetime import UTC, date, datetime

import pytest

from engine.commands import cases, procedures, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from processes.bundle import Bundle
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import ONE, TWO, Hire, bundle, deploy, start
from tests.engine.commands.lawful import LAW, PARTS, TOP
from tests.engine.test_engine import refused, rows
from tests.runtime.models import START, ends, flows, user


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine)
    return hire("nadia", "desk")


def test_new_files_are_a_new_version_and_the_same_files_are_not(engine: Engine) -> None:
    one, again, two = deploy(engine), deploy(engine), deploy(engine, *TWO)
    assert (one.version, again, two.version) == (1, one, 2)
    assert one.digest != two.digest
    assert deploy(engine).version == 3
    listed = engine.read(ADMIN, procedures.listing)
    assert [(row.procedure, row.version) for row in listed] == [("essai", n) for n in (1, 2, 3)]


def test_a_running_case_stays_on_the_version_it_began_with(engine: Engine, desk: By) -> None:
    old = start(engine, desk)
    deploy(engine, *TWO)
    new = start(engine, desk)
    assert [engine.read(desk, cases.show, c.reference).version for c in (old, new)] == [1, 2]
    assert engine.run(desk, tasks.complete, old.tasks[0], {}).ended == "completed"
    assert engine.run(desk, tasks.complete, new.tasks[0], {}).ended is None


def test_what_cannot_be_executed_is_refused_whole(engine: Engine) -> None:
    lost = (START, user("A", "Lost"), ends("E"), flows("S > A > E"))
    error = refused("deployment_refused", lambda: deploy(engine, *lost))
    assert [row["element"] for row in error.details["findings"]] == ["Lost"]
    refused("bundle_invalid", lambda: engine.run(ADMIN, procedures.deploy, Bundle({})))
    assert rows(engine, t.version) == []
    assert "desk" not in {row.key for row in rows(engine, t.role)}


def test_examining_finds_the_same_faults_without_a_database() -> None:
    lost = (START, user("A", "Lost"), ends("E"), flows("S > A > E"))
    assert [f.element for f in procedures.examine(bundle(*lost))][:1] == ["Lost"]
    assert [f for f in procedures.examine(bundle()) if f.severity == "error"] == []


def test_a_version_is_in_effect_from_its_day_in_the_city(
    engine: Engine, desk: By, clock: Clock
) -> None:
    engine.run(ADMIN, procedures.deploy, bundle(*TWO), date(2026, 7, 1))
    begun = lambda: engine.read(desk, cases.show, start(engine, desk).reference).version  # noqa: E731
    clock.now = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert begun() == 1
    clock.now = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert begun() == 2


def test_before_its_first_day_a_procedure_begins_no_case(engine: Engine, hire: Hire) -> None:
    engine.run(ADMIN, procedures.deploy, bundle(), date(2026, 7, 1))
    desk = hire("nadia", "desk")
    refused("withdrawn", lambda: start(engine, desk))
    refused("withdrawn", lambda: engine.read(desk, procedures.show, "essai"))
    assert engine.read(desk, procedures.show, "essai", 1).effective == date(2026, 7, 1)


def test_a_withdrawn_version_begins_no_case_and_those_that_run_go_on(
    engine: Engine, desk: By
) -> None:
    old = start(engine, desk)
    deploy(engine, *TWO)
    assert engine.run(ADMIN, procedures.withdraw, "essai", 2, "tarif").version == 2
    assert engine.read(desk, cases.show, start(engine, desk).reference).version == 1
    engine.run(ADMIN, procedures.withdraw, "essai", 1, "tarif")
    refused("withdrawn", lambda: start(engine, desk))
    assert engine.run(desk, tasks.complete, old.tasks[0], {}).ended == "completed"


def test_files_that_were_withdrawn_are_deployed_again_as_a_new_version(
    engine: Engine, desk: By
) -> None:
    engine.run(ADMIN, procedures.withdraw, "essai", 1, "suspendu par la commune")
    assert deploy(engine).version == 2
    assert start(engine, desk).reference == "TST-MAR-2026-000001"


def test_a_withdrawal_has_a_reason_and_a_version(engine: Engine, desk: By) -> None:
    withdraw = procedures.withdraw
    refused("reason_missing", lambda: engine.run(ADMIN, withdraw, "essai", 1, " "))
    refused("unknown_version", lambda: engine.run(ADMIN, withdraw, "essai", 9, "x"))
    refused("unknown_version", lambda: engine.run(ADMIN, withdraw, "nothing", 1, "x"))
    assert rows(engine, t.version)[0].withdrawn_at is None


def test_a_version_is_shown_with_its_form(engine: Engine, desk: By) -> None:
    deploy(engine, *TWO)
    shown = engine.read(desk, procedures.show, "essai")
    assert (shown.version, shown.name, shown.withdrawn_at) == (2, "Essai", None)
    assert shown.form is not None
    assert "procedure.bpmn" in shown.files
    assert engine.read(desk, procedures.show, "essai", 1).version == 1
    refused("unknown_procedure", lambda: engine.read(desk, procedures.show, "nothing"))
    refused("unknown_version", lambda: engine.read(desk, procedures.show, "essai", 9))


def test_what_was_exported_deploys_elsewhere_with_the_same_digest(engine: Engine, desk: By) -> None:
    out = engine.read(desk, procedures.export, "essai")
    assert out == engine.read(desk, procedures.export, "essai", 1)
    again = Bundle.unzip(out.archive)
    assert again.digest == out.digest
    assert engine.run(ADMIN, procedures.deploy, again).version == 1
    refused("unknown_procedure", lambda: engine.read(desk, procedures.export, "nothing"))


def test_the_roles_of_a_procedure_come_with_it(engine: Engine) -> None:
    deploy(engine, *ONE)
    assert {"desk", "chief"} <= {row.key for row in rows(engine, t.role)}


@pytest.mark.parametrize("key", ["administrator", "auditor", "system", "staff"])
def test_a_procedure_brings_no_role_of_the_house(engine: Engine, key: str) -> None:
    """A lane called administrator would make its clerks administrators, or the other way round."""
    made = bundle()
    facts = made.files["procedure.toml"].replace(b"[roles.chief]", f"[roles.{key}]".encode())
    spoiled = Bundle({**made.files, "procedure.toml": facts})
    refused("bad_value", lambda: engine.run(ADMIN, procedures.deploy, spoiled))


def test_clocks_that_run_beyond_the_calendar_are_not_deployed(engine: Engine, clock: Clock) -> None:
    clock.now = datetime(2026, 9, 1, 9, tzinfo=UTC)
    lawful = bundle(*PARTS, top=TOP, toml=LAW)
    last = max(row.day for row in rows(engine, t.calendar_day))
    late = date(last.year, 12, 20)
    with pytest.raises(EngineError) as error:
        engine.run(ADMIN, procedures.deploy, lawful, late)
    faults = error.value.details["findings"]
    assert {(row["code"], row["element"]) for row in faults} == {
        ("clock.horizon", "clock.decision"), ("clock.horizon", "clock.appeal"),
    }  # fmt: skip
    assert engine.read(ADMIN, procedures.listing) == ()
    assert engine.run(ADMIN, procedures.deploy, lawful, date(last.year, 11, 1)).version == 1

"""The one way in: whole or not at all, repeated without harm, refused with a record."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine.commands import cases, incidents, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.runtime.errors import RuntimeRefusal
from engine.store import tables as t
from engine.transaction import By
from tests.conftest import ADMIN, Clock, deploy
from tests.engine.commands import house
from tests.runtime.models import START, ends, flows, node, user

APPLICATION = {
    "name_fr": "Fatima-Zahra Bennani",
    "name_ar": "فاطمة الزهراء بناني",
    "cin": "BX000001",
    "document_type": "procuration",
    "copies": 1,
}
SIGNED = {"present": True, "identity_checked": True}
Hire = Callable[..., By]


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, "attestation")
    return hire("nadia", "guichet", "legalisateur")


def start(engine: Engine, by: By) -> cases.Started:
    return engine.run(by, cases.start, "attestation", APPLICATION, "MAR")


def rows(engine: Engine, table: object) -> list[object]:
    with engine._database.connect() as connection:
        return list(connection.execute(select(table)))


def refused(code: str, call: Callable[[], object]) -> EngineError:
    with pytest.raises(EngineError) as caught:
        call()
    assert caught.value.code == code
    return caught.value


def test_a_case_goes_from_deposit_to_a_reserved_number(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    assert begun.reference == "ATT-MAR-2026-000001"
    done = engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    assert done.case == begun.reference
    [entry] = rows(engine, t.register_entry)
    assert entry.text == "attestation/MAR/2026/000001"
    assert engine.read(desk, cases.replay, begun.reference).ok


def test_references_are_gapless_when_a_start_is_refused(engine: Engine, desk: By) -> None:
    start(engine, desk)
    refused(
        "form_invalid",
        lambda: engine.run(desk, cases.start, "attestation", {"copies": 99}, "MAR"),
    )
    assert start(engine, desk).reference == "ATT-MAR-2026-000002"


def test_the_same_key_gives_the_same_answer_and_changes_nothing(engine: Engine, desk: By) -> None:
    once = By(desk.actor, key="k1", channel="test")
    first = start(engine, once)
    assert start(engine, once) == first
    assert len(rows(engine, t.case)) == 1


def test_the_same_key_with_other_arguments_is_a_conflict(engine: Engine, desk: By) -> None:
    once = By(desk.actor, key="k1", channel="test")
    start(engine, once)
    other = {**APPLICATION, "copies": 2}
    refused("key_reused", lambda: engine.run(once, cases.start, "attestation", other, "MAR"))


def test_a_refusal_is_not_kept_under_its_key(engine: Engine, desk: By, hire: Hire) -> None:
    begun = start(engine, desk)
    other = By(hire("omar", "legalisateur").actor, key="k2", channel="test")
    engine.run(desk, tasks.claim, begun.tasks[0])
    attempt = lambda: engine.run(other, tasks.complete, begun.tasks[0], SIGNED)  # noqa: E731
    refused("claimed_by_other", attempt)
    engine.run(desk, tasks.release, begun.tasks[0])
    assert attempt().case == begun.reference


def test_a_stored_answer_holds_nothing_personal(engine: Engine, desk: By) -> None:
    start(engine, By(desk.actor, key="k1", channel="test"))
    [answer] = rows(engine, t.answer)
    assert b"Bennani" not in answer.result


def test_a_refused_act_is_recorded_without_values(engine: Engine, desk: By, hire: Hire) -> None:
    begun = start(engine, desk)
    stranger = hire("omar", "guichet")
    refused("not_your_role", lambda: engine.run(stranger, tasks.claim, begun.tasks[0]))
    [row] = rows(engine, t.rejection)
    assert (row.actor, row.command, row.code) == ("omar", "tasks.claim", "not_your_role")
    assert row.case_id is not None


def test_a_slip_of_the_pen_is_not_recorded(engine: Engine, desk: By) -> None:
    refused("form_invalid", lambda: engine.run(desk, cases.start, "attestation", {}, "MAR"))
    refused("unknown_case", lambda: engine.read(desk, cases.show, "ATT-MAR-2026-999999"))
    assert rows(engine, t.rejection) == []


def test_whoever_is_not_registered_gets_nowhere(engine: Engine) -> None:
    refused("unknown_actor", lambda: engine.run(By("ghost"), cases.start, "x", {}, "MAR"))


def test_an_office_does_not_see_the_cases_of_another(engine: Engine, desk: By, hire: Hire) -> None:
    begun = start(engine, desk)
    elsewhere = hire("omar", "guichet", office="ANF")
    refused("unknown_case", lambda: engine.read(elsewhere, cases.show, begun.reference))
    assert engine.read(elsewhere, cases.search, "bennani").items == ()


def test_a_case_is_found_by_name_in_either_script_and_by_card(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    for text in ("BENNANI fatima", "بناني", "فاطمه", "bx000001", begun.reference.lower()):
        assert [row.reference for row in engine.read(desk, cases.search, text).items] == [
            begun.reference
        ], text
    assert engine.read(desk, cases.search, "alaoui").items == ()


def test_a_task_completes_once(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    refused("already_completed", lambda: engine.run(desk, tasks.complete, begun.tasks[0], SIGNED))


def test_a_history_does_not_run_backwards(engine: Engine, desk: By, clock: Clock) -> None:
    begun = start(engine, desk)
    clock.move(hours=-2)
    engine.run(desk, tasks.claim, begun.tasks[0])
    moments = [event.at for event in engine.read(desk, cases.history, begun.reference)]
    assert moments == sorted(moments)


@pytest.mark.parametrize("hour", [22, 23])
def test_a_day_of_effect_is_a_day_of_the_city(
    engine: Engine, clock: Clock, hire: Hire, hour: int
) -> None:
    """23:30 UTC is tomorrow in Casablanca: deployed then, a procedure is in effect at once."""
    clock.now = clock.now.replace(hour=hour, minute=30)
    deploy(engine, "attestation")
    start(engine, hire("nadia", "guichet"))


@pytest.mark.parametrize("key", ["", "  ", "k" * 121, "a\0b", "two\nlines"])
def test_a_key_that_cannot_be_kept_is_refused(engine: Engine, desk: By, key: str) -> None:
    refused("bad_value", lambda: start(engine, By(desk.actor, key=key, channel="test")))
    assert rows(engine, t.case) == []


def test_a_question_is_refused_in_the_words_of_the_house(
    engine: Engine, desk: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a package below raises is told as a refusal by either door."""
    begun = start(engine, desk)

    def failing(*_: object) -> None:
        raise RuntimeRefusal("Sign", "it cannot be read")

    monkeypatch.setattr("engine.runtime.execution.look", failing)
    refused("model_failed", lambda: engine.read(desk, cases.show, begun.reference))


# A condition that is neither true nor false.
CANNOT = (user("A", "B"), node("exclusiveGateway", "G"), ends("E"))


def test_a_model_that_cannot_go_on_refuses_the_step_and_is_an_incident_of_its_version(
    engine: Engine, hire: Hire
) -> None:
    house.deploy(engine, START, *CANNOT, flows("S > A > G", "G > B if n", "G > E if n", "B > E"))
    clerk = hire("salma", "desk")
    begun = house.start(engine, clerk)
    for _ in range(2):
        refused("model_failed", lambda: engine.run(clerk, tasks.complete, begun.tasks[0], {}))
    [row] = engine.read(ADMIN, incidents.listing)
    assert (row.element, row.procedure, row.case) == ("G", "essai v1", begun.reference)
    assert engine.read(clerk, cases.show, begun.reference).tasks[0][0] == begun.tasks[0]
    engine.run(ADMIN, incidents.resolve, row.id, "version corrected")
    assert engine.read(ADMIN, incidents.listing) == ()


def test_a_case_that_could_not_even_begin_leaves_its_refusal_only(
    engine: Engine, hire: Hire
) -> None:
    paths = flows("S > G", "G > B if n", "G > A if n", "B > E", "A > E")
    house.deploy(engine, START, *CANNOT, paths)
    clerk = hire("salma", "desk")
    refused("model_failed", lambda: house.start(engine, clerk))
    [rejection] = rows(engine, t.rejection)
    assert (rejection.code, rejection.case_id) == ("model_failed", None)
    [row] = engine.read(ADMIN, incidents.listing)
    assert (row.procedure, row.case) == ("essai v1", None)
    assert rows(engine, t.case) == []

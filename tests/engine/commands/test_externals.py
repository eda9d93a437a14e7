"""Work for programs outside: fetched by topic, held under a lease, answered once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest

from engine.commands import actors, cases, checks, externals, incidents, jobs, life
from engine.commands.externals import Work
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import Hire, bundle, deploy, start
from tests.engine.test_engine import rows
from tests.engine.work.test_calling import CATCH, ERROR, kinds, open_tasks, service
from tests.runtime.models import START, duration, ends, flows, node, user

TOPIC = "cadastre"


def asked(topic: str = TOPIC, **inputs: str) -> str:
    return service("external.work", topic=f'"{topic}"', **inputs)


def parts(*more: str, work: str = asked(who="name", n="n")) -> tuple[str, ...]:
    caught = node("boundaryEvent", "B", CATCH, attachedToRef="C")
    return (
        START,
        work,
        caught,
        user("A", "R"),
        ends("E"),
        flows("S > C > A > E", "B > R > E"),
        *more,
    )


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, *parts(), beside=ERROR, toml='[data]\npersonal = ["found"]\n')
    return hire("nadia", "desk")


@pytest.fixture
def robot(hire: Hire, desk: By) -> By:
    return hire("robot", "external_worker")


def fetch(engine: Engine, by: By, most: int = 1, *topics: str, seconds: int = 60) -> list[Work]:
    got = engine.run(by, externals.fetch, list(topics or [TOPIC]), "one", seconds, most)
    return list(engine.read(by, externals.works, got.held))


def code(engine: Engine, by: By, command: Any, *args: Any) -> str:
    with pytest.raises(EngineError) as caught:
        engine.run(by, command, *args)
    return caught.value.code


def test_a_work_is_fetched_with_its_inputs_opened_and_its_result_moves_the_case(
    engine: Engine, desk: By, robot: By
) -> None:
    case = start(engine, desk, name="Zineb Alami", n=7).reference
    assert work(engine).finished == 0
    [found] = fetch(engine, robot)
    assert (found.case, found.element, found.topic) == (case, "C", TOPIC)
    assert found.inputs == {"who": "Zineb Alami", "n": Decimal(7)}
    assert (found.attempts, len(found.key)) == (4, 64)
    assert fetch(engine, robot) == []
    done = engine.run(robot, externals.complete, found.job, found.lease, {"area": Decimal("12.5")})
    assert done.case == case
    assert open_tasks(engine, desk, case) == ["A"]
    assert engine.read(desk, cases.show, case).values["found"] == {"area": Decimal("12.5")}
    assert kinds(engine) == ["case.started", "operation.answered"]
    assert engine.read(desk, cases.history, case)[-1].actor == "robot"
    assert engine.read(desk, cases.replay, case).ok
    for table, column in ((t.job, "payload"), (t.event, "body"), (t.case, "state")):
        for row in rows(engine, table):
            assert b"Zineb" not in getattr(row, column)
            assert b"12.5" not in getattr(row, column)


def test_the_key_and_the_attempts_left_tell_a_program_where_it_stands(
    engine: Engine, desk: By, robot: By, clock: Clock
) -> None:
    start(engine, desk)
    [first] = fetch(engine, robot)
    engine.run(robot, externals.fail, first.job, first.lease, "the registry is closed")
    assert fetch(engine, robot) == []
    clock.move(hours=1)
    [again] = fetch(engine, robot)
    assert (again.key, again.attempts, again.lease) == (first.key, 3, first.lease + 1)


def test_our_own_workers_leave_it_alone_and_a_program_gets_nothing_else(
    engine: Engine, desk: By, robot: By
) -> None:
    deploy(engine, *parts(node("boundaryEvent", "T", duration("PT1H"), attachedToRef="C"),
                          flows("T > R"), work=asked()), beside=ERROR)  # fmt: skip
    start(engine, desk)
    kinds = {row.kind: row.topic for row in rows(engine, t.job)}  # type: ignore[attr-defined]
    assert kinds == {"external.work": TOPIC, "timer.fire": None}
    assert engine.run(SYSTEM, jobs.claim, "w", 60, ("external.work",)) is None
    assert len(fetch(engine, robot, 10)) == 1


def test_of_a_case_one_work_at_a_time_and_its_timers_go_on(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    split, join = node("parallelGateway", "P"), node("parallelGateway", "J")
    one = asked().replace('id="C"', 'id="C1"')
    two = asked().replace('id="C"', 'id="C2"')
    late = node("boundaryEvent", "T", duration("PT1H"), attachedToRef="C1", cancelActivity="false")
    arrows = flows("S > P > C1 > J", "P > C2 > J", "J > E", "T > A > E")
    deploy(engine, START, split, one, two, late, join, user("A"), ends("E"), arrows)
    desk, robot = hire("nadia", "desk"), hire("robot", "external_worker")
    case = start(engine, desk).reference
    [first] = fetch(engine, robot, 10, seconds=86_400)
    clock.move(days=1)
    assert work(engine).finished == 1
    assert open_tasks(engine, desk, case) == ["A"]
    engine.run(robot, externals.complete, first.job, first.lease, {})
    [second] = fetch(engine, robot, 10)
    assert second.element != first.element


def test_topics_are_served_in_the_order_in_which_they_are_named(
    engine: Engine, hire: Hire, clock: Clock
) -> None:
    for topic in ("aaa", "bbb"):
        deploy(engine, *parts(work=asked(topic)), beside=ERROR, key=topic, code=topic.upper())
    desk, robot = hire("nadia", "desk"), hire("robot", "external_worker")
    for topic in ("aaa", "aaa", "bbb"):
        start(engine, desk, topic)
        clock.move(minutes=1)
    assert [one.topic for one in fetch(engine, robot, 2, "bbb", "aaa")] == ["bbb", "aaa"]
    assert [one.topic for one in fetch(engine, robot, 5, "bbb", "aaa")] == ["aaa"]


def test_a_program_sees_only_the_works_of_the_offices_where_it_holds_the_role(
    engine: Engine, desk: By, hire: Hire
) -> None:
    engine.run(ADMIN, actors.grant, "nadia", "desk", "ANF")
    start(engine, desk), start(engine, desk, office="ANF")
    there, city = hire("there", "external_worker", office="ANF"), hire("all")
    engine.run(ADMIN, actors.grant, "all", "external_worker", "CAS")
    [own] = fetch(engine, there, 10)
    assert "-ANF-" in own.case
    [other] = fetch(engine, city, 10)
    assert code(engine, there, externals.complete, other.job, other.lease, {}) == "work_lost"


def test_nobody_else_answers_a_work_and_a_role_taken_back_ends_it(
    engine: Engine, desk: By, robot: By, hire: Hire
) -> None:
    start(engine, desk)
    [found] = fetch(engine, robot)
    second = hire("second", "external_worker")
    for command, *more in (
        (externals.complete, {}), (externals.extend, 60), (externals.fail, "no"),
        (externals.error, "odd.no"), (externals.give_back,),
    ):  # fmt: skip
        assert code(engine, second, command, found.job, found.lease, *more) == "work_lost"
    assert engine.read(second, externals.works, [[found.job, found.lease]]) == ()
    assert code(engine, desk, externals.complete, found.job, found.lease, {}) == "not_permitted"
    engine.run(ADMIN, actors.revoke, "robot", "external_worker", "MAR")
    assert code(engine, robot, externals.complete, found.job, found.lease, {}) == "not_permitted"


def test_an_answer_after_the_lease_was_lost_changes_nothing(
    engine: Engine, desk: By, robot: By, clock: Clock
) -> None:
    case = start(engine, desk).reference
    [old] = fetch(engine, robot)
    until = engine.run(robot, externals.extend, old.job, old.lease, 600).until
    assert until == clock.now + timedelta(seconds=600)
    clock.move(minutes=5)
    assert fetch(engine, robot) == []
    clock.move(minutes=6)
    [new] = fetch(engine, robot)
    assert new.job == old.job
    assert code(engine, robot, externals.complete, old.job, old.lease, {}) == "work_lost"
    engine.run(robot, externals.complete, new.job, new.lease, {})
    assert code(engine, robot, externals.complete, new.job, new.lease, {}) == "work_lost"
    assert open_tasks(engine, desk, case) == ["A"]


def test_a_work_that_is_given_back_keeps_its_attempts_and_its_lease_is_over(
    engine: Engine, desk: By, robot: By
) -> None:
    start(engine, desk)
    [found] = fetch(engine, robot)
    engine.run(robot, externals.give_back, found.job, found.lease)
    assert code(engine, robot, externals.complete, found.job, found.lease, {}) == "work_lost"
    [again] = fetch(engine, robot)
    assert again.attempts == found.attempts


def test_a_case_that_was_cancelled_wants_no_answer(engine: Engine, desk: By, robot: By) -> None:
    case = start(engine, desk).reference
    [found] = fetch(engine, robot)
    engine.run(desk, cases.cancel, case, "désistement")
    assert code(engine, robot, externals.complete, found.job, found.lease, {}) == "work_lost"


def test_what_a_program_brings_while_the_case_rests_is_kept_and_handed_in_afterwards(
    engine: Engine, desk: By, robot: By
) -> None:
    case = start(engine, desk, name="Zineb Alami").reference
    [found] = fetch(engine, robot)
    engine.run(desk, life.suspend, case, "litige")
    assert engine.run(robot, externals.extend, found.job, found.lease, 90).until is not None
    engine.run(robot, externals.complete, found.job, found.lease, {"area": Decimal(3)})
    assert code(engine, robot, externals.complete, found.job, found.lease, {}) == "work_lost"
    assert work(engine).finished == 0
    assert open_tasks(engine, desk, case) == []
    engine.run(desk, life.resume, case, "réglé")
    assert fetch(engine, robot) == []
    assert work(engine).finished == 1
    assert open_tasks(engine, desk, case) == ["A"]
    assert engine.read(desk, cases.show, case).values["found"] == {"area": Decimal(3)}


def test_a_business_error_goes_to_the_boundary_event_of_its_code(
    engine: Engine, desk: By, robot: By
) -> None:
    case = start(engine, desk).reference
    [found] = fetch(engine, robot)
    done = engine.run(robot, externals.error, found.job, found.lease, "odd.no")
    assert (done.case, done.incident) == (case, False)
    assert open_tasks(engine, desk, case) == ["R"]
    assert engine.read(desk, cases.replay, case).ok


def test_an_error_that_nobody_catches_is_an_incident_at_once(
    engine: Engine, desk: By, robot: By
) -> None:
    case = start(engine, desk).reference
    [found] = fetch(engine, robot)
    assert engine.run(robot, externals.error, found.job, found.lease, "odd.other").incident
    [row] = engine.read(SYSTEM, incidents.listing)
    assert (row.case, row.work, row.element) == (case, "external.work", "C")
    assert "odd.other" in row.message
    assert fetch(engine, robot) == []
    engine.run(SYSTEM, incidents.retry, row.id)
    assert len(fetch(engine, robot)) == 1


def test_a_failure_waits_as_long_as_the_program_says_and_ends_in_an_incident(
    engine: Engine, desk: By, robot: By, clock: Clock
) -> None:
    case = start(engine, desk).reference
    [found] = fetch(engine, robot)
    noted = engine.run(robot, externals.fail, found.job, found.lease, "closed", 3600, 1)
    assert (noted.incident, noted.retry_at) == (False, clock.now + timedelta(hours=1))
    [failing] = engine.read(desk, cases.show, case).failing
    assert (failing.kind, failing.element, failing.error) == ("external.work", "C", "closed")
    clock.move(hours=2)
    [found] = fetch(engine, robot)
    assert found.attempts == 0
    assert engine.run(robot, externals.fail, found.job, found.lease, "closed").incident
    [row] = engine.read(SYSTEM, incidents.listing)
    assert [a.error for a in engine.read(SYSTEM, incidents.show, row.id).attempts] == ["closed"] * 2
    assert engine.read(SYSTEM, checks.house, checks.Depth(replay=True)).violations == ()


def test_a_program_that_dies_each_time_leaves_an_incident(
    engine: Engine, desk: By, robot: By, clock: Clock
) -> None:
    start(engine, desk)
    for _ in range(5):
        assert len(fetch(engine, robot)) == 1
        clock.move(minutes=2)
    assert fetch(engine, robot) == []
    [row] = engine.read(SYSTEM, incidents.listing)
    assert "at every attempt" in row.message


def test_personal_inputs_do_not_come_back_in_a_message(engine: Engine, desk: By, robot: By) -> None:
    start(engine, desk, name="Zineb Alami")
    [found] = fetch(engine, robot)
    told = "no parcel of ZINEB ALAMI (n=1)"
    engine.run(robot, externals.fail, found.job, found.lease, told, 0, 0)
    [row] = engine.read(SYSTEM, incidents.listing)
    assert row.message == "no parcel of … (n=1)"


def test_a_work_whose_inputs_were_erased_is_not_handed_out(
    engine: Engine, desk: By, robot: By
) -> None:
    start(engine, desk)
    with engine._database.begin() as connection:
        connection.execute(t.case_field.delete())
        connection.execute(t.personal.delete())
    assert fetch(engine, robot) == []
    [row] = engine.read(SYSTEM, incidents.listing)
    assert "erased" in row.message


@pytest.mark.parametrize(
    "result", [{"n": 1}, {"n": 1.5}, {"n": b"x"}, {1: "n"}, [], {"n": "x" * 500_001},
               {"deep": [{"n": 1}]}]
)  # fmt: skip
def test_a_result_that_no_case_can_hold_is_refused_and_the_work_kept(
    engine: Engine, desk: By, robot: By, result: Any
) -> None:
    start(engine, desk)
    [found] = fetch(engine, robot)
    assert code(engine, robot, externals.complete, found.job, found.lease, result) == "bad_value"
    engine.run(robot, externals.complete, found.job, found.lease, {"n": Decimal(1)})


@pytest.mark.parametrize(("seconds", "most"), [(0, 1), (86_401, 1), (60, 0), (60, 101)])
def test_leases_and_numbers_have_their_limits(
    engine: Engine, robot: By, seconds: int, most: int
) -> None:
    assert code(engine, robot, externals.fetch, [TOPIC], "one", seconds, most) == "bad_value"


def test_an_administrator_sees_what_waits_and_who_holds_it(
    engine: Engine, desk: By, robot: By, clock: Clock
) -> None:
    held, free = start(engine, desk).reference, start(engine, desk).reference
    [found] = fetch(engine, robot)
    first, second = engine.read(ADMIN, externals.listing)
    assert (first.case, first.owner, first.until) == (held, "robot one", found.until)
    assert (second.case, second.owner, second.until) == (free, None, None)
    assert engine.read(ADMIN, externals.listing, "other") == ()
    assert code(engine, robot, externals.listing) == "not_permitted"


@pytest.mark.parametrize("topic", ["name", '"a" + "b"', '"Deux mots"', '""', "1"])
def test_a_topic_that_is_not_said_outright_is_refused_at_deployment(
    engine: Engine, topic: str
) -> None:
    given = service("external.work", topic=topic.replace('"', "&quot;"))
    found = bundle(*parts(work=given), beside=ERROR)
    from engine.commands.procedures import examine

    assert "topic" in {finding.code for finding in examine(found)}


PROGRAMS, WORKS = 6, 24


def test_programs_that_fetch_at_once_get_each_work_once(
    engine: Engine, desk: By, robot: By
) -> None:
    for _ in range(WORKS):
        start(engine, desk)
    ready, done = Barrier(PROGRAMS), Counter[int]()

    def race(_: int) -> None:
        ready.wait()
        while got := engine.run(robot, externals.fetch, [TOPIC], "one", 600, 3).held:
            for job, lease in got:
                engine.run(robot, externals.complete, job, lease, {})
                done[job] += 1

    with ThreadPoolExecutor(PROGRAMS) as pool:
        list(pool.map(race, range(PROGRAMS)))
    assert set(done.values()) == {1}
    assert len(done) == WORKS
    assert {row.attempts for row in rows(engine, t.job)} == {1}  # type: ignore[attr-defined]
    assert engine.read(SYSTEM, checks.house, checks.Depth(replay=True)).violations == ()

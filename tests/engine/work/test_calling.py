"""Outside operations: called outside any transaction, answered once, nothing personal shown."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.commands import attachments, cases, incidents, jobs, operations, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.history import chain
from engine.operations import calls
from engine.operations.operation import Call, Operation, Retry, Unanswered
from engine.operations.registry import OPERATIONS
from engine.operations.signature import Signature
from engine.runtime.errors import BusinessError
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM, work
from tests.conftest import Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import rows
from tests.runtime.models import START, ends, flows, node, user

ERROR = '<error id="e" errorCode="odd.no"/>'
CATCH = '<errorEventDefinition errorRef="e"/>'


def service(operation: str, result: str = "found", **inputs: str) -> str:
    given = "".join(f'<mq:input name="{k}">{v}</mq:input>' for k, v in inputs.items())
    inside = f"<extensionElements>{given}</extensionElements>"
    return node("serviceTask", "C", inside, mq__operation=operation, mq__result=result)


def parts(asked: str) -> tuple[str, ...]:
    caught = node("boundaryEvent", "B", CATCH, attachedToRef="C")
    return START, asked, caught, user("A", "R"), ends("E"), flows("S > C > A > E", "B > R > E")


class Odd:
    """The operation `odd.ask` as a test wants it, and what it was called with."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: list[Any] = []

    def __call__(self, call: Call) -> Any:
        self.calls.append(call)
        answer = self.answers.pop(0) if self.answers else {"n": Decimal(1)}
        if isinstance(answer, BaseException):
            raise answer
        return answer


@pytest.fixture
def odd() -> Odd:
    return Odd()


@pytest.fixture
def known(odd: Odd, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that puts `odd.ask` among the operations."""

    def known(**how: Any) -> None:
        made = Operation(
            "odd.ask", Signature({"q": "string"}, {"m": "number"}), Signature({"n": "number"}),
            calls.ask, odd, shows=True, errors=frozenset({"odd.no"}), **how,
        )  # fmt: skip
        monkeypatch.setitem(vars(OPERATIONS), "_all", {**OPERATIONS, "odd.ask": made})

    known()
    return known


@pytest.fixture
def desk(engine: Engine, hire: Hire, known: Callable[..., None]) -> By:
    toml = '[data]\npersonal = ["found"]\n'
    deploy(engine, *parts(service("odd.ask", q="name")), beside=ERROR, toml=toml)
    return hire("nadia", "desk")


def kinds(engine: Engine) -> list[str]:
    return [row.kind for row in rows(engine, t.event)]  # type: ignore[attr-defined]


def open_tasks(engine: Engine, desk: By, case: str) -> list[str]:
    return [name for _, name, _ in engine.read(desk, cases.show, case).tasks]


def test_the_job_is_written_with_the_step_and_the_answer_moves_the_case(
    engine: Engine, desk: By, odd: Odd
) -> None:
    case = start(engine, desk).reference
    assert odd.calls == []
    [job] = rows(engine, t.job)
    assert (job.kind, job.status) == (calls.KIND, "due")  # type: ignore[attr-defined]
    assert work(engine).finished == 1
    assert open_tasks(engine, desk, case) == ["A"]
    assert kinds(engine) == ["case.started", "operation.answered"]
    assert engine.read(desk, cases.replay, case).ok
    assert work(engine).finished == 0


def test_personal_values_are_opened_for_the_call_alone(engine: Engine, desk: By, odd: Odd) -> None:
    case = start(engine, desk, name="Zineb Alami").reference
    odd.answers = [{"n": Decimal(987654)}]
    work(engine)
    assert odd.calls[0].inputs == {"q": "Zineb Alami"}
    shown = engine.read(desk, cases.show, case)
    assert shown.values["found"] == {"n": Decimal(987654)}
    for table, column in ((t.job, "payload"), (t.event, "body"), (t.case, "state")):
        for row in rows(engine, table):
            assert b"Zineb" not in getattr(row, column)
            assert b"987654" not in getattr(row, column)


def test_the_key_is_the_same_at_every_attempt_and_for_no_other_call(
    engine: Engine, desk: By, odd: Odd, clock: Clock
) -> None:
    start(engine, desk)
    start(engine, desk)
    odd.answers = [Unanswered("down"), Unanswered("down")]
    work(engine)
    clock.move(hours=1)
    work(engine)
    first, second, again, other = (call.key for call in odd.calls)
    assert {first, second} == {again, other}
    assert first != second
    assert len(first) == 64


def test_a_business_error_goes_to_the_boundary_event_of_its_code(
    engine: Engine, desk: By, odd: Odd
) -> None:
    case = start(engine, desk).reference
    odd.answers = [BusinessError("odd.no", "Bennani is unknown")]
    work(engine)
    assert open_tasks(engine, desk, case) == ["R"]
    body = chain.decode(bytes(rows(engine, t.event)[-1].body))  # type: ignore[attr-defined]
    assert (body["kind"], body["code"], body["task"]) == ("operation.failed", "odd.no", "C")
    assert "Bennani" not in str(body)
    assert engine.read(desk, cases.replay, case).ok


@pytest.mark.parametrize(
    "answer",
    [{"n": 1}, {"n": "1"}, {}, {"n": Decimal(1), "more": True}, {"n": None},
     BusinessError("odd.other", ""), Unanswered("down")],
)  # fmt: skip
def test_what_is_no_answer_is_tried_again_after_its_own_delay(
    engine: Engine, desk: By, odd: Odd, clock: Clock, answer: Any
) -> None:
    case = start(engine, desk).reference
    odd.answers = [answer]
    work(engine)
    [job] = rows(engine, t.job)
    expected = clock.now + Retry().wait(job.id, 1)  # type: ignore[attr-defined]
    assert job.retry_at == expected  # type: ignore[attr-defined]
    assert work(engine).finished == 0
    clock.move(minutes=1)
    work(engine)
    assert open_tasks(engine, desk, case) == ["A"]


def test_the_delay_grows_and_no_two_jobs_have_the_same() -> None:
    retry = Retry(first=20, longest=100)
    for attempt, usual in enumerate((20, 40, 80, 100), 1):
        waits = {retry.wait(job, attempt).total_seconds() for job in range(200)}
        assert min(waits) >= usual * 0.75
        assert max(waits) <= usual * 1.25
        assert len(waits) > 8
    assert retry.wait(7, 2) == retry.wait(7, 2)


def test_a_service_that_asks_to_be_left_alone_is(
    engine: Engine, desk: By, odd: Odd, clock: Clock
) -> None:
    start(engine, desk)
    odd.answers = [Unanswered("busy", after=1800)]
    work(engine)
    [job] = rows(engine, t.job)
    assert job.retry_at == clock.now + timedelta(minutes=30)  # type: ignore[attr-defined]


def test_after_its_last_attempt_it_is_an_incident_that_a_person_can_retry(
    engine: Engine, desk: By, odd: Odd, clock: Clock, known: Callable[..., None]
) -> None:
    known(retry=Retry(attempts=2))
    case = start(engine, desk).reference
    odd.answers = [Unanswered("down"), Unanswered("still down")]
    for _ in range(3):
        work(engine)
        clock.move(hours=1)
    [row] = engine.read(SYSTEM, incidents.listing)
    assert (row.case, row.code, row.message) == (case, "job_failed", "still down")
    engine.run(SYSTEM, incidents.retry, row.id)
    work(engine)
    assert open_tasks(engine, desk, case) == ["A"]


def test_what_cannot_be_helped_by_trying_is_an_incident_at_once(
    engine: Engine, desk: By, odd: Odd
) -> None:
    start(engine, desk)
    odd.answers = [Unanswered("the host is not among service_hosts", hopeless=True)]
    work(engine)
    assert len(engine.read(SYSTEM, incidents.listing)) == 1


def dies(engine: Engine, odd: Odd, clock: Clock) -> None:
    """A worker makes the call and is heard of no more."""
    odd.answers = [MemoryError()]
    with pytest.raises(MemoryError):
        work(engine)
    clock.move(minutes=2)


def test_what_a_dead_worker_may_have_done_is_repeated_only_where_that_is_harmless(
    engine: Engine, desk: By, odd: Odd, clock: Clock, known: Callable[..., None]
) -> None:
    case = start(engine, desk).reference
    dies(engine, odd, clock)
    work(engine)
    assert open_tasks(engine, desk, case) == ["A"]
    known(idempotent=False)
    case = start(engine, desk).reference
    dies(engine, odd, clock)
    work(engine)
    assert len(odd.calls) == 3
    [row] = engine.read(SYSTEM, incidents.listing)
    assert "without a word" in row.message
    engine.run(SYSTEM, incidents.retry, row.id)
    work(engine)
    assert open_tasks(engine, desk, case) == ["A"]


def test_a_job_that_was_taken_and_not_begun_is_called_by_the_next(
    engine: Engine, desk: By, odd: Odd, clock: Clock, known: Callable[..., None]
) -> None:
    known(idempotent=False)
    case = start(engine, desk).reference
    assert engine.run(SYSTEM, jobs.claim, "w", 60) is not None
    clock.move(minutes=2)
    work(engine)
    assert open_tasks(engine, desk, case) == ["A"]


@pytest.mark.parametrize(("idempotent", "incidents_"), [(True, 0), (False, 1)])
def test_what_was_perhaps_done_is_repeated_only_where_that_is_harmless(
    engine: Engine, desk: By, odd: Odd, known: Callable[..., None], idempotent: bool,
    incidents_: int,
) -> None:  # fmt: skip
    known(idempotent=idempotent)
    start(engine, desk)
    odd.answers = [Unanswered("cut", perhaps_done=True)]
    work(engine)
    assert len(engine.read(SYSTEM, incidents.listing)) == incidents_


def test_an_answer_that_the_case_cannot_take_is_kept_and_not_asked_for_again(
    engine: Engine, hire: Hire, odd: Odd, known: Callable[..., None]
) -> None:
    asked = service("odd.ask", q='"x"')
    wanted = 'if parcel = "7" then found.n = 1 else null'
    arrows = flows("S > C > G", f"G > A if ({wanted})", "G > E", "A > E")
    gate = node("exclusiveGateway", "G", default="G_E")
    deploy(engine, START, asked, gate, user("A"), ends("E"), arrows)
    desk = hire("nadia", "desk")
    case = start(engine, desk).reference
    work(engine)
    [row] = [r for r in engine.read(SYSTEM, incidents.listing) if r.code == "job_failed"]
    assert row.case == case
    engine.run(desk, cases.rectify, case, "parcel", "7", "saisi")
    engine.run(SYSTEM, incidents.retry, row.id)
    work(engine)
    assert open_tasks(engine, desk, case) == ["A"]
    assert len(odd.calls) == 1


def test_inputs_that_do_not_fit_are_not_sent(
    engine: Engine, hire: Hire, odd: Odd, known: Callable[..., None]
) -> None:
    deploy(engine, *parts(service("odd.ask", q="n")), beside=ERROR)
    start(engine, hire("nadia", "desk"))
    work(engine)
    assert odd.calls == []
    [row] = engine.read(SYSTEM, incidents.listing)
    assert "q is no string" in row.message


def test_an_erased_person_is_not_told_of(engine: Engine, desk: By, odd: Odd) -> None:
    start(engine, desk)
    with engine._database.begin() as connection:
        connection.execute(t.case_field.delete())
        connection.execute(t.personal.delete())
    work(engine)
    assert odd.calls == []
    [row] = engine.read(SYSTEM, incidents.listing)
    assert "erased" in row.message


def test_an_answer_to_a_case_that_was_cancelled_comes_too_late(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    job = engine.run(SYSTEM, jobs.claim, "w", 60)
    assert job is not None
    engine.run(desk, cases.cancel, case, "désistement")
    with pytest.raises(EngineError) as caught:
        engine.run(SYSTEM, operations.answered, {"n": Decimal(1)}, job.id, job.lease)
    assert caught.value.code == "busy"


def test_two_workers_with_one_job_move_the_case_once(
    engine: Engine, desk: By, clock: Clock
) -> None:
    case = start(engine, desk).reference
    old = engine.run(SYSTEM, jobs.claim, "w", 60)
    clock.move(minutes=2)
    new = engine.run(SYSTEM, jobs.claim, "v", 60)
    assert old is not None
    assert new is not None
    result = {"n": Decimal(1)}
    with pytest.raises(EngineError):
        engine.run(SYSTEM, operations.answered, result, old.id, old.lease)
    engine.run(SYSTEM, operations.answered, result, new.id, new.lease)
    assert open_tasks(engine, desk, case) == ["A"]


def test_a_bug_of_an_operation_is_put_off_by_the_worker(
    engine: Engine, desk: By, odd: Odd, clock: Clock
) -> None:
    start(engine, desk)
    odd.answers = [ZeroDivisionError("Bennani")]
    assert work(engine).put_off == 1
    [job] = rows(engine, t.job)
    assert "Bennani" not in job.last_error  # type: ignore[attr-defined]


def test_a_call_ends_before_the_lease_does(
    engine: Engine, desk: By, odd: Odd, known: Callable[..., None]
) -> None:
    known(retry=Retry(timeout=900))
    start(engine, desk)
    work(engine)
    assert odd.calls[0].timeout < engine.settings.lease_seconds


def test_a_secret_is_for_its_own_hosts_and_a_missing_one_is_named(
    engine: Engine, desk: By, odd: Odd, known: Callable[..., None], tmp_path: Any
) -> None:
    engine.settings.secrets_file.write_text('[a]\nvalue = "s3cret"\nhosts = ["h.example"]\n')
    start(engine, desk)
    work(engine)
    [call] = odd.calls
    assert call.secret("a", "h.example") == "s3cret"
    for name, host in (("a", "evil.example"), ("b", "h.example")):
        with pytest.raises(Unanswered) as caught:
            call.secret(name, host)
        assert "s3cret" not in caught.value.reason
    known(secrets=frozenset({"a", "b"}))
    start(engine, desk)
    work(engine)
    [row] = engine.read(SYSTEM, incidents.listing)
    assert "secret b" in row.message


def test_a_call_gets_the_papers_of_its_own_case_only(engine: Engine, desk: By, odd: Odd) -> None:
    case, other = start(engine, desk).reference, start(engine, desk).reference
    mine = engine.run(desk, attachments.add, case, "deed", b"%PDF-1.7 mine").attachment
    theirs = engine.run(desk, attachments.add, other, "deed", b"%PDF-1.7 theirs").attachment
    work(engine)
    paper = odd.calls[0].paper(mine)
    assert (paper.name, paper.content) == ("deed.pdf", b"%PDF-1.7 mine")
    with pytest.raises(Unanswered):
        odd.calls[0].paper(theirs)


def test_a_completion_that_called_a_service_is_not_taken_back(
    engine: Engine, hire: Hire, known: Callable[..., None]
) -> None:
    arrows = flows("S > A > C > R > E")
    asked = service("odd.ask", q='"x"')
    deploy(engine, START, user("A", "R"), asked, ends("E"), arrows)
    desk = hire("nadia", "desk")
    [task] = start(engine, desk).tasks
    engine.run(desk, tasks.complete, task, {})
    with pytest.raises(EngineError) as caught:
        engine.run(desk, tasks.reopen, task, "erreur")
    assert caught.value.code == "cannot_reopen"

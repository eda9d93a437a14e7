"""payment.request against the gateway for trying: paid once, whatever gets lost on the way."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Thread
from typing import Any
from urllib.request import urlopen

import pytest

from engine.commands import cases, checks, incidents, jobs, operations
from engine.engine import Engine
from engine.errors import EngineError
from engine.operations.payments import signed
from engine.store import tables as t
from engine.transaction import By
from engine.work import noticing
from engine.work.gateway import Gateway, server
from engine.work.worker import SYSTEM, work
from tests.conftest import Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.operations import servers
from tests.engine.test_engine import rows
from tests.engine.work.test_calling import open_tasks, service
from tests.runtime.models import START, ends, flows, node, user

SECRET = "s3cret of the bank"
ERRORS = '<error id="x" errorCode="payment_expired"/><error id="r" errorCode="payment_refused"/>'
Begin = Callable[..., str]


def caught(key: str, error: str) -> str:
    inside = f'<errorEventDefinition errorRef="{error}"/>'
    return node("boundaryEvent", key, inside, attachedToRef="C")


def paying(engine: Engine, amount: str, **more: str) -> None:
    given = {"amount": amount, "reference": "case.reference", "description": '"Copie"'} | more
    parts = (
        START, service("payment.request", **given), caught("X", "x"), caught("N", "r"),
        user("A", "L", "R"), ends("E"),
        flows("S > C > A > E", "X > L > E", "N > R > E"),
    )  # fmt: skip
    deploy(engine, *parts, beside=ERRORS)


@pytest.fixture
def gateway(clock: Clock) -> Gateway:
    return Gateway(SECRET, slowness=3, clock=clock)


@contextmanager
def answering(engine: Engine, gateway: Gateway) -> Iterator[str]:
    with server(gateway, 0) as made:
        made.handle_error = lambda *_: None  # type: ignore[method-assign]
        host = f"127.0.0.1:{made.server_address[1]}"
        point(engine, host)
        thread = Thread(target=lambda: made.serve_forever(0.01))
        thread.start()
        yield host
        made.shutdown()
        thread.join()


def point(engine: Engine, host: str) -> None:
    url = f"http://{host}/"
    engine.settings = replace(engine.settings, payment_url=url, private_hosts=(host,))
    text = f'[payment]\nvalue = "{SECRET}"\nhosts = ["127.0.0.1"]\n'
    engine.settings.secrets_file.write_text(text)


@pytest.fixture
def host(engine: Engine, gateway: Gateway) -> Iterator[str]:
    with answering(engine, gateway) as host:
        yield host


@pytest.fixture
def begin(engine: Engine, hire: Hire, host: str) -> Begin:
    def begin(amount: str, **more: str) -> str:
        paying(engine, amount, **more)
        return start(engine, desk).reference

    deploy(engine)
    desk = hire("nadia", "desk")
    return begin


DESK = By("nadia", channel="test")


def paid(gateway: Gateway) -> list[int]:
    return [payment.times_paid for payment in gateway.payments.values()]


def known(engine: Engine, case: str) -> dict[str, Any]:
    [awaited] = engine.read(DESK, cases.show, case).awaited
    assert (awaited.operation, awaited.element) == ("payment.request", "C")
    return awaited.known


def notice(engine: Engine, order: str, secret: str = SECRET) -> bool:
    body = json.dumps({"order": order, "status": "whatever it says"}).encode()
    return noticing.take(engine, body, signed(secret, body)).woken


def sound(engine: Engine) -> bool:
    return engine.read(SYSTEM, checks.house, checks.Depth(replay=True)).violations == ()


def test_a_payment_is_waited_for_and_its_page_is_shown_and_it_costs_no_attempt(
    engine: Engine, begin: Begin, gateway: Gateway, clock: Clock
) -> None:
    case = begin("50")
    for _ in range(8):
        work(engine)
        clock.move(hours=2)
    shown = known(engine, case)
    [(number, payment)] = gateway.payments.items()
    assert shown["page"].endswith(f"/pay/{number}")
    assert (shown["payment"], payment.order["amount"]) == (number, Decimal(50))
    assert (payment.order["reference"], payment.order["currency"]) == (case, "MAD")
    assert engine.read(DESK, cases.show, case).failing == ()
    assert engine.read(SYSTEM, incidents.listing) == ()
    assert sound(engine)
    urlopen(shown["page"], b"do=confirm").close()
    clock.move(hours=2)
    work(engine)
    found = engine.read(DESK, cases.show, case).values["found"]
    assert (found["payment"], found["amount"], found["currency"]) == (number, Decimal(50), "MAD")
    assert found["paid_at"].tzinfo is not None
    assert found["receipt"].startswith("R-")
    assert open_tasks(engine, DESK, case) == ["A"]
    assert paid(gateway) == [1]
    assert sound(engine)


@pytest.mark.parametrize(("amount", "task"), [("50.01", "A"), ("50.02", "R"), ("50.04", "A")])
def test_what_is_settled_at_once_goes_on_at_once(
    engine: Engine, begin: Begin, amount: str, task: str
) -> None:
    case = begin(amount)
    work(engine)
    assert open_tasks(engine, DESK, case) == [task]


def test_a_payment_that_is_not_made_in_time_is_cancelled_and_then_called_expired(
    engine: Engine, begin: Begin, gateway: Gateway, clock: Clock
) -> None:
    gateway.clock = lambda: clock.now - timedelta(minutes=5)  # the gateway's own is late
    until = clock.now + timedelta(hours=3)
    case = begin("50", expires=f'date and time("{until.isoformat()}")')
    work(engine)
    page = known(engine, case)["page"]
    clock.move(hours=3)
    work(engine)
    assert open_tasks(engine, DESK, case) == ["L"]
    urlopen(page, b"do=confirm").close()
    assert paid(gateway) == [0]
    assert [payment.status for payment in gateway.payments.values()] == ["cancelled"]
    assert sound(engine)


def test_who_pays_at_the_last_moment_has_paid(
    engine: Engine, begin: Begin, gateway: Gateway, clock: Clock
) -> None:
    case = begin("50")
    work(engine)
    urlopen(known(engine, case)["page"], b"do=confirm").close()
    clock.move(days=3)
    work(engine)
    assert open_tasks(engine, DESK, case) == ["A"]


@pytest.mark.parametrize("amount", ["50.05", "50.06"])
def test_a_lost_reply_makes_no_second_payment(
    engine: Engine, begin: Begin, gateway: Gateway, clock: Clock, amount: str
) -> None:
    engine.settings = replace(engine.settings, lease_seconds=1)
    case = begin(amount)
    assert work(engine).put_off == 1
    [failing] = engine.read(DESK, cases.show, case).failing
    assert re.search("broke off|took longer", failing.error)
    clock.move(hours=1)
    work(engine)
    assert open_tasks(engine, DESK, case) == ["A"]
    assert paid(gateway) == [1]


def test_a_worker_that_died_after_asking_makes_no_second_payment(
    engine: Engine, begin: Begin, gateway: Gateway, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = engine.run

    def dies(by: By, command: Any, *args: Any, **kwargs: Any) -> Any:
        if command is operations.pending:
            raise MemoryError
        return real(by, command, *args, **kwargs)

    case = begin("50")
    with monkeypatch.context() as patched:
        patched.setattr(engine, "run", dies)
        with pytest.raises(MemoryError):
            work(engine)
    assert len(gateway.payments) == 1
    clock.move(minutes=2)
    work(engine)
    assert len(gateway.payments) == 1
    urlopen(known(engine, case)["page"], b"do=confirm").close()
    clock.move(hours=1)
    work(engine)
    assert open_tasks(engine, DESK, case) == ["A"]
    assert paid(gateway) == [1]


def test_a_notice_wakes_the_question_and_decides_nothing(
    engine: Engine, begin: Begin, gateway: Gateway
) -> None:
    case = begin("50")
    work(engine)
    page = known(engine, case)["page"]
    [payment] = gateway.payments.values()
    assert work(engine).put_off == 0
    assert notice(engine, payment.order["order"])
    assert work(engine).put_off == 1
    assert open_tasks(engine, DESK, case) == []
    urlopen(page, b"do=confirm").close()
    for _ in range(3):
        assert notice(engine, payment.order["order"])
    work(engine)
    assert open_tasks(engine, DESK, case) == ["A"]
    assert not notice(engine, payment.order["order"])


def test_a_notice_that_comes_while_a_worker_asks_has_it_ask_again(
    engine: Engine, begin: Begin, gateway: Gateway, clock: Clock
) -> None:
    case = begin("50")
    work(engine)
    [payment] = gateway.payments.values()
    clock.move(hours=1)
    told = gateway.told

    def meanwhile(number: str, page: str) -> bytes:
        found = told(number, page)
        gateway.decide(number, "confirm", "forget")
        assert notice(engine, payment.order["order"])
        return found

    gateway.told = meanwhile  # type: ignore[method-assign]
    work(engine)
    assert open_tasks(engine, DESK, case) == []
    clock.move(seconds=1)
    gateway.told = told  # type: ignore[method-assign]
    work(engine)
    assert open_tasks(engine, DESK, case) == ["A"]


@pytest.mark.parametrize("order", ["", "x", "TST-MAR-2026-000001", "TST-MAR-2026-000001/999",
                                   "TST-MAR-2026-000001/" + "9" * 30, "none/1"])  # fmt: skip
def test_a_notice_of_an_order_that_nobody_knows_changes_nothing(
    engine: Engine, begin: Begin, order: str
) -> None:
    begin("50")
    work(engine)
    before = rows(engine, t.job)
    assert not notice(engine, order)
    assert rows(engine, t.job) == before


def test_a_notice_with_another_signature_is_refused(engine: Engine, begin: Begin) -> None:
    begin("50")
    for body, signature in (
        (b'{"order": "x"}', signed("other", b'{"order": "x"}')), (b'{"order": "x"}', "é"),
        (b"no json", signed(SECRET, b"no json")), (b"[]", signed(SECRET, b"[]")),
        (b" " * 100_001, signed(SECRET, b" " * 100_001)),
    ):  # fmt: skip
        with pytest.raises(EngineError) as caught:
            noticing.take(engine, body, signature)
        assert caught.value.code == "notice_refused"


@pytest.mark.parametrize(
    ("amount", "more"),
    [("0", {}), ("-1", {}), ("50.005", {}), ("50", {"currency": '"XXX"'}),
     ("50", {"expires": 'now + duration("P61D")'})],
)  # fmt: skip
def test_what_makes_no_sense_is_not_asked_for(
    engine: Engine, begin: Begin, gateway: Gateway, amount: str, more: dict[str, str]
) -> None:
    begin(amount, **more)
    assert work(engine).incidents == 1
    assert gateway.payments == {}


def test_a_gateway_that_tells_of_another_sum_is_for_a_person(engine: Engine, hire: Hire) -> None:
    paying(engine, "50")
    with servers.web() as web:
        point(engine, web.host)
        told = {"payment": "p", "status": "paid", "amount": 5, "currency": "MAD",
                "paid_at": "2026-03-02T09:00:00Z"}  # fmt: skip
        web.answers["/payments"] = 200, {}, json.dumps(told).encode()
        start(engine, hire("nadia", "desk"))
        assert work(engine).incidents == 1
    [row] = engine.read(SYSTEM, incidents.listing)
    assert "another amount" in row.message


@pytest.mark.parametrize("key", ["status", "payment", "page", "paid_at"])
def test_an_answer_that_says_too_little_is_asked_for_again(
    engine: Engine, hire: Hire, key: str
) -> None:
    paying(engine, "50")
    told = {
        "payment": "p",
        "status": "paid" if key == "paid_at" else "open",
        "amount": 50,
        "currency": "MAD",
        "page": "https://pay.example/p",
        "paid_at": "2026-03-02T09:00:00Z",
    }
    with servers.web() as web:
        point(engine, web.host)
        web.answers["/payments"] = 200, {}, json.dumps(told | {key: None}).encode()
        start(engine, hire("nadia", "desk"))
        assert (work(engine).put_off, work(engine).finished) == (1, 0)
    [row] = rows(engine, t.job)
    assert row.last_error  # type: ignore[attr-defined]


def test_jobs_that_wait_for_a_payment_are_no_attempts(
    engine: Engine, begin: Begin, clock: Clock
) -> None:
    begin("50")
    work(engine)
    [row] = rows(engine, t.job)
    assert (row.attempts, row.last_error) == (0, None)  # type: ignore[attr-defined]
    [waiting] = engine.read(SYSTEM, jobs.waiting)
    assert waiting.due == clock.now + timedelta(seconds=15)
    assert rows(engine, t.attempt) == []

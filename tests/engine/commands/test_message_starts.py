"""A message that begins a case: sent by a person, or by another case."""

import pytest

from engine.commands import cases, messages, procedures
from engine.engine import Engine
from engine.errors import EngineError
from engine.work.worker import work
from tests.conftest import ADMIN
from tests.engine.commands.house import APPLICATION, Hire, bundle
from tests.runtime.models import START, ends, flows, node, user

MESSAGE = '<message id="m" name="demande"/>'
EVENT = '<messageEventDefinition messageRef="m"/>'
BEGUN = (node("startEvent", "S", EVENT), user("A"), ends("E"), flows("S > A > E"))
INPUTS = (
    '<extensionElements><mq:input name="name">name</mq:input><mq:input name="n">n</mq:input>'
    "</extensionElements>"
)
SENDER = (
    START, node("sendTask", "X", INPUTS, messageRef="m"), user("A"), ends("E"),
    flows("S > X > A > E"),
)  # fmt: skip


@pytest.fixture
def deployed(engine: Engine) -> Engine:
    engine.run(ADMIN, procedures.deploy, bundle(*BEGUN, beside=MESSAGE))
    return engine


def test_a_message_begins_a_case_in_the_office_that_is_named(deployed: Engine, hire: Hire) -> None:
    desk = hire("nadia", "desk")
    done = deployed.run(desk, messages.send, "demande", "", APPLICATION, "MAR")
    assert done.case == "TST-MAR-2026-000001"
    shown = deployed.read(desk, cases.show, done.case)
    assert shown.values["name"] == "Fatima-Zahra Bennani"
    assert deployed.read(desk, cases.replay, done.case).ok


@pytest.mark.parametrize(
    ("name", "office", "code"),
    [("demande", None, "bad_value"), ("autre", "MAR", "nobody_waits"),
     ("demande", "XXX", "unknown_office")],
)  # fmt: skip
def test_a_message_that_can_begin_nothing_is_refused(
    deployed: Engine, hire: Hire, name: str, office: str | None, code: str
) -> None:
    desk = hire("nadia", "desk")
    with pytest.raises(EngineError) as caught:
        deployed.run(desk, messages.send, name, "", APPLICATION, office)
    assert caught.value.code == code


def test_its_values_are_checked_by_the_start_form(deployed: Engine, hire: Hire) -> None:
    desk = hire("nadia", "desk")
    with pytest.raises(EngineError) as caught:
        deployed.run(desk, messages.send, "demande", "", {"n": 12}, "MAR")
    assert caught.value.code == "form_invalid"


def test_one_case_begins_another_in_its_own_office(deployed: Engine, hire: Hire) -> None:
    sender = bundle(*SENDER, key="sender", code="SND", beside=MESSAGE)
    deployed.run(ADMIN, procedures.deploy, sender)
    desk = hire("nadia", "desk")
    deployed.run(desk, cases.start, "sender", APPLICATION, "MAR")
    assert work(deployed).finished == 1
    shown = deployed.read(desk, cases.show, "TST-MAR-2026-000001")
    assert shown.values == {"name": "Fatima-Zahra Bennani", "n": 1}
    assert deployed.read(desk, cases.replay, "TST-MAR-2026-000001").ok
    assert work(deployed).finished == 0


def test_a_withdrawn_procedure_begins_with_no_message(deployed: Engine, hire: Hire) -> None:
    deployed.run(ADMIN, procedures.withdraw, "essai", 1, "fin")
    desk = hire("nadia", "desk")
    with pytest.raises(EngineError) as caught:
        deployed.run(desk, messages.send, "demande", "", APPLICATION, "MAR")
    assert caught.value.code == "nobody_waits"

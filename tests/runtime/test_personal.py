"""Personal values: opened for one evaluation, what they give recorded, replayed after erasure."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.runtime.errors import ModelError
from engine.runtime.values import Sealed
from tests.runtime.models import START, Play, World, duration, ends, flows, model, node, user

PARTS = (
    START, node("scriptTask", "T", "<script>{ adult: age >= 18, shown: name + \"!\" }</script>"),
    node("exclusiveGateway", "G", default="G_B"), user("A", "B"), ends("E"),
    flows("S > T > G", "G > A if age > 60", "G > B", "A > E", "B > E"),
)  # fmt: skip


def begun() -> tuple[World, Play, dict[str, Any]]:
    world = World()
    data = {"age": world.seal("age", Decimal(70)), "name": world.seal("name", "Nadia")}
    return world, Play(model(*PARTS, facts=frozenset({"adult"})), world, **data), data


def test_a_declared_fact_is_plain_and_all_else_is_sealed_again() -> None:
    world, play, _ = begun()
    assert play.open == ["A"]
    assert play.data["adult"] is True
    assert isinstance(play.data["shown"], Sealed)
    assert world.open(play.data["shown"]) == "Nadia!"


def test_nothing_personal_is_in_the_state_or_in_what_is_told() -> None:
    _, play, _ = begun()
    assert b"Nadia" not in play.step.state
    assert "Nadia" not in repr(play.step)


def test_a_case_replays_after_its_values_were_erased() -> None:
    world, play, data = begun()
    first = play.step
    world.erased, world.outcomes = True, list(first.derived)
    again = Play(play.model, world, **data).step
    assert again.digest == first.digest
    assert again.flows == first.flows


def test_a_value_that_was_erased_and_never_used_refuses_the_step() -> None:
    world, play, data = begun()
    world.erased = True
    with pytest.raises(ModelError, match="erased"):
        Play(play.model, world, **data)


def test_a_bare_path_hands_a_sealed_value_on_unopened() -> None:
    script = node("scriptTask", "T", "<script>{ same: name }</script>")
    world = World()
    sealed = world.seal("name", "Nadia")
    play = Play(model(START, script, ends("E"), flows("S > T > E")), world, name=sealed)
    assert play.data["same"] == sealed
    assert play.step.derived == ()


@pytest.mark.parametrize("timer", ["born", 'born + duration("P1Y")'])
def test_a_moment_made_from_a_personal_value_is_refused(timer: str) -> None:
    wait = node("intermediateCatchEvent", "W", duration(timer).replace("timeDuration", "timeDate"))
    world = World()
    played = model(START, wait, ends("E"), flows("S > W > E"))
    with pytest.raises(ModelError, match="timer would show a personal value"):
        Play(played, world, born=world.seal("born", date(2030, 5, 23)))


def test_a_message_key_made_from_a_personal_value_is_refused() -> None:
    wait = node("receiveTask", "W", messageRef="M", mq__key="name")
    beside = '<message id="M" name="news"/>'
    world = World()
    played = model(START, wait, ends("E"), flows("S > W > E"), beside=beside)
    with pytest.raises(ModelError, match="key would show a personal value") as caught:
        Play(played, world, name=world.seal("name", "Nadia"))
    assert "Nadia" not in str(caught.value)

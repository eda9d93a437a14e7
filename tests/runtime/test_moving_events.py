"""What an event subprocess or a compensation keeps in its place cannot be moved by hand."""

import pytest

from engine.runtime.errors import Immovable
from tests.bpmn.played import play
from tests.runtime.models import Play


def moved(case: Play, source: str, to: str) -> None:
    token, _ = case.execution.holder(case.model, case.step.state, source)
    case.step = case.execution.move(case.model, case.step.state, token, to, case.world)


@pytest.mark.parametrize(
    ("source", "to", "reason"),
    [("VS", "A", "listens"), ("A", "V", "listens"), ("A", "VS", "start")],
)
def test_a_listener_stays_and_nothing_is_put_in_its_place(
    source: str, to: str, reason: str
) -> None:
    with pytest.raises(Immovable) as refused:
        moved(play("event_subprocesses/stale"), source, to)
    assert refused.value.reason == reason


def test_a_handler_is_neither_moved_nor_begun_by_hand() -> None:
    case = play("intermediates/compensation")
    with pytest.raises(Immovable) as refused:
        moved(case, "A", "UA")
    assert refused.value.reason == "handler"
    case.complete("A").complete("B")
    with pytest.raises(Immovable) as refused:
        moved(case, "UB", "C")
    assert refused.value.reason == "handler"


def test_a_token_beside_a_listener_is_moved() -> None:
    case = play("event_subprocesses/stale")
    moved(case, "A", "B")
    assert case.open == ["B", "VS"]
    assert case.complete("B").ended == "completed"

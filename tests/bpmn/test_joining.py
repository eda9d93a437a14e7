"""What random models have shown of joins, each in the smallest model that shows it."""

from decimal import Decimal

from tests.runtime.models import START, Play, duration, ends, flows, model, node, user


def test_an_inclusive_join_waits_for_an_activity_whose_event_came_first() -> None:
    beside = node("boundaryEvent", "B", duration("PT1H"), attachedToRef="A", cancelActivity="false")
    parts = START, user("A", "C"), beside, node("inclusiveGateway", "J"), ends("E")
    play = Play(model(*parts, flows("S > A > J", "B > J > C > E"))).fire("B")
    assert play.open == ["A"]
    assert play.complete("A").open == ["C"]
    assert play.complete("C").ended == "completed"


def test_a_copy_of_an_old_value_does_not_stand_against_a_newer_one() -> None:
    parts = (
        START, node("parallelGateway", "P"), user("X", "Y", "Z", "W"),
        node("parallelGateway", "Q"), ends("E1", "E2", "E3"),
        flows("S > P > X > E1", "P > Y > Q > Z > E2", "Q > W > E3"),
    )  # fmt: skip
    play = Play(model(*parts), v=Decimal(0)).complete("Y", v=Decimal(1)).complete("Z", v=Decimal(0))
    assert play.data == {"v": 0}
    assert play.complete("X").complete("W").data == {"v": 0}

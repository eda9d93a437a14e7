"""Complex gateways: begin by a condition, swallow the rest, begin anew (BPMN 2.0.2 §13.4.5)."""

from decimal import Decimal

import pytest

from tests.bpmn.played import played


@pytest.mark.proves("complexGateway", where="process", section="13.4.5")
def test_two_of_three_go_on_once_and_the_third_is_swallowed() -> None:
    play = played("gateways/complex").complete("A", a=True)
    assert play.open == ["B", "C"]
    play.complete("B", b=True)
    assert play.open == ["C", "D"]
    assert play.complete("C").open == ["D"]
    assert play.data == {"a": True, "b": True}
    assert play.complete("D").ended == "completed"


def test_the_case_waits_until_the_rest_has_come() -> None:
    play = played("gateways/complex").complete("A").complete("B").complete("D")
    assert play.ended is None
    assert play.complete("C").ended == "completed"


def test_the_condition_counts_the_tokens_of_one_flow() -> None:
    play = played("gateways/complex_reset").complete("B")
    assert play.open == ["A"]
    assert play.complete("A").open == ["D"]


def test_a_flow_whose_condition_says_so_is_taken_when_the_gateway_begins_anew() -> None:
    play = played("gateways/complex_reset").complete("A")
    assert play.open == ["B", "D"]
    assert play.complete("B").open == ["D", "F"]


@pytest.mark.parametrize(("n", "taken"), [(0, ["C"]), (2, ["A"]), (3, ["A", "B"])])
def test_it_splits_as_an_inclusive_gateway_does(n: int, taken: list[str]) -> None:
    assert played("gateways/complex_split", n=Decimal(n)).open == taken

"""A token moved by hand: what waited ends, the token goes on elsewhere on its level."""

from decimal import Decimal
from typing import Any

import pytest

from engine.runtime.errors import Immovable
from tests.runtime.models import START, Play, World, duration, ends, flows, model, node, user


def moved(play: Play, source: str, to: str) -> Play:
    token, _ = play.execution.holder(play.model, play.step.state, source)
    play.step = play.execution.move(play.model, play.step.state, token, to, play.world)
    return play


def refused(reason: str, play: Play, source: str, to: str) -> Immovable:
    with pytest.raises(Immovable) as caught:
        moved(play, source, to)
    assert caught.value.reason == reason
    return caught.value


LINE = (START, user("A", "B", "C"), ends("E"), flows("S > A > B > C > E"))


@pytest.mark.parametrize("to", ["A", "B", "C"])
def test_to_any_task_before_or_after_with_its_values(to: str) -> None:
    play = Play(model(*LINE), x=Decimal(1)).complete("A", y=Decimal(2))
    token = play.token("B")
    moved(play, "B", to)
    assert play.open == [to]
    assert play.token(to) != token
    assert [(wait.token, wait.element) for wait in play.step.closed] == [(token, "B")]
    assert play.data == {"x": 1, "y": 2}
    for name in "ABC"["ABC".index(to) :]:
        play.complete(name)
    assert (play.ended, play.data) == ("completed", {"x": 1, "y": 2})


def test_to_the_end() -> None:
    play = moved(Play(model(*LINE)), "A", "E")
    assert (play.ended, play.step.flows) == ("completed", ("E",))


@pytest.mark.parametrize("times", [1, 700])
def test_often_as_well_as_once(times: int) -> None:
    play = Play(model(*LINE))
    for number in range(times):
        moved(play, "AB"[number % 2], "BA"[number % 2])
    size = len(play.step.state)
    assert size < 500
    assert play.open == ["AB"[times % 2]]


BOUND = node("boundaryEvent", "T", duration("PT1H"), attachedToRef="A")
BOUNDED = (START, user("A", "B", "R"), BOUND, ends("E"), flows("S > A > B > E", "T > R > E"))


def test_the_events_of_an_activity_go_and_come_with_it() -> None:
    play = Play(model(*BOUNDED))
    assert play.open == ["A", "T"]
    assert moved(play, "A", "B").open == ["B"]
    play.world.later(hours=5)
    assert moved(play, "B", "A").open == ["A", "T"]
    [due] = [wait.due for wait in play.waits if wait.element == "T"]
    assert due == play.world.now.replace(hour=15)
    assert play.fire("T").open == ["R"]


def test_a_call_that_waits_is_left() -> None:
    call = node("serviceTask", "C", mq__operation="cadastre.ask")
    play = Play(model(START, call, user("A"), ends("E"), flows("S > C > A > E")))
    assert [wait.kind for wait in play.waits] == ["operation"]
    assert moved(play, "C", "A").complete("A").ended == "completed"


def test_into_a_call_or_a_script_that_then_runs() -> None:
    script = node("scriptTask", "X", "<script>{ total: n * 2 }</script>")
    parts = START, user("A", "B"), script, ends("E")
    play = Play(model(*parts, flows("S > A > B > X > E")), n=Decimal(2))
    assert moved(play, "A", "X").data == {"n": 2, "total": 4}
    assert play.ended == "completed"


def test_to_a_gateway_which_then_decides() -> None:
    parts = START, user("A", "B", "C"), node("exclusiveGateway", "G", default="G_C"), ends("E")
    paths = flows("S > A > G", "G > B if n > 1", "G > C", "B > E", "C > E")
    assert moved(Play(model(*parts, paths), n=Decimal(5)), "A", "G").open == ["B"]
    assert moved(Play(model(*parts, paths), n=Decimal(1)), "A", "G").open == ["C"]


FORK = node("parallelGateway", "F") + node("parallelGateway", "J")
PARALLEL = (
    START, user("A", "B", "C", "D", "Z"), FORK, ends("E"),
    flows("S > A > F", "F > B > C > J", "F > D > J", "J > Z > E"),
)  # fmt: skip


def test_to_a_gateway_that_splits() -> None:
    play = moved(Play(model(*PARALLEL)), "A", "F")
    assert play.open == ["B", "D"]
    assert play.complete("B", b=1).complete("D", d=2).complete("C").open == ["Z"]
    assert (play.data["b"], play.data["d"]) == (1, 2)


def test_inside_a_branch_whose_join_still_counts_it() -> None:
    play = Play(model(*PARALLEL)).complete("A")
    moved(play, "B", "C")
    assert play.complete("D", d=1).complete("C", c=2).open == ["Z"]
    assert (play.data["c"], play.data["d"]) == (2, 1)


@pytest.mark.parametrize(("source", "to"), [("B", "Z"), ("B", "E")])
def test_not_out_of_a_branch_whose_join_would_wait_for_ever(source: str, to: str) -> None:
    refused("starves", Play(model(*PARALLEL)).complete("A"), source, to)


def test_not_into_a_branch_from_outside() -> None:
    refused("starves", Play(model(*PARALLEL)), "A", "B")
    refused("joins", Play(model(*PARALLEL)), "A", "J")


def test_what_is_starved_already_may_be_mended() -> None:
    """A token that came to a join and the other that went past it: the first may be let go on."""
    leave = node("boundaryEvent", "T", duration("PT1H"), attachedToRef="B")
    parts = START, user("B", "D", "Y", "Z"), leave, FORK, ends("E", "E2")
    play = Play(model(*parts, flows("S > F", "F > B > J", "F > D > J", "J > Z > E", "T > Y > E2")))
    play.complete("D").fire("T")
    assert play.open == ["Y"]
    moved(play, "J", "Z")
    assert play.open == ["Y", "Z"]
    assert play.complete("Y").complete("Z").ended == "completed"


def test_through_an_inclusive_gateway_that_waits_for_all_that_can_come() -> None:
    gates = node("inclusiveGateway", "G") + node("inclusiveGateway", "H")
    paths = flows("S > G", "G > A if n > 0", "G > B if n > 1", "A > H", "B > H", "H > Z > E")
    play = Play(model(START, gates, user("A", "B", "Z"), ends("E"), paths), n=Decimal(5))
    moved(play, "A", "H")
    assert play.open == ["B"]
    assert play.complete("B").open == ["Z"]


INNER = node("startEvent", "S2") + user("P", "Q") + ends("E2") + flows("S2 > P > Q > E2")
LEVELS = (
    START, user("A"), node("subProcess", "U", INNER), user("B"), ends("E"),
    flows("S > A > U > B > E"),
)  # fmt: skip


def test_inside_a_subprocess_and_out_of_it_as_a_whole() -> None:
    play = Play(model(*LEVELS)).complete("A")
    assert moved(play, "P", "Q").open == ["Q"]
    play.complete("Q", q=Decimal(7))
    assert (play.open, play.data["q"]) == (["B"], 7)
    again = Play(model(*LEVELS)).complete("A").complete("P", p=Decimal(8))
    assert moved(again, "U", "B").open == ["B"]
    assert again.data["p"] == 8
    assert moved(again, "B", "U").open == ["P"]
    assert moved(again, "P", "E2").open == ["B"]


def test_not_to_another_level() -> None:
    refused("level", Play(model(*LEVELS)), "A", "P")
    refused("level", Play(model(*LEVELS)).complete("A"), "P", "B")


WAITS = '<message id="m" name="papers"/>'
RACE = (
    START, user("A"), node("eventBasedGateway", "G"),
    node("intermediateCatchEvent", "T", duration("PT1H")),
    node("receiveTask", "M", messageRef="m"), user("B"), ends("E"),
    flows("S > A > G", "G > T > B", "G > M > B", "B > E"),
)  # fmt: skip


def test_the_events_after_a_gateway_are_one_wait() -> None:
    play = moved(Play(model(*RACE, beside=WAITS)), "A", "G")
    assert play.open == ["M", "T"]
    assert moved(play, "M", "B").open == ["B"]
    assert moved(play, "B", "G").open == ["M", "T"]
    assert play.fire("T").open == ["B"]
    refused("beside", play, "B", "T")


MANY = (
    '<multiInstanceLoopCharacteristics isSequential="false"><loopCardinality>3</loopCardinality>'
    "</multiInstanceLoopCharacteristics>"
)


def test_many_instances_are_left_and_entered_as_a_whole() -> None:
    parts = START, user("A"), node("userTask", "N", MANY), user("B"), ends("E")
    play = Play(model(*parts, flows("S > A > N > B > E")))
    assert moved(play, "A", "N").open == ["N", "N", "N"]
    play.complete("N", 1)
    refused("instance", play, str(play.token("N")), "B")
    assert moved(play, "N", "B").open == ["B"]
    assert play.complete("B").ended == "completed"


def test_what_is_no_place_is_refused_by_name() -> None:
    play = Play(model(*BOUNDED))
    refused("start", play, "A", "S")
    refused("boundary", play, "A", "T")
    refused("attached", play, "T", "B")
    refused("unknown", play, "A", "nowhere")
    refused("unknown", play, "A", "A.BoundaryEventSplit")
    refused("absent", play, "B", "A")
    refused("absent", play, "999", "B")


def test_of_several_tokens_one_is_named_by_its_number() -> None:
    loops = node("parallelGateway", "F"), node("exclusiveGateway", "G")
    paths = flows("S > F", "F > G", "F > K > G", "G > A > E")
    play = Play(model(START, *loops, user("K", "A"), ends("E"), paths)).complete("K")
    assert play.open == ["A", "A"]
    tokens = tuple(wait.token for wait in play.waits)
    assert refused("several", play, "A", "K").tokens == tokens
    moved(play, str(tokens[1]), "K")
    assert play.open == ["A", "K"]
    assert play.token("A") == tokens[0]


def test_a_move_that_leads_to_a_fault_of_the_model_is_refused_whole() -> None:
    fails = node("exclusiveGateway", "G")
    paths = flows("S > A > G", "G > B if n > 1", "G > C if n &lt; 0", "B > E", "C > E")
    play = Play(model(START, user("A", "B", "C"), fails, ends("E"), paths), n=Decimal(1))
    before: Any = play.step.state
    with pytest.raises(Exception, match="G"):
        moved(play, "A", "G")
    assert play.step.state == before


def test_the_same_again_gives_the_same() -> None:
    one, other = (moved(Play(model(*BOUNDED), World()), "A", "B") for _ in range(2))
    assert (one.step.state, one.step.digest) == (other.step.state, other.step.digest)

"""A running case on another version of its model: it stands where it stood, or it is refused."""

from typing import Any

import pytest

from engine.runtime import execution
from engine.runtime.errors import Unmigratable
from engine.runtime.model import Model
from tests.runtime.models import START, Play, duration, ends, flows, model, node, user

LINE = (START, user("A", "B"), ends("E"), flows("S > A > B > E"))


def migrate(play: Play, to: Model, **renamed: str) -> Play:
    step = execution.migrate(play.model, to, renamed, play.step.state, play.world)
    assert step.data == play.step.data
    play.model, play.step = to, step
    return play


def reasons(play: Play, to: Model, **renamed: str) -> list[tuple[str, str]]:
    state = play.step.state
    with pytest.raises(Unmigratable) as caught:
        migrate(play, to, **renamed)
    assert play.step.state == state
    return list(caught.value.findings)


def timer(key: str, host: str, text: str = "P1D", **more: str) -> str:
    return node("boundaryEvent", key, duration(text), attachedToRef=host, **more)


def to_the_end(play: Play) -> list[str]:
    done: list[str] = []
    while play.ended is None:
        [*_, element] = [wait.element for wait in play.waits if wait.kind == "task"]
        done.append(element)
        play.complete(element)
    return done


@pytest.mark.parametrize(
    ("parts", "way"),
    [
        (LINE, ["A", "B"]),
        ((START, user("A", "X", "B"), ends("E"), flows("S > A > X > B > E")), ["A", "X", "B"]),
        ((START, user("X", "A", "B"), ends("E"), flows("S > X > A > B > E")), ["A", "B"]),
        ((START, user("A"), ends("E"), flows("S > A > E")), ["A"]),
    ],
)
def test_the_token_goes_on_in_the_new_model(parts: Any, way: list[str]) -> None:
    play = migrate(Play(model(*LINE), n=1), model(*parts))
    assert (play.step.opened, play.step.closed) == ((), ())
    assert to_the_end(play) == way


def test_a_finished_task_that_is_gone_only_leaves_its_values() -> None:
    play = Play(model(*LINE)).complete("A", ok=True)
    migrate(play, model(START, user("B"), ends("E"), flows("S > B > E")))
    assert play.data["ok"] is True
    assert to_the_end(play) == ["B"]


def test_an_open_task_that_is_gone_refuses_unless_it_is_named() -> None:
    new = model(START, user("A2", "B"), ends("E"), flows("S > A2 > B > E"))
    play = Play(model(*LINE))
    assert reasons(play, new) == [("lost", "A")]
    token = play.token("A")
    migrate(play, new, A="A2")
    assert (play.open, play.token("A2")) == (["A2"], token)
    assert (play.step.opened, play.step.closed) == ((), ())
    assert [(was.element, now.element) for was, now in play.step.renamed] == [("A", "A2")]
    assert to_the_end(play) == ["A2", "B"]


def test_another_kind_another_level_or_a_map_without_sense_is_refused() -> None:
    play = Play(model(*LINE))
    manual = node("manualTask", "A")
    assert reasons(play, model(START, manual, ends("E"), flows("S > A > E"))) == [("kind", "A")]
    inner = (node("startEvent", "S2"), user("A"), ends("E2"), flows("S2 > A > E2"))
    within = node("subProcess", "P2", "".join(inner))
    assert reasons(play, model(START, within, ends("E"), flows("S > P2 > E"))) == [("level", "A")]
    assert reasons(play, model(*LINE), Z="A") == [("unmapped", "Z")]
    assert reasons(play, model(*LINE), A="B") == [("twice", "B")]


def test_a_timer_keeps_its_moment_and_a_new_one_runs_from_now() -> None:
    old = (START, user("A", "L"), timer("T", "A"), ends("E"), flows("S > A > E", "T > L > E"))
    play = Play(model(*old))
    due = play.waits[-1].due
    play.world.later(hours=5)
    new = (*old[:3], timer("U", "A", "PT2H", cancelActivity="false"), *old[3:], flows("U > E"))
    migrate(play, model(*new))
    [opened] = play.step.opened
    assert opened.element == "U"
    assert opened.due is not None
    assert (opened.due - play.world.now).total_seconds() == 7200
    [kept] = [wait for wait in play.waits if wait.element == "T"]
    assert kept.due == due
    play.fire("T")
    assert play.open == ["L"]


def test_the_first_boundary_event_of_a_task_begins_and_the_last_one_ends() -> None:
    new = model(START, user("A", "B"), timer("T", "A"), ends("E"), flows("S > A > B > E", "T > B"))
    play = migrate(Play(model(*LINE)), new)
    assert play.open == ["A", "T"]
    migrate(play, model(*LINE))
    assert (play.open, [wait.element for wait in play.step.closed]) == (["A"], ["T"])
    migrate(play, new).fire("T")
    assert to_the_end(play) == ["B"]


def gate(key: str) -> str:
    return node("parallelGateway", key)


FORK = (
    START, gate("F"), user("A", "B"), gate("J"), ends("E"), flows("S > F > A > J > E", "F > B > J")
)  # fmt: skip


def test_an_arrival_at_a_join_still_counts() -> None:
    play = Play(model(*FORK)).complete("A")
    after = (START, gate("F"), user("A", "X", "B", "C"), gate("J"), ends("E"),
             flows("S > F > A > X > J > C > E", "F > B > J"))  # fmt: skip
    migrate(play, model(*after))
    assert to_the_end(play) == ["B", "C"]


def test_a_finished_task_before_a_join_may_be_gone() -> None:
    play = Play(model(*FORK)).complete("A")
    after = (START, gate("F"), user("B"), gate("J"), ends("E"), flows("S > F > J > E", "F > B > J"))
    migrate(play, model(*after))
    assert to_the_end(play) == ["B"]


@pytest.mark.parametrize("arrived", [False, True])
def test_a_new_branch_that_nobody_can_enter_any_more_is_refused(arrived: bool) -> None:
    play = Play(model(*FORK))
    if arrived:
        play.complete("A")
    after = (START, gate("F"), user("A", "B", "C"), gate("J"), ends("E"),
             flows("S > F > A > J > E", "F > B > J", "F > C > J"))  # fmt: skip
    assert reasons(play, model(*after)) == [("starves", "J")]


def test_a_scope_stays_open_under_another_name() -> None:
    def nested(key: str, *inner: str) -> str:
        return node("subProcess", key, "".join(inner))

    inside = (node("startEvent", "S2"), user("A"), ends("E2"), flows("S2 > A > E2"))
    old = model(START, nested("P2", *inside), user("B"), ends("E"), flows("S > P2 > B > E"))
    longer = (node("startEvent", "S2"), user("A", "X"), ends("E2"), flows("S2 > A > X > E2"))
    new = model(START, nested("P3", *longer), user("B"), ends("E"), flows("S > P3 > B > E"))
    play = Play(old)
    assert set(reasons(play, new)) == {("lost", "P2"), ("called", "P2")}
    assert to_the_end(migrate(play, new, P2="P3")) == ["A", "X", "B"]


def many(**attributes: str) -> str:
    loop = node("multiInstanceLoopCharacteristics", "L", "<loopCardinality>3</loopCardinality>",
                **attributes)  # fmt: skip
    return node("userTask", "A", loop)


def test_one_of_three_is_done_and_the_others_go_on() -> None:
    flow = (user("B"), ends("E"))
    old = model(START, many(), *flow, flows("S > A > B > E"))
    play = Play(old).complete("A")
    new = model(START, many(), user("X"), *flow, flows("S > A > X > B > E"))
    assert to_the_end(migrate(play, new)) == ["A", "A", "X", "B"]
    assert reasons(Play(old), model(*LINE))[0] == ("nature", "A")
    one_by_one = model(START, many(isSequential="true"), *flow, flows("S > A > B > E"))
    assert reasons(Play(old), one_by_one)[0] == ("nature", "A")


def listening(*tasks: str, begins: str = "L") -> Model:
    inner = node("startEvent", begins, duration("P1D"), isInterrupting="true")
    inner += user("Late") + ends("E3") + flows(f"{begins} > Late > E3")
    within = node("subProcess", "Ev", inner, triggeredByEvent="true")
    return model(START, user(*tasks), ends("E"), within, flows(" > ".join(["S", *tasks, "E"])))


def test_what_a_level_listens_to_goes_on_and_is_refused_where_it_differs() -> None:
    play = Play(listening("A"))
    due = [wait.due for wait in play.waits if wait.kind == "timer"]
    assert len(due) == 1
    assert {reason for reason, _ in reasons(play, listening("A", begins="M"))} >= {"listens"}
    assert {reason for reason, _ in reasons(play, model(*LINE))} >= {"listens"}
    migrate(play, listening("A", "B"))
    assert [wait.due for wait in play.waits if wait.kind == "timer"] == due
    play.fire("L")
    assert play.open == ["Late"]

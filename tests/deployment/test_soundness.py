"""Soundness: a zoo of models that come to their end and of models that do not, told by a trace."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.deployment import markings, soundness
from engine.deployment.findings import Finding
from engine.deployment.trees import parse, scopes
from engine.runtime.errors import RuntimeRefusal
from engine.runtime.model import Model
from tests.deployment.bundles import OPEN
from tests.runtime.models import HEAD, START, Play, duration, ends, flows, node, user

XOR, AND, OR, EITHER = (
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway",
)  # fmt: skip


def told(*parts: str) -> list[Finding]:
    text = f'{OPEN}<process id="P">{"".join(parts)}</process></definitions>'
    return list(soundness.check(list(scopes("p.bpmn", parse(text.encode())))))


def codes(*parts: str) -> dict[str, str]:
    return {one.element: one.code for one in told(*parts)}


def block(split: str, join: str) -> tuple[str, ...]:
    return (START, node(split, "G"), node(join, "J"), user("A", "B", "C"), ends("E"),
            flows("S > G > J > C > E".replace("G > J", "G > A > J"), "G > B > J"))  # fmt: skip


@pytest.mark.parametrize(
    ("split", "join"), [(XOR, XOR), (AND, AND), (AND, OR), (XOR, OR), (OR, OR), (EITHER, XOR)]
)
def test_a_block_whose_join_mends_its_split_is_sound(split: str, join: str) -> None:
    assert codes(*block(split, join)) == {}


def test_a_parallel_join_after_a_choice_stops_the_case_and_the_trace_shows_how() -> None:
    (fault,) = told(*block(XOR, AND))
    assert (fault.element, fault.code, fault.severity) == ("J", "deadlock", "error")
    assert fault.trace == ("S", "G", "A")
    assert fault.words == {"missing": "B"}


def test_parallel_branches_that_are_not_joined_do_twice_what_follows() -> None:
    (fault,) = told(*block(AND, XOR))
    assert (fault.element, fault.code, fault.severity) == ("C", "unsynchronised", "warning")
    assert fault.trace[:2] == ("S", "G")


def test_a_cycle_without_a_way_out_never_ends() -> None:
    parts = START, node(XOR, "G"), user("A", "B"), ends("E")
    assert codes(*parts, flows("S > G > A > B > G", "G > E")) == {}
    lost = START, node(XOR, "G"), node(XOR, "H"), user("A", "B"), ends("E")
    found = codes(*lost, flows("S > H > G > A > B > G", "H > E"))
    assert list(found.values()) == ["livelock"]


def test_a_parallel_block_inside_a_cycle_is_sound() -> None:
    parts = (START, node(XOR, "M"), node(AND, "G"), node(AND, "J"), node(XOR, "X"),
             user("A", "B"), ends("E"))  # fmt: skip
    assert codes(*parts, flows("S > M > G > A > J > X > E", "G > B > J", "X > M")) == {}
    inside = codes(*parts, flows("S > M > G > A > J > X > E", "G > B > J", "X > A", "M > E"))
    assert inside == {"J": "deadlock"}


def test_what_waits_for_a_join_that_never_opens_is_told_once_with_the_join() -> None:
    after = (START, node(XOR, "G"), node(AND, "J"), user("A", "B", "C", "D"), ends("E"),
             flows("S > G > A > J > C > D > E", "G > B > J"))  # fmt: skip
    assert codes(*after) == {"J": "deadlock"}


def test_an_interrupting_event_does_not_join_what_it_cut_off() -> None:
    late = node("boundaryEvent", "T", duration("P1D"), attachedToRef="A")
    parts = (START, node(AND, "G"), node(AND, "J"), user("A", "B", "L"), late, ends("E", "E2"))
    split = flows("S > G > A > J > E", "G > B > J", "T > L > E2")
    assert codes(*parts, split) == {"J": "deadlock"}
    assert codes(*parts, flows("S > G > A > J > E", "G > B > J", "T > L > J")) == {"J": "deadlock"}
    mended = node(XOR, "X")
    assert codes(*parts, mended, flows("S > G > A > X > J > E", "G > B > J", "T > L > X")) == {}


def test_reminders_go_beside_the_case_and_may_share_a_task() -> None:
    beside = [
        node("boundaryEvent", key, duration("P1D"), attachedToRef="A", cancelActivity="false")
        for key in ("T", "U", "V")
    ]
    parts = START, user("A", "R"), *beside, ends("E", "E2")
    assert codes(*parts, flows("S > A > E", "T > R > E2", "U > R", "V > R")) == {}
    assert codes(*parts, flows("S > A > E", "T > R > A", "U > R", "V > R")) != {}


def test_a_terminate_end_takes_the_tokens_that_wait() -> None:
    stop = node("endEvent", "E", "<terminateEventDefinition/>")
    turning = (START, node(AND, "G"), node(XOR, "X"), user("A", "B"), stop)
    assert codes(*turning, flows("S > G > A > X > A", "G > B > E")) == {}


def test_what_follows_a_subprocess_that_only_fails_is_never_done() -> None:
    fails = node("endEvent", "F", '<errorEventDefinition errorRef="e"/>')
    inner = node("startEvent", "S2") + fails + flows("S2 > F")
    caught = node("boundaryEvent", "C", '<errorEventDefinition errorRef="e"/>', attachedToRef="X")
    parts = START, node("subProcess", "X", inner), user("A"), caught, ends("E", "E2")
    assert codes(*parts, flows("S > X > A > E", "C > E2")) == {"A": "dead"}


def test_a_net_that_is_too_large_is_told_as_not_explored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markings, "LIMIT", 2)
    (told_of,) = told(*block(XOR, AND))
    assert (told_of.element, told_of.code, told_of.severity) == ("P", "not_explored", "warning")


def drawn(random: Random, depth: int, number: list[int]) -> tuple[str, str, list[str], list[str]]:
    """A block: where it begins and ends, its nodes, its flows; sound by its structure."""
    number[0] += 1
    key = f"n{number[0]}"
    kind = random.choice(["task", "row", XOR, AND, OR, "loop"]) if depth else "task"
    if kind == "task":
        return key, key, [user(key)], []
    if kind == "row":
        one, other = drawn(random, depth - 1, number), drawn(random, depth - 1, number)
        joint = f"{one[1]} > {other[0]}"
        return one[0], other[1], one[2] + other[2], [*one[3], *other[3], joint]
    if kind == "loop":
        inner = drawn(random, depth - 1, number)
        gates = [
            node(XOR, f"{key}m"),
            node(XOR, f"{key}x", default=f"{key}x_{key}z"),
            user(f"{key}z"),
        ]
        lines = [
            f"{key}m > {inner[0]}",
            f"{inner[1]} > {key}x > {key}z",
            f"{key}x > {key}m if more",
        ]
        return f"{key}m", f"{key}z", inner[2] + gates, inner[3] + lines
    branches = [drawn(random, depth - 1, number) for _ in range(random.randint(2, 3))]
    default = {} if kind == AND else {"default": f"{key}s_{branches[-1][0]}"}
    nodes = [node(kind, f"{key}s", **default), node(kind, f"{key}j")]
    lines = []
    for place, (begin, end, more, inside) in enumerate(branches):
        plain = kind == AND or place == len(branches) - 1
        lines += [
            f"{key}s > {begin}" + ("" if plain else f" if c{place}"),
            f"{end} > {key}j",
            *inside,
        ]
        nodes += more
    return f"{key}s", f"{key}j", nodes, lines


def whole(random: Random) -> tuple[list[str], list[str]]:
    begin, end, nodes, lines = drawn(random, 3, [0])
    return [START, *nodes, ends("E")], [f"S > {begin}", f"{end} > E", *lines]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_a_model_made_of_blocks_is_sound(seed: int) -> None:
    parts, lines = whole(Random(seed))
    assert codes(*parts, flows(*lines)) == {}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_a_choice_that_is_joined_as_if_parallel_is_found(seed: int) -> None:
    random = Random(seed)
    parts, lines = whole(random)
    joins = [part for part in parts if f"<{XOR}" in part and 'j"' in part.split(">")[0]]
    if joins:
        broken = random.choice(joins)
        parts[parts.index(broken)] = broken.replace(XOR, AND)
        assert "deadlock" in codes(*parts, flows(*lines)).values()


def played(parts: list[str], lines: list[str], random: Random) -> str:
    """How a run with answers by chance comes out: ended, waits for nothing, or goes on."""
    xml = f'{HEAD}<process id="P">{"".join(parts)}{flows(*lines)}</process></definitions>'
    answers: Callable[[], dict[str, bool]] = lambda: {  # noqa: E731
        name: random.random() < 0.4 for name in ("more", "c0", "c1")
    }
    play = Play(Model.read(xml.encode()), None, **answers())
    for _ in range(60):
        if play.ended is not None:
            return "ended"
        if not play.open:
            return "nothing"
        try:
            play.complete(random.choice(play.open), **answers())
        except RuntimeRefusal as refused:
            return "nothing" if "wait for nothing" in str(refused) else str(refused)
    return "goes on"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_a_model_that_is_said_to_be_sound_never_waits_for_nothing(seed: int) -> None:
    """Joins of any kind after splits of any kind: what runs into nothing was told before."""
    random = Random(seed)
    parts, lines = whole(random)
    for place, part in enumerate(parts):
        head = part.split(">")[0]
        kind = next((kind for kind in (XOR, AND, OR) if f"<{kind}" in head), None)
        if kind and 'j"' in head and random.random() < 0.3:
            parts[place] = part.replace(kind, random.choice([XOR, AND, OR]))
    if not {"deadlock", "not_explored"} & set(codes(*parts, flows(*lines)).values()):
        assert played(parts, lines, random) != "nothing"

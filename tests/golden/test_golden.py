"""What was written once is read for as long as a case is kept: events, their kinds, a replay."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.story import SENTENCES
from decisions import dmn
from engine.engine import Engine
from engine.history import chain, kinds, replaying
from engine.runtime.model import Model
from tests.conftest import Clock
from tests.golden import playing

EVENTS = sorted((playing.FOLDER / "events").glob("*.json"))
CASES = sorted([*playing.FOLDER.glob("case*.json"), *playing.FOLDER.glob("calling*.json")])
FROZEN = json.loads((playing.FOLDER / "kinds.json").read_text(encoding="utf-8"))
NEVER = "a frozen kind never changes: append a new version to its line in engine/history/kinds.py"


@pytest.mark.parametrize("kind", FROZEN["kinds"])
def test_a_frozen_kind_never_changes(kind: str) -> None:
    frozen = FROZEN["kinds"][kind]
    assert playing.shapes()["kinds"][kind][: len(frozen)] == frozen, NEVER


@pytest.mark.parametrize("part", ["envelope", "parts"])
def test_what_all_kinds_share_never_changes(part: str) -> None:
    assert playing.shapes()[part] == FROZEN[part], NEVER


def test_every_version_of_every_kind_has_its_golden_event() -> None:
    declared = {f"{k}.v{n + 1}" for k, found in kinds.KINDS.items() for n in range(len(found))}
    assert {path.stem for path in EVENTS} == declared, "run: python -m tests.golden.playing"
    assert FROZEN["kinds"].keys() == kinds.KINDS.keys()


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_a_golden_event_is_read_and_has_its_shape(path: Path) -> None:
    body = path.read_bytes()
    read = chain.decode(body)
    assert f"{read['kind']}.v{read['v']}" == path.stem
    assert kinds.misfits(read) == []
    assert chain.encode(read) == body


def history(path: Path) -> tuple[str, list[tuple[int, bytes, bytes]]]:
    whole = json.loads(path.read_text(encoding="utf-8"))
    rows = whole["events"]
    found = [(row["seq"], row["body"].encode(), bytes.fromhex(row["hash"])) for row in rows]
    return whole["reference"], found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_golden_case_gives_the_same_states_today(path: Path) -> None:
    file = "calling.bpmn" if path.stem.startswith("calling") else "model.bpmn"
    model = Model.read(
        (playing.FOLDER / file).read_bytes(), dmn.read(playing.TABLE).decisions,
        facts=frozenset({"long"}),
    )  # fmt: skip
    reference, events = history(path)
    found = replaying.replay(model, reference, events, events[-1][2], lambda moment: None)
    assert found.differences == ()
    assert found.events == len(events)


@pytest.fixture
def played(engine: Engine, clock: Clock) -> list[dict[str, Any]]:
    """The bodies that today's code writes."""
    played = [
        *playing.play(engine, clock), *playing.call(engine), *playing.ask(engine),
        *playing.live(engine, clock), *playing.legal(engine, clock),
        *playing.across(engine),
    ]  # fmt: skip
    return list(bodies(engine, played))


def bodies(engine: Engine, references: list[str]) -> Iterator[dict[str, Any]]:
    for reference in references:
        for _, body, _ in playing.events(engine, reference):
            yield chain.decode(body)


def test_todays_code_writes_what_is_declared(played: list[dict[str, Any]]) -> None:
    assert [(body["kind"], found) for body in played if (found := kinds.misfits(body))] == []
    assert {body["kind"] for body in played} == set(kinds.KINDS)
    assert all(body["v"] == kinds.version(body["kind"]) for body in played)


def test_todays_code_uses_every_part_of_an_outcome(played: list[dict[str, Any]]) -> None:
    names = {name for body in played for name in body.get("outcome", ())}
    assert names == {name.rstrip("?") for name in kinds.PARTS["outcome"]}
    names = {name for body in played if body["kind"] == "task.completed" for name in body}
    assert "order" in names


def test_a_kind_that_is_not_declared_is_not_recorded() -> None:
    with pytest.raises(ValueError, match=r"no kind of event is called task\.lost"):
        kinds.version("task.lost")


GOOD = chain.decode((playing.FOLDER / "events/timer.fired.v1.json").read_bytes())


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"kind": "timer.lost"}, "kind timer.lost, version 1"),
        ({"v": 2}, "kind timer.fired, version 2"),
        ({"v": "1"}, "kind timer.fired, version 1"),
        ({"more": 1}, "more"),
        ({"token": True}, "token"),
        ({"due": "2026-03-02"}, "due"),
        ({"outcome": None}, "outcome."),
        ({"outcome": GOOD["outcome"] | {"ended": 1}}, "outcome.ended"),
        ({"outcome": GOOD["outcome"] | {"opened": [[1, "A"]]}}, "outcome.opened"),
        ({"outcome": GOOD["outcome"] | {"flows": [1]}}, "outcome.flows"),
        ({"outcome": {k: v for k, v in GOOD["outcome"].items() if k != "digest"}},
         "outcome.digest"),
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_named_where_it_differs(
    change: dict[str, Any], place: str
) -> None:
    assert kinds.misfits(GOOD) == []
    assert kinds.misfits(GOOD | change) == [place]


def test_a_field_that_is_missing_is_named() -> None:
    assert kinds.misfits({k: v for k, v in GOOD.items() if k != "due"}) == ["due"]


def documented() -> dict[str, dict[str, str]]:
    """The fields that docs/reference/events.md names under each of its headings."""
    page = (playing.FOLDER.parent.parent / "docs/reference/events.md").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for section in re.split(r"^#+ ", page, flags=re.MULTILINE)[1:]:
        fields = re.findall(r"^- `(\S+)` ([^:\n]+)", section, flags=re.MULTILINE)
        if fields:
            found[section.splitlines()[0]] = dict(fields)
    return found


def test_the_page_of_events_says_what_is_declared() -> None:
    declared = {"Every event": dict(kinds.ENVELOPE)}
    for kind, versions in kinds.KINDS.items():
        declared |= {f"{kind} (version {n})": dict(s) for n, s in enumerate(versions, 1)}
    declared |= {name: dict(shape) for name, shape in kinds.PARTS.items()}
    assert documented() == declared


def test_every_kind_has_its_sentence_for_people() -> None:
    assert set(SENTENCES) == set(kinds.KINDS)

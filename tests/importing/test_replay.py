"""Logs of real cases run again on the imported models they were made with, to their end."""

import gzip
import json
import os
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.deployment import trees
from engine.deployment.importing.folders import imported
from engine.deployment.importing.forms import START
from engine.deployment.normalising import normalised
from engine.deployment.trees import Scope, local, tag
from engine.operations.registry import OPERATIONS
from engine.runtime import execution
from engine.runtime.model import Model
from engine.runtime.world import Step
from tests.runtime.models import Play, World

DATA = os.environ.get("MOUQATAA_TEST_DATA", "")
LOGS = Path(DATA) / "logs"
pytestmark = pytest.mark.skipif(not DATA, reason="MOUQATAA_TEST_DATA is not set")


class Ways:
    """An imported model with one token at a time, and what to answer so that a task comes next."""

    def __init__(self, model: Path) -> None:
        done = imported(model.read_bytes(), {}, model.stem, OPERATIONS)
        (self.key, files), *_ = done.folders.items()
        tree = trees.parse(files["procedure.bpmn"])
        self.scope = Scope("", next(tree.iter(tag("process"))))
        self.model = Model.read(normalised([tree], self.key))
        self.names: dict[str, Any] = {
            key: node.get("name") for key, node in self.scope.nodes.items()
        }
        self.start = next(k for k, n in self.scope.nodes.items() if local(n) == "startEvent")

    def answers(self, source: str, wanted: str | None) -> dict[str, str]:
        """The proposed variables that lead from a node to a task of this name, or to the end."""
        found = deque([(source, dict[str, str]())])
        seen = {source}
        while found:
            at, answers = found.popleft()
            for flow in self.scope.outgoing(at):
                key, chosen = flow.get("targetRef"), dict(answers)
                if local(self.scope.nodes[at]) == "exclusiveGateway":
                    condition = flow.findtext(tag("conditionExpression"))
                    if condition:
                        name, _, value = condition.partition(" = ")
                        chosen[name] = value.strip('"')
                kind = local(self.scope.nodes[key])
                task = kind == "userTask"
                if self.names[key] == wanted if task else kind == "endEvent" and wanted is None:
                    return chosen
                if not task and key not in seen:
                    seen.add(key)
                    found.append((key, chosen))
        raise AssertionError(f"no way from {self.names[source]} to {wanted}")

    def played(self, tasks: list[str]) -> list[str]:
        """The tasks of a case in the order in which they were done, the case being at its end."""
        play = Play(self.model, None, **self.answers(self.start, tasks[0]))
        order = []
        for following in [*tasks[1:], None]:
            (at,) = play.open
            order.append(self.names[at])
            play.complete(at, 0, **self.answers(at, following))
        assert play.ended == "completed"
        return order


def cases(log: Path) -> Iterator[list[Any]]:
    """The activities of each case of a log, in order."""
    text = log.read_bytes()
    tree = etree.ElementTree(
        etree.fromstring(gzip.decompress(text) if log.suffix == ".gz" else text)
    )
    space = {"x": tree.getroot().nsmap.get(None, "")}
    for trace in tree.iterfind("x:trace", space):
        yield [
            event.xpath("string(*[@key='concept:name']/@value)")
            for event in trace.iterfind("x:event", space)
        ]


@pytest.mark.slow
def test_every_case_of_a_city_runs_again_on_the_imported_model_in_the_order_of_its_log() -> None:
    ways = Ways(LOGS / "receipt.bpmn")
    found = list(cases(LOGS / "receipt.xes.gz"))
    assert len(found) == 1434
    for tasks in found:
        assert ways.played(tasks) == tasks


def told(files: Mapping[str, bytes], file: str) -> Iterator[dict[str, str]]:
    """Every way of answering the proposed questions of a form."""
    asked = json.loads(files[file])["properties"] if file in files else {}
    for values in product(*(field["enum"] for field in asked.values())):
        yield dict(zip(asked, values, strict=True))


def test_a_log_with_tasks_side_by_side_runs_again_on_its_imported_model() -> None:
    model = LOGS / "running-example.bpmn"
    done = imported(model.read_bytes(), {}, model.stem, OPERATIONS)
    (key, files), *_ = done.folders.items()
    tree = trees.parse(files["procedure.bpmn"])
    names = {node.get("id"): node.get("name") for node in tree.iter(tag("userTask"))}
    runs = Model.read(normalised([tree], key))

    def ends(state: Step, left: list[str]) -> bool:
        """Whether the tasks that are left can be done in this order, to the end of the case."""
        if not left:
            return state.ended == "completed"
        waits = {names[w.element]: w for w in execution.look(runs, state.state).waits}
        wait = waits.get(left[0])
        return wait is not None and any(
            ends(execution.complete(runs, state.state, wait.token, values, World()), left[1:])
            for values in told(files, f"forms/{wait.element}.json")
        )

    found = list(cases(LOGS / "running-example.xes"))
    assert len(found) == 6
    for tasks in found:
        begun = (execution.start(runs, values, World()) for values in told(files, START))
        assert any(ends(step, tasks) for step in begun)


@pytest.mark.parametrize("name", ["A.1.0", "A.2.0", "A.2.1", "A.3.0", "A.4.0", "A.4.1"])
def test_a_model_of_the_interchange_group_is_a_draft_whose_list_is_true(name: str) -> None:
    xml = (Path(DATA) / "miwg" / f"{name}.bpmn").read_bytes()
    done = imported(xml, {}, name, OPERATIONS)
    bare = [node.get("id") for node in trees.parse(xml).iter(tag("task"))]
    marked = [note.element for note in done.notes.todo if note.code == "kind"]
    assert done.result == "draft"
    assert marked == bare
    for key, files in done.folders.items():
        again = imported(files["procedure.bpmn"], files, key, OPERATIONS)
        assert again.notes.changes == []

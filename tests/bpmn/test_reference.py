"""The engine against the reference interpreter, on random models (BPMN 2.0.2 §13).

`MOUQATAA_MODELS=10000` makes so many runs; what differs is printed with its model and its moves.
"""

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from engine.runtime.model import Model
from tests.bpmn.comparing import Differs, Run, deployed, undeployed
from tests.bpmn.generating import eventful, models
from tests.bpmn.graphs import Graph
from tests.bpmn.reference import State, Unbounded

RUNS = int(os.environ.get("MOUQATAA_MODELS", "100"))
MOVES = 25
LONG = settings(
    max_examples=RUNS, deadline=None, derandomize=RUNS <= 100, print_blob=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def play(graph: Graph, data: st.DataObject, read: Callable[[Graph], Model] = deployed) -> None:
    """Run a case to its end, or for so many moves, and once more from its commands."""
    run = Run(graph, read(graph), unlike=read is not deployed)
    for _ in range(MOVES):
        waits = run.waits()
        if not waits:
            break
        place = data.draw(st.integers(0, len(waits) - 1))
        fails = data.draw(st.sampled_from(["", "E1"])) if waits[place][1] == "operation" else ""
        run.do(place, data.draw(st.integers(0, 3)), fails)
    run.again()


@pytest.mark.slow
@pytest.mark.timeout(0)
@LONG
@given(models(), st.data())
def test_a_sound_model_runs_as_the_reference_says(graph: Graph, data: st.DataObject) -> None:
    try:
        play(graph, data)
    except Unbounded:
        reject()


@pytest.mark.slow
@pytest.mark.timeout(0)
@LONG
@given(eventful(), st.data())
def test_signals_escalations_and_event_subprocesses_do_too(
    graph: Graph, data: st.DataObject
) -> None:
    try:
        play(graph, data, undeployed)
    except Unbounded:
        reject()


@pytest.mark.slow
def test_a_wrong_rule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(State, "opens", lambda *_: True)

    @settings(LONG, max_examples=300, derandomize=True, database=None, phases=[Phase.generate])
    @given(models(), st.data())
    def tried(graph: Graph, data: st.DataObject) -> None:
        try:
            play(graph, data)
        except Unbounded:
            reject()

    # Where every inclusive gateway opens at once a stricter engine must be seen to differ.
    with pytest.raises(Differs):
        tried()

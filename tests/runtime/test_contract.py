"""What the raw library does, and what ours does instead: each remedy fails without ours.

If one of these "raw" facts changes with a new SpiffWorkflow, the remedy may go.
"""

import copy
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from tests.runtime.models import HEAD, START, Play, World, ends, flows, model, node, process, user

RAW = """
import sys, warnings
warnings.simplefilter("ignore")
import logging; logging.disable(logging.CRITICAL)
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

def begin(xml):
    parser = BpmnParser()
    parser.add_bpmn_str(xml.encode())
    workflow = BpmnWorkflow(parser.get_spec("P"), parser.get_subprocess_specs("P"))
    workflow.do_engine_steps()
    return workflow

def ready(workflow):
    return [t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual]

def do(workflow, name, **data):
    task = next(t for t in ready(workflow) if t.task_spec.name == name)
    task.data.update(data)
    task.run()
    workflow.do_engine_steps()
"""


def raw(xml: str, program: str) -> str:
    """What a program prints with the raw library, in a process that never saw ours."""
    code = f"{RAW}\nXML = {xml!r}\n{program}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def xml(*parts: str) -> str:
    return HEAD + process(*parts) + "</definitions>"


JOIN = (
    START, *(node("parallelGateway", g) for g in "FJ"), user("A", "B", "C"), ends("E"),
    flows("S > F > A > J > C > E", "F > B > J"),
)  # fmt: skip


def test_a_parallel_join_keeps_what_the_first_branch_changed() -> None:
    program = (
        'w = begin(XML); w.task_tree.data; [t.data.update(n="initial") for t in ready(w)]\n'
        'do(w, "A", n="changed"); do(w, "B"); print(ready(w)[0].data["n"])'
    )
    assert raw(xml(*JOIN), program) == "initial"
    play = Play(model(*JOIN), n="initial").complete("A", n="changed").complete("B")
    assert play.data["n"] == "changed"


LOOP = (
    START, node("exclusiveGateway", "M"), user("A"), ends("E"),
    node("exclusiveGateway", "X", default="X_E"), flows("S > M > A > X", "X > M if again", "X > E"),
)  # fmt: skip


def test_a_loop_does_not_freeze_and_turn_3000_costs_what_turn_10_did() -> None:
    program = (
        "w = begin(XML)\n"
        "for turn in range(600):\n"
        "    if not ready(w): print('frozen, completed:', w.is_completed()); break\n"
        '    do(w, "A", again=True)'
    )
    assert raw(xml(*LOOP), program).startswith("frozen")
    play, spent = Play(model(*LOOP)), {}
    for turn in range(1, 3_001):
        began = time.process_time()
        play.complete("A", again=True)
        spent[turn] = time.process_time() - began
    early, late = (
        sorted(spent[turn] for turn in range(first, first + 90)) for first in (10, 2_905)
    )
    assert late[20] <= early[20] * 1.3
    assert len(play.step.state) < 500


def test_ids_and_moments_are_given_and_not_taken() -> None:
    program = "a, b = begin(XML), begin(XML)\nprint(ready(a)[0].id == ready(b)[0].id)"
    assert raw(xml(*LOOP), program) == "False"
    one, other = Play(model(*LOOP)), Play(model(*LOOP))
    assert one.step.state == other.step.state


def test_a_condition_is_never_python() -> None:
    program = "print('ran:', 'X' in {t.task_spec.name for t in begin(XML).get_tasks()})"
    python = (
        START, node("exclusiveGateway", "G", default="G_E"), user("A"), ends("E"),
        flows("S > G", "G > A if __import__('os').path.exists('/')", "G > E", "A > E"),
    )  # fmt: skip
    assert raw(xml(*python), "print(len(ready(begin(XML))))") == "1"
    from decisions.errors import DecisionError
    from engine.runtime.errors import ModelError

    with pytest.raises((DecisionError, ModelError)):
        Play(model(*python))
    del program


def test_a_completed_task_cannot_be_run_again() -> None:
    program = (
        "w = begin(XML); t = ready(w)[0]; t.run(); w.do_engine_steps()\nt.run(); print('run twice')"
    )
    parts = START, user("A", "B"), ends("E"), flows("S > A > B > E")
    assert raw(xml(*parts), program) == "run twice"
    play = Play(model(*parts))
    token, state = play.token("A"), play.complete("A").step.state
    with pytest.raises(play.execution.TaskNotOpen):
        play.execution.complete(play.model, state, token, {}, play.world)


def test_a_field_may_be_called_typename() -> None:
    program = (
        "from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer as S\n"
        's = S(); w = begin(XML); do(w, "A", again=True, typename="dict")\n'
        "try: s.deserialize_json(s.serialize_json(w)); print('loaded')\n"
        "except Exception as error: print('lost')"
    )
    assert raw(xml(*LOOP), program) == "lost"
    play = Play(model(*LOOP)).complete("A", again=True, typename="dict")
    assert play.complete("A", again=False).data["typename"] == "dict"


def test_a_refused_step_leaves_the_case_as_it_was() -> None:
    play = Play(model(*LOOP))
    before = play.step.state
    with pytest.raises(play.execution.ModelError):
        play.complete("A", again="perhaps")
    assert play.step.state == before
    assert play.complete("A", again=False).ended == "completed"


def test_one_model_serves_many_cases_and_threads_and_stays_as_it_is() -> None:
    shared = model(*JOIN)
    names = copy.copy(list(shared.spec.task_specs))

    def play(number: int) -> Decimal:
        case = Play(shared, World(), n=Decimal(number))
        case.complete("A", a=Decimal(number)).complete("B").complete("C")
        return Decimal(case.data["n"]) + Decimal(case.data["a"])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(play, range(200))) == [2 * number for number in range(200)]
    assert list(shared.spec.task_specs) == names


def test_the_library_is_pinned_to_the_version_that_was_measured() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert '"SpiffWorkflow==3.2.*"' in text

"""The measurements measure something; how much, `make bench` tells."""

import subprocess
import sys
from pathlib import Path

from bench import models
from bench.commands import Commands
from bench.runtime import TURNS, Runtime
from bench.timing import interleaved

TASKS = 3


def test_the_runtime_runs_the_model_to_its_end_and_round_its_loop() -> None:
    model = models.xml(TASKS, loop=True)
    assert Runtime(model, TASKS).step() > 0
    assert set(Runtime(models.xml(1, loop=True), 1).turns(marks=TURNS[:1])) == {TURNS[0]}


def test_the_whole_command_runs_the_same_model(tmp_path: Path) -> None:
    commands = Commands(models.xml(TASKS, loop=True), TASKS, tmp_path)
    assert commands.command() > 0
    commands.crowd(100)
    assert commands.worklist() > 0
    commands.close()


def test_the_naive_way_runs_the_same_model() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.naive", str(TASKS)],
        input="step\ncommand\n", capture_output=True, check=True, text=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert all(float(line) > 0 for line in done.stdout.split())
    assert len(done.stdout.split()) == 2


def test_rounds_are_taken_in_turn_and_the_first_does_not_count() -> None:
    order: list[str] = []

    def once(name: str) -> float:
        order.append(name)
        return 9.0 if len(order) <= 2 else 0.001

    found = interleaved({"a": lambda: once("a"), "b": lambda: once("b")}, rounds=3)
    assert order == ["a", "b"] * 4
    assert found == {"a": 1.0, "b": 1.0}
